/**
 * Post hoc comparisons of groups, two ways. `subset` (the paper's): each pair is an ANCOVA refitted on the two groups alone,
 * df = n1 + n2 - 2 - covariate columns (R: lm on subset(data, group %in% pair)). `pooled`: contrasts of estimated marginal means
 * with the whole model's error (R: emmeans(fit, 'group') |> contrast('pairwise', adjust = 'none')). Raw p; adjust within a family.
 */
import { prepareAncova, testAncova } from './ancova.js';
import type { DesignOptions, Term } from './design.js';
import { StatisticsError } from './errors.js';
import { coefficient, analysedRows, linearModel } from './linear-model.js';
import { marginalContrast, type FittedModel } from './marginal-means.js';
import { levelsOf, takeRows, type CompleteRows, type Table } from './table.js';

export interface PairsSpec {
  response: string;
  /** Column of the groups. */
  group: string;
  covariates: readonly string[];
  /** Order of the groups: in each pair `b` comes before `a`. Default: by code point. */
  order?: readonly string[];
  /** Covariates that are factors though numeric. */
  factors?: readonly string[];
  /** Covariates that must be numeric. */
  numeric?: readonly string[];
}

export interface Pair {
  a: string;
  b: string;
  /** Rows the test used: of the two groups (subset), of the whole model (pooled). */
  n: number;
  /** Adjusted mean of `a` minus that of `b`, in the unit of the response. Null, as what follows, when `reason` says why. */
  estimate: number | null;
  se: number | null;
  t: number | null;
  df: number | null;
  p: number | null;
  reason?: string;
}

type Numbers = Omit<Pair, 'a' | 'b' | 'reason'>;

/** Rows complete in response, group and covariates, and the groups among them. Throws SINGLE_LEVEL_FACTOR when there is one group. */
function prepare(table: Table, spec: PairsSpec): { rows: CompleteRows & { y: Float64Array }; groups: string[]; terms: Term[]; options: DesignOptions } {
  const terms = [spec.group, ...spec.covariates];
  const rows = analysedRows(table, { response: spec.response, terms });
  const groups = levelsOf(rows.table[spec.group]!, spec.order);
  if (groups.length < 2) throw new StatisticsError('SINGLE_LEVEL_FACTOR', `'${spec.group}' has only the level '${groups[0]}' among the ${rows.n} rows analysed`, { column: spec.group });
  return { rows, groups, terms, options: { factors: [spec.group, ...(spec.factors ?? [])], numeric: spec.numeric ?? [], levels: { [spec.group]: groups } } };
}

function eachPair(groups: string[], test: (a: string, b: string) => Numbers, countRows: (a: string, b: string) => number): Pair[] {
  return groups.flatMap((b, i) => groups.slice(i + 1).map((a): Pair => {
    try {
      return { a, b, ...test(a, b) };
    } catch (error) {
      if (!(error instanceof StatisticsError)) throw error;
      return { a, b, n: countRows(a, b), estimate: null, se: null, t: null, df: null, p: null, reason: error.message };
    }
  }));
}

/** Each pair on its two groups alone. A pair that cannot be tested has a reason; only what spoils every pair is thrown. */
export function pairwiseSubset(table: Table, spec: PairsSpec): Pair[] {
  const { rows, groups, terms, options } = prepare(table, spec);
  const group = rows.table[spec.group]!;
  const members = (a: string, b: string): number[] => group.flatMap((v, i) => (String(v) === a || String(v) === b ? [i] : []));
  return eachPair(groups, (a, b) => {
    const subset = takeRows(rows.table, members(a, b));
    const model = linearModel(subset, { response: spec.response, terms }, { ...options, levels: { [spec.group]: [b, a] } });
    const { estimate, se, t, df, p } = coefficient(model, `${spec.group}[${a}]`);
    return { n: model.n, estimate, se, t, df, p };
  }, (a, b) => members(a, b).length);
}

/** Every pair from one model of all groups. Throws when that model cannot be fitted. */
export function pairwisePooled(table: Table, spec: PairsSpec): Pair[] {
  const { rows, groups, terms, options } = prepare(table, spec);
  const prepared = prepareAncova(rows.table, terms, options, []);
  const model: FittedModel = { ...prepared, fit: testAncova(prepared, rows.y, spec.response).fit };
  return eachPair(groups, (a, b) => ({ n: rows.n, ...marginalContrast(model, spec.group, a, b) }), () => rows.n);
}
