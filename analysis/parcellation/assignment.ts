/** Optimal one-to-one assignment, by the Hungarian algorithm with potentials (Kuhn 1955; Jonker & Volgenant 1987). O(n^2 m). */
import { ParcellationError } from './errors.js';

/**
 * Row i is assigned column answer[i] so that the sum of cost[i][answer[i]] is smallest (or largest). Rectangular: with more rows than
 * columns some rows get null. Throws ParcellationError on costs that are not finite or rows of different lengths.
 */
export function optimalAssignment(cost: readonly (readonly number[])[], goal: 'minimise' | 'maximise'): (number | null)[] {
  const rows = cost.length, columns = cost[0]?.length ?? 0;
  cost.forEach((row, i) => {
    if (row.length !== columns) throw new ParcellationError('UNEQUAL_LENGTHS', `row ${i + 1} of the costs has ${row.length} columns and row 1 has ${columns}`);
    const bad = row.findIndex((c) => !Number.isFinite(c));
    if (bad >= 0) throw new ParcellationError('NOT_FINITE', `the cost in row ${i + 1}, column ${bad + 1} is ${row[bad]}`);
  });
  if (rows === 0 || columns === 0) return cost.map(() => null);
  const sign = goal === 'maximise' ? -1 : 1;
  if (rows > columns) {
    const transposed = Array.from({ length: columns }, (_, j) => cost.map((row) => row[j] as number));
    const answer: (number | null)[] = cost.map(() => null);
    optimalAssignment(transposed, goal).forEach((row, column) => { if (row !== null) answer[row] = column; });
    return answer;
  }
  const at = (i: number, j: number): number => sign * ((cost[i - 1] as readonly number[])[j - 1] as number);
  const u = new Float64Array(rows + 1), v = new Float64Array(columns + 1);
  const owner = new Int32Array(columns + 1), previous = new Int32Array(columns + 1);
  for (let i = 1; i <= rows; i++) {
    owner[0] = i;
    let j0 = 0;
    const least = new Float64Array(columns + 1).fill(Infinity);
    const used = new Uint8Array(columns + 1);
    do {
      used[j0] = 1;
      const i0 = owner[j0] as number;
      let delta = Infinity, j1 = 0;
      for (let j = 1; j <= columns; j++) {
        if (used[j]) continue;
        const reduced = at(i0, j) - (u[i0] as number) - (v[j] as number);
        if (reduced < (least[j] as number)) { least[j] = reduced; previous[j] = j0; }
        if ((least[j] as number) < delta) { delta = least[j] as number; j1 = j; }
      }
      for (let j = 0; j <= columns; j++) {
        if (used[j]) { u[owner[j] as number] = (u[owner[j] as number] as number) + delta; v[j] = (v[j] as number) - delta; }
        else least[j] = (least[j] as number) - delta;
      }
      j0 = j1;
    } while (owner[j0] !== 0);
    do { const j1 = previous[j0] as number; owner[j0] = owner[j1] as number; j0 = j1; } while (j0 !== 0);
  }
  const answer: (number | null)[] = cost.map(() => null);
  for (let j = 1; j <= columns; j++) if ((owner[j] as number) > 0) answer[(owner[j] as number) - 1] = j - 1;
  return answer;
}
