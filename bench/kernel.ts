/** Speed of the WebAssembly kernel on one core, beside numpy's BLAS on one core: a pass over X is two products, 4 m n k operations. */
import { prepare, randomStart } from '../analysis/opnmf/index.js';
import { Problem } from '../analysis/opnmf/kernel/problem.js';
import { syntheticHalf, type NamedMatrix } from './half.js';
import { median } from './machine.js';
import { table } from './markdown.js';
import { peerScript, findPython } from './python.js';
import { writeProblem } from './peers.js';
import { runJson } from './process.js';
import { goal, type Goal, type Section } from './section.js';

interface Speed {
  /** GFLOP/s. */
  best: number;
  median: number;
}

interface KernelRow {
  rank: number;
  /** The two products, fused in one pass over X as in every pass, with no step on the rows. */
  products: Speed;
  /** Passes of the published update: the two products and one division a weight. */
  multiplicative: Speed;
  /** Warm-up passes of the accelerated solver: three sweeps over every row are extra work that is not counted. */
  accelerated: Speed;
  numpy: Speed | null;
}

/** Many short repeats: the best of them is what the code can do, whatever else the machine did in between; the median is what it did. */
const REPEATS = 60;
/** Operations of a repeat: long enough for the clock, a few milliseconds. */
const OPERATIONS = 6e7;
const RANKS = [4, 5, 6, 7, 8, 9, 10];

export const kernelSection: Section = {
  name: 'kernel',
  run: async ({ small, folder, note }) => {
    const half = syntheticHalf(small ? 3 : 6);
    const rows = measureKernel(half);
    const python = await findPython(note);
    const answer = 'missing' in python ? { failed: python.missing }
      : await runJson<({ rank: number } & Speed)[]>(python.command, [peerScript('products.py'), writeProblem(folder, half), `${half.m}`, `${half.n}`, ...RANKS.map(String)], { capSeconds: 120, threads: 1 });
    if ('ok' in answer) for (const row of rows) row.numpy = answer.ok.find((a) => a.rank === row.rank) ?? null;
    return { markdown: chapter(half, rows, 'failed' in answer ? `numpy is missing here (${answer.failed}).` : ''), goals: goals(rows) };
  },
};

function measureKernel({ values, m, n }: NamedMatrix): KernelRow[] {
  const matrix = prepare(values, m, n, Math.max(...RANKS));
  return RANKS.map((rank) => {
    const problem = new Problem(matrix, rank);
    const start = randomStart(m, rank, 'bench');
    const passes = Math.max(1, Math.round(OPERATIONS / (4 * m * n * rank)));
    const speeds = (pass: () => void): Speed => {
      const found: number[] = [];
      for (let repeat = -1; repeat < REPEATS; repeat++) {
        problem.load(start, rank, 'x');
        problem.grams();
        const began = performance.now();
        for (let i = 0; i < passes; i++) pass();
        const seconds = (performance.now() - began) / 1000;
        if (repeat >= 0) found.push((4 * m * n * rank * passes) / seconds / 1e9); // the first warms up
      }
      return { best: Math.max(...found), median: median(found) };
    };
    const rows = (sweeps: number, damping: number) => (): void => { problem.acceleratedPass(1, { sweeps, activeSetSteps: 0, damping, prox: 0 }, false); };
    // The scale of W swings between s and 1/s without the solvers' rescaling; that changes no operation.
    return {
      rank, numpy: null,
      multiplicative: speeds(() => { problem.grams(); problem.multiplicativePass(); }),
      products: speeds(rows(0, 1)),
      accelerated: speeds(() => { problem.grams(); rows(3, 0.7)(); }),
    };
  });
}

function chapter({ m, n }: NamedMatrix, rows: KernelRow[], remark: string): string {
  return `## Kernel

${m} x ${n}, one core, GFLOP/s, best and median of ${REPEATS} repeats. Only the two products of a pass are counted (4 m n k operations). "Products alone" are just those, X read once for both;
in the passes the Gram matrices and the row work are timed but not counted. Numpy does the two products alone (X'W, then X Y), into buffers it has, on one core; its BLAS uses wider vectors and fused multiply-add, which WebAssembly does not have. ${remark}

${table(['rank', 'products alone: best', 'median', 'published update: best', 'median', 'accelerated (3 sweeps): best', 'median', 'numpy, products alone: best', 'median'], rows.map((r) => [
    `${r.rank}`, ...[r.products, r.multiplicative, r.accelerated, r.numpy].flatMap((s) => (s === null ? ['', ''] : [s.best.toFixed(1), s.median.toFixed(1)])),
  ]))}`;
}

function goals(rows: KernelRow[]): Goal[] {
  const least = Math.min(...rows.map((r) => r.multiplicative.best));
  const shares = rows.flatMap((r) => (r.numpy === null ? [] : [r.products.best / r.numpy.best])), share = shares.length === 0 ? null : Math.min(...shares);
  // The time of one product of each rank, by the best speeds.
  const seconds = (speed: (r: KernelRow) => Speed | null): number => rows.reduce((s, r) => s + r.rank / (speed(r)?.best ?? NaN), 0), together = share === null ? null : seconds((r) => r.numpy) / seconds((r) => r.products);
  return [
    goal('whole passes of the published update on one core, ranks 4 to 10, the slowest rank', `${least.toFixed(1)} GFLOP/s`, 'at least 12', least >= 12),
    goal('the two products against numpy\'s BLAS, one core each, ranks 4 to 10 together', together === null ? '' : `${(100 * together).toFixed(0)} %`, 'at least half', together === null ? null : together >= 0.5),
    goal('the same, the worst rank', share === null ? '' : `${(100 * share).toFixed(0)} %`, 'at least half', share === null ? null : share >= 0.5),
  ];
}
