/** What changed since the results that these replaced; nothing when there were none, or when they are of the same run. */
import { changeText, parameterChanges } from '../contracts/differences.js';
import type { AncovaRow, StudyResults } from '../contracts/results.js';
import { formatInstant } from './format.js';
import { html, type Child } from './html.js';
import { coefficient, count, familyOf, pValue } from './numbers.js';
import type { RunContext } from './page.js';
import { table } from './table.js';
import { metricName, plural } from './words.js';

export function changesSection({ results: now, previous }: Pick<RunContext, 'results' | 'previous'>): Child {
  if (previous === null || previous.run.runId === now.run.runId || previous.schema !== now.schema) return null;
  const parameters = parameterChanges(previous.parameters, now.parameters).map(changeText);
  return html`<section id="changes"><h2>What changed</h2>
<p>Against the results of ${formatInstant(previous.run.finishedAt)} (sulcus ${previous.run.version}), which these replaced.</p>
<p><strong>${parameters.length === 0 ? 'No parameter differs' : `${plural(parameters.length, 'parameter')} ${parameters.length === 1 ? 'differs' : 'differ'}`}</strong>${previous.run.version !== now.run.version && `; the version of sulcus does`}.</p>${parameters.length > 0 && html`<ul>${parameters.map((line) => html`<li>${line}</li>`)}</ul>`}
${numbers(previous, now)}${verdicts(previous, now)}</section>\n`;
}

function numbers(previous: StudyResults, now: StudyResults): Child {
  const names = Object.keys(now.cohorts).filter((name) => previous.cohorts[name] !== undefined);
  const ari = (results: StudyResults, a: string, b: string): number | null => results.matching.find((row) => row.a === a && row.b === b)?.ari ?? null;
  const rows: { what: string; before: Child; after: Child; same: boolean }[] = [
    { what: 'components', before: count(previous.rank.chosen), after: count(now.rank.chosen), same: previous.rank.chosen === now.rank.chosen },
    { what: 'replicated indices', before: count(previous.replicated.length), after: count(now.replicated.length), same: previous.replicated.length === now.replicated.length },
    ...names.map((name) => ({ what: `participants of ${name}`, before: count(previous.cohorts[name]?.subjects), after: count(now.cohorts[name]?.subjects), same: previous.cohorts[name]?.subjects === now.cohorts[name]?.subjects })),
    ...now.matching.map(({ a, b, ari: value }) => ({ what: `adjusted Rand index, ${a} and ${b}`, before: coefficient(ari(previous, a, b)), after: coefficient(value), same: ari(previous, a, b) === value })),
  ];
  return table({ caption: 'Then and now', rows, mark: (row) => (row.same ? null : 'strong'), columns: [{ head: 'quantity', cell: (row) => row.what, header: true }, { head: 'then', cell: (row) => row.before, numeric: true }, { head: 'now', cell: (row) => row.after, numeric: true }, { head: 'same', cell: (row) => (row.same ? 'yes' : 'no') }] });
}

/** Group effects whose verdict is another. Component numbers mean the same place only where the ranks are equal. */
function verdicts(previous: StudyResults, now: StudyResults): Child {
  const { alpha } = now.parameters;
  if (previous.rank.chosen !== now.rank.chosen) return html`<p>The number of components differs, so their group effects are not compared.</p>`;
  const rows = Object.entries(now.cohorts).flatMap(([name, cohort]) => cohort.ancova.flatMap((row) => {
    const before: AncovaRow | undefined = previous.cohorts[name]?.ancova.find((one) => one.component === row.component && one.metric === row.metric);
    return before === undefined || before.significant === row.significant ? [] : [{ name, component: row.component, before, row }];
  }));
  if (rows.length === 0) return html`<p>No group effect has another verdict.</p>`;
  return table({
    caption: 'Group effects with another verdict', rows,
    columns: [
      { head: 'index', cell: ({ row }) => `${metricName(row.metric)}, component ${row.component}`, header: true }, { head: 'cohort', cell: ({ name }) => name },
      { head: 'adjusted p then', cell: ({ before }) => pValue(before.pAdjusted, alpha), numeric: true }, { head: 'adjusted p now', cell: ({ row }) => pValue(row.pAdjusted, alpha), numeric: true },
      { head: 'family (size)', cell: ({ row }) => familyOf(row) },
    ],
  });
}
