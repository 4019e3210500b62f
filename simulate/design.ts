/**
 * What is simulated: groups, their sizes, and the effects. t values and partial correlations marked "paper" are the reported ones; the others are
 * ours, chosen so that what the paper says of significance holds (thickness and MD of all components differ between groups in Tokyo, of components
 * 1 and 2 only in Toronto, area and FA nowhere; no further post hoc pair is significant after adjustment).
 */
import { SimulationError } from './errors.js';

export type MetricName = 'thickness' | 'area' | 'md' | 'fa';
export const METRICS: readonly MetricName[] = ['thickness', 'area', 'md', 'fa'];

/** [a, b, t]: the t of a against b in an ANCOVA of those two groups with age and sex; solved in the order given. */
export type PairEffect = readonly [a: string, b: string, t: number];

export interface IndexDesign {
  metric: MetricName;
  component: number;
  pairs: readonly PairEffect[];
  /** Partial r with Glx given age and sex over everyone with a good spectrum; null: no relation beyond the groups'. */
  partialR: number | null;
  /** Variance within a group relative to 1, where a group differs. */
  variance?: Readonly<Record<string, number>>;
}

export interface CohortDesign {
  /** Groups in order, the control first, with the paper's sizes. */
  groups: readonly { name: string; size: number; failing: number }[];
  indices: readonly IndexDesign[];
  glx: readonly PairEffect[];
}

const byGroups = (a: string, b: string, rows: Readonly<Record<MetricName, readonly (readonly [number, number])[]>>, r: Readonly<Partial<Record<string, number>>>): IndexDesign[] =>
  METRICS.flatMap((metric) => rows[metric].map(([ta, tb], c) => ({ metric, component: c + 1, pairs: [[a, 'HC', ta], [b, 'HC', tb]] as PairEffect[], partialR: r[`${metric}${c + 1}`] ?? null })));

/** Tokyo. Paper: all of components 1 and 2 but FLR-HC of MD 2, and every partial r. Spectra that fail: 3 TRS, 4 FLR, 1 HC (paper). */
export const TOKYO: CohortDesign = {
  groups: [{ name: 'HC', size: 26, failing: 1 }, { name: 'FLR', size: 24, failing: 4 }, { name: 'TRS', size: 23, failing: 3 }],
  indices: byGroups('TRS', 'FLR', {
    thickness: [[-4.18, -3.83], [-5.1, -4.29], [-3.3, -2.6], [-3.2, -2.4]],
    area: [[-0.6, 0.3], [0.5, 0.7], [-0.8, -0.2], [0.2, -0.5]],
    md: [[3.55, 2.58], [3.05, 1.85], [3.3, 2.2], [3.2, 2.3]],
    fa: [[-0.7, -0.4], [0.4, -0.3], [-0.3, 0.6], [-0.9, -0.6]],
  }, { thickness1: -0.396, thickness2: -0.474, md1: 0.217, md2: 0.202 }),
  glx: [['TRS', 'HC', 3.36], ['FLR', 'HC', 1.5]],
};

const toronto = (metric: MetricName, component: number, pairs: readonly PairEffect[], partialR: number | null = null, variance: Readonly<Record<string, number>> = {}): IndexDesign =>
  ({ metric, component, pairs, partialR, variance });
const against = (utrs: number, clz: number, flr: number): PairEffect[] => [['UTRS', 'HC', utrs], ['CLZ', 'HC', clz], ['FLR', 'HC', flr]];

/**
 * Toronto. Paper: UTRS-HC and CLZ-HC of thickness 1 and 2, UTRS-HC and UTRS-CLZ of MD 1 and 2, every partial r.
 * MD varies more among UTRS: only so can UTRS-HC 2.75 and UTRS-CLZ 2.64, with no other pair significant, go with an ANCOVA that survives the
 * adjustment over 16 tests.
 */
export const TORONTO: CohortDesign = {
  groups: [{ name: 'HC', size: 26, failing: 0 }, { name: 'FLR', size: 17, failing: 0 }, { name: 'CLZ', size: 15, failing: 0 }, { name: 'UTRS', size: 21, failing: 0 }],
  indices: [
    toronto('thickness', 1, against(-3.58, -3.57, -1.8), -0.212), toronto('thickness', 2, against(-4.11, -4.36, -2.1), -0.281),
    toronto('thickness', 3, against(-1.2, -0.9, -0.4)), toronto('thickness', 4, against(-1, -1.2, -0.6)),
    toronto('area', 1, against(0.4, -0.5, 0.2)), toronto('area', 2, against(-0.6, 0.2, -0.3)), toronto('area', 3, against(-0.7, 0.1, 0.3)), toronto('area', 4, against(0.3, 0.6, -0.2)),
    toronto('md', 1, [['UTRS', 'HC', 2.75], ['UTRS', 'CLZ', 2.64], ['UTRS', 'FLR', 2]], 0.233, { UTRS: 2, HC: 0.7, CLZ: 0.7, FLR: 0.7 }),
    toronto('md', 2, [['UTRS', 'HC', 2.97], ['UTRS', 'CLZ', 2.93], ['UTRS', 'FLR', 2]], 0.244, { UTRS: 1.7, HC: 0.8, CLZ: 0.8, FLR: 0.8 }),
    toronto('md', 3, against(1.1, 0.2, 0.4)), toronto('md', 4, against(1.2, 0.3, 0.7)),
    toronto('fa', 1, against(-0.7, -0.2, -0.5)), toronto('fa', 2, against(0.3, -0.4, 0.2)), toronto('fa', 3, against(-0.5, 0.4, 0.1)), toronto('fa', 4, against(-0.8, -0.3, 0.3)),
  ],
  glx: [['UTRS', 'HC', 2.87], ['CLZ', 'HC', 1], ['FLR', 'HC', 0.8]],
};

/** Indices the paper follows up: the replicated ones. */
export const GATED: readonly (readonly [MetricName, number])[] = [['thickness', 1], ['thickness', 2], ['md', 1], ['md', 2]];

/**
 * Typical values: mean of the metric, offset of each component (in SD), standard deviation between people within a group, effect of ten years and of
 * being male (in SD), vertex noise (in SD). The offsets contrast outer with inner, then 1 with 2, then 3 with 4: each part of the hierarchy is weaker
 * than the one before, so that ranks 2 and 3 are reproducible, too.
 */
export const SCALES: Readonly<Record<MetricName, { unit: string | null; mean: number; offsets: readonly number[]; sd: number; age: number; male: number; noise: number }>> = {
  thickness: { unit: 'mm', mean: 3.1, offsets: [1.3, 1.1, -1.2, -1.2], sd: 0.12, age: -0.4, male: 0.3, noise: 2.5 },
  area: { unit: 'mm2', mean: 0.74, offsets: [1, -1, 0.2, -0.2], sd: 0.04, age: -0.2, male: 0.6, noise: 2.5 },
  md: { unit: 'mm2/s', mean: 7.8e-4, offsets: [0.4, -0.4, 0.9, -0.9], sd: 1.1e-5, age: 0.35, male: 0.2, noise: 2.5 },
  fa: { unit: null, mean: 0.2, offsets: [-1.1, -0.8, 0.9, 1], sd: 0.009, age: -0.3, male: 0.1, noise: 2.5 },
};

/** Toronto's design for `toronto`, Tokyo's for `tokyo` and every other name. */
export function designFor(name: string): CohortDesign {
  return name === 'toronto' ? TORONTO : TOKYO;
}

/**
 * Sizes of the groups for a cohort of `size`: the paper's proportions, rounded by largest remainder, at least one each; failing spectra likewise.
 * @throws SimulationError BAD_COHORT when the cohort is smaller than its number of groups
 */
export function scaleGroups(design: CohortDesign, size: number): { name: string; size: number; failing: number }[] {
  if (!Number.isInteger(size) || size < design.groups.length) {
    throw new SimulationError('BAD_COHORT', `a cohort of ${size} cannot fill its ${design.groups.length} groups`, { remedy: `Ask for at least ${design.groups.length} participants; statistics need about ${6 * design.groups.length}.` });
  }
  const total = design.groups.reduce((s, g) => s + g.size, 0);
  const shares = design.groups.map((g) => (g.size * size) / total);
  const sizes = shares.map((s) => Math.max(1, Math.floor(s)));
  const rest = shares.map((s, i) => ({ i, part: s - sizes[i]! })).sort((a, b) => b.part - a.part || a.i - b.i);
  for (let k = 0, left = size - sizes.reduce((s, n) => s + n, 0); left > 0; k++, left--) sizes[rest[k % rest.length]!.i]!++;
  for (let over = sizes.reduce((s, n) => s + n, 0) - size; over > 0; over--) sizes[sizes.indexOf(Math.max(...sizes))]!--;
  return design.groups.map((g, i) => ({ name: g.name, size: sizes[i]!, failing: Math.min(sizes[i]!, Math.round((g.failing * sizes[i]!) / g.size)) }));
}
