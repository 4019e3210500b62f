/** What somebody who decides on the rank is shown, by `run` and `status`: the question, since when it waits, the evidence, and what to type. */
import type { ReviewProgress, StudyProgress } from '../contracts/workflows.js';
import { evidenceLines } from './evidence-text.js';
import { reviewTable } from './progress.js';
import { readResults } from './summary.js';

/** Lines of the review a study waits for; none when it waits for none. The evidence is read from the report so far; without it there is the table of stabilities. */
export async function reviewLines(workflowId: string, study: StudyProgress, now = Date.now()): Promise<string[]> {
  const { review } = study;
  if (review === null) return [];
  return [
    `A person is needed: which rank?${waitingText(review, now)}`,
    'Mean split-half stability:',
    ...reviewTable(study),
    ...(await evidence(review)),
    ...(review.suggested == null ? [] : [review.suggested.rank === null ? 'The automatic rule would choose none.' : `The automatic rule would choose rank ${review.suggested.rank}${review.suggested.doubt ? ', in doubt: no rank is stable in every cohort' : ''}.`]),
    ...(review.folder == null ? [] : [`Report so far: ${review.folder}/report.html`]),
    `Approve with: sulcus approve ${workflowId} --rank K --by NAME --note "why"`,
  ];
}

async function evidence({ folder }: ReviewProgress): Promise<string[]> {
  if (folder == null) return [];
  try {
    return ['', ...evidenceLines(await readResults(folder))];
  } catch {
    return ['(The report so far is not there any more.)'];
  }
}

/** ` It waits for 3 h, and has reminded twice.` */
export function waitingText({ since, reminders = 0 }: Partial<ReviewProgress>, now: number): string {
  if (since === undefined) return '';
  return ` Waiting for ${durationText((now - Date.parse(since)) / 1000)}${reminders === 0 ? '' : `, reminded ${reminders === 1 ? 'once' : `${reminders} times`}`}.`;
}

/** `40 s`, `12 min`, `3 h`, `2 d 4 h`. */
export function durationText(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.round(s / 60)} min`;
  if (s < 2 * 86_400) return `${Math.round(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d ${Math.round((s % 86_400) / 3600)} h`;
}
