/**
 * The input matrix of OPNMF from raw vertex values. Columns are [metric 1 subjects | metric 2 subjects | ...]. Each metric is z-scored
 * (ddof 0), then the minimum is subtracted so that everything is non-negative (cobra-nmf's convention; the others are options).
 */
import type { NormalizationSpec } from '../../contracts/study.js';
import { SulcusError } from '../../contracts/errors.js';

/** Raw values of a cohort: m vertices x (metrics x subjects) columns, row-major, metric-major columns. */
export interface CohortMatrix {
  values: Float64Array;
  vertices: number;
  subjects: number;
  metrics: number;
}

/** A metric or row cannot be z-scored because it does not vary. */
export class ConstantMetricError extends SulcusError {
  constructor(metric: number, place: string) {
    super('CONSTANT_METRIC', `metric ${metric + 1} does not vary ${place}, so it has no z score`, { remedy: 'remove the metric or check its files' });
  }
}

/** The columns of `subjects` (indices into the cohort's subjects, in that order), every metric: m x (metrics * subjects.length). */
export function selectSubjects(cohort: CohortMatrix, subjects: readonly number[]): CohortMatrix {
  const { vertices, metrics } = cohort;
  const from = cohort.subjects * metrics, to = subjects.length * metrics;
  const values = new Float64Array(vertices * to);
  for (let v = 0; v < vertices; v++) {
    for (let q = 0; q < metrics; q++) {
      for (let s = 0; s < subjects.length; s++) {
        values[v * to + q * subjects.length + s] = cohort.values[v * from + q * cohort.subjects + (subjects[s] as number)] as number;
      }
    }
  }
  return { values, vertices, metrics, subjects: subjects.length };
}

/** A normalised copy, non-negative. Throws ConstantMetricError where a z score does not exist. */
export function normalize(cohort: CohortMatrix, spec: NormalizationSpec): CohortMatrix {
  const out = { ...cohort, values: cohort.values.slice() };
  for (let q = 0; q < cohort.metrics; q++) zscoreMetric(out, q, spec.zscore);
  if (spec.shift === 'global') shift(out, 0, cohort.metrics);
  else for (let q = 0; q < cohort.metrics; q++) shift(out, q, q + 1);
  return out;
}

function zscoreMetric(x: CohortMatrix, metric: number, how: NormalizationSpec['zscore']): void {
  const { vertices, subjects, metrics } = x;
  const n = subjects * metrics, first = metric * subjects;
  if (how === 'all') zscoreBlock(x.values, n, 0, vertices, first, first + subjects, metric, 'anywhere');
  if (how === 'vertex') for (let v = 0; v < vertices; v++) zscoreBlock(x.values, n, v, v + 1, first, first + subjects, metric, `at vertex ${v + 1} of the region`);
  if (how === 'subject') for (let s = 0; s < subjects; s++) zscoreBlock(x.values, n, 0, vertices, first + s, first + s + 1, metric, `within subject ${s + 1}`);
}

function zscoreBlock(a: Float64Array, n: number, v0: number, v1: number, c0: number, c1: number, metric: number, place: string): void {
  const count = (v1 - v0) * (c1 - c0);
  let sum = 0, least = Infinity, most = -Infinity;
  for (let v = v0; v < v1; v++) for (let c = c0; c < c1; c++) {
    const y = a[v * n + c] as number;
    sum += y;
    if (y < least) least = y;
    if (y > most) most = y;
  }
  if (!(most > least)) throw new ConstantMetricError(metric, place);
  const mean = sum / count;
  let squares = 0;
  for (let v = v0; v < v1; v++) for (let c = c0; c < c1; c++) { const d = (a[v * n + c] as number) - mean; squares += d * d; }
  const sd = Math.sqrt(squares / count);
  for (let v = v0; v < v1; v++) for (let c = c0; c < c1; c++) a[v * n + c] = ((a[v * n + c] as number) - mean) / sd;
}

function shift(x: CohortMatrix, from: number, to: number): void {
  const { vertices, subjects, metrics } = x;
  const n = subjects * metrics;
  let least = Infinity;
  for (let v = 0; v < vertices; v++) for (let c = from * subjects; c < to * subjects; c++) if ((x.values[v * n + c] as number) < least) least = x.values[v * n + c] as number;
  for (let v = 0; v < vertices; v++) for (let c = from * subjects; c < to * subjects; c++) x.values[v * n + c] = (x.values[v * n + c] as number) - least;
}
