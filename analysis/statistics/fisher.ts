/**
 * Fisher's exact test of an r x c table, two-sided: the probability, margins fixed, of all tables no more probable than the one observed,
 * with relative slack 1e-7. Software convention: R's fisher.test. The network of Mehta & Patel (1983, J Am Stat Assoc 78:427): tables are
 * built row by row, partial tables with the same column totals left and the same probability so far are one, and a partial table whose
 * completions are all counted, or none, is finished at once. The last two rows of a node are sums over its completions in order of
 * probability, looked up for each partial table.
 */
import gammaln from '@stdlib/math-base-special-gammaln';
import { usedCells } from './contingency.js';
import { StatisticsError } from './errors.js';

const SLACK = Math.log1p(1e-7);
/** Probabilities so far are kept in these steps of log: far below the slack. */
const QUANTUM = 2 ** -36;
/** Steps at most: about a second. */
const LIMIT = 4e6;

interface Node {
  /** Column totals still to be filled, sorted: columns are exchangeable. */
  left: number[];
  /** -log of the product of cell factorials so far, in quanta, and how many partial tables have it. */
  paths: Map<number, number>;
}

/** p value. Throws BAD_TABLE, SINGLE_LEVEL_FACTOR, and TABLE_TOO_LARGE after about a second. */
export function fisherExact(table: readonly (readonly number[])[]): number {
  const cells = usedCells(table);
  const wide = cells.columns.length > cells.rows.length;
  const [rows, columns] = wide ? [cells.columns, cells.rows] : [cells.rows, cells.columns];
  rows.sort((a, b) => b - a);
  const logFactorial = Array.from({ length: cells.n + 1 }, (_, k) => gammaln(k + 1));
  const weight = (line: readonly number[]): number => line.reduce((s, k) => s - logFactorial[k]!, 0);
  const constant = -weight(rows) - weight(columns) - logFactorial[cells.n]!;
  const threshold = cells.counts.reduce((s, row) => s + weight(row), 0) + SLACK;
  let work = 0, p = 0;
  let level = new Map<string, Node>([['', { left: columns, paths: new Map([[0, 1]]) }]]);
  const count = (steps: number): void => {
    work += steps;
    if (work > LIMIT) throw new StatisticsError('TABLE_TOO_LARGE', `the ${rows.length} by ${columns.length} table of ${cells.n} is too large for Fisher's exact test`);
  };
  for (let stage = 0; stage < rows.length - 2; stage++) {
    const rest = rows.slice(stage + 1), bound = completionBounds(rest, cells.n, logFactorial);
    const restTotal = rest.reduce((a, b) => a + b, 0), restWeight = logFactorial[restTotal]! + weight(rest);
    const next = new Map<string, Node>();
    for (const { left, paths } of level.values()) {
      forEachRow(rows[stage]!, left, (row) => {
        const after = left.map((v, j) => v - row[j]!).sort((a, b) => a - b), step = Math.round(weight(row) / QUANTUM);
        const { most, least } = bound(after);
        const everything = restWeight + weight(after);           // log of the sum over completions of 1 / cell factorials
        let open: Map<number, number> | undefined;
        count(paths.size);
        for (const [value, times] of paths) {
          const sum = value + step, log = sum * QUANTUM;
          if (log + most <= threshold) p += times * Math.exp(constant + log + everything);
          else if (log + least <= threshold) {
            open ??= nodeAt(next, after).paths;
            open.set(sum, (open.get(sum) ?? 0) + times);
          }
        }
      });
    }
    level = next;
  }
  for (const { left, paths } of level.values()) {
    const logs: number[] = [];
    forEachRow(rows[rows.length - 2]!, left, (row) => { count(1); logs.push(weight(row) + weight(left.map((v, j) => v - row[j]!))); });
    const upTo = cumulative(logs);
    count(paths.size);
    for (const [value, times] of paths) p += times * Math.exp(constant + value * QUANTUM + upTo(threshold - value * QUANTUM));
  }
  return Math.min(1, p);
}

/** log of the sum of exp over those of `logs` that are at most a limit; -Infinity for none. */
function cumulative(logs: number[]): (limit: number) => number {
  logs.sort((a, b) => a - b);
  const sums: number[] = [];
  for (const log of logs) sums.push(sums.length === 0 ? log : log + Math.log1p(Math.exp(sums[sums.length - 1]! - log)));
  return (limit) => {
    let low = 0, high = logs.length;
    while (low < high) { const middle = (low + high) >> 1; if (logs[middle]! <= limit) low = middle + 1; else high = middle; }
    return low === 0 ? -Infinity : sums[low - 1]!;
  };
}

function nodeAt(level: Map<string, Node>, left: number[]): Node {
  const key = left.join();
  let node = level.get(key);
  if (node === undefined) level.set(key, (node = { left, paths: new Map() }));
  return node;
}

/**
 * Bounds of -sum log n_ij! over the tables with row totals `rest` and column totals c_j, as sums over columns. Most: by Lagrange's dual
 * with multipliers log r_i, each column is spread over the rows one unit at a time at the least cost. Least: each column fills the
 * largest rows first.
 */
function completionBounds(rest: readonly number[], n: number, logFactorial: readonly number[]): (columns: readonly number[]) => { most: number; least: number } {
  const multiplier = rest.map((r) => Math.log(r));
  const dual = rest.reduce((s, r, i) => s + r * multiplier[i]!, 0);
  const spread = rest.map(() => 0), cheapest = [0];
  for (let unit = 1; unit <= n; unit++) {
    let best = 0;
    for (let i = 1; i < rest.length; i++) if (Math.log(spread[i]! + 1) - multiplier[i]! < Math.log(spread[best]! + 1) - multiplier[best]!) best = i;
    cheapest.push(cheapest[unit - 1]! + Math.log(spread[best]! + 1) - multiplier[best]!);
    spread[best]! += 1;
  }
  const packed = (k: number): number => {
    let s = 0;
    for (const r of rest) { const part = Math.min(k, r); s += logFactorial[part]!; k -= part; }
    return s;
  };
  const fullest = Array.from({ length: n + 1 }, (_, k) => packed(k));
  return (columns) => {
    let most = -dual + 1e-9, least = -1e-9;                      // rounding must not decide
    for (const k of columns) { most -= cheapest[k]!; least -= fullest[k]!; }
    return { most, least };
  };
}

/** Every way to write `total` as a row with entries at most `limits`. */
function forEachRow(total: number, limits: readonly number[], visit: (row: number[]) => void): void {
  const room = limits.map((_, j) => limits.slice(j).reduce((a, b) => a + b, 0));
  const row = limits.map(() => 0);
  const fill = (j: number, rest: number): void => {
    if (j === limits.length - 1) { row[j] = rest; visit(row); return; }
    for (let k = Math.max(0, rest - room[j + 1]!); k <= Math.min(rest, limits[j]!); k++) {
      row[j] = k;
      fill(j + 1, rest - k);
    }
  };
  fill(0, total);
}
