/** One participant: as the last run took them in, new, changed, waiting, or being written at this moment. */
import { resolve } from 'node:path';
import { EXCLUDED_BY_PERSON } from '../../contracts/operator.js';
import type { Exclusion } from '../../contracts/results.js';
import { canonicalJson } from '../../storage/keys.js';
import type { SourceFile } from '../ingest/documents.js';
import { inputsOf } from '../ingest/sampled-metric.js';
import { ingestSubject, unchangedKey } from '../ingest/subject.js';
import type { SurveyedSubject } from '../ingest/survey.js';
import { WAITING } from '../ingest/waiting.js';
import type { CohortMarks } from './cohort-marks.js';
import type { About, Known, Look } from './look.js';
import { isRecent, nearestFolder, see } from './seen.js';

/** What is counted in the findings of a cohort. */
export type Change = 'added' | 'removed' | 'files' | 'rows';

export type Verdict =
  /** Not in the last run, and not all there yet. */
  | { kind: 'waits'; why: Exclusion }
  /** In the last run, and their files are changing. */
  | { kind: 'written' }
  /** Cannot be used; the run says why. */
  | { kind: 'excluded'; change: Change | null }
  /** All there and quiet. `files` are to be looked at once more before they are taken in. */
  | { kind: 'settled'; change: Change | null; files: { paths: string[]; print: string } | null };

const STILL_WRITTEN = 'its files were still being written';
/** Codes of files that may still come. */
const NOT_THERE = new Set(['MISSING_FILE', 'NO_CORRESPONDENCE']);

/**
 * @param known as analysed by the last run, @param left why the last run left them out; null: it did not
 * @param decided a person wants them left out
 */
export async function lookAtParticipant(look: Look, subject: SurveyedSubject, known: Known | null, left: Exclusion | null, decided: boolean, marks: CohortMarks): Promise<Verdict> {
  const { spec, directory, now, settleMs } = look;
  const { line: _line, rowProblem, located, ...about } = subject;
  if (decided) return { kind: 'excluded', change: known === null ? null : 'removed' };
  if (rowProblem !== null) return excludedNow(rowProblem, known === null ? null : 'rows', left);
  const files = located.flatMap((l) => (l.file === null ? [] : [l.file]));
  const problem = located.find((l) => l.problem !== null)?.problem ?? null;
  const paths = [...files.flatMap(inputsOf).map((f) => f.path), ...(problem?.file == null ? [] : [await nearestFolder(resolve(directory, problem.file))])];
  const seen = await see(paths), recent = isRecent(seen, now, settleMs);
  if (problem !== null) {
    if (known === null && NOT_THERE.has(problem.code ?? '')) return waits(problem, recent || spec.missing === 'fail');
    return known !== null && recent ? { kind: 'written' } : excludedNow(problem, known === null ? null : 'files', left);
  }
  const settled = (change: Change | null): Verdict => ({ kind: 'settled', change, files: change === null || change === 'rows' ? null : { paths, print: seen.print } });
  if (known !== null) {
    const row = canonicalJson(known.about) === canonicalJson(about) ? null : 'rows';
    if ((await unchangedKey(look.store, files, look.region, look.regionKey)) === known.key) return settled(row);
    return recent ? { kind: 'written' } : settled((await keyNow(look, about, files)) === known.key ? row : 'files');
  }
  const why = recent ? STILL_WRITTEN : unfinishedText(await marks.unfinished(subject.id));
  if (why !== null) return waits({ id: subject.id, reason: why, file: files[0]?.name ?? null, line: null }, true);
  if (left === null || left.code === WAITING || left.code === EXCLUDED_BY_PERSON) return settled('added');
  // Could not be used the last time: only the content can tell whether they can now.
  const { excluded } = await ingestSubject(look.store, look.run, { ...about, files, problem: null }, look.region, look.regionKey);
  return excluded === null ? settled('added') : excludedNow(excluded, null, left);
}

/** With other metrics or another region everybody's values are others, and nobody's files need to be read to know it: null. */
async function keyNow({ store, run, spec, region, regionKey, last }: Look, about: About, files: SourceFile[]): Promise<string | null> {
  if (canonicalJson([last?.spec.metrics, last?.spec.region, last?.spec.surface]) !== canonicalJson([spec.metrics, spec.region, spec.surface])) return null;
  return (await ingestSubject(store, run, { ...about, files, problem: null }, region, regionKey)).key;
}

export function waits(problem: Exclusion, withhold: boolean): Verdict {
  return { kind: 'waits', why: untilLater(problem, withhold) };
}

/** Whose files changed a moment ago. */
export const stillWritten = (id: string): Exclusion => untilLater({ id, reason: STILL_WRITTEN, file: null, line: null }, true);

function untilLater(problem: Exclusion, withhold: boolean): Exclusion {
  return { ...problem, code: withhold ? WAITING : problem.code ?? WAITING, remedy: 'a later sweep takes it in, `sulcus run` at once' };
}

/** News unless the last run said the same. `change`: what it is for somebody who was analysed. */
function excludedNow(problem: Exclusion, change: Change | null, left: Exclusion | null): Verdict {
  const same = left !== null && left.code === problem.code && left.reason === problem.reason;
  return { kind: 'excluded', change: change ?? (same ? null : 'added') };
}

function unfinishedText(stages: string[]): string | null {
  if (stages.length === 0) return null;
  return `CIVET has not marked as finished: ${stages.slice(0, 5).join(', ')}${stages.length > 5 ? ` and ${stages.length - 5} more` : ''}`;
}
