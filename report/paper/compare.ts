/** Reported against found, for the study the system was made for. */
import type { PairRow } from '../../contracts/results.js';
import { ofIndex, type ReportContext } from '../context.js';
import { formatP } from '../format.js';
import { html, type Child, type Html } from '../html.js';
import { coefficient, count, degrees, familyOf, isSignificant, pValue, statistic } from '../numbers.js';
import { table } from '../table.js';
import { metricName } from '../words.js';
import { LEVELS, PAIRS, RAND, RANK, RELATIONS, SPECTRA_LEFT_OUT } from './reported.js';

/** Whether this is the paper's study: by its name, or by its two cohorts. */
export function comparesWithPaper({ results, names }: ReportContext): boolean {
  return !results.run.partial && (results.study === 'acc-trs' || (names.includes('tokyo') && names.includes('toronto')));
}

export function paperSection(context: ReportContext): Html {
  return html`<section id="paper"><h2>Compared with the paper</h2>
<p>Reported: the two-cohort study of anterior cingulate structure, treatment resistance and Glx (J Psychiatry Neurosci, doi 10.1503/jpn.210113). The reported values entered no computation here. Where the data were simulated, agreement shows that the analysis finds what was put in; it is no new evidence.</p>
${overview(context)}${pairs(context)}${relations(context)}
<p class="notice"><strong>About the paper’s p values for r.</strong> The p values printed beside the partial correlations cannot come from those correlations: r = 0.233 with 75 df has an unadjusted p of .041, yet .002 is printed, and no adjustment makes a p smaller. They are probably those of the Glx term in the preceding analysis of covariance. Compare r with r; the p values are listed only so that nobody looks for them. One sentence of the paper’s Results also states the direction of the Glx relations the wrong way round; the signs of its r are right (thickness negative, diffusivity positive).</p></section>\n`;
}

function overview(context: ReportContext): Child {
  const { rank, matching, cohorts } = context.results;
  const ari = matching.find((row) => [row.a, row.b].sort().join() === 'tokyo,toronto')?.ari;
  const interactions = context.cohorts.flatMap(([, cohort]) => cohort.glx?.models ?? []).filter((row) => isSignificant(row.interaction, context.alpha)).length;
  const clinical = context.cohorts.flatMap(([, cohort]) => cohort.clinical).filter((row) => isSignificant(row, context.alpha)).length;
  const spectra = (['tokyo', 'toronto'] as const).map((name) => ({ what: `spectra left out, ${name}`, reported: SPECTRA_LEFT_OUT[name], found: found(cohorts[name]?.glx?.excluded.length) }));
  const levels = LEVELS.map(({ cohort, a, b, p }) => {
    const match = directed(cohorts[cohort]?.glx?.groupPairs ?? [], a, b);
    return { what: `Glx, ${a} − ${b}, ${cohort}`, reported: `higher, p = ${p}`, found: match === null || match.row.t === null ? absent : html`${match.row.t * match.sign > 0 ? 'higher' : 'lower'}, adjusted p ${relation(match.row.pAdjusted, context.alpha)} (${match.row.family}, ${match.row.familySize})` };
  });
  const rows: { what: string; reported: Child; found: Child }[] = [
    { what: 'components', reported: RANK, found: found(rank.chosen) },
    { what: 'adjusted Rand index', reported: RAND.toFixed(2), found: ari === undefined || ari === null ? absent : coefficient(ari) },
    ...spectra, ...levels,
    { what: 'Glx-by-group interactions', reported: 'none', found: interactions === 0 ? 'none' : interactions },
    { what: 'clinical relations', reported: 'none', found: clinical === 0 ? 'none' : clinical },
  ];
  return table({ caption: 'Reported and found', rows, columns: [{ head: 'quantity', cell: (row) => row.what, header: true }, { head: 'reported', cell: (row) => row.reported }, { head: 'found', cell: (row) => row.found }] });
}

const absent = html`<span class="reason">not in this run</span>`;
const found = (value: number | null | undefined): Child => (value === undefined || value === null ? absent : count(value));
const relation = (p: number | null, alpha: number): string => (p === null ? 'not computed' : `= ${formatP(p, alpha)}`);

/** A pair whichever way round it was computed; `sign` turns its t into that of a minus b. */
function directed(rows: readonly PairRow[], a: string, b: string): { row: PairRow; sign: 1 | -1 } | null {
  const row = rows.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a));
  return row === undefined ? null : { row, sign: row.a === a ? 1 : -1 };
}

function pairs(context: ReportContext): Child {
  const rows = PAIRS.map((reported) => ({ reported, match: directed(ofIndex(context.results.cohorts[reported.cohort]?.pairs ?? [], reported), reported.a, reported.b) }));
  return table({
    caption: 'Post hoc pairs: reported and found',
    note: 'The paper prints absolute t; the sign is the direction it states. Found t is turned to the same direction.',
    rows,
    columns: [
      { head: 'index', cell: ({ reported }) => `${metricName(reported.metric)}, component ${reported.component}`, header: true },
      { head: 'cohort', cell: ({ reported }) => reported.cohort },
      { head: 'pair', cell: ({ reported }) => `${reported.a}\u00a0−\u00a0${reported.b}` },
      { head: 'reported t', cell: ({ reported }) => reported.t.toFixed(2), numeric: true },
      { head: 'reported adjusted p', cell: ({ reported }) => reported.p, numeric: true },
      { head: 'found t', cell: ({ match }) => (match === null ? html`<span class="reason">did not replicate here</span>` : statistic(match.row.t === null ? null : match.row.t * match.sign)), numeric: true },
      { head: 'df', cell: ({ match }) => match !== null && degrees(match.row.df), numeric: true },
      { head: 'found adjusted p', cell: ({ match }) => match !== null && pValue(match.row.pAdjusted, context.alpha), numeric: true },
      { head: 'family (size)', cell: ({ match }) => match !== null && familyOf(match.row) },
    ],
  });
}

function relations(context: ReportContext): Child {
  const rows = RELATIONS.map((reported) => ({ reported, row: ofIndex(context.results.cohorts[reported.cohort]?.glx?.partial ?? [], reported)[0] }));
  return table({
    caption: 'Partial correlations with Glx: reported and found',
    rows,
    columns: [
      { head: 'index', cell: ({ reported }) => `${metricName(reported.metric)}, component ${reported.component}`, header: true },
      { head: 'cohort', cell: ({ reported }) => reported.cohort },
      { head: 'reported r', cell: ({ reported }) => reported.r.toFixed(3), numeric: true },
      { head: 'printed p (not that of r)', cell: ({ reported }) => reported.p, numeric: true },
      { head: 'found r', cell: ({ row }) => (row === undefined ? html`<span class="reason">did not replicate here</span>` : coefficient(row.r)), numeric: true },
      { head: 'df', cell: ({ row }) => row !== undefined && degrees(row.df), numeric: true },
      { head: 'found p', cell: ({ row }) => row !== undefined && pValue(row.p, context.alpha), numeric: true },
      { head: 'found adjusted p', cell: ({ row }) => row !== undefined && pValue(row.pAdjusted, context.alpha), numeric: true },
      { head: 'family (size)', cell: ({ row }) => row !== undefined && familyOf(row) },
    ],
  });
}
