/** Intervals, nulls and checks of assumptions as flat tables, for spreadsheets; results.json has the same numbers beside what they belong to. */
import type { PairRow, StudyResults } from '../../contracts/results.js';
import { writeTsv } from '../../formats/index.js';
import type { ResultFile } from './tables.js';

type Cell = string | number | boolean | null;

export function uncertaintyFiles(results: StudyResults): ResultFile[] {
  const table = (name: string, columns: string[], rows: Cell[][]): ResultFile[] => (rows.length === 0 ? [] : [[`tables/${name}.tsv`, writeTsv(columns, rows)]]);
  return [
    ...table('intervals', ['cohort', 'quantity', 'component', 'metric', 'a', 'b', 'method', 'estimate', 'low', 'high', 'confidence', 'interval', 'resamples', 'degenerate', 'reason'], Object.entries(results.cohorts).flatMap(([cohort, c]) => [
      ...c.ancova.flatMap((r): Cell[][] => (r.partialEtaSquaredInterval === undefined ? [] : [[cohort, 'partial eta squared', r.component, r.metric, null, null, null, r.partialEtaSquared, r.partialEtaSquaredInterval.low, r.partialEtaSquaredInterval.high, r.partialEtaSquaredInterval.confidence, 'noncentral F', null, null, r.partialEtaSquaredInterval.reason ?? null]])),
      ...[...c.pairs, ...c.pairsAlternative, ...(c.glx?.groupPairs ?? [])].flatMap((r) => pairRows(cohort, r)),
      ...(c.glx?.partial ?? []).flatMap((r): Cell[][] => (r.bootstrap === undefined ? [] : [[cohort, 'partial r', r.component, r.metric, null, null, null, r.r, r.bootstrap.low, r.bootstrap.high, r.bootstrap.confidence, 'BCa', r.bootstrap.resamples, r.bootstrap.degenerate, r.bootstrap.reason ?? null]])),
    ])),
    ...table('surrogates', ['quantity', 'cohort', 'other_cohort', 'rank', 'observed', 'nulls', 'mean', 'sd', 'q95', 'p', 'reason'], [
      ...Object.entries(results.cohorts).flatMap(([cohort, c]) => c.ranks.flatMap(({ rank, stability: s }): Cell[][] => (s.surrogates === undefined ? [] : [['stability', cohort, null, rank, s.mean, s.surrogates.nulls, s.surrogates.mean, s.surrogates.sd, s.surrogates.q95, s.surrogates.p, s.surrogates.reason ?? null]]))),
      ...results.matching.flatMap((m) => m.byRank.flatMap(({ rank, ari, surrogates: s }): Cell[][] => (s === undefined ? [] : [['adjusted Rand index', m.a, m.b, rank, ari, s.nulls, s.mean, s.sd, s.q95, s.p, s.reason ?? null]]))),
    ]),
    ...table('assumptions', ['cohort', 'component', 'metric', 'n', 'shapiro_wilk_w', 'shapiro_wilk_p', 'shapiro_wilk_p_adjusted', 'brown_forsythe_f', 'brown_forsythe_p', 'brown_forsythe_p_adjusted', 'largest_cook', 'cook_threshold', 'largest_leverage', 'influential', 'leave_one_out_p_low', 'leave_one_out_p_high'],
      Object.entries(results.cohorts).flatMap(([cohort, c]) => (c.assumptions ?? []).map(({ component, metric, n, normality: w, equalVariance: v, influence: i }): Cell[] =>
        [cohort, component, metric, n, w.W, w.p, w.pAdjusted, v.F, v.p, v.pAdjusted, i.largestCook, i.threshold, i.largestLeverage, i.influential.map((one) => one.id).join(',') || null, i.leaveOneOutP?.[0] ?? null, i.leaveOneOutP?.[1] ?? null]))),
  ];
}

function pairRows(cohort: string, r: PairRow): Cell[][] {
  const { hedgesG: g, bootstrap: b } = r, about: Cell[] = [r.component, r.metric, r.a, r.b, r.method];
  return [
    ...(b === undefined ? [] : [[cohort, 'adjusted difference', ...about, r.estimate, b.low, b.high, b.confidence, 'BCa', b.resamples, b.degenerate, b.reason ?? null]]),
    ...(g === undefined ? [] : [[cohort, "Hedges's g", ...about, g.g, g.low, g.high, g.confidence, 'noncentral t', null, null, g.reason ?? null]]),
  ];
}
