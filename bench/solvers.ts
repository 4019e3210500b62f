/** Rank selection of one half, fit by fit: the accelerated solver against the published update. */
import { Factorizer } from '../analysis/opnmf/index.js';
import type { Solver } from '../contracts/study.js';
import type { Half } from './half.js';

export interface SolverRow {
  rank: number;
  accelerated: FitFigures;
  multiplicative: FitFigures;
}

export interface FitFigures {
  seconds: number;
  passes: number;
  error: number;
  residual: number;
  converged: boolean;
}

/** r of the certificate, and the published relative change; the published update is cut off where it would run for minutes. */
export const TOLERANCE = 1e-4, PUBLISHED_TOLERANCE = 1e-5, PUBLISHED_CAP = 3_000;

export function measureSolvers({ values, m, n }: Half, ranks: readonly number[], note: (line: string) => void): SolverRow[] {
  const factorizer = new Factorizer(values, m, n, Math.max(...ranks));
  // The decomposition behind the starts is shared by all ranks: made before the clock runs.
  factorizer.factorize({ rank: Math.min(...ranks), solver: 'accelerated', tolerance: 1, maxIterations: 1, seed: 0 });
  const fit = (rank: number, solver: Solver, tolerance: number, maxIterations: number): FitFigures => {
    const began = performance.now();
    const { passes, error, residual, converged } = factorizer.factorize({ rank, solver, tolerance, maxIterations, seed: 0 });
    return { seconds: (performance.now() - began) / 1000, passes, error, residual, converged };
  };
  return ranks.map((rank) => {
    note(`rank ${rank}: both solvers`);
    return { rank, accelerated: fit(rank, 'accelerated', TOLERANCE, 5_000), multiplicative: fit(rank, 'multiplicative', PUBLISHED_TOLERANCE, PUBLISHED_CAP) };
  });
}
