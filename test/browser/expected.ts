/** How many marks of a kind each figure must have, from results.json and the tables beside it. */
import { readFileSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CohortResults, StudyResults } from '../../contracts/results.js';
import { readTsv } from '../../formats/index.js';
import { slug } from '../../report/html.js';
import { isSignificant } from '../../report/numbers.js';

export type Cells = Record<string, string | null>;

export function tableOf(folder: string, name: string): Cells[] {
  const file = join(folder, 'tables', `${name}.tsv`);
  if (!existsSync(file)) return [];
  const { columns, rows } = readTsv(readFileSync(file), { file });
  return rows.map(({ cells }) => Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? null])));
}

type Expected = [figure: string, kind: string, marks: number];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function expectedMarks(results: StudyResults, folder: string): Expected[] {
  const cohorts = Object.values(results.cohorts), { chosen } = results.rank, rank = chosen ?? 0, metrics = results.parameters.metrics.length;
  const over = (of: (cohort: CohortResults) => number): number => sum(cohorts.map(of));
  const ancova = cohorts.flatMap((cohort) => cohort.ancova.filter((row) => row.partialEtaSquared !== null));
  const pairs = cohorts.flatMap((cohort) => cohort.pairs.filter((row) => row.hedgesG?.g != null)), participants = tableOf(folder, 'participants'), spectra = tableOf(folder, 'spectra'), residuals = tableOf(folder, 'residuals');
  const usable = spectra.filter((row) => row['excluded'] === null && row['concentration'] !== null).length;
  const ages = participants.filter((row) => row['age'] !== null).length;
  const found: Expected[] = [
    ['exclusions-figure', 'step', over((cohort) => 2 + (cohort.excluded.length > 0 ? 1 : 0) + (cohort.glx === null ? 0 : 1) + (cohort.glx !== null && cohort.glx.excluded.length > 0 ? 1 : 0))],
    ['stability-figure', 'split', over((cohort) => sum(cohort.ranks.map((row) => row.stability.splits.filter((value) => value !== null).length)))],
    ['stability-figure', 'mean', over((cohort) => cohort.ranks.filter((row) => row.stability.mean !== null).length)],
    ['stability-figure', 'chance', over((cohort) => cohort.ranks.filter((row) => row.stability.surrogates?.q95 != null).length)],
    ['stability-figure', 'chosen', cohorts.length],
    ['gradient-figure', 'mean', over((cohort) => cohort.ranks.filter((row) => row.gradient !== null).length)],
    ['gradient-figure', 'chosen', cohorts.length],
    ['profiles-figure', 'point', cohorts.length * rank * metrics],
    ['effects-figure', 'strong', ancova.filter((row) => row.significant).length],
    ['effects-figure', 'weak', ancova.filter((row) => !row.significant).length],
    ['effects-figure', 'interval', ancova.filter((row) => row.partialEtaSquaredInterval?.low != null).length],
    ['differences-figure', 'strong', pairs.filter((row) => isSignificant(row, results.parameters.alpha)).length],
    ['differences-figure', 'weak', pairs.filter((row) => !isSignificant(row, results.parameters.alpha)).length],
    ['covariates-figure', 'strong', over((cohort) => cohort.covariates.filter((row) => (row.p ?? 1) < results.parameters.alpha).length)],
    ['rand-figure', 'point', sum(results.matching.map((row) => row.byRank.length))],
    ['overlap-figure', 'shade', sum(results.matching.map((row) => row.overlap.flat().length))],
    ['spectra-figure', 'point', 3 * spectra.filter((row) => row['excluded'] === null && row['snr'] !== null).length],
  ];
  for (const { component, metric } of results.replicated) {
    found.push([slug('figure', metric, component), 'point', participants.length], [slug('figure', metric, component), 'box', participants.length === 0 ? 0 : over((cohort) => Object.values(cohort.groups).filter((size) => size > 0).length)]);
    found.push([slug('figure', metric, component), 'bracket', over((cohort) => cohort.pairs.filter((row) => row.component === component && row.metric === metric && isSignificant(row, results.parameters.alpha)).length)]);
    found.push([slug('residuals', metric, component), 'point', 2 * residuals.filter((row) => row['metric'] === metric && Number(row['component']) === component && row['standardised'] !== null).length]);
    if (usable > 0) found.push([slug('relation', metric, component), 'point', usable]);
  }
  for (const { name } of results.parameters.metrics) found.push([slug('age', name), 'point', ages * rank], [slug('age', name), 'fit', cohorts.length * rank], [slug('sex', name), 'box', cohorts.length * rank * 2]);
  return found;
}
