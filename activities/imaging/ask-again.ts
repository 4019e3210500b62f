/** Finished steps that are to be done again: what says that they are done is put aside, in the data, so that nobody's identifier travels. */
import { rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Bounds } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { PipelineSpec } from '../../contracts/pipelines.js';
import type { StudySpec } from '../../contracts/study.js';
import { participantIds } from '../ingest/survey.js';
import { mayHold } from './files.js';
import { ParticipantFolder } from './folder.js';
import { readRecord, RECORD } from './record.js';

/** Beside the outputs, until the step has been done again. */
const ASKED = 'step-before.json';

/**
 * The participants of a cohort of whom a step is done are those of whom it no longer is: at the next run its program runs again, and steps after it where its
 * outputs have become others. Outputs stay until then. To be called while no run of the study is going. Returns how many they are.
 * @param directory of the study, absolute
 * @param participant of this one alone; null: everybody's
 * @throws SulcusError OUTSIDE_STUDY, and what reading the table of participants throws
 */
export async function askAgain(study: StudySpec, directory: string, cohort: string, { outputs }: Pick<PipelineSpec, 'outputs'>, step: string, participant: string | null): Promise<number> {
  const { ids } = await participantIds(study, directory, cohort), folder = study.cohorts.find(({ name }) => name === cohort)?.directory ?? '', bounds = new Bounds(directory, study.outside);
  let asked = 0;
  for (const id of participant === null ? ids : [participant].filter((one) => ids.has(one))) {
    const place = new ParticipantFolder(join(resolve(directory, folder), outputs, id)).of(step);
    if ((await readRecord(place)) === null) continue;
    if (!(await mayHold(bounds, place))) throw new SulcusError('OUTSIDE_STUDY', `${join(folder, outputs)}: a link leads out of the study's folder`, { remedy: 'name the folder it leads to under `outside` in the study file' });
    await rename(join(place, RECORD), join(place, ASKED));
    asked++;
  }
  return asked;
}
