/**
 * Errors of `accelerated` at its default tolerance beside those of the published update at its own stop and of the best of many random starts: prints the table of
 * docs/opnmf.md ("Local optima").
 *   node dist/bench/quality.js              seeded matrices of several kinds, about five minutes
 *   node dist/bench/quality.js FOLDER       every .npy in it, ranks 2 to 10; the errors to compare with are slow to find and kept in FOLDER/references.json
 *   node dist/bench/quality.js FOLDER known compares with those that are there only
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Factorizer, randomStart, type Factorization } from '../analysis/opnmf/index.js';
import { createRandom } from '../analysis/random.js';
import { readNpy } from '../formats/index.js';
import { syntheticHalf, type NamedMatrix } from './half.js';
import { table } from './markdown.js';
import { moreColumns, sparseCounts } from './matrices.js';

/** As a study file has it by default, and as the published update is stopped. */
const TOLERANCE = 1e-4, MAX_ITERATIONS = 5_000, PUBLISHED_TOLERANCE = 1e-5, PUBLISHED_ITERATIONS = 50_000;
/** Of the published update, where its limit is asked for. */
const STANDSTILL = 1e-13, STANDSTILL_ITERATIONS = 1_000_000;
const STARTS = 50, START_TOLERANCE = 1e-5, START_ITERATIONS = 3_000;
const LIMITS = { published: 0.001, best: 0.005 };
/** An error below this part of ||X|| is none: a difference of two such errors says nothing. */
const NOTHING = 1e-5;

interface Reference {
  published?: number;
  best?: number;
}
interface Row {
  name: string;
  rank: number;
  against: keyof Reference;
  above: number;
}
type References = Record<string, Record<string, Reference>>;

function main(): void {
  const folder = process.argv[2], only = process.argv[3] === 'known', file = folder === undefined ? null : join(folder, 'references.json');
  const known: References = file !== null && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as References : {};
  const keep = (): void => {
    if (file === null) return;
    writeFileSync(`${file}.new`, JSON.stringify(known, null, 1));
    renameSync(`${file}.new`, file);
  };
  const rows: Row[] = [];
  let fits = 0, loose = 0;
  for (const load of folder === undefined ? seeded() : stored(folder)) {
    const matrix = load(), { name, values, m, n } = matrix, highest = Math.min(10, m, n), factorizer = Factorizer.of(values, m, n, highest);
    const norm = Math.sqrt(values.reduce((s, v) => s + v * v, 0));
    for (let rank = 2; rank <= highest; rank++) {
      const fit = factorizer.factorize({ rank, solver: 'accelerated', tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS, seed: 0 });
      fits++;
      if (!fit.converged) { loose++; process.stdout.write(`${name}, rank ${rank}: not converged, r = ${fit.residual.toExponential(1)}\n`); }
      const reference = ((known[name] ??= {})[rank] ??= {});
      if (reference.published === undefined && !only) {
        reference.published = factorizer.factorize({ rank, solver: 'multiplicative', tolerance: PUBLISHED_TOLERANCE, maxIterations: PUBLISHED_ITERATIONS, seed: 0 }).error;
        keep();
      }
      if (reference.best === undefined && !only) {
        reference.best = bestOf(factorizer, matrix, rank);
        keep();
      }
      for (const against of ['published', 'best'] as const) {
        const other = reference[against];
        if (other === undefined) continue;
        const above = Math.max(fit.error, other) < NOTHING * norm || Math.abs(fit.error - other) < NOTHING * norm ? 0 : fit.error / other - 1;
        rows.push({ name, rank, against, above });
        if (above > LIMITS[against]) process.stdout.write(`${name}, rank ${rank}: ${fit.error.toPrecision(7)}, ${against} ${other.toPrecision(7)}: ${percent(above)} above${against === 'published' ? whereItEnds(factorizer, rank, fit.error) : ''}\n`);
      }
    }
  }
  const line = (what: string, against: keyof Reference): string[] => {
    const mine = rows.filter((r) => r.against === against), worst = mine.reduce((a, b) => (b.above > a.above ? b : a));
    return [what, `${mine.length}`, percent(mine.reduce((s, r) => s + r.above, 0) / mine.length), `${mine.filter((r) => r.above > LIMITS[against]).length}`, `${percent(worst.above)} (${worst.name}, rank ${worst.rank})`];
  };
  process.stdout.write(`\n${table(['compared with', 'fits', 'mean', 'more than the limit above', 'largest'], [
    line(`the published update at its own stop; limit ${percent(LIMITS.published)}`, 'published'), line(`the best of ${STARTS} random starts; limit ${percent(LIMITS.best)}`, 'best'),
  ])}\n\n${fits} fits, ${loose} not converged.\n`);
}

/** The published update passes errors below those at which it stands still: where it is at the same certificate and in the end, and how far `error` is from there. */
function whereItEnds(factorizer: Factorizer, rank: number, error: number): string {
  const after = (tolerance: number, maxIterations: number): Factorization => factorizer.factorize({ rank, solver: 'multiplicative', tolerance, maxIterations, seed: 0 });
  let iterations = 2_000, same = after(0, iterations);
  while (same.residual > TOLERANCE && iterations < STANDSTILL_ITERATIONS) same = after(0, iterations = Math.round(iterations * 1.2));
  const told = ({ residual, error: its }: Factorization): string => `${its.toPrecision(7)} (r = ${residual.toExponential(0)}), from which this is ${percent(error / its - 1)}`;
  return ` its stop; at the same certificate it is at ${told(same)}, at a standstill at ${told(after(STANDSTILL, STANDSTILL_ITERATIONS))}`;
}

function bestOf(factorizer: Factorizer, { m }: NamedMatrix, rank: number): number {
  let least = Infinity;
  for (let i = 0; i < STARTS; i++) {
    const { error } = factorizer.factorize({ rank, solver: 'accelerated', tolerance: START_TOLERANCE, maxIterations: START_ITERATIONS, seed: 0, initial: randomStart(m, rank, `quality/${i}`) });
    least = Math.min(least, error);
  }
  return least;
}

function stored(folder: string): (() => NamedMatrix)[] {
  return readdirSync(folder).filter((f) => f.endsWith('.npy')).sort().map((f) => (): NamedMatrix => {
    const { data, shape } = readNpy(readFileSync(join(folder, f)), { file: f });
    return { name: basename(f, '.npy'), values: Float64Array.from(data), m: shape[0] as number, n: shape[1] as number };
  });
}

/** Small matrices unlike each other, from seeds alone. */
function seeded(): (() => NamedMatrix)[] {
  const blocks = (name: string, m: number, n: number, parts: number, noise: number, overlap: number): (() => NamedMatrix) => () => {
    const random = createRandom(`quality/${name}`), h = Float64Array.from({ length: parts * n }, () => random.uniform() ** 2 * 4);
    const values = Float64Array.from({ length: m * n }, (_, at) => {
      const i = Math.floor(at / n), c = at % n, own = (i * parts) / m;
      let mean = 0;
      for (let j = 0; j < parts; j++) if (own >= j - overlap && own < j + 1 + overlap) mean += h[j * n + c] as number;
      return Math.max(0, mean + noise * random.normal());
    });
    return { name, values, m, n };
  };
  const filled = (name: string, m: number, n: number, draw: (random: ReturnType<typeof createRandom>) => number): (() => NamedMatrix) => () => {
    const random = createRandom(`quality/${name}`);
    return { name, values: Float64Array.from({ length: m * n }, () => draw(random)), m, n };
  };
  /** A product of non-negative factors, of fewer columns than most ranks asked for. */
  const lowRank = (name: string, m: number, n: number, rank: number, power: number, noise: number): (() => NamedMatrix) => () => {
    const random = createRandom(`quality/${name}`), draw = (): number => random.uniform() ** power;
    const w = Float64Array.from({ length: m * rank }, draw), h = Float64Array.from({ length: n * rank }, draw);
    const values = Float64Array.from({ length: m * n }, (_, at) => {
      const i = Math.floor(at / n), c = at % n;
      let mean = 0;
      for (let j = 0; j < rank; j++) mean += (w[i * rank + j] as number) * (h[c * rank + j] as number);
      return Math.max(0, mean + noise * random.normal());
    });
    return { name, values, m, n };
  };
  return [
    () => ({ ...syntheticHalf(3), name: 'half of a coarse mesh' }), () => sparseCounts(true), () => moreColumns(true),
    ...[0.2, 0.4, 0.6, 0.8, 1].map((noise, i) => blocks(`${3 + i} parts, noise ${noise}`, 60 + 20 * i, 20 + 4 * i, 3 + i, noise, 0)),
    blocks('overlapping parts', 240, 60, 6, 0.2, 0.3), blocks('many columns', 300, 80, 5, 0.5, 0), blocks('n > m', 60, 200, 4, 0.3, 0),
    lowRank('rank 2', 80, 30, 2, 1, 0), lowRank('rank 3', 300, 60, 3, 3, 0), lowRank('rank 4, large', 1500, 80, 4, 1, 0), lowRank('rank 5', 200, 50, 5, 3, 0), lowRank('rank 3, n > m', 60, 300, 3, 1, 0),
    lowRank('rank 2, noise 1e-4', 300, 60, 2, 1, 1e-4), lowRank('rank 2, noise 1e-3', 1500, 80, 2, 1, 1e-3), lowRank('rank 3, noise 1e-3', 300, 60, 3, 1, 1e-3), lowRank('rank 3, noise 1e-2', 300, 60, 3, 1, 1e-2),
    filled('uniform noise', 120, 30, (r) => r.uniform()), filled('heavy tails', 150, 40, (r) => 1 / (1 - r.uniform()) ** 0.6), filled('sparse noise', 150, 50, (r) => (r.uniform() < 0.05 ? 1 : 0)),
  ];
}

const percent = (v: number): string => `${(100 * v).toFixed(2)} %`;

main();
