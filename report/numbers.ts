/** Numbers as HTML: short on the page, exact in the `value` of a `<data>` element (a spreadsheet or a test reads that). */
import { formatCoefficient, formatDf, formatNumber, formatP, formatStatistic } from './format.js';
import { html, raw, type Html } from './html.js';

const MISSING = raw('<span class="missing" role="img" aria-label="not computed">–</span>');

function data(value: number | null | undefined, format: (value: number) => string): Html {
  return value === null || value === undefined ? MISSING : html`<data value="${value}">${format(value)}</data>`;
}

export const statistic = (value: number | null | undefined): Html => data(value, formatStatistic);
export const coefficient = (value: number | null | undefined): Html => data(value, formatCoefficient);
export const degrees = (value: number | null | undefined): Html => data(value, formatDf);
export const count = (value: number | null | undefined): Html => data(value, String);

export function measured(value: number | null | undefined, digits = 3): Html {
  return data(value, (number) => formatNumber(number, digits));
}

export function pValue(value: number | null | undefined, alpha: number): Html {
  return data(value, (p) => formatP(p, alpha));
}

export interface AdjustedP {
  pAdjusted: number | null;
  familySize: number;
  family: string;
}

/** "adjusted p = 3.1e-4, 3 comparisons"; the family's name is the tooltip here and a column in the tables. */
export function adjusted(row: AdjustedP, alpha: number): Html {
  const size = `${row.familySize} comparison${row.familySize === 1 ? '' : 's'}`;
  const relation = row.pAdjusted === 0 ? '' : '= ';
  return html`adjusted p ${relation}${pValue(row.pAdjusted, alpha)}, <span class="family" title="family ${row.family}">${size}</span>`;
}

/** "ancova/tokyo (16)", which may break after a slash. */
export function familyOf(row: AdjustedP): Html {
  const parts = row.family.split('/');
  return html`<span class="family">${parts.map((part, index) => html`${part}${index < parts.length - 1 && raw('/<wbr>')}`)} (${row.familySize})</span>`;
}

/** "F(2, 68) = 9.13". */
export function fTest(row: { F: number | null; df1: number | null; df2: number | null }): Html {
  return html`F(${degrees(row.df1)}, ${degrees(row.df2)}) = ${statistic(row.F)}`;
}

/** Whether an adjusted p is below alpha; null is not. */
export function isSignificant(row: { pAdjusted: number | null }, alpha: number): boolean {
  return row.pAdjusted !== null && row.pAdjusted < alpha;
}

/** Whether a significant result is close enough to the threshold (above a fifth of it) to be told with reserve. */
export function isWeak(row: { pAdjusted: number | null }, alpha: number): boolean {
  return isSignificant(row, alpha) && (row.pAdjusted ?? 1) > alpha / 5;
}
