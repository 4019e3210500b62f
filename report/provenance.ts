/** The last section: what was computed, what was reused, with which versions and parameters. */
import type { StepName, StepRow } from '../contracts/results.js';
import { decisionsTable } from './decisions.js';
import { formatInstant, formatSeconds } from './format.js';
import { html, type Child, type Html } from './html.js';
import { count } from './numbers.js';
import type { RunContext } from './page.js';
import { pipelineTable } from './pipelines.js';
import { table } from './table.js';
import { plural } from './words.js';

interface Stage {
  step: StepName;
  cohort: string | null;
  computed: number;
  reused: number;
  seconds: number;
  from: string[];
  /** Why steps were computed, each reason once. */
  why: string[];
}

const ORDER: readonly StepName[] = ['ingest', 'fit', 'stability', 'rank', 'match', 'indices', 'statistics', 'surrogates', 'bootstrap', 'report'];

/** Steps by stage and cohort, in the order in which they run; a stage this version does not know comes last. */
function stages(steps: readonly StepRow[]): Stage[] {
  const found = new Map<string, Stage>();
  for (const row of steps) {
    const key = JSON.stringify([row.step, row.cohort]);
    const stage = found.get(key) ?? { step: row.step, cohort: row.cohort, computed: 0, reused: 0, seconds: 0, from: [], why: [] };
    stage.computed += row.computed ? 1 : 0;
    stage.reused += row.computed ? 0 : 1;
    stage.seconds += row.seconds;
    if (row.reusedFrom !== null && !stage.from.includes(row.reusedFrom)) stage.from.push(row.reusedFrom);
    if (row.computed && row.why != null && !stage.why.includes(row.why)) stage.why.push(row.why);
    found.set(key, stage);
  }
  const place = (step: StepName): number => (ORDER.indexOf(step) + ORDER.length + 1) % (ORDER.length + 1);
  return [...found.values()].sort((a, b) => place(a.step) - place(b.step));
}

export function provenanceSection(context: RunContext): Html {
  const { run, steps } = context.results;
  const computed = steps.filter((row) => row.computed).length;
  const seconds = steps.reduce((sum, row) => sum + row.seconds, 0);
  const item = (term: string, value: Child): Html => html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
  return html`<section id="provenance"><h2>Provenance</h2>
<p>${plural(steps.length, 'step')}: ${count(computed)} computed in this run, ${count(steps.length - computed)} reused from earlier work with identical inputs; ${formatSeconds(seconds)} of computing in all.</p>
${table({
    caption: 'Steps by stage',
    rows: stages(steps),
    columns: [
      { head: 'stage', cell: (row) => row.step, header: true },
      { head: 'cohort', cell: (row) => row.cohort ?? 'all' },
      { head: 'computed', cell: (row) => count(row.computed), numeric: true },
      { head: 'reused', cell: (row) => count(row.reused), numeric: true },
      { head: 'time', cell: (row) => html`<data value="${row.seconds}">${formatSeconds(row.seconds)}</data>`, numeric: true },
      { head: 'reused from run', cell: (row) => html`<span class="family">${row.from.slice(0, 3).join(', ')}${row.from.length > 3 && ` and ${row.from.length - 3} more`}</span>` },
      ...(steps.some((row) => row.why != null) ? [{ head: 'why computed', text: true, cell: (row: Stage) => html`<span class="family">${context.pseudonyms.redact(reasons(row))}</span>` }] : []),
    ],
  })}
${pipelineTable(context.results)}
<dl class="run">${item('study', context.results.study)}${item('sulcus', run.version)}${item('workflow', run.workflowId)}${item('run', run.runId)}${item('finished', formatInstant(run.finishedAt))}${item('results', context.results.schema)}</dl>
${decisionsTable(context)}${parameterTable(context)}
<p>The content key of every step is in results.json; the files in tables/ recompute every number above (docs/results.md says how).</p></section>\n`;
}

/** The first few. */
function reasons({ why }: Stage): string {
  return `${why.slice(0, 3).join('; ')}${why.length > 3 ? `; and ${why.length - 3} more` : ''}`;
}

function parameterTable({ results: { parameters, rank } }: RunContext): Child {
  const rows: [string, Child][] = [
    ['solver', parameters.solver], ['tolerance', parameters.tolerance], ['passes at most', parameters.maxIterations], ['ranks', parameters.ranks.join(' to ')],
    ['z-score', parameters.normalization.zscore], ['shift', parameters.normalization.shift], ['again within halves', parameters.normalization.withinHalves ? 'yes' : 'no'],
    ['splits', parameters.splits], ['seed', parameters.seed], ['stability threshold', parameters.threshold], ['rank policy', rank.policy], ['alpha', parameters.alpha],
    ['covariates', parameters.covariates.join(', ') || 'none'], ['pairs', parameters.pairwise], ['missing inputs', parameters.missing], ['metrics', parameters.metrics.map((metric) => metric.name).join(', ')],
  ];
  return table({ caption: 'Parameters', rows, columns: [{ head: 'parameter', cell: (row) => row[0], header: true }, { head: 'value', cell: (row) => row[1] }] });
}
