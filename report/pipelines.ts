/** Pipelines in the report: a sentence for the methods, and a row a step for the provenance. */
import type { PipelineResults, PipelineStepResults } from '../contracts/pipeline-results.js';
import type { StudyResults } from '../contracts/results.js';
import { formatSeconds } from './format.js';
import { html, type Child } from './html.js';
import { count } from './numbers.js';
import { table } from './table.js';
import { list } from './words.js';

/** Without what differs from run to run. */
export function withoutCounts(pipelines: readonly PipelineResults[]): PipelineResults[] {
  return pipelines.map((one) => ({ ...one, steps: one.steps.map((step) => ({ ...step, ran: 0, reused: 0, seconds: 0 })) }));
}

/** A command for people: where a laboratory keeps its programs and files is nobody's business. */
export const commandLine = (command: readonly string[]): string => command.map((argument) => (argument.startsWith('/') ? argument.replace(/^.*\//, '') : argument)).join(' ');

/** `mrtrix3 3.0.4 (in mrtrix3.sif)`. */
const versionOf = ({ program, versions, images = [] }: PipelineStepResults): string => `${program} ${versions.join(' and ')}`.trim() + (images.length === 0 ? '' : ` (in ${[...new Set(images.map(({ name }) => name))].join(' and ')})`);

/** What was run before vertex files were read; null without pipelines. */
export function pipelineSentences({ pipelines = [] }: StudyResults): Child {
  if (pipelines.length === 0) return null;
  return html`${[...new Set(pipelines.map((one) => one.pipeline))].map((name, i) => {
    const mine = pipelines.filter((one) => one.pipeline === name), steps = mine[0]?.steps ?? [];
    const programs = [...new Set(mine.flatMap((one) => one.steps.map(versionOf)))];
    return html`${i > 0 && ' '}The pipeline ${name} (${list(programs)}) was run for ${list(mine.map((one) => `${one.participants} participants of ${one.cohort}`))}: ${list(steps.map((step) => step.step))}.${unfinishedSentence(mine)}${existingSentence(mine)}${ratingSentence(mine)}`;
  })} The commands are under Provenance.`;
}

/** Who they are and why is in results.json. */
function unfinishedSentence(cohorts: readonly PipelineResults[]): Child {
  const kept = cohorts.flatMap(({ cohort, unfinished = [] }) => (unfinished.length === 0 ? [] : [`${unfinished.length} of ${cohort}`]));
  return kept.length === 0 ? null : html` It was not finished for ${list(kept)}, who are analysed without what it makes.`;
}

/** Whose programs made these files the study cannot know. */
function existingSentence(cohorts: readonly PipelineResults[]): Child {
  const taken = cohorts.flatMap(({ cohort, steps }) => steps.flatMap(({ step, existing = 0 }) => (existing === 0 ? [] : [`those of ${step} of ${existing} participant${existing === 1 ? '' : 's'} of ${cohort}`])));
  return taken.length === 0 ? null : html` Files that were there before were taken as outputs instead: ${list(taken)}.`;
}

/** What persons said of it: `denoise was rated by A. Reviewer: 20 good, 1 doubtful (kept) and 2 unfit (left out).` */
function ratingSentence(cohorts: readonly PipelineResults[]): Child {
  const steps = [...new Set(cohorts.flatMap((one) => one.steps.flatMap(({ step, ratings }) => (ratings === undefined ? [] : [step]))))];
  if (steps.length === 0) return null;
  return html` Persons looked at pictures of every participant: ${list(steps.map((step) => {
    const mine = cohorts.flatMap((one) => one.steps.flatMap(({ step: name, ratings }) => (name === step && ratings !== undefined ? [ratings] : [])));
    const sum = (of: (ratings: (typeof mine)[number]) => number): number => mine.reduce((total, ratings) => total + of(ratings), 0), by = [...new Set(mine.flatMap((ratings) => ratings.by))].sort();
    return `after ${step} they rated ${sum((r) => r.good)} good, ${sum((r) => r.doubtful)} doubtful (kept) and ${sum((r) => r.unfit)} unfit (left out)${by.length === 0 ? '' : ` (${by.join('; ')})`}`;
  }))}.`;
}

/** `20 / 1 / 2`; nothing for a step that nobody was asked about. */
const ratingCell = ({ ratings }: PipelineStepResults): string => (ratings === undefined ? '' : `${ratings.good} / ${ratings.doubtful} / ${ratings.unfit}`);

interface Row extends PipelineStepResults {
  pipeline: string;
  cohort: string;
}

/** One row a step and cohort, its command with placeholders; null without pipelines. */
export function pipelineTable({ pipelines = [] }: StudyResults): Child {
  const rows = pipelines.flatMap(({ pipeline, cohort, steps }) => steps.map((step): Row => ({ pipeline, cohort, ...step })));
  if (rows.length === 0) return null;
  return table({
    caption: 'Steps of pipelines',
    rows,
    columns: [
      { head: 'pipeline', cell: (row) => row.pipeline },
      { head: 'step', cell: (row) => row.step, header: true },
      { head: 'cohort', cell: (row) => row.cohort },
      { head: 'program', cell: (row) => versionOf(row) },
      { head: 'command', text: true, cell: (row) => html`<code>${commandLine(row.command)}</code>` },
      { head: 'participants', cell: (row) => count(row.ran + row.reused), numeric: true },
      { head: 'ran', cell: (row) => count(row.ran), numeric: true },
      { head: 'reused', cell: (row) => count(row.reused), numeric: true },
      ...(rows.some((row) => row.ratings !== undefined) ? [{ head: 'good / doubtful / unfit', cell: ratingCell }] : []),
      { head: 'time', cell: (row) => html`<data value="${row.seconds}">${formatSeconds(row.seconds)}</data>`, numeric: true },
    ],
  });
}
