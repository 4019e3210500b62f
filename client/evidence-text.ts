/**
 * The evidence for a rank as text: for each cohort the curves of stability and error over ranks, and the numbers beneath them. What `run`, `status` and
 * `approve` show to whoever decides. Pure.
 */
import { flatRanks } from '../contracts/rank-standing.js';
import type { RankRow, StudyResults } from '../contracts/results.js';

/** Lines of a curve. */
const HEIGHT = 8;
/** More ranks than this are drawn closer together, and of still more every n-th. */
const WIDE = 20, MOST = 40;

/** Evidence as a results folder has it: `results.json` of the report so far, or of a finished study. */
export type Evidence = Pick<StudyResults, 'cohorts' | 'matching' | 'parameters'>;

/** Curves and table of every cohort, and the agreement between cohorts. Plain text, at most about 100 columns wide. */
export function evidenceLines({ cohorts, matching, parameters }: Evidence): string[] {
  const lines = Object.entries(cohorts).flatMap(([name, { ranks }]) => [...cohortLines(name, ranks, parameters.threshold), '']);
  return [`* a stable rank, o one that is not, .... the threshold ${parameters.threshold}`, '', ...lines, ...agreementLines(matching)];
}

function cohortLines(name: string, all: readonly RankRow[], threshold: number): string[] {
  const every = Math.ceil(all.length / MOST), ranks = all.filter((_, i) => i % every === 0);
  const stability = ranks.map((r) => r.stability.mean);
  const marks = ranks.map((r) => (r.stability.mean !== null && r.stability.mean > threshold ? '*' : 'o'));
  const left = curve(ranks, stability, marks, { from: floor([threshold, ...stability]), to: 1, digits: 2, rule: threshold });
  const errors = ranks.map((r) => r.error.mean);
  const right = curve(ranks, errors, ranks.map(() => '*'), { from: Math.min(...errors), to: Math.max(...errors), digits: 1, rule: null });
  const width = Math.max('stability'.length, ...left.map((line) => line.length)) + 4;
  const titles = `${'stability'.padEnd(width)}error`;
  return [`${name}${every > 1 ? ` (every ${every}${every === 2 ? 'nd' : every === 3 ? 'rd' : 'th'} rank drawn)` : ''}`, titles, ...left.map((line, i) => `${line.padEnd(width)}${right[i] ?? ''}`.trimEnd()), '', ...tableLines(all, threshold)];
}

/** Where the axis of stabilities begins: a tenth below the lowest. */
function floor(values: readonly (number | null)[]): number {
  return Math.max(-1, Math.floor((Math.min(...values.map((v) => v ?? 1)) - 0.02) * 10) / 10);
}

/** A curve over ranks: one column of marks a rank, the axis at its left, ranks beneath. */
function curve(ranks: readonly RankRow[], values: readonly (number | null)[], marks: readonly string[], axis: { from: number; to: number; digits: number; rule: number | null }): string[] {
  const { from, to, digits, rule } = axis, step = ranks.length > WIDE ? 2 : 4;
  const row = (value: number): number => (to === from ? 0 : Math.round(((to - value) / (to - from)) * (HEIGHT - 1)));
  const label = (i: number): string => (to - (i * (to - from)) / (HEIGHT - 1)).toFixed(digits);
  const room = Math.max(label(0).length, label(HEIGHT - 1).length);
  const lines = Array.from({ length: HEIGHT }, (_, i) => {
    const fill = rule !== null && row(rule) === i ? '.' : ' ';
    const cells = values.map((value, k) => `${fill.repeat(step - 1)}${value !== null && row(value) === i ? marks[k] ?? '*' : fill}`).join('');
    return `${label(i).padStart(room)} |${cells}`;
  });
  const every = Math.max(1, Math.ceil((String(ranks[ranks.length - 1]?.rank ?? 0).length + 1) / step));
  const numbers = ranks.map((r, i) => (i % every === 0 ? String(r.rank) : '').padStart(step)).join('');
  return [...lines, `${' '.repeat(room)} +${'-'.repeat(step * ranks.length)}`, `${' '.repeat(room)}  ${numbers}`];
}

function tableLines(ranks: readonly RankRow[], threshold: number): string[] {
  const flat = flatRanks(ranks);
  const number = (value: number | null, digits: number): string => (value === null ? 'none' : value.toFixed(digits));
  return [
    'rank  stability     sd  stable       error    change  not converged',
    ...ranks.map((r) => {
      const stable = r.stability.mean !== null && r.stability.mean > threshold;
      return [String(r.rank).padStart(4), number(r.stability.mean, 3).padStart(9), number(r.stability.sd, 3).padStart(5), (stable ? 'yes' : 'no').padStart(6),
        r.error.mean.toFixed(2).padStart(10), (r.gradient === null ? '' : r.gradient.toFixed(2)).padStart(8), r.notConverged === 0 ? '' : `${r.notConverged} of ${r.fits}`.padStart(13)].join('  ').trimEnd();
    }),
    ...(flat === null ? [] : [`${flat}: more components than the data determine; very many parcellations fit about as well`]),
  ];
}

/** Adjusted Rand index by rank, a line a pair of cohorts. */
function agreementLines(matching: Evidence['matching']): string[] {
  if (matching.length === 0) return [];
  return ['agreement between cohorts (adjusted Rand index by rank):', ...matching.map(({ a, b, byRank }) => `  ${a} / ${b}: ${byRank.map((r) => `${r.rank}: ${r.ari.toFixed(2)}`).join('  ')}`)];
}
