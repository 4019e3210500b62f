/** Columns that many tables share. */
import { degrees, familyOf, pValue, statistic, type AdjustedP } from '../numbers.js';
import { html } from '../html.js';
import type { Column } from '../table.js';
import { metricName } from '../words.js';

export interface IndexRowLike {
  component: number | null;
  metric: string;
}

/** "thickness 1" as the row's name. */
export function indexColumn<Row extends IndexRowLike>(): Column<Row> {
  return { head: 'index', cell: (row) => (row.component === null ? 'Glx' : `${metricName(row.metric)}, component ${row.component}`), header: true };
}

export function fColumns<Row extends { F: number | null; df1: number | null; df2: number | null; p: number | null }>(alpha: number): Column<Row>[] {
  return [
    { head: 'F', cell: (row) => statistic(row.F), numeric: true },
    { head: 'df', cell: (row) => (row.df1 === null && row.df2 === null ? degrees(null) : html`${degrees(row.df1)}, ${degrees(row.df2)}`), numeric: true },
    { head: 'p', cell: (row) => pValue(row.p, alpha), numeric: true },
  ];
}

export function tColumns<Row extends { t: number | null; df: number | null; p: number | null }>(alpha: number): Column<Row>[] {
  return [
    { head: 't', cell: (row) => statistic(row.t), numeric: true },
    { head: 'df', cell: (row) => degrees(row.df), numeric: true },
    { head: 'p', cell: (row) => pValue(row.p, alpha), numeric: true },
  ];
}

/** Adjusted p with the family it was adjusted in and that family's size: never one without the others. */
export function adjustedColumns<Row>(alpha: number, of: (row: Row) => AdjustedP): Column<Row>[] {
  return [
    { head: 'adjusted p', cell: (row) => pValue(of(row).pAdjusted, alpha), numeric: true },
    { head: 'family (size)', cell: (row) => familyOf(of(row)) },
  ];
}
