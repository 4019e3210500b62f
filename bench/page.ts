/** docs/benchmarks.md from the figures. */
import type { KernelRow } from './kernel.js';
import type { Machine } from './machine.js';
import { PUBLISHED_CAP, PUBLISHED_TOLERANCE, TOLERANCE, type FitFigures, type SolverRow } from './solvers.js';
import type { StudyFigures } from './study.js';

export interface Figures {
  machine: Machine;
  small: boolean;
  half: { m: number; n: number };
  kernel: KernelRow[] | null;
  solvers: SolverRow[] | null;
  study: StudyFigures | null;
}

export function renderPage(f: Figures): string {
  const { machine } = f;
  const parts = [
    `# Benchmarks\n\nWritten by \`npm run bench\`; do not edit. One run, so figures vary by a tenth or so from run to run.${f.small ? ' **Small sizes, to try the harness: not the product\'s figures.**' : ''}`,
    table(['machine', ''], [['processor', machine.cpu], ['cores', `${machine.cores}`], ['memory', `${machine.memoryGb.toFixed(1)} GB`], ['Node', machine.node], ['platform', machine.platform], ['date', machine.date]]),
  ];
  if (f.study !== null) parts.push(goals(f.study), workflows(f.study), time(f.study));
  if (f.solvers !== null) parts.push(solvers(f));
  if (f.kernel !== null) parts.push(kernel(f));
  return `${parts.join('\n\n')}\n`;
}

function goals(s: StudyFigures): string {
  const cohorts = s.workflows.slice(1);
  const events = Math.max(...cohorts.map((c) => c.events)), payload = Math.max(...s.workflows.map((w) => w.largestPayload.bytes));
  const share = (100 * s.orchestration.idleSeconds) / s.orchestration.workflowSeconds;
  const worker = s.memoryMb.worker;
  const row = (what: string, measured: string, goal: string, met: boolean | null): string[] => [what, measured, goal, met === null ? 'not measured' : met ? 'yes' : '**no**'];
  return `## Against the goals\n\n${table(['what', 'measured', 'goal', 'met'], [
    row('`sulcus demo`, cold store, typed until it ends', `${s.wallSeconds.toFixed(1)} s`, 'under 90 s on 2 cores', s.wallSeconds < 90),
    row(`of which all ${s.fits.count} fits (first scheduled to last completed)`, `${s.fits.windowSeconds.toFixed(1)} s`, 'under 30 s', s.fits.windowSeconds < 30),
    row('`sulcus run` on the finished study', `${s.again.wallSeconds.toFixed(1)} s`, 'under 5 s', s.again.wallSeconds < 5),
    row('orchestration', `${share.toFixed(1)} % of the workflow's time`, 'under 15 %', share < 15),
    row('events in the history of a cohort', `${events}`, 'under 1,200', events < 1200),
    row('largest payload', `${payload.toLocaleString('en')} bytes`, 'under 16 KiB', payload < 16 * 1024),
    row('peak resident memory of the worker', worker === null ? '' : `${worker.toFixed(0)} MB`, 'under 1 GB', worker === null ? null : worker < 1000),
  ])}\n\nThe demo chose rank ${s.rank}. Run again, the study had ${s.again.computed} steps computed and ${s.again.reused} reused; the time includes starting the server and the worker. Peak memory of the server was ${mb(s.memoryMb.server)}, of the command ${mb(s.memoryMb.command)}. \`npm test\` is not timed here.`;
}

function workflows(s: StudyFigures): string {
  return `## Histories\n\n${table(['workflow', 'events', 'history', 'largest payload', 'in', 'activities', 'wall time'], s.workflows.map((w) => [
    `\`${w.workflowId}\``, `${w.events}`, `${(w.historyBytes / 1024).toFixed(0)} KiB`, `${w.largestPayload.bytes.toLocaleString('en')} bytes`, w.largestPayload.event, `${w.activities.length}`, `${((w.run.end - w.run.start) / 1000).toFixed(1)} s`,
  ]))}`;
}

function time(s: StudyFigures): string {
  const o = s.orchestration;
  return `## Where the time goes\n\n${table(['', 's'], [
    ['the study\'s workflow, started to closed', o.workflowSeconds.toFixed(1)],
    ['of which at least one activity was running, on either queue', o.busySeconds.toFixed(1)],
    ['orchestration: no activity was running', o.idleSeconds.toFixed(1)],
    ...s.fits.perCohort.map((c) => [`fits of \`${c.cohort}\`, first scheduled to last completed`, c.windowSeconds.toFixed(1)]),
    ['sum of all fits\' own seconds', s.fits.sumSeconds.toFixed(1)],
    ['fit window minus that sum spread over all cores', o.lostFitSeconds.toFixed(1)],
  ])}

Orchestration is the workflow's wall time minus the time covered by the union of all activities' intervals (a worker took it, to completed; study and cohorts together): the
moments in which nothing was computed because something had to be decided, sent or recorded. The last line is stricter: it also counts a core that idles beside a busy one, loading and
storing, and what else used the machine.`;
}

function solvers({ solvers: rows, half }: Figures): string {
  const cell = (f: FitFigures): string[] => [f.seconds.toFixed(2), `${f.passes}`, f.error.toFixed(3), `${f.residual.toExponential(1)}${f.converged ? '' : ' (not converged)'}`];
  const all = rows ?? [];
  const sum = (of: (r: SolverRow) => FitFigures): string => all.reduce((s, r) => s + of(r).seconds, 0).toFixed(2);
  return `## One half, rank by rank

A synthetic half of ${half.m} x ${half.n}, one core. Accelerated: three starts, stops at residual r <= ${TOLERANCE}. Published multiplicative update: one start (NNDSVD), its own stop
(relative change < ${PUBLISHED_TOLERANCE}) or ${PUBLISHED_CAP.toLocaleString('en')} iterations, on the same kernel. Difference: accelerated error against published error, negative is better.

${table(['rank', 'accelerated, s', 'passes', 'error', 'r', 'published, s', 'passes', 'error', 'r', 'difference'], all.map(({ rank, accelerated: a, multiplicative: p }) => [
    `${rank}`, ...cell(a), ...cell(p), `${(100 * (a.error / p.error - 1)).toFixed(3)} %`,
  ]))}\n\nAll ranks: ${sum((r) => r.accelerated)} s accelerated, ${sum((r) => r.multiplicative)} s published (capped).`;
}

function kernel({ kernel: rows, half }: Figures): string {
  return `## Kernel

${half.m} x ${half.n}, one core, best and median of 5 repeats. Only the two products of a pass are counted (4 m n k operations); the Gram matrices and the row work are timed but not counted.

${table(['rank', 'published update, GFLOP/s: best', 'median', 'accelerated (3 sweeps), GFLOP/s: best', 'median'], (rows ?? []).map((r) => [
    `${r.rank}`, r.multiplicative.best.toFixed(1), r.multiplicative.median.toFixed(1), r.accelerated.best.toFixed(1), r.accelerated.median.toFixed(1),
  ]))}`;
}

const mb = (value: number | null): string => (value === null ? 'not measured' : `${value.toFixed(0)} MB`);

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
