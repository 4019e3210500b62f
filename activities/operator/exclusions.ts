/** Exclusions that persons decided: on a list of the study, from which assembly takes them, in this run and in every later one. */
import type { RecordExclusionInput, ExclusionDocument } from '../../contracts/operator.js';
import { EXCLUDED_BY_PERSON } from '../../contracts/operator.js';
import { SulcusError } from '../../contracts/errors.js';
import type { Exclusion } from '../../contracts/results.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { ControlContext } from '../context.js';
import { decodeJson, encodeJson, load } from '../step.js';

/** Puts a decision that lies in the store on its study's list. Throws ARTIFACT_MISSING, and BAD_EXCLUSION when it is about something else. */
export async function recordExclusion({ store }: ControlContext, { study, cohort, exclusion }: RecordExclusionInput): Promise<void> {
  const document = decodeJson<ExclusionDocument>(await load(store, exclusion));
  if (document.study !== study || document.cohort !== cohort) throw new SulcusError('BAD_EXCLUSION', `the exclusion is about cohort ${document.cohort} of study ${document.study}, not cohort ${cohort} of ${study}`);
  await listExclusion(store, document, exclusion.key);
}

/** The same without a running study. Names sort by time: the last decision about a participant counts. */
export async function listExclusion(store: ArtifactStore, document: ExclusionDocument, key: string): Promise<void> {
  await store.putDecision(`${folderOf(document.study, document.cohort)}/${document.at.replace(/[^0-9TZ]/g, '')}-${key.slice(0, 12)}`, encodeJson(document));
}

/** Whoever is left out of a cohort by a person's decision, by id. */
export async function excludedByPersons(store: ArtifactStore, study: string, cohort: string): Promise<Map<string, Exclusion>> {
  const out = new Map<string, Exclusion>();
  for (const bytes of await store.decisions(folderOf(study, cohort))) {
    const { subject, reason, by, at, readmit } = decodeJson<ExclusionDocument>(bytes);
    if (readmit) out.delete(subject);
    else out.set(subject, { id: subject, code: EXCLUDED_BY_PERSON, reason, ...(by === null ? {} : { by }), at });
  }
  return out;
}

const folderOf = (study: string, cohort: string): string => `exclusions/${study}/${cohort}`;
