/** Bootstrap intervals of one cohort: the pairs of the gated indices by both methods, the pairs of Glx, and the partial correlations with Glx. */
import type { PartialRow } from '../../../contracts/glx-rows.js';
import type { ReplicatedIndex } from '../../../contracts/results.js';
import type { PairRow } from '../../../contracts/statistic-rows.js';
import type { StatisticsSpec } from '../../../contracts/study.js';
import type { BootstrapInterval } from '../../../contracts/uncertainty.js';
import { bootstrap, type BootstrapOptions, type BootstrapResult, type Resampled } from '../bootstrap.js';
import { buildDesign } from '../design.js';
import { StatisticsError } from '../errors.js';
import { factorise } from '../least-squares.js';
import { directionOf, prepareRefits } from '../refit.js';
import { completeRows, takeRows, type Cell } from '../table.js';
import { analysisTable, indexName, modelOptions, openCohort, type Cohort } from './cohort.js';
import { completeGroupRows, pairModel } from './pair-model.js';
import { usableSpectra } from './quality.js';
import type { CohortInput } from './types.js';

export interface CohortBootstrap {
  pairs: (Pick<PairRow, 'component' | 'metric' | 'a' | 'b' | 'method'> & { interval: BootstrapInterval })[];
  partial: (Pick<PartialRow, 'component' | 'metric'> & { interval: BootstrapInterval })[];
}

interface Response {
  component: number | null;
  metric: string;
  name: string;
  values: readonly Cell[];
}

const METHODS = ['subset', 'pooled'] as const;

/**
 * Null when `onProgress` stopped it. Responses of the same participants share their resamples, and the design is factorised once a resample for all
 * of them. Streams are named by cohort, statistic, method and pair; participants are drawn in the order of their ids.
 */
export function bootstrapCohort(input: CohortInput, spec: StatisticsSpec, gated: readonly ReplicatedIndex[], options: Omit<BootstrapOptions, 'onProgress'> & { onProgress?: (done: number, of: number) => boolean }): CohortBootstrap | null {
  const cohort = openCohort(input, spec), out: CohortBootstrap = { pairs: [], partial: [] };
  const indices = input.indices.filter((index) => gated.some((g) => g.component === index.component && g.metric === index.metric));
  const responses = indices.map((index): Response => ({ component: index.component, metric: index.metric, name: indexName(index), values: index.values }));
  const glx = input.spectra === null ? null : usableSpectra(cohort, input.spectra).values;
  const jobs: Job[] = [];
  const everything = glx === null ? responses : [...responses, { component: null, metric: 'glx', name: 'Glx', values: glx }];
  for (const method of METHODS) for (const same of sharingRows(cohort, everything)) for (const [a, b] of pairsOf(cohort)) {
    jobs.push({ same, make: (s) => pairSet(cohort, s, { a, b, method }), keep: ({ component, metric }, interval) => out.pairs.push({ component, metric, a, b, method, interval }) });
  }
  if (glx !== null) for (const same of sharingRows(cohort, responses, glx)) {
    jobs.push({ same, make: (s) => partialSet(cohort, s, glx), keep: ({ component, metric }, interval) => out.partial.push({ component: component!, metric, interval }) });
  }
  const total = jobs.length * options.resamples;
  const finished = jobs.every((job, i) => runJob(job, { ...options, onProgress: (done) => options.onProgress?.(i * options.resamples + done, total) ?? true }));
  return finished ? out : null;
}

/** One design with the responses that share its rows. */
interface Job {
  same: SameRows;
  make: (same: SameRows) => Resampled | string;
  keep: (response: Response, interval: BootstrapInterval) => void;
}

/** False when stopped. A response that spoils the design for all (a constant one) is alone in having no interval. */
function runJob({ same, make, keep }: Job, options: BootstrapOptions): boolean {
  const set = make(same);
  if (typeof set === 'string') {
    if (same.responses.length > 1) return same.responses.every((response) => runJob({ same: { ...same, responses: [response] }, make, keep }, options));
    keep(same.responses[0]!, noInterval(options, set));
    return true;
  }
  const results = bootstrap(set, options);
  results?.forEach((result, t) => keep(same.responses[t]!, intervalOf(result, options.confidence)));
  return results !== null;
}

interface SameRows {
  responses: Response[];
  rows: number[];
}

/** Responses by the participants they are complete in, in the order of the ids. `also`: a further column that must be there. */
function sharingRows(cohort: Cohort, responses: readonly Response[], also: readonly Cell[] | null = null): SameRows[] {
  const groups = new Map<string, SameRows>(), ids = cohort.participants['id'];
  const byId = (i: number, j: number): number => { const [a, b] = [String(ids?.[i] ?? ''), String(ids?.[j] ?? '')]; return a < b ? -1 : a > b ? 1 : i - j; };
  for (const response of responses) {
    const rows = completeOrNone(cohort, response).filter((i) => also === null || also[i] !== null).sort(byId), key = rows.join();
    const same = groups.get(key) ?? { responses: [], rows };
    same.responses.push(response);
    groups.set(key, same);
  }
  return [...groups.values()];
}

function completeOrNone(cohort: Cohort, { name, values }: Response): number[] {
  try {
    return completeGroupRows(cohort, analysisTable(cohort, { [name]: values }), name);
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return [];
  }
}

/** Pairs as the tests have them: `b` is the group listed earlier. */
function pairsOf(cohort: Cohort): [string, string][] {
  const present = cohort.groups.filter((g) => cohort.participants['group']!.includes(g));
  return present.flatMap((b, i) => present.slice(i + 1).map((a): [string, string] => [a, b]));
}

const values = ({ values: all }: Response, rows: readonly number[]): Float64Array => Float64Array.from(rows, (i) => Number(all[i]));

/** Places of the rows of each group. */
function strata(cohort: Cohort, rows: readonly number[]): Resampled['strata'] {
  const group = cohort.participants['group']!;
  return cohort.groups.map((name) => ({ name, rows: rows.flatMap((i, place) => (group[i] === name ? [place] : [])) })).filter((s) => s.rows.length > 0);
}

/** The resampling of one pair for all responses, or why it is impossible. */
function pairSet(cohort: Cohort, same: SameRows, pair: Pick<PairRow, 'a' | 'b' | 'method'>): Resampled | string {
  return orReason(() => {
    const { factorisation, contrast, rows } = pairModel(cohort, same.rows, pair), direction = directionOf(factorisation, contrast);
    const refits = prepareRefits(factorisation, same.responses.map((r) => values(r, rows)), same.responses.map((r) => r.name));
    return {
      stream: `${cohort.input.name}/pairs/${pair.method}/${pair.a}-${pair.b}`, strata: strata(cohort, rows), statistics: same.responses.length,
      evaluate(counts, out) {
        const fits = refits.refit(counts);
        for (let r = 0; r < out.length; r++) out[r] = fits ? refits.estimate(direction, r) : NaN;
      },
    };
  });
}

/** The partial correlation of each response with Glx given the covariates: of the residuals of both. */
function partialSet(cohort: Cohort, same: SameRows, glx: readonly (number | null)[]): Resampled | string {
  return orReason(() => {
    const { rows } = same, { covariates } = cohort.spec, last = same.responses.length;
    const { columns, names, n } = design(cohort, rows, covariates), f = factorise(columns, names, n);
    const refits = prepareRefits(f, [...same.responses.map((r) => values(r, rows)), Float64Array.from(rows, (i) => glx[i]!)], [...same.responses.map((r) => r.name), 'Glx']);
    return {
      stream: `${cohort.input.name}/partial`, strata: strata(cohort, rows), statistics: last,
      evaluate(counts, out) {
        if (!refits.refit(counts)) { out.fill(NaN); return; }
        const g = refits.residualProduct(last, last);
        for (let r = 0; r < last; r++) out[r] = refits.residualProduct(r, last) / Math.sqrt(refits.residualProduct(r, r) * g);
      },
    };
  });
}

function design(cohort: Cohort, rows: readonly number[], covariates: readonly string[]): { columns: Float64Array[]; names: string[]; n: number } {
  const { table } = completeRows(takeRows(cohort.participants, rows), ['group', ...covariates]);
  const { columns, labels } = buildDesign(table, covariates, modelOptions(cohort));
  return { columns, names: labels, n: rows.length };
}

function orReason(make: () => Resampled): Resampled | string {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return error.message;
  }
}

const noInterval = ({ confidence }: { confidence: number }, reason: string): BootstrapInterval => ({ low: null, high: null, confidence, resamples: 0, degenerate: 0, z0: null, acceleration: null, extreme: false, reason });

function intervalOf({ interval, reason, resamples, degenerate }: BootstrapResult, confidence: number): BootstrapInterval {
  if (interval === null) return { ...noInterval({ confidence }, reason ?? ''), resamples, degenerate };
  const { low, high, z0, acceleration, extreme } = interval;
  return { low, high, confidence, resamples, degenerate, z0, acceleration, extreme };
}
