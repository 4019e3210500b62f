/** Participants: group, age, sex, and clinical measures that are related to neither the replicated indices nor Glx. */
import { createRandom, type Random } from '../analysis/random.js';
import type { CohortDesign } from './design.js';
import { scaleGroups } from './design.js';
import { covariates, gatedColumns, type CohortValues, type Effect, type Person } from './effects.js';
import { dot, normals, orthonormal, residual, type Column } from './linear.js';

/** Resistant groups have PANSS subscales tested; clozapine groups have a clozapine dose. */
export const RESISTANT = ['TRS', 'UTRS'];
export const CLOZAPINE = ['CLZ', 'UTRS'];

export interface Clinical {
  panss_positive: number | null; panss_negative: number | null; panss_general: number | null; panss_total: number | null;
  cgi_s: number | null; rbans_total: number | null; age_at_onset: number | null; illness_duration: number | null;
  cpz_dose: number | null; clozapine_dose: number | null;
}

/** Mean and SD by group: PANSS positive, negative, general; RBANS; chlorpromazine equivalents and clozapine in mg a day. */
const TYPICAL: Record<string, { panss: [number, number][]; rbans: [number, number]; cpz: [number, number]; clozapine: [number, number] }> = {
  HC: { panss: [], rbans: [97, 11], cpz: [0, 0], clozapine: [0, 0] },
  FLR: { panss: [[12, 2.2], [14, 3], [27, 4]], rbans: [82, 12], cpz: [430, 120], clozapine: [0, 0] },
  TRS: { panss: [[22, 3.5], [24, 4], [45, 6]], rbans: [70, 12], cpz: [780, 190], clozapine: [0, 0] },
  CLZ: { panss: [[12, 2.2], [15, 3], [27, 4]], rbans: [80, 12], cpz: [480, 120], clozapine: [290, 70] },
  UTRS: { panss: [[22, 3.5], [23, 4], [44, 6]], rbans: [72, 12], cpz: [800, 190], clozapine: [420, 90] },
};

/**
 * People in random order of groups. Ages are spread evenly over 20..60 within each group and sexes are in the same proportion (the groups are
 * matched), so that age and sex have effects of their own but do not explain the groups.
 */
export function drawPeople(design: CohortDesign, size: number, stream: string): Person[] {
  const random = createRandom(`${stream}/people`);
  const people: Person[] = [];
  for (const { name: group, size: n, failing } of scaleGroups(design, size)) {
    const ages = random.shuffle(Array.from({ length: n }, (_, i) => Math.round(21 + 38 * ((i + random.uniform()) / n) ** 1.15)));
    const sexes = random.shuffle(Array.from({ length: n }, (_, i) => (i < Math.round(0.6 * n) ? 'M' as const : 'F' as const)));
    const fails = random.shuffle(Array.from({ length: n }, (_, i) => i < failing));
    for (let i = 0; i < n; i++) people.push({ group, age: ages[i]!, sex: sexes[i]!, failing: fails[i]! });
  }
  return random.shuffle(people);
}

/**
 * Clinical measures of everyone. Measures differ between groups as indices do, so left alone they would be related to them across groups; the paper
 * found no relation. `paper`: every tested relation is small (|t| about 1 at most). `population`: relations are drawn as for a measure without any. `none`: indices have
 * no group effect, so plain draws are unrelated.
 */
export function drawClinical(people: readonly Person[], values: CohortValues, effect: Effect, stream: string): Clinical[] {
  const random = createRandom(`${stream}/clinical`);
  const draw = (of: (g: (typeof TYPICAL)[string]) => readonly [number, number] | undefined): Column =>
    Float64Array.from(people, (p) => { const [mean, sd] = of(TYPICAL[p.group]!) ?? [NaN, 0]; return mean + sd * clamp(random.normal(), -2.3, 2.3); });
  const measure = (column: Column, groups: (p: Person) => boolean, round: (v: number, i: number) => number): Column =>
    (effect === 'none' ? column : unrelated(column, people, groups, values, effect, random)).map((v, i) => round(v, i));
  const patient = (p: Person): boolean => p.group !== 'HC';
  const resistant = (p: Person): boolean => RESISTANT.includes(p.group), clozapine = (p: Person): boolean => CLOZAPINE.includes(p.group);
  const whole = (low: number, high: number) => (v: number): number => clamp(Math.round(v), low, high);
  const positive = measure(draw((g) => g.panss[0]), resistant, whole(7, 49));
  const negative = measure(draw((g) => g.panss[1]), resistant, whole(7, 49));
  const general = measure(draw((g) => g.panss[2]), resistant, whole(16, 112));
  const rbans = measure(draw((g) => g.rbans), patient, whole(40, 140));
  const cpz = measure(draw((g) => g.cpz), patient, (v) => Math.max(50, 10 * Math.round(v / 10)));
  const doses = measure(draw((g) => g.clozapine), clozapine, (v) => Math.max(25, 12.5 * Math.round(v / 12.5)));
  const duration = measure(Float64Array.from(people, (p) => (p.age - 15) * (0.3 + 0.4 * random.uniform())), patient, (v, i) => clamp(Math.round(v), 1, people[i]!.age - 12));
  return people.map((p, i) => {
    const is = patient(p);
    const total = positive[i]! + negative[i]! + general[i]!;
    return {
      panss_positive: is ? positive[i]! : null, panss_negative: is ? negative[i]! : null, panss_general: is ? general[i]! : null, panss_total: is ? total : null,
      cgi_s: is ? clamp(Math.round(1 + total / 23 + 0.35 * random.normal()), 1, 7) : null, rbans_total: rbans[i]!,
      age_at_onset: is ? p.age - duration[i]! : null, illness_duration: is ? duration[i]! : null,
      cpz_dose: is ? cpz[i]! : null, clozapine_dose: clozapine(p) ? doses[i]! : null,
    };
  });
}

/**
 * The smallest change of a measure, in the rows where it is tested, after which its partial correlations (given age and sex) with the replicated
 * indices, and with Glx where the spectrum is good, are given numbers: small ones (`paper`) or those of pure noise (`population`). Left as it is
 * where there are too few rows.
 */
function unrelated(column: Column, people: readonly Person[], tested: (p: Person) => boolean, values: CohortValues, effect: Effect, random: Random): Column {
  const rows = people.flatMap((p, i) => (tested(p) ? [i] : []));
  if (rows.length < 12) return column;
  const at = rows.map((i) => people[i]!);
  const base = orthonormal(covariates(at));
  const constraints = gatedColumns(values).map((y) => residual(base, Float64Array.from(rows, (i) => y[i]!)));
  const good = rows.flatMap((i, k) => (people[i]!.failing ? [] : [k]));
  const glx = residual(orthonormal(covariates(good.map((k) => at[k]!))), Float64Array.from(good, (k) => values.glx[rows[k]!]!));
  const padded = new Float64Array(rows.length);
  good.forEach((k, j) => { padded[k] = glx[j]!; });
  constraints.push(padded);
  const noise = residual(base, normals(random, rows.length));
  const targets = constraints.map((c) => effect === 'paper' ? clamp(0.05 * random.normal(), -0.1, 0.1) : dot(noise, c) / Math.sqrt(dot(noise, noise) * dot(c, c)));
  let y = Float64Array.from(rows, (i) => column[i]!);
  for (let round = 0; round < 4; round++) {
    // In the orthonormal basis of the constraints, constraint k has coordinates up to k only: solve the coefficients one after another.
    const spread = Math.sqrt(dot(residual(base, y), residual(base, y)));
    const basis: Column[] = [];
    const wanted: number[] = [];
    constraints.forEach((c, k) => {
      const q = residual(basis, c);
      const norm = Math.sqrt(dot(q, q));
      if (norm <= 1e-9 * Math.sqrt(dot(c, c))) return;
      const known = basis.reduce((s, b, j) => s + wanted[j]! * dot(b, c), 0);
      wanted.push((targets[k]! * spread * Math.sqrt(dot(c, c)) - known) / norm);
      basis.push(q.map((v) => v / norm));
    });
    basis.forEach((b, j) => {
      const change = wanted[j]! - dot(b, y);
      y = y.map((v, i) => v + change * b[i]!);
    });
  }
  const out = Float64Array.from(column);
  rows.forEach((i, k) => { out[i] = y[k]!; });
  return out;
}

function clamp(v: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, v));
}
