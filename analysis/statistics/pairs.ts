/**
 * Post hoc comparisons of groups, two ways. `subset` (the paper's): each pair is an ANCOVA refitted on the two groups alone,
 * df = n1 + n2 - 2 - covariate columns (R: lm on subset(data, group %in% pair)). `pooled`: contrasts of estimated marginal means
 * with the whole model's error (R: emmeans(fit, 'group') |> contrast('revpairwise', adjust = 'none')).
 */
import { adjustPValues, type AdjustedFamily, type Adjustment } from './adjust.js';
import { prepareAncova, testAncova } from './ancova.js';
import type { DesignOptions, Term } from './design.js';
import { intervalFactor } from './distributions.js';
import { StatisticsError } from './errors.js';
import { analysedRows } from './linear-model.js';
import { marginalContrast, type FittedModel } from './marginal-means.js';
import type { Weights } from './reference-grid.js';
import { levelsOf, takeRows, type Cell, type CompleteRows, type Table } from './table.js';

export interface PairsSpec {
  response: string;
  /** Column of the groups. */
  group: string;
  /** The other terms of the model, interactions too: with group, or among themselves. */
  covariates: readonly Term[];
  /** Order of the groups: in each pair `b` comes before `a`. Default: by code point. */
  order?: readonly string[];
  /** Covariates that are factors though numeric. */
  factors?: readonly string[];
  /** Covariates that must be numeric. */
  numeric?: readonly string[];
  /** How other factors are averaged, where they interact with the group. Default equal. */
  weights?: Weights;
  /** Of the intervals (not adjusted); default 0.95. */
  confidence?: number;
  /** Adjusts the p of the pairs as one family; default: none. */
  adjust?: Adjustment;
  /** The family's name; default `pairs of <response>`. */
  family?: string;
}

export interface Pair {
  a: string;
  b: string;
  /** Rows the test used: of the two groups (subset), of the whole model (pooled). */
  n: number;
  /** Rows of the table left out for a missing value: of the two groups or of no group (subset), of any (pooled). */
  leftOut: CompleteRows['leftOut'];
  /** Adjusted mean of `a` minus that of `b`, in the unit of the response. Null, as what follows, when `reason` says why. */
  estimate: number | null;
  se: number | null;
  t: number | null;
  df: number | null;
  /** Two-sided, not adjusted. */
  p: number | null;
  lower: number | null;
  upper: number | null;
  /** With `adjust`: p within the family of these pairs, and the family's name, method and size. */
  adjusted?: Omit<AdjustedFamily, 'adjusted'> & { p: number | null };
  reason?: string;
}

type Numbers = Pick<Pair, 'estimate' | 'se' | 't' | 'df' | 'p' | 'lower' | 'upper'>;

interface Prepared {
  rows: CompleteRows & { y: Float64Array };
  groups: string[];
  terms: Term[];
  options: DesignOptions;
}

/** Rows complete in response, group and covariates, and the groups among them. Throws SINGLE_LEVEL_FACTOR when there is one group. */
function prepare(table: Table, spec: PairsSpec): Prepared {
  const terms = [spec.group, ...spec.covariates];
  const rows = analysedRows(table, { response: spec.response, terms });
  const groups = levelsOf(rows.table[spec.group]!, spec.order);
  if (groups.length < 2) throw new StatisticsError('SINGLE_LEVEL_FACTOR', `'${spec.group}' has only the level '${groups[0]}' among the ${rows.n} rows analysed`, { column: spec.group, group: groups[0]! });
  return { rows, groups, terms, options: { factors: [spec.group, ...(spec.factors ?? [])], numeric: spec.numeric ?? [], levels: { [spec.group]: groups } } };
}

const fitted = (table: Table, { terms, options }: Prepared, y: Float64Array, response: string): FittedModel => {
  const prepared = prepareAncova(table, terms, options, []);
  return { ...prepared, fit: testAncova(prepared, y, response).fit };
};

function difference(model: FittedModel, spec: PairsSpec, a: string, b: string): Numbers {
  const contrast = marginalContrast(model, spec.group, a, b, spec.weights), reach = intervalFactor(spec.confidence ?? 0.95, contrast.df) * contrast.se;
  return { ...contrast, lower: contrast.estimate - reach, upper: contrast.estimate + reach };
}

function eachPair(spec: PairsSpec, groups: string[], rows: (a: string, b: string) => Pick<Pair, 'n' | 'leftOut'>, test: (a: string, b: string) => Numbers): Pair[] {
  const pairs = groups.flatMap((b, i) => groups.slice(i + 1).map((a): Pair => {
    try {
      return { a, b, ...rows(a, b), ...test(a, b) };
    } catch (error) {
      if (!(error instanceof StatisticsError) || error.code === 'BAD_ARGUMENT') throw error;
      return { a, b, ...rows(a, b), estimate: null, se: null, t: null, df: null, p: null, lower: null, upper: null, reason: error.message };
    }
  }));
  if (spec.adjust === undefined) return pairs;
  const { adjusted, ...family } = adjustPValues(pairs.map((pair) => pair.p), { method: spec.adjust, family: spec.family ?? `pairs of ${spec.response}` });
  return pairs.map((pair, i) => ({ ...pair, adjusted: { ...family, p: adjusted[i]! } }));
}

/** Each pair on its two groups alone. A pair that cannot be tested has a reason; only what spoils every pair is thrown. */
export function pairwiseSubset(table: Table, spec: PairsSpec): Pair[] {
  const all = prepare(table, spec), { rows, groups, options } = all;
  const members = (values: readonly Cell[], a: string, b: string): number[] => values.flatMap((v, i) => (String(v) === a || String(v) === b ? [i] : []));
  const group = rows.table[spec.group]!;
  const without = (a: string, b: string): Pair['leftOut'] => rows.leftOut.filter(({ row }) => [a, b, 'null', 'undefined'].includes(String(table[spec.group]![row])));
  return eachPair(spec, groups, (a, b) => ({ n: members(group, a, b).length, leftOut: without(a, b) }), (a, b) => {
    const mine = members(group, a, b);
    const model = fitted(takeRows(rows.table, mine), { ...all, options: { ...options, levels: { [spec.group]: [b, a] } } }, Float64Array.from(mine, (i) => rows.y[i]!), spec.response);
    return difference(model, spec, a, b);
  });
}

/** Every pair from one model of all groups. Throws when that model cannot be fitted. */
export function pairwisePooled(table: Table, spec: PairsSpec): Pair[] {
  const all = prepare(table, spec), { rows, groups } = all;
  const model = fitted(rows.table, all, rows.y, spec.response);
  return eachPair(spec, groups, () => ({ n: rows.n, leftOut: rows.leftOut }), (a, b) => difference(model, spec, a, b));
}
