/**
 * What the tolerance of `accelerated` does to what is read off a fit: prints the table of docs/opnmf.md ("The default tolerance"). Both halves of three splits of two
 * synthetic cohorts, ranks 2 to 10, each from the same starts at r = 1e-4, 1e-5 and 1e-6, against r = 1e-8.
 *   node dist/bench/tolerance.js            about five minutes
 */
import { adjustedRandIndex, hardLabels } from '../analysis/parcellation/labels.js';
import { stratifiedHalves } from '../analysis/parcellation/halves.js';
import { normalize, selectSubjects } from '../analysis/parcellation/normalize.js';
import { stability } from '../analysis/parcellation/stability.js';
import { Factorizer, type Factorization } from '../analysis/opnmf/index.js';
import { NORMALIZATION, syntheticCohort } from './half.js';
import { table } from './markdown.js';

const TOLERANCES = [1e-4, 1e-5, 1e-6], REFERENCE = 1e-8, RANKS = [2, 3, 4, 5, 6, 7, 8, 9, 10], SPLITS = 3, MAX_ITERATIONS = 20_000;
/** People of each cohort, as in the paper. */
const COHORTS = [73, 79];

interface Differences {
  stability: number;
  error: number;
  rand: number;
}

const found = new Map<string, Differences>();
for (const people of COHORTS) {
  const { matrix, group, age } = syntheticCohort(6, people), { vertices: m } = matrix, whole = normalize(matrix, NORMALIZATION);
  for (const split of stratifiedHalves(group, age, { splits: SPLITS, seed: 0, stratify: ['group', 'age'] })) {
    const halves = (['A', 'B'] as const).map((half) => {
      const x = normalize(selectSubjects(whole, split[half]), NORMALIZATION);
      return Factorizer.of(x.values, m, x.metrics * x.subjects, Math.max(...RANKS));
    });
    for (const rank of RANKS) {
      const fits = (tolerance: number): Factorization[] => halves.map((f) => f.factorize({ rank, solver: 'accelerated', tolerance, maxIterations: MAX_ITERATIONS, seed: 0 }));
      const stable = ([a, b]: Factorization[]): number => stability((a as Factorization).W, (b as Factorization).W, m, rank).mean as number;
      const labels = ({ W }: Factorization): ReturnType<typeof hardLabels> => hardLabels(W, m, rank);
      const reference = fits(REFERENCE);
      for (const tolerance of TOLERANCES) {
        const key = `${rank}/${tolerance}`, now = fits(tolerance), so = found.get(key) ?? { stability: 0, error: 0, rand: 1 };
        found.set(key, {
          stability: Math.max(so.stability, Math.abs(stable(now) - stable(reference))),
          error: Math.max(so.error, ...now.map((f, h) => Math.abs(f.error / (reference[h] as Factorization).error - 1))),
          rand: Math.min(so.rand, ...now.map((f, h) => adjustedRandIndex(labels(f), labels(reference[h] as Factorization)))),
        });
      }
    }
  }
}
const rows = RANKS.map((rank) => [`${rank}`, ...TOLERANCES.flatMap((tolerance) => {
  const { stability: s, error, rand } = found.get(`${rank}/${tolerance}`) as Differences;
  return [s.toFixed(4), error.toExponential(0), rand.toFixed(3)];
})]);
process.stdout.write(`${table(['rank', ...TOLERANCES.flatMap((t) => [`${t.toExponential(0)}: stability`, 'error', 'Rand'])], rows)}\n`);
