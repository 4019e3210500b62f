/** Who was studied: sizes and demographics by group; and the clinical tests. */
import type { DemographicsRow, GroupSummary } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { html, type Child, type Html } from '../html.js';
import { clinicalTests } from '../findings/clinical.js';
import { count, degrees, isSignificant, measured, pValue, statistic } from '../numbers.js';
import { folded, reasonColumn, table } from '../table.js';
import { list } from '../words.js';
import { exclusionFlow } from './flow.js';
import { adjustedColumns, indexColumn, tColumns } from './columns.js';

export function participantEvidence(context: ReportContext): Html {
  const sizes = context.cohorts.map(([name, cohort]) => html`<li><b>${name}</b>: ${count(cohort.subjects)} analysed (${list(Object.entries(cohort.groups).map(([group, size]) => `${size} ${group}`))}), ${count(cohort.excluded.length)} left out.</li>`);
  return html`<section id="participants"><h3>Participants</h3><ul>${sizes}</ul>${exclusionFlow(context)}${context.cohorts.map(([name, cohort]) => demographics(context, name, Object.keys(cohort.groups), cohort.demographics))}</section>\n`;
}

function demographics(context: ReportContext, name: string, groups: readonly string[], rows: readonly DemographicsRow[]): Child {
  return table({
    caption: `Demographics and clinical characteristics, ${name}`,
    note: 'Mean (SD), n where it differs from the group’s; counts for categories. p is not adjusted.',
    rows,
    columns: [
      { head: 'variable', cell: (row) => row.variable, header: true },
      ...groups.map((group) => ({ head: group, cell: (row: DemographicsRow) => summary(row.groups[group], context.results.cohorts[name]?.groups[group]) })),
      { head: 'test', cell: (row) => (row.test === 'anova' ? 'ANOVA,\u00a0F' : 'χ²') },
      { head: 'statistic', cell: (row) => statistic(row.statistic), numeric: true },
      { head: 'df', cell: (row) => html`${degrees(row.df1)}${row.df2 !== null && html`, ${degrees(row.df2)}`}`, numeric: true },
      { head: 'p', cell: (row) => html`${pValue(row.p, context.alpha)}${row.fisherP !== undefined && row.fisherP !== null && html` <small>(Fisher ${pValue(row.fisherP, context.alpha)})</small>`}`, numeric: true },
      ...reasonColumn(rows, (text) => context.pseudonyms.redact(text, name), (row) => row.p === null),
    ],
  });
}

function summary(group: GroupSummary | undefined, size: number | undefined): Child {
  if (group === undefined || group.n === 0) return '–';
  const fewer = group.n !== size && html` <small>n = ${group.n}</small>`;
  if (group.counts !== undefined) return html`${Object.entries(group.counts).map(([level, number]) => `${number}\u00a0${level}`).join(', ')}${fewer}`;
  return html`${measured(group.mean)}\u00a0(${measured(group.sd)})${fewer}`;
}

export function clinicalEvidence(context: ReportContext): Child {
  const tests = clinicalTests(context);
  if (tests.length === 0) return null;
  const tables = context.names.map((name) => {
    const rows = tests.filter((test) => test.name === name).map(({ row }) => row);
    type Row = (typeof rows)[number];
    const content = table({
      caption: `Clinical measures, ${name}`,
      note: `Each index on the measure, with ${context.results.parameters.covariates.join(', ') || 'no covariates'}; beta in the index’s unit per unit of the measure.`,
      rows,
      mark: (row) => (isSignificant(row, context.alpha) ? 'strong' : null),
      columns: [indexColumn<Row>(), { head: 'measure', cell: (row) => row.measure }, { head: 'groups', cell: (row) => row.groups.join(', ') }, { head: 'n', cell: (row) => count(row.n), numeric: true }, { head: 'beta', cell: (row) => measured(row.beta), numeric: true }, { head: 'SE', cell: (row) => measured(row.se), numeric: true }, ...tColumns<Row>(context.alpha), ...adjustedColumns<Row>(context.alpha, (row) => row), ...reasonColumn(rows, (text) => context.pseudonyms.redact(text, name), (row) => row.p === null)],
    });
    return rows.length > 0 && folded(`Clinical measures, ${name}: ${rows.length} tests`, content);
  });
  return html`<section id="clinical"><h3>Relations with clinical measures</h3>${tables}</section>\n`;
}
