/**
 * What the group models assume, checked on their residuals: normality (Shapiro-Wilk), equal variances (Brown-Forsythe) and that no single participant
 * makes the result (Cook's distance, and p with each left out in turn). Reported, never enforced. Each of the two tests is one family over the cohort's indices.
 */
import type { AncovaRow } from '../../../contracts/statistic-rows.js';
import type { AssumptionRow, EqualVarianceTest, InfluenceCheck, NormalityTest } from '../../../contracts/uncertainty.js';
import { brownForsythe } from '../brown-forsythe.js';
import { fUpper } from '../distributions.js';
import { StatisticsError } from '../errors.js';
import { cookThreshold, influence, leaveOneOutF } from '../influence.js';
import { shapiroWilk } from '../shapiro-wilk.js';
import { takeRows } from '../table.js';
import { analysisTable, groupModel, indexName, type Cohort } from './cohort.js';
import { adjustRows, unadjusted } from './family.js';
import { completeGroupRows } from './pair-model.js';
import type { IndexInput } from './types.js';

export function assumptionRows(cohort: Cohort): AssumptionRow[] {
  const thresholds = new Map<string, number>();
  const thresholdOf = (parameters: number, df: number): number => {
    const key = `${parameters}/${df}`, found = thresholds.get(key) ?? cookThreshold(parameters, df);
    thresholds.set(key, found);
    return found;
  };
  const rows = cohort.input.indices.map((index) => oneIndex(cohort, index, thresholdOf));
  adjustRows(rows.map((row) => row.normality));
  adjustRows(rows.map((row) => row.equalVariance));
  return rows;
}

function oneIndex(cohort: Cohort, index: IndexInput, thresholdOf: (parameters: number, df: number) => number): AssumptionRow {
  const { component, metric } = index, name = indexName(index), at = (test: string) => unadjusted(`assumptions/${test}/${cohort.input.name}`);
  const noNormality = { W: null, p: null, ...at('normality') }, noVariance = { F: null, df1: null, df2: null, p: null, sd: {}, ...at('variance') };
  const noInfluence: InfluenceCheck = { largestCook: null, threshold: null, largestLeverage: null, influential: [], leaveOneOutP: null };
  try {
    const kept = completeGroupRows(cohort, analysisTable(cohort, { [name]: index.values }), name);
    const y = Float64Array.from(kept, (i) => index.values[i]!), model = groupModel(cohort, takeRows(cohort.participants, kept), kept);
    const checked = influence(model.factorisation, y, name), groups = kept.map((i) => String(cohort.participants['group']![i]));
    return {
      component, metric, n: kept.length,
      normality: orReason<NormalityTest>(noNormality, () => { const { W, p } = shapiroWilk(checked.residuals, name); return { W, p }; }),
      equalVariance: orReason<EqualVarianceTest>(noVariance, () => {
        const { F, df1, df2, p, groups: spread } = brownForsythe({ [name]: [...checked.residuals], group: groups }, name, 'group', cohort.groups);
        return { F, df1, df2, p, sd: Object.fromEntries(spread.map((g) => [g.group, g.sd])) };
      }),
      influence: orReason<InfluenceCheck>(noInfluence, () => {
        const { leverage, cook, standardised, parameters } = checked, threshold = thresholdOf(parameters, model.factorisation.dfResidual);
        const known = cook.filter((d): d is number => d !== null);
        const influential = kept.flatMap((i, j) => (cook[j] !== null && cook[j]! <= threshold ? [] : [{
          id: String(cohort.participants['id']?.[i] ?? ''), group: groups[j]!, cook: cook[j] ?? null, leverage: leverage[j]!, standardisedResidual: standardised[j] ?? null,
        }]));
        return { largestCook: known.length > 0 ? Math.max(...known) : null, threshold, largestLeverage: Math.max(...leverage), influential, leaveOneOutP: leaveOneOut(model, y, name) };
      }),
    };
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    const reason = error.message;
    return { component, metric, n: 0, normality: { ...noNormality, reason }, equalVariance: { ...noVariance, reason }, influence: { ...noInfluence, reason } };
  }
}

/** Smallest and largest p of the group term over all fits that leave out one row; null when one of them is impossible. */
function leaveOneOut(model: ReturnType<typeof groupModel>, y: Float64Array, name: string): [number, number] | null {
  const test = model.tests.find(({ term }) => term.name === 'group');
  if (test === undefined) return null;
  const { factorisation: f, block, term } = test, from = block === 0 ? 0 : f.ends[block - 1]!;
  const p = leaveOneOutF(f, from, y, name).map((F) => (F === null ? null : fUpper(F, term.size, f.dfResidual - 1)));
  const known = p.filter((v): v is number => v !== null);
  return known.length < p.length ? null : [Math.min(...known), Math.max(...known)];
}

function orReason<T extends { reason?: string }>(empty: T, compute: () => Partial<T>): T {
  try {
    return { ...empty, ...compute() };
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return { ...empty, reason: error.message };
  }
}

/** Sentences for a careful reader: which indices depart from what, and what that means. No ids. */
export function assumptionDoubts(name: string, rows: readonly AssumptionRow[], ancova: readonly AncovaRow[], alpha: number): string[] {
  const out: string[] = [], failing = (test: (row: AssumptionRow) => { pAdjusted: number | null }): AssumptionRow[] => rows.filter((row) => (test(row).pAdjusted ?? 1) < alpha);
  const crooked = failing((row) => row.normality), uneven = failing((row) => row.equalVariance);
  if (crooked.length > 0) out.push(`${name}: residuals are not normally distributed for ${indices(crooked)} (Shapiro-Wilk, adjusted p < ${alpha}): their F tests are approximate; the bootstrap intervals do not assume normality.`);
  if (uneven.length > 0) out.push(`${name}: the spread of the residuals differs between groups for ${indices(uneven)} (Brown-Forsythe, adjusted p < ${alpha}): F tests assume that it is equal, and are too easy or too hard when group sizes differ.`);
  for (const row of rows) {
    const { influential, leaveOneOutP } = row.influence, index = indexName(row);
    const far = influential.filter((one) => one.cook !== null), alone = influential.length - far.length;
    if (far.length > 0) out.push(`${name}: ${people(far.length)} moved the fit of ${index} by more than its own uncertainty (Cook's distance up to ${row.influence.largestCook!.toFixed(2)}); results.json names them.`);
    if (alone > 0) out.push(`${name}: ${people(alone)} determined a parameter of the model of ${index} alone: its assumptions cannot be checked there.`);
    const test = ancova.find((a) => a.component === row.component && a.metric === row.metric);
    if (test?.significant === true && leaveOneOutP !== null && leaveOneOutP[1] >= alpha) out.push(`${name}: the group effect on ${index} rests on single participants: leaving out one of them raises p to ${leaveOneOutP[1].toPrecision(2)}.`);
  }
  return out;
}

const people = (n: number): string => (n === 1 ? 'one participant' : `${n} participants`);
const indices = (rows: readonly AssumptionRow[]): string => rows.map(indexName).join(', ');
