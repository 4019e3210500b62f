/** Component-level values of a cohort: every index (metric x component) and Glx, with the designed effects. */
import { createRandom, type Random } from '../analysis/random.js';
import { GATED, METRICS, SCALES, type CohortDesign, type IndexDesign, type PairEffect } from './design.js';
import { dot, normals, orthogonalNoise, orthonormal, partialCorrelation, residual, type Column } from './linear.js';

export type Effect = 'paper' | 'population' | 'none';

export interface Person {
  group: string;
  /** Years. */
  age: number;
  sex: 'M' | 'F';
  /** Whether the spectrum fails quality control. */
  failing: boolean;
}

/** Names an index, e.g. `thickness1`. */
export function indexKey(metric: string, component: number): string {
  return `${metric}${component}`;
}

export interface CohortValues {
  /** Designed mean over the component's vertices, by index key, in the metric's unit, one per person. */
  indices: Map<string, Column>;
  /** Tissue-corrected Glx in institutional units, one per person (those with failing spectra included). */
  glx: Column;
  /** Standardised group means and share of Glx used, for the record of truth. */
  effects: { metric: string; component: number; means: Record<string, number>; rho: number; sd: number }[];
  glxMeans: Record<string, number>;
}

/** Mean Glx, its standard deviation within groups and its slope per ten years, institutional units. */
export const GLX = { mean: 11.2, sd: 1.15, decade: -0.15 };
/** Weight of the noise that the four components of a metric share. */
const COMMON = 0.35;

/** Age and sex act a little differently on the components. */
const COVARIATE_STRENGTH = [1, 0.9, 1.15, 0.8];

/** t values belong to the paper's group sizes; with other sizes the effect (standardised difference) stays and t goes with the root of the size. */
function scaledT(t: number, paper: Map<string, number>, sizes: Map<string, number>, a: string, b: string): number {
  const harmonic = (m: Map<string, number>): number => 1 / (1 / (m.get(a) ?? 1) + 1 / (m.get(b) ?? 1));
  return t * Math.sqrt(harmonic(sizes) / harmonic(paper));
}

/** Group means in SD (control HC: 0) for which the subset ANCOVA of each pair gives its t, when noise is orthogonal with sums of squares `ss`. */
function solveMeans(pairs: readonly PairEffect[], people: readonly Person[], paper: Map<string, number>, ss: Map<string, number>): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const p of people) sizes.set(p.group, (sizes.get(p.group) ?? 0) + 1);
  const means = new Map<string, number>([['HC', 0]]);
  for (const [a, b, t] of pairs) {
    const rows = people.filter((p) => p.group === a || p.group === b);
    const df = Math.max(1, rows.length - 4);
    const indicator = Float64Array.from(rows, (p) => (p.group === a ? 1 : 0));
    const free = residual(orthonormal(covariates(rows)), indicator);
    const free2 = dot(free, free);
    const leverage = free2 > 1e-9 ? Math.sqrt(free2) : Math.sqrt(indicator.length / 4);
    const difference = (scaledT(t, paper, sizes, a, b) * Math.sqrt(((ss.get(a) ?? 0) + (ss.get(b) ?? 0)) / df)) / leverage;
    if (means.has(a) && !means.has(b)) means.set(b, means.get(a)! - difference);
    else means.set(a, (means.get(b) ?? 0) + difference);
  }
  return means;
}

/** Constant, age (decades from 40) and sex. */
export function covariates(people: readonly Person[]): Column[] {
  return [Float64Array.from(people, () => 1), Float64Array.from(people, (p) => (p.age - 40) / 10), Float64Array.from(people, (p) => (p.sex === 'M' ? 1 : 0))];
}

/**
 * Draws a cohort. `paper`: within every group the noise is orthogonal to age, sex and the rest, group means are solved from the t values and the
 * share of Glx in the noise from the partial r, so that the sample's effects are the designed ones. `population`: the same means and shares with
 * plain noise. `none`: neither group nor Glx effects.
 */
export function drawValues(design: CohortDesign, people: readonly Person[], effect: Effect, stream: string): CohortValues {
  const groups = design.groups.map((g) => g.name);
  const rowsOf = new Map(groups.map((g) => [g, people.flatMap((p, i) => (p.group === g ? [i] : []))]));
  const cov = covariates(people);
  const exact = effect === 'paper';
  const pick = (column: Column, rows: number[]): Column => Float64Array.from(rows, (i) => column[i]!);

  // Glx within groups: standard deviation 1, on good spectra orthogonal to the covariates.
  const glxRandom = createRandom(`${stream}/glx`);
  const glxNoise = { designed: new Float64Array(people.length), drawn: normals(glxRandom, people.length) };
  const passing = new Map<string, number[]>(), glxSs = new Map<string, number>();
  for (const g of groups) {
    const rows = rowsOf.get(g)!.filter((i) => !people[i]!.failing);
    passing.set(g, rows);
    const ss = Math.max(0, rows.length - 1);
    glxSs.set(g, ss);
    orthogonalNoise(pick(glxNoise.drawn, rows), cov.map((c) => pick(c, rows)), ss).forEach((v, k) => { glxNoise.designed[rows[k]!] = v; });
  }
  const good = people.filter((p) => !p.failing);
  const goodRows = people.flatMap((p, i) => (p.failing ? [] : [i]));
  const glxMeans = effect === 'none' ? new Map(groups.map((g) => [g, 0])) : solveMeans(design.glx, good, new Map(design.groups.map((g) => [g.name, g.size - g.failing])), glxSs);
  const makeGlx = (noise: Column): Column => Float64Array.from(people, (p, i) => GLX.mean + GLX.decade * cov[1]![i]! + GLX.sd * ((glxMeans.get(p.group) ?? 0) + noise[i]!));
  const designedGlx = makeGlx(glxNoise.designed);
  // Failing spectra carry no designed value: plain noise.
  const shownGlx = makeGlx(Float64Array.from(people, (p, i) => (exact && !p.failing ? glxNoise.designed[i]! : glxNoise.drawn[i]!)));

  const indices: CohortValues['indices'] = new Map();
  const effects: CohortValues['effects'] = [];
  const common = new Map(METRICS.map((m) => [m, normals(createRandom(`${stream}/${m}/common`), people.length)]));
  for (const index of design.indices) {
    const built = buildIndex(index, createRandom(`${stream}/${indexKey(index.metric, index.component)}`), common.get(index.metric)!);
    indices.set(indexKey(index.metric, index.component), built.values);
    effects.push({ metric: index.metric, component: index.component, means: Object.fromEntries(built.means), rho: built.rho, sd: SCALES[index.metric].sd });
  }
  return { indices, glx: shownGlx, effects, glxMeans: Object.fromEntries(glxMeans) };

  /** Groups differ in spread only where there are effects. */
  function varianceOf(index: IndexDesign, group: string): number {
    return effect === 'none' ? 1 : index.variance?.[group] ?? 1;
  }

  function buildIndex(index: IndexDesign, random: Random, shared: Column): { values: Column; means: Map<string, number>; rho: number } {
    const scale = SCALES[index.metric];
    const strength = COVARIATE_STRENGTH[index.component - 1]!;
    const own = normals(random, people.length);
    const raw = own.map((v, i) => COMMON * shared[i]! + Math.sqrt(1 - COMMON ** 2) * v);
    const ss = new Map<string, number>();
    const glxPart = new Float64Array(people.length), rest = new Float64Array(people.length);
    for (const g of groups) {
      const rows = rowsOf.get(g)!;
      const variance = varianceOf(index, g);
      ss.set(g, variance * Math.max(0, rows.length - 1));
      const glx = pick(glxNoise.designed, rows);
      const size = Math.sqrt(dot(glx, glx)) || 1;
      const noise = orthogonalNoise(pick(raw, rows), [...cov.map((c) => pick(c, rows)), glx], ss.get(g)!);
      rows.forEach((i, k) => { glxPart[i] = (glx[k]! * Math.sqrt(ss.get(g)!)) / size; rest[i] = noise[k]!; });
    }
    const none = effect === 'none';
    const means = none ? new Map(groups.map((g) => [g, 0])) : solveMeans(index.pairs, people, new Map(design.groups.map((g) => [g.name, g.size])), ss);
    const compose = (rho: number, a: Column, b: Column): Column => Float64Array.from(people, (p, i) => (means.get(p.group) ?? 0) + strength * (scale.age * cov[1]![i]! + scale.male * cov[2]![i]!) + rho * a[i]! + Math.sqrt(1 - rho * rho) * b[i]!);
    const rho = none || index.partialR === null ? 0
      : solveRho(index.partialR, (r) => partialCorrelation(pick(compose(r, glxPart, rest), goodRows), pick(designedGlx, goodRows), covariates(good)));
    const spread = people.map((p) => Math.sqrt(varianceOf(index, p.group)));
    const z = exact ? compose(rho, glxPart, rest) : compose(rho, glxNoise.drawn.map((v, i) => v * spread[i]!), raw.map((v, i) => v * spread[i]!));
    const offset = scale.offsets[index.component - 1]!;
    return { values: z.map((v) => scale.mean + scale.sd * (offset + v)), means, rho };
  }
}

/** The share of Glx at which the partial correlation is the wanted one (bisection); the nearest possible share when it cannot be reached. */
function solveRho(target: number, correlation: (rho: number) => number): number {
  let low = -0.95, high = 0.95;
  if (!(correlation(low) < target)) return low;
  if (!(correlation(high) > target)) return high;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (correlation(middle) < target) low = middle; else high = middle;
  }
  return (low + high) / 2;
}

/** The gated indices' columns, for the constraints of the clinical measures. */
export function gatedColumns(values: CohortValues): Column[] {
  return GATED.map(([metric, component]) => values.indices.get(indexKey(metric, component))!);
}
