/** Intervals, surrogates and checks of assumptions in tables. */
import type { CohortResults } from '../../contracts/results.js';
import type { AssumptionRow, Interval, SurrogateNull } from '../../contracts/uncertainty.js';
import type { ReportContext } from '../context.js';
import { html, type Child, type Html } from '../html.js';
import { coefficient, count, measured, pValue, statistic } from '../numbers.js';
import { folded, table, type Column } from '../table.js';
import { list } from '../words.js';
import { adjustedColumns, indexColumn } from './columns.js';

/** "a to b"; where there is none, why. */
function intervalCell(interval: Interval | undefined, format: (value: number | null) => Html, redact: (text: string) => string): Child {
  if (interval === undefined) return '';
  if (interval.low === null || interval.high === null) return html`<span class="reason">${redact(interval.reason ?? 'not computed, no reason recorded')}</span>`;
  return html`${format(interval.low)} to ${format(interval.high)}`;
}

/** A column of intervals, if any row has one. The confidence is the head's. */
export function intervalColumn<Row>(rows: readonly Row[], name: string, of: (row: Row) => Interval | undefined, format: (value: number | null) => Html, redact: (text: string) => string): Column<Row>[] {
  const first = rows.map(of).find((interval) => interval !== undefined);
  if (first === undefined) return [];
  return [{ head: `${percent(first.confidence)} interval${name === '' ? '' : `, ${name}`}`, cell: (row) => intervalCell(of(row), format, redact), numeric: true }];
}

export const percent = (confidence: number): string => `${Number((100 * confidence).toPrecision(6))} %`;

/** What surrogates reach, and p; no columns when none were drawn. */
export function surrogateColumns<Row>(rows: readonly Row[], alpha: number, of: (row: Row) => SurrogateNull | undefined, redact: (text: string) => string): Column<Row>[] {
  if (rows.every((row) => of(row) === undefined)) return [];
  const why = (row: Row): string => (of(row)?.reason === undefined ? '' : redact(of(row)?.reason ?? ''));
  return [
    { head: 'surrogates: mean', cell: (row) => coefficient(of(row)?.mean), numeric: true },
    { head: '95 % below', cell: (row) => coefficient(of(row)?.q95), numeric: true },
    { head: 'p against surrogates', cell: (row) => (why(row) !== '' ? html`<span class="reason">${why(row)}</span>` : pValue(of(row)?.p, alpha)), numeric: true },
  ];
}

/** Checks of the group models of one cohort, folded away. */
export function assumptionTable(context: ReportContext, name: string, { assumptions = [] }: CohortResults): Child {
  if (assumptions.length === 0) return null;
  const { alpha, pseudonyms } = context, redact = (text: string): string => pseudonyms.redact(text, name);
  const reasons = (row: AssumptionRow): string[] => [...new Set([row.normality.reason, row.equalVariance.reason, row.influence.reason].flatMap((reason) => (reason === undefined ? [] : [reason])))];
  const people = ({ influence }: AssumptionRow): Child => (influence.influential.length === 0 ? 'none' : list(influence.influential.map((one) => pseudonyms.of(name, one.id))));
  return folded(`Checks of the models’ assumptions, ${name}`, table({
    caption: `Checks of the group models, ${name}`,
    note: html`Residuals of each model: Shapiro–Wilk test of normality (W), Brown–Forsythe test of equal variances between groups (F), Cook’s distance of the participant who moves the fit most; a participant is named beyond ${measured(assumptions[0]?.influence.threshold)}. The last column is the range of p of the group effect when one participant is left out. Nothing is decided by these checks.`,
    rows: assumptions,
    mark: (row) => ((row.normality.pAdjusted ?? 1) < alpha || (row.equalVariance.pAdjusted ?? 1) < alpha || row.influence.influential.length > 0 ? 'warn' : null),
    columns: [
      indexColumn<AssumptionRow>(), { head: 'n', cell: (row) => count(row.n), numeric: true },
      { head: 'W', cell: (row) => coefficient(row.normality.W), numeric: true }, { head: 'p', cell: (row) => pValue(row.normality.p, alpha), numeric: true }, ...adjustedColumns<AssumptionRow>(alpha, (row) => row.normality),
      { head: 'F', cell: (row) => statistic(row.equalVariance.F), numeric: true }, { head: 'p', cell: (row) => pValue(row.equalVariance.p, alpha), numeric: true }, ...adjustedColumns<AssumptionRow>(alpha, (row) => row.equalVariance),
      { head: 'largest Cook', cell: (row) => coefficient(row.influence.largestCook), numeric: true }, { head: 'influential', cell: people },
      { head: 'p, one left out', cell: (row) => (row.influence.leaveOneOutP === null ? '–' : html`${pValue(row.influence.leaveOneOutP[0], alpha)} to ${pValue(row.influence.leaveOneOutP[1], alpha)}`), numeric: true },
      ...(assumptions.some((row) => reasons(row).length > 0) ? [{ head: 'note', text: true, cell: (row: AssumptionRow) => html`<span class="reason">${redact(reasons(row).join('; '))}</span>` }] : []),
    ],
  }));
}
