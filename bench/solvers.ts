/** Rank selection of one half, fit by fit: the accelerated solver against the published update on the same kernel. */
import { Factorizer } from '../analysis/opnmf/index.js';
import type { Solver } from '../contracts/study.js';
import { syntheticHalf, type NamedMatrix } from './half.js';
import { table } from './markdown.js';
import type { Section } from './section.js';

interface SolverRow {
  rank: number;
  accelerated: FitFigures;
  multiplicative: FitFigures;
}

interface FitFigures {
  seconds: number;
  passes: number;
  error: number;
  residual: number;
  converged: boolean;
}

/** r of the certificate, and the published relative change. */
const TOLERANCE = 1e-4, PUBLISHED_TOLERANCE = 1e-5, PUBLISHED_ITERATIONS = 50_000;

export const solversSection: Section = {
  name: 'solvers',
  run: ({ small, note }) => {
    const half = syntheticHalf(small ? 3 : 6);
    const rows = measureSolvers(half, small ? [2, 3, 4] : [2, 3, 4, 5, 6, 7, 8, 9, 10], note);
    return { markdown: chapter(half, rows), goals: [] };
  },
};

function measureSolvers({ values, m, n }: NamedMatrix, ranks: readonly number[], note: (line: string) => void): SolverRow[] {
  const factorizer = Factorizer.of(values, m, n, Math.max(...ranks));
  // The decomposition behind the starts is shared by all ranks: made before the clock runs.
  factorizer.factorize({ rank: Math.min(...ranks), solver: 'accelerated', tolerance: 1, maxIterations: 1, seed: 0 });
  const fit = (rank: number, solver: Solver, tolerance: number, maxIterations: number): FitFigures => {
    const began = performance.now();
    const { passes, error, residual, converged } = factorizer.factorize({ rank, solver, tolerance, maxIterations, seed: 0 });
    return { seconds: (performance.now() - began) / 1000, passes, error, residual, converged };
  };
  return ranks.map((rank) => {
    note(`rank ${rank}: both solvers`);
    return { rank, accelerated: fit(rank, 'accelerated', TOLERANCE, 5_000), multiplicative: fit(rank, 'multiplicative', PUBLISHED_TOLERANCE, PUBLISHED_ITERATIONS) };
  });
}

function chapter({ m, n }: NamedMatrix, rows: SolverRow[]): string {
  const cell = (f: FitFigures): string[] => [f.seconds.toFixed(2), `${f.passes}`, f.error.toFixed(3), `${f.residual.toExponential(1)}${f.converged ? '' : ' (not converged)'}`];
  const sum = (of: (r: SolverRow) => FitFigures): string => rows.reduce((s, r) => s + of(r).seconds, 0).toFixed(2);
  return `## One half, rank by rank

A synthetic half of ${m} x ${n}, one core, one process. Accelerated: all its starts, stops at residual r <= ${TOLERANCE}. Published multiplicative update: one start (NNDSVD), its own stop
(relative change < ${PUBLISHED_TOLERANCE}) or ${PUBLISHED_ITERATIONS.toLocaleString('en')} iterations, on the same kernel. Difference: accelerated error against published error, negative is better.

${table(['rank', 'accelerated, s', 'passes', 'error', 'r', 'published, s', 'passes', 'error', 'r', 'difference'], rows.map(({ rank, accelerated: a, multiplicative: p }) => [
    `${rank}`, ...cell(a), ...cell(p), `${(100 * (a.error / p.error - 1)).toFixed(3)} %`,
  ]))}\n\nAll ranks: ${sum((r) => r.accelerated)} s accelerated, ${sum((r) => r.multiplicative)} s published.`;
}
