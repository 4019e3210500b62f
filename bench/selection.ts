/** Rank selection of one paper-sized cohort: every fit of ten splits and of the whole cohort, through the pool of fit threads, without Temporal. */
import { availableParallelism } from 'node:os';
import { stratifiedHalves } from '../analysis/parcellation/halves.js';
import { selectSubjects } from '../analysis/parcellation/normalize.js';
import type { Factorization } from '../analysis/opnmf/index.js';
import { planFitBatches, type FitBatch } from '../contracts/fit-plan.js';
import type { FactorizationSpec } from '../contracts/study.js';
import { FitPool } from '../workers/threads/pool.js';
import { NORMALIZATION, syntheticCohort } from './half.js';
import { table } from './markdown.js';
import { goal, type Section } from './section.js';

interface Fit {
  rank: number;
  seconds: number;
  fit: Factorization;
}

/** As a study file has them by default. */
const TOLERANCE = 1e-4, MAX_ITERATIONS = 5_000;

export const selectionSection: Section = {
  name: 'selection',
  run: async ({ small, note }) => {
    const people = small ? 16 : 73, splits = small ? 2 : 10, ranks: [number, number] = small ? [2, 4] : [2, 10];
    const { matrix, group, age } = syntheticCohort(small ? 3 : 6, people);
    const halves = stratifiedHalves(group, age, { splits, seed: 0, stratify: ['group', 'age'] });
    const threads = availableParallelism(), batches = planFitBatches(matrix, ranks, splits);
    note(`${batches.reduce((s, b) => s + b.ranks.length, 0)} fits on ${threads} threads`);
    const spec: FactorizationSpec = { ranks, solver: 'accelerated', tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS, normalization: NORMALIZATION };
    const half = (b: FitBatch): number[] => (b.split === null || b.half === null ? group.map((_, i) => i) : halves[b.split]?.[b.half] ?? []);

    const pool = new FitPool(threads), fits: Fit[] = [];
    const began = performance.now();
    await Promise.all(batches.map((batch) => pool.run({ key: `${batch.split}/${batch.half}`, matrix: async () => selectSubjects(matrix, half(batch)), ranks: batch.ranks, maxRank: ranks[1], spec, seed: 0, checkpoints: new Map() }, {
      signal: new AbortController().signal, onProgress: () => undefined, onFit: async (fit, seconds) => { fits.push({ rank: fit.rank, seconds, fit }); }, onCheckpoint: async () => undefined,
    })));
    const seconds = (performance.now() - began) / 1000;
    await pool.close();
    return {
      markdown: chapter(matrix.vertices, people * matrix.metrics, splits, threads, seconds, fits),
      goals: [goal(`rank selection of a cohort: ${fits.length} fits, restarts included, ${threads} threads`, `${seconds.toFixed(1)} s`, 'under 15 s on 2 cores', seconds < 15)],
    };
  },
};

function chapter(m: number, n: number, splits: number, threads: number, seconds: number, fits: Fit[]): string {
  const rows = [...new Set(fits.map((f) => f.rank))].sort((a, b) => a - b).map((rank) => {
    const mine = fits.filter((f) => f.rank === rank), mean = (of: (f: Fit) => number): number => mine.reduce((s, f) => s + of(f), 0) / mine.length;
    return [`${rank}`, `${mine.length}`, mean((f) => f.seconds).toFixed(3), Math.max(...mine.map((f) => f.seconds)).toFixed(3), mean((f) => f.fit.passes).toFixed(0), Math.max(...mine.map((f) => f.fit.residual)).toExponential(1), `${mine.filter((f) => !f.fit.converged).length}`];
  });
  const busy = fits.reduce((s, f) => s + f.seconds, 0);
  return `## Rank selection of a cohort

A synthetic cohort of ${m} x ${n}: the whole and ${splits} splits into two halves, r <= ${TOLERANCE}, in the batches a study would make, through the worker's pool of ${threads} threads; nothing is stored.
All ${fits.length} fits took **${seconds.toFixed(1)} s**; the fits' own seconds sum to ${busy.toFixed(1)} s.

${table(['rank', 'fits', 'mean s', 'longest s', 'mean passes', 'largest r', 'not converged'], rows)}`;
}
