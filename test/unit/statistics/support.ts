/** Fixtures and a synthetic study in memory for the statistics tests. */
import { readFileSync } from 'node:fs';
import { createRandom, type Random } from '../../../analysis/random.js';
import type { CohortInput, SpectrumRow, StudyStatisticsInput, Table } from '../../../analysis/statistics/index.js';

const read = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

export const fixture = <T>(name: string): T => JSON.parse(read(name)) as T;
/** A public or synthetic data set of fixtures/models/datasets.json. */
export const dataset = (name: string): Table => fixture<Record<string, Table>>('models/datasets.json')[name]!;

export function tsv(name: string): Table {
  const [header, ...rows] = read(name).trim().split('\n').map((line) => line.split('\t'));
  return Object.fromEntries(header!.map((column, j) => [column, rows.map((row) => (Number.isNaN(Number(row[j])) ? row[j]! : Number(row[j])))]));
}

/** Largest |found - wanted| / |wanted|. */
export function relativeError(found: readonly number[], wanted: readonly number[]): number {
  if (found.length !== wanted.length) return Infinity;
  return Math.max(...found.map((v, i) => (v === wanted[i] ? 0 : Math.abs(v - wanted[i]!) / Math.abs(wanted[i]!))));
}

export const METRICS = ['thickness', 'area', 'md', 'fa'];
const LEVEL: Record<string, number> = { thickness: 3, area: 0.6, md: 7.5e-4, fa: 0.25 };
export const TOKYO = { HC: 26, FLR: 24, TRS: 23 };
export const TORONTO = { HC: 26, FLR: 17, CLZ: 15, UTRS: 21 };

export interface CohortShape {
  name: string;
  sizes: Record<string, number>;
  /** Shift in standard deviations of an index, by group. Default none. */
  effect?: (group: string, component: number, metric: string) => number;
}

/** A cohort like the demo's: four components by four metrics; components of a metric correlate at about 0.4; age and sex matter. */
export function makeCohort(random: Random, { name, sizes, effect }: CohortShape): CohortInput {
  const group = Object.entries(sizes).flatMap(([g, n]) => Array.from({ length: n }, () => g));
  const age = group.map(() => Math.round((40 + 12 * random.normal()) * 10) / 10);
  const sex = group.map(() => (random.uniform() < 0.6 ? 'male' : 'female'));
  const indices = METRICS.flatMap((metric) => {
    const shared = group.map(() => random.normal());
    return [1, 2, 3, 4].map((component) => ({
      component, metric,
      values: group.map((g, i) => {
        const noise = Math.sqrt(0.4) * shared[i]! + Math.sqrt(0.6) * random.normal();
        const z = noise - 0.03 * (age[i]! - 40) + (sex[i] === 'male' ? 0.2 : 0) + (effect?.(g, component, metric) ?? 0);
        return LEVEL[metric]! * (1 + 0.05 * z);
      }),
    }));
  });
  return { name, groups: Object.keys(sizes), control: 'HC', participants: { id: group.map((_, i) => `sub-${name}${i + 1}`), group, age, sex }, indices, spectra: null };
}

export function makeSpectra(random: Random, cohort: CohortInput): NonNullable<CohortInput['spectra']> {
  const rows = cohort.participants['id']!.map((id, i): SpectrumRow => ({
    id: String(id), concentration: 11 + (String(cohort.participants['group']![i]).includes('TRS') ? 1.5 : 0) + 1.4 * random.normal(), snr: 20, fwhmHz: 5, sdPercent: 6, problems: [],
  }));
  return { metabolite: 'Glu+Gln', correction: 'csf', quality: { snr: 10, fwhm: 10, sd: 20 }, rows };
}

/** Thickness reduced and diffusivity increased in components 1 and 2 of the patients: strong enough to pass the gate. */
export const strongEffect = (group: string, component: number, metric: string): number =>
  group === 'HC' || component > 2 ? 0 : metric === 'thickness' ? -1.6 : metric === 'md' ? 1.6 : 0;

export function makeStudy(seed: number | string, effect?: CohortShape['effect']): StudyStatisticsInput {
  const random = createRandom(seed);
  const with_ = effect === undefined ? {} : { effect };
  return {
    cohorts: [makeCohort(random, { name: 'tokyo', sizes: TOKYO, ...with_ }), makeCohort(random, { name: 'toronto', sizes: TORONTO, ...with_ })],
    clinical: [], demographics: [],
    statistics: { alpha: 0.05, covariates: ['age', 'sex'], pairwise: 'subset', glxType: 'II', families: { ancova: 'cohort', pairs: 'index', glx: 'cohort', clinical: 'index' } },
  };
}
