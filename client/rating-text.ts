/** What somebody who rates participants is told, by `run` and `status`: how many wait where, since when, and what to type. */
import type { RatingsAwaited } from '../contracts/workflows.js';
import { waitingText } from './review-text.js';

/** A pipeline that waits, and how often it has reminded. */
export type RatingsWaiting = RatingsAwaited & { reminders: number };

/** Cohorts listed; of more it is said how many there are. */
const LISTED = 12;

/** None when nobody waits. `file`: the study file, as it is to be typed; `others`: other cohorts are at work. `now`: ms since 1970. */
export function ratingLines(waiting: readonly RatingsWaiting[], { file = 'STUDY.yaml', others = false, now = Date.now() }: { file?: string; others?: boolean; now?: number } = {}): string[] {
  if (waiting.length === 0) return [];
  const all = waiting.reduce((sum, one) => sum + countOf(one.unrated), 0), rest = waiting.slice(LISTED);
  return [
    `A person is needed${others ? ', while others are at work' : ''}: ${all} participant${all === 1 ? ' waits' : 's wait'} for a rating.`,
    ...waiting.slice(0, LISTED).map((one) => `  ${one.cohort}, ${one.pipeline}: ${stepsText(one.unrated)}.${waitingText(one, now)}`),
    ...(rest.length === 0 ? [] : [`  and ${rest.reduce((sum, one) => sum + countOf(one.unrated), 0)} more in ${rest.length} other cohorts`]),
    `Look at them and rate: sulcus rate ${file}`,
    ...(others ? [] : [`Then go on with: sulcus run ${file}`]),
  ];
}

export const countOf = (unrated: Readonly<Record<string, number>>): number => Object.values(unrated).reduce((sum, n) => sum + n, 0);

/** `5 at denoise, 1 at mask` */
export const stepsText = (unrated: Readonly<Record<string, number>>): string => Object.entries(unrated).map(([step, n]) => `${n} at ${step}`).join(', ');
