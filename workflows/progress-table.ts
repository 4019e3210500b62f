/** The live tables at the top of a workflow's page in the Temporal UI (Markdown). */
import { unratedOf, type PipelineProgress } from '../contracts/pipeline-workflows.js';
import type { CohortProgress, StudyProgress } from '../contracts/workflows.js';

export function cohortTable(p: CohortProgress): string {
  return `Stage: **${p.stage}**${p.pipeline == null ? '' : ` ${p.pipeline}`}\n\n${header()}\n${row(p)}`;
}

export function pipelineTable(p: PipelineProgress): string {
  const total = p.total === null ? '' : ` of ${p.total}`, unrated = unratedOf(p), { waiting } = p;
  const asked = waiting === undefined ? '' : `\n\n**A person is needed**: rate ${byStep(p.unrated ?? {})} with \`sulcus rate\`. Waiting since ${waiting.since}${waiting.reminders === 0 ? '' : `, reminded ${waiting.reminders} times`}.`;
  if (unrated > 0) return `| pipeline | participants | at work | wait for a rating | left out | steps run | steps reused |\n|---|---|---|---|---|---|---|\n| ${p.pipeline} | ${p.done}${total} | ${p.running} | ${unrated} | ${p.excluded} | ${p.ran} | ${p.reused} |${asked}`;
  return `| pipeline | participants | at work | left out | steps run | steps reused |\n|---|---|---|---|---|---|\n| ${p.pipeline} | ${p.done}${total} | ${p.running} | ${p.excluded} | ${p.ran} | ${p.reused} |`;
}

export function studyTable(p: StudyProgress): string {
  const rank = p.rank?.chosen === undefined || p.rank.chosen === null ? '' : `\n\nRank **${p.rank.chosen}**: ${p.rank.reason}`;
  const ratings = p.ratings?.all !== true ? '' : `\n\n**A person is needed**: rate with \`sulcus rate\` ${p.ratings.awaited.map(({ cohort, pipeline, unrated }) => `${byStep(unrated)} of ${pipeline} in ${cohort}`).join('; ')}.`;
  const review = p.review === null ? '' : `\n\n**A person is needed**: approve a rank with \`sulcus approve\`. Waiting since ${p.review.since ?? 'it was asked'}${(p.review.reminders ?? 0) === 0 ? '' : `, reminded ${p.review.reminders} times`}.`;
  const paused = p.paused == null ? '' : `\n\n**Paused**${p.paused.by === null ? '' : ` by ${p.paused.by}`} since ${p.paused.at}${p.paused.note === null ? '' : ` (${p.paused.note})`}: no fit starts. \`sulcus resume\` lets them go on.`;
  return `Stage: **${p.stage}**${paused}${ratings}${review}${rank}`;
}

/** `5 participants at denoise, 1 at mask` */
function byStep(unrated: Readonly<Record<string, number>>): string {
  return Object.entries(unrated).map(([step, n], i) => `${n}${i === 0 ? ` participant${n === 1 ? '' : 's'}` : ''} at ${step}`).join(', ');
}

function header(): string {
  return '| cohort | subjects | excluded | fits | reused | not converged | ranks with stability |\n|---|---|---|---|---|---|---|';
}

function row(p: CohortProgress): string {
  const of = (done: number, total: number | null): string => (total === null ? `${done}` : `${done} of ${total}`);
  return `| ${p.cohort} | ${of(p.subjects.done, p.subjects.total)} | ${p.subjects.excluded} | ${of(p.fits.done, p.fits.total)} | ${p.fits.reused} | ${p.fits.notConverged} | ${of(p.stability.done, p.stability.total)} |`;
}
