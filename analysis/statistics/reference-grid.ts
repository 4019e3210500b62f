/**
 * Points at which a fitted model is evaluated: numeric variables at the mean of the analysed rows, factors at a level or averaged over
 * their levels. Software convention: R's emmeans, with cov.keep = 0 (a numeric variable of two values is held at its mean too).
 */
import type { Design, Variable } from './design.js';
import { StatisticsError } from './errors.js';

/**
 * How a factor not held at a level is averaged: every combination of the levels of such factors counts the same (`equal`), as often as it
 * was observed (`proportional`), or by the product of its levels' frequencies (`outer`; with one such factor the same as proportional).
 */
export type Weights = 'equal' | 'proportional' | 'outer';

/** One row of the model matrix at `at` (levels, or numbers). Throws UNKNOWN_GROUP for a level without rows. */
export function designRow(design: Design, at: Readonly<Record<string, string | number>>, weights: Weights = 'equal'): Float64Array {
  const variables = [...design.variables.values()];
  const averaged = variables.filter((v) => v.kind === 'factor' && at[v.name] === undefined);
  const codes = new Map<string, readonly number[]>();
  for (const v of variables) if (!averaged.includes(v)) codes.set(v.name, v.kind === 'numeric' ? [Number(at[v.name] ?? v.mean)] : v.codes[placeOf(v, String(at[v.name]))]!);
  const row = new Float64Array(design.columns.length);
  for (const levels of combinations(averaged)) {
    averaged.forEach((v, i) => codes.set(v.name, v.codes[levels[i]!]!));
    const weight = weightOf(averaged, levels, weights, design.n);
    for (const term of design.terms) {
      const product = term.variables.slice(1).reduce((soFar, name) => codes.get(name)!.flatMap((b) => soFar.map((a) => a * b)), codes.get(term.variables[0]!)!);
      product.forEach((v, j) => (row[term.first + j]! += weight * v));
    }
  }
  return row;
}

function placeOf(v: Variable, level: string): number {
  const i = v.levels.indexOf(level);
  if (i < 0) throw new StatisticsError('UNKNOWN_GROUP', `'${v.name}' has no level '${level}' among the rows analysed`, { column: v.name, group: level });
  return i;
}

/** Every combination of places of levels; one, empty, when nothing is averaged. */
const combinations = (factors: readonly Variable[]): number[][] => factors.reduce<number[][]>((soFar, v) => soFar.flatMap((c) => v.levels.map((_, i) => [...c, i])), [[]]);

function weightOf(factors: readonly Variable[], levels: readonly number[], weights: Weights, n: number): number {
  if (weights === 'equal') return factors.reduce((w, v) => w / v.levels.length, 1);
  if (weights === 'outer' || factors.length === 0) return factors.reduce((w, v, i) => (w * v.counts[levels[i]!]!) / n, 1);
  return factors[0]!.rows.filter((_, row) => factors.every((v, i) => v.rows[row] === levels[i])).length / n;
}
