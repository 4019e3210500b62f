/** A fit that is in the store already: this run takes it instead of computing it. */
import type { FitInput } from '../contracts/activities.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { StepRow } from '../contracts/results.js';
import type { ArtifactStore, Provenance } from '../storage/store.js';
import { decodeCertificate, type FitCertificate } from './fit.js';
import { accountOf } from './fit-key.js';
import { stepRow } from './step.js';
import { remember } from './why/index.js';

/** The certificate and the row of results.json; null when the fit is not there (or damaged). */
export async function takeStored(store: ArtifactStore, input: FitInput, rank: number, ref: ArtifactRef): Promise<{ certificate: FitCertificate; row: StepRow } | null> {
  const found = await store.find(ref);
  if (found === null) return null;
  await remember(store, input.run, ref.key, accountOf(input, rank));
  return { certificate: decodeCertificate(found.bytes), row: fitRow(input, rank, ref, found.provenance) };
}

export function fitRow({ run, cohort, batch }: FitInput, rank: number, ref: ArtifactRef, provenance: Provenance): StepRow {
  return stepRow(run, { step: 'fit', cohort, rank, split: batch.split, half: batch.half }, ref.key, provenance);
}
