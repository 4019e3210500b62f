/** Speed of the WebAssembly kernel on one core: a pass over X is two products, 4 m n k operations. */
import { randomStart } from '../analysis/opnmf/index.js';
import { Problem } from '../analysis/opnmf/kernel/instance.js';
import type { Half } from './half.js';
import { median } from './machine.js';

export interface KernelRow {
  rank: number;
  /** GFLOP/s of passes of the published update: the two products and one division a weight. */
  multiplicative: { best: number; median: number };
  /** GFLOP/s of warm-up passes of the accelerated solver: three sweeps over every row are extra work that is not counted. */
  accelerated: { best: number; median: number };
}

const REPEATS = 5;
/** Long enough for the clock, short enough to stay cool. */
const OPERATIONS = 2e9;

export function measureKernel({ values, m, n }: Half, ranks: readonly number[] = [4, 6, 8, 10]): KernelRow[] {
  return ranks.map((rank) => {
    const problem = new Problem(values, m, n, rank);
    const start = randomStart(m, rank, 'bench');
    const passes = Math.max(5, Math.round(OPERATIONS / (4 * m * n * rank)));
    const speeds = (pass: () => void): { best: number; median: number } => {
      const found: number[] = [];
      for (let repeat = -1; repeat < REPEATS; repeat++) {
        problem.load(start, rank);
        problem.grams();
        const began = performance.now();
        for (let i = 0; i < passes; i++) pass();
        const seconds = (performance.now() - began) / 1000;
        if (repeat >= 0) found.push((4 * m * n * rank * passes) / seconds / 1e9); // the first warms up
      }
      return { best: Math.max(...found), median: median(found) };
    };
    // The scale of W swings between s and 1/s without the solvers' rescaling; that changes no operation.
    return {
      rank,
      multiplicative: speeds(() => { problem.grams(); problem.multiplicativePass(); }),
      accelerated: speeds(() => { problem.grams(); problem.acceleratedPass(1, 3, 0.7, 0); }),
    };
  });
}
