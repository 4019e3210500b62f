/** A newcomer whose files a pipeline of the study has still to make: what counts is whether everything is there that the pipelines read. */
import { EXCLUDED_BY_PERSON } from '../../contracts/operator.js';
import type { Exclusion } from '../../contracts/results.js';
import { isMade } from '../imaging/made.js';
import { locateInput, type Reach } from '../ingest/locate.js';
import type { SurveyedSubject } from '../ingest/survey.js';
import { WAITING } from '../ingest/waiting.js';
import type { Look } from './look.js';
import { stillWritten, waits, type Verdict } from './participant.js';
import { isRecent, see } from './seen.js';

/**
 * Null: no file of a pipeline is missing and none left them out, or something else is missing; `lookAtParticipant` judges then.
 * @param left why the last run left them out; null: it did not. Who failed in a pipeline is tried again when what it reads has changed since, not by every sweep
 */
export async function lookBeforePipelines({ spec, now, settleMs, last }: Look, { id, rowProblem, located }: SurveyedSubject, left: Exclusion | null, reach: Reach): Promise<Verdict | null> {
  const pipelines = spec.pipelines ?? [], problems = located.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  const toMake = ({ code, file }: Exclusion): boolean => code === 'MISSING_FILE' && file != null && isMade(file, reach.cohort, pipelines) !== null;
  // Whom a late step left out may have every file.
  if (rowProblem !== null || !problems.every(toMake) || (problems.length === 0 && left?.pipeline === undefined)) return null;
  const paths: string[] = [], missing: Exclusion[] = [];
  for (const { name, inputs, onFailure } of pipelines) for (const [input, template] of Object.entries(inputs)) {
    const { file, problem } = await locateInput(id, template, `${name}: input ${input}`, reach);
    if (problem === null) paths.push(file.path);
    else if (onFailure !== 'keep' && !toMake(problem)) missing.push(problem);
  }
  const seen = await see(paths), recent = isRecent(seen, now, settleMs);
  if (missing[0] !== undefined) return waits(missing[0], recent || spec.missing === 'fail');
  if (recent) return { kind: 'waits', why: stillWritten(id) };
  if (left !== null && ![WAITING, EXCLUDED_BY_PERSON, 'INPUT_MISSING'].includes(left.code ?? '') && !(seen.newest > Date.parse(last?.finishedAt ?? ''))) return { kind: 'excluded', change: null };
  return { kind: 'settled', change: 'added', files: { paths, print: seen.print } };
}
