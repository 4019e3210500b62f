/** What the whole demo took, as chapters of the page. */
import { mb, table } from './markdown.js';
import { goal, type Goal, type Section } from './section.js';
import { measureStudy, type StudyFigures } from './study.js';

export const studySection: Section = {
  name: 'study',
  run: async ({ small, note }) => {
    const figures = await measureStudy(small, note);
    return { markdown: [chapter(figures), histories(figures), time(figures)].join('\n\n'), goals: goals(figures) };
  },
};

function goals(s: StudyFigures): Goal[] {
  const cohorts = s.workflows.slice(1);
  const events = Math.max(...cohorts.map((c) => c.events)), payload = Math.max(...s.workflows.map((w) => w.largestPayload.bytes));
  const share = (100 * s.orchestration.idleSeconds) / s.orchestration.workflowSeconds;
  const worker = s.memoryMb.worker;
  return [
    goal('`sulcus demo`, cold store, typed until it ends', `${s.wallSeconds.toFixed(1)} s`, 'under 90 s on 2 cores', s.wallSeconds < 90),
    goal(`of which all ${s.fits.count} fits (first scheduled to last completed)`, `${s.fits.windowSeconds.toFixed(1)} s`, 'under 30 s', s.fits.windowSeconds < 30),
    goal('`sulcus run` on the finished study', `${s.again.wallSeconds.toFixed(1)} s`, 'under 5 s', s.again.wallSeconds < 5),
    goal('orchestration', `${share.toFixed(1)} % of the workflow's time`, 'under 15 %', share < 15),
    goal('events in the history of a cohort', `${events}`, 'under 1,200', events < 1200),
    goal('largest payload', `${payload.toLocaleString('en')} bytes`, 'under 16 KiB', payload < 16 * 1024),
    goal('peak resident memory of the worker', worker === null ? '' : `${worker.toFixed(0)} MB`, 'under 1 GB', worker === null ? null : worker < 1000),
  ];
}

function chapter(s: StudyFigures): string {
  return `## The demo

The demo chose rank ${s.rank}. Run again, the study had ${s.again.computed} steps computed and ${s.again.reused} reused; the time includes starting the server and the worker. Peak memory of the server was ${mb(s.memoryMb.server)}, of the command ${mb(s.memoryMb.command)}. \`npm test\` is not timed here.`;
}

function histories(s: StudyFigures): string {
  return `## Histories\n\n${table(['workflow', 'events', 'history', 'largest payload', 'in', 'activities', 'wall time'], s.workflows.map((w) => [
    `\`${w.workflowId}\``, `${w.events}`, `${(w.historyBytes / 1024).toFixed(0)} KiB`, `${w.largestPayload.bytes.toLocaleString('en')} bytes`, w.largestPayload.event, `${w.activities.length}`, `${((w.run.end - w.run.start) / 1000).toFixed(1)} s`,
  ]))}`;
}

function time(s: StudyFigures): string {
  const o = s.orchestration;
  return `## Where the demo's time goes\n\n${table(['', 's'], [
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
