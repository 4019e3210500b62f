/** The statistics of one example cohort: internally consistent enough to read, not computed from the example's participants. */
import type { AncovaRow, ClinicalRow, CohortStatistics, GlxResults, GroupSummary, PairRow, PartialRow } from '../../../contracts/results.js';
import type { AssumptionRow } from '../../../contracts/uncertainty.js';
import { adjust, generator, roughP } from './numbers.js';

export const METRICS = ['thickness', 'area', 'md', 'fa'] as const;
export const BASE: Record<string, [mean: number, sd: number]> = { thickness: [3.1, 0.16], area: [0.62, 0.07], md: [8.4e-4, 3.1e-5], fa: [0.19, 0.02] };

/** Difference from controls in SD, by the paper's pattern: thickness down and diffusivity up in components 1 and 2. */
export function effect(metric: string, component: number, place: number, severity: number): number {
  if (place === 0 || component > 2) return 0;
  return metric === 'thickness' ? -1.1 * severity : metric === 'md' ? 0.8 * severity : 0;
}

export const REPLICATED = [1, 2].flatMap((component) => ['thickness', 'md'].map((metric) => ({ component, metric })));

function pairsOf(groups: readonly [string, number][]): [string, string, number][] {
  return groups.flatMap(([b, n], index) => groups.slice(index + 1).map(([a, m]): [string, string, number] => [a, b, n + m]));
}

export function exampleStatistics(name: string, groups: Record<string, number>, seed: number, replicates: boolean): CohortStatistics {
  const random = generator(seed);
  const sizes = Object.entries(groups);
  const n = sizes.reduce((sum, [, size]) => sum + size, 0);
  const ancova: AncovaRow[] = METRICS.flatMap((metric) => [1, 2, 3, 4].map((component): AncovaRow => {
    const hit = replicates && effect(metric, component, 1, 1) !== 0;
    const F = hit ? 7 + 6 * random.uniform() : 0.2 + 1.6 * random.uniform();
    const [mean, sd] = BASE[metric] ?? [1, 1];
    const marginalMeans = sizes.map(([group, size], place) => ({ group, n: size, mean: mean + effect(metric, component, replicates ? place : 0, 0.9) * sd, se: sd / Math.sqrt(size) }));
    return { component, metric, n, F, df1: sizes.length - 1, df2: n - sizes.length - 2, p: Math.exp(-1.02 * F), pAdjusted: null, familySize: 16, family: `ancova/${name}`, partialEtaSquared: (F * (sizes.length - 1)) / (F * (sizes.length - 1) + n - sizes.length - 2), partialEtaSquaredInterval: { low: 0, high: 0.31, confidence: 0.9 }, significant: false, marginalMeans };
  }));
  for (const row of adjust(ancova)) row.significant = (row.pAdjusted ?? 1) < 0.05;
  const gated = replicates ? REPLICATED : [];
  const pairRows = (index: { component: number | null; metric: string }, method: PairRow['method'], shift: number): PairRow[] =>
    adjust(pairsOf(sizes).map(([a, b, size]): PairRow => {
      const sd = BASE[index.metric]?.[1] ?? 1;
      const sign = index.metric === 'thickness' ? -1 : 1;
      const t = b === sizes[0]?.[0] ? sign * (2.5 + 2 * random.uniform() + shift) : random.normal() * 0.8;
      return { ...index, a, b, n: size, estimate: t * sd * 0.25, se: sd * 0.25, t, df: method === 'subset' ? size - 4 : n - sizes.length - 2, p: roughP(t), pAdjusted: null, familySize: 3, family: index.component === null ? `glx-pairs/${name}` : `pairs/${name}/${index.component}/${index.metric}`, method, hedgesG: { g: t * 0.25 * 0.98, sigma: sd, low: t * 0.25 - 0.6, high: t * 0.25 + 0.6, confidence: 0.95 }, bootstrap: method === 'subset' ? { low: t * sd * 0.25 - 0.4 * sd, high: t * sd * 0.25 + 0.5 * sd, confidence: 0.95, resamples: 2000, degenerate: 3, z0: 0.02, acceleration: -0.01, extreme: false } : { low: null, high: null, confidence: 0.95, resamples: 2000, degenerate: 1200, z0: null, acceleration: null, extreme: false, reason: '1200 of 2000 resamples could not be fitted' } };
    }));
  return {
    demographics: demographics(sizes, random),
    covariates: METRICS.flatMap((metric) => [1, 2, 3, 4].flatMap((component) => ['age', 'sex'].map((term) => ({ component, metric, term, F: 4 * random.uniform(), df1: 1, df2: n - 4, p: 0.02 + 0.9 * random.uniform() })))),
    ancova,
    pairs: gated.flatMap((index) => pairRows(index, 'subset', 0)),
    pairsAlternative: gated.flatMap((index) => pairRows(index, 'pooled', 0.2)),
    glx: glx(name, sizes, n, random, gated, pairRows({ component: null, metric: 'glx' }, 'subset', 0.1)),
    clinical: gated.flatMap((index) => clinical(name, sizes, random, index)),
    assumptions: ancova.map((row, place) => assumption(name, row, place)),
  };
}

/** The third index of a cohort is crooked, the fourth moved by one participant, the last could not be checked. */
function assumption(name: string, { component, metric, n }: AncovaRow, place: number): AssumptionRow {
  const family = (test: string) => ({ familySize: 15, family: `assumptions/${test}/${name}` }), id = `${name.slice(0, 3).toUpperCase()}-007`;
  if (place === 15) return { component, metric, n: 0, normality: { W: null, p: null, pAdjusted: null, ...family('normality'), reason: 'it does not vary' }, equalVariance: { F: null, df1: null, df2: null, p: null, pAdjusted: null, sd: {}, ...family('variance'), reason: 'it does not vary' }, influence: { largestCook: null, threshold: null, largestLeverage: null, influential: [], leaveOneOutP: null, reason: 'it does not vary' } };
  return {
    component, metric, n, normality: { W: place === 2 ? 0.91 : 0.984, p: place === 2 ? 1.2e-4 : 0.42, pAdjusted: place === 2 ? 1.8e-3 : 0.71, ...family('normality') },
    equalVariance: { F: 1.3, df1: 2, df2: n - 3, p: 0.28, pAdjusted: 0.66, sd: { HC: 0.12, FLR: 0.14 }, ...family('variance') },
    influence: { largestCook: place === 3 ? 1.4 : 0.11, threshold: 0.88, largestLeverage: 0.19, influential: place === 3 ? [{ id, group: 'HC', cook: 1.4, leverage: 0.19, standardisedResidual: 4.1 }] : [], leaveOneOutP: [1.1e-4, 2.3e-3] },
  };
}

type Random = ReturnType<typeof generator>;

function demographics(sizes: [string, number][], random: Random): CohortStatistics['demographics'] {
  const groups = (mean: number, sd: number) => Object.fromEntries(sizes.map(([group, size]) => [group, { n: size, mean: mean + random.normal(), sd }]));
  const sex = Object.fromEntries(sizes.map(([group, size]) => [group, { n: size, counts: { F: Math.floor(size / 2), M: size - Math.floor(size / 2) } }]));
  const n = sizes.reduce((sum, [, size]) => sum + size, 0);
  return [
    { variable: 'age', test: 'anova', groups: groups(41.3, 11.2), n, statistic: 0.874, df1: sizes.length - 1, df2: n - sizes.length, p: 0.421 },
    { variable: 'sex', test: 'chi-square', groups: sex, n, statistic: 0.31, df1: sizes.length - 1, df2: null, p: 0.857, fisherP: 0.861 },
    { variable: 'rbans_total', test: 'anova', groups: groups(81.2, 14), n, statistic: 21.4, df1: sizes.length - 1, df2: n - sizes.length, p: 6.2e-8 },
    { variable: 'clozapine_dose', test: 'anova', groups: {}, n: 0, statistic: null, df1: null, df2: null, p: null, reason: 'no group has more than one value' },
  ];
}

function glx(name: string, sizes: [string, number][], n: number, random: Random, gated: typeof REPLICATED, groupPairs: PairRow[]): GlxResults {
  const lost = name === 'tokyo' ? 8 : 0;
  const reasons = [['fwhm'], ['snr', 'sd'], ['sd'], ['missing']];
  const excluded = Array.from({ length: lost }, (_, index) => ({ id: `${name.slice(0, 3).toUpperCase()}-${String(3 * index + 2).padStart(3, '0')}`, group: sizes[index % sizes.length]?.[0] ?? '', reasons: reasons[index % 4] ?? [], snr: index % 4 === 3 ? null : 9 + index, fwhmHz: index % 4 === 3 ? null : 10.4, sdPercent: index % 4 === 3 ? null : 21 }));
  const used = n - lost;
  const term = (F: number, family: string) => ({ F, df1: 1, df2: used - 8, p: Math.exp(-0.9 * F), pAdjusted: null as number | null, familySize: gated.length, family: `${family}/${name}` });
  const models = gated.map((index) => ({ ...index, n: used, type: 'II' as const, glx: term(5 + 3 * random.uniform(), 'glx-term'), interaction: term(random.uniform(), 'glx-interaction') }));
  adjust(models.map((row) => row.glx));
  adjust(models.map((row) => row.interaction));
  const partial = adjust(gated.map((index): PartialRow => {
    const r = (index.metric === 'thickness' ? -1 : 1) * (0.24 + 0.2 * random.uniform());
    const t = (r * Math.sqrt(used - 4)) / Math.sqrt((1 - r) * (1 + r));
    return { ...index, n: used, r, df: used - 4, t, p: roughP(t), pAdjusted: null, familySize: 4, family: `glx-partial/${name}`, glxTermSignificant: true, bootstrap: { low: r - 0.2, high: r + 0.21, confidence: 0.95, resamples: 2000, degenerate: 0, z0: -0.01, acceleration: 0.004, extreme: false } };
  }));
  const nearLimit: GlxResults['nearLimit'] = excluded.slice(0, 2).map(({ id, group, snr, fwhmHz, sdPercent }) => ({ id, group, measures: ['fwhm'], used: false, snr, fwhmHz, sdPercent }));
  const tissue: GlxResults['tissue'] = name === 'tokyo'
    ? { method: 'gasparovic', formula: 'concentration * ATTMET / (WCONC * ATTH2O) * ...', unit: 'mmol per kg of tissue water', reference: 'Gasparovic et al. 2006', constants: { 'TE (ms)': 30, 'T1 of the metabolite (ms)': 1242.5 } }
    : { method: 'csf', formula: 'concentration / (1 - CSF fraction)', unit: 'as fitted, per volume without CSF', reference: null, constants: {} };
  const byGroup = (mean: number): Record<string, GroupSummary> => Object.fromEntries(sizes.map(([g, size]) => [g, { n: size, mean: mean + random.uniform(), sd: 2 }]));
  const quality: GlxResults['quality'] = [
    { measure: 'snr', spectra: 'used', test: 'anova', groups: byGroup(24), n: used, statistic: 1.2, df1: sizes.length - 1, df2: used - sizes.length, p: 0.31 },
    { measure: 'fwhm', spectra: 'read', test: 'anova', groups: {}, n: 0, statistic: null, df1: null, df2: null, p: null, reason: 'FWHM of the spectra read has the same value in every row' },
    { measure: 'excluded', spectra: 'read', test: 'chi-square', groups: Object.fromEntries(sizes.map(([g, size]) => [g, { n: size, counts: { used: size - 2, excluded: 2 } }])), n, statistic: 0.4, df1: sizes.length - 1, df2: null, p: 0.82, fisherP: 0.9 },
  ];
  return { metabolite: 'Glu+Gln', correction: tissue.formula, tissue, nearLimit, quality, n: used, excluded, group: { ...term(6.1, 'glx-group'), pAdjusted: 0.0041, familySize: 1 }, groupPairs, models, partial, clinical: clinical(name, sizes, random, { component: null, metric: 'glx' }) };
}

function clinical(name: string, sizes: [string, number][], random: Random, index: { component: number | null; metric: string }): ClinicalRow[] {
  const family = `clinical/${name}/${index.component ?? 'glx'}/${index.metric}`;
  const patients = sizes.slice(1).map(([group]) => group);
  const n = sizes.slice(1).reduce((sum, [, size]) => sum + size, 0);
  const rows = ['panss_positive', 'panss_negative', 'rbans_total', 'illness_duration'].map((measure): ClinicalRow => {
    const t = random.normal() * 0.7;
    return { ...index, measure, groups: patients, n, beta: t * 1e-3, se: 1e-3, t, df: n - 4, p: Math.min(0.98, roughP(t)), pAdjusted: null, familySize: 4, family };
  });
  const impossible: ClinicalRow = { ...index, measure: 'clozapine_dose', groups: patients.slice(-1), n: 2, beta: null, se: null, t: null, df: null, p: null, pAdjusted: null, familySize: 4, family, reason: 'only 2 participants have a clozapine_dose' };
  return [...adjust(rows), { ...impossible, familySize: rows.length }];
}
