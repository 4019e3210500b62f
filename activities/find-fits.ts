/** Looks which fits are done already: a study that runs again asks once for all of them, and only what is missing becomes an activity of its own. */
import type { FindFitsInput, FindFitsOutput } from '../contracts/activities.js';
import type { StepRow } from '../contracts/results.js';
import type { ControlContext } from './context.js';
import { fitRefs, membersOf } from './fit-key.js';
import type { DatasetDocument } from './ingest/documents.js';
import { loadJson } from './step.js';
import { takeStored } from './stored-fit.js';

/** Artifacts read at a time: W of a whole cortex is a few megabytes. */
const AT_A_TIME = 16;

/** Of every batch that is complete, the keys of its fits; a batch with one fit missing (or damaged) is not told, and its activity looks again. */
export async function findFits({ store }: ControlContext, { run, cohort, spec, dataset: data, batches }: FindFitsInput): Promise<FindFitsOutput> {
  const dataset = await loadJson<DatasetDocument>(store, data.dataset);
  const rows: StepRow[] = [];
  const look = async (at: number): Promise<FindFitsOutput['found'][number] | null> => {
    const batch = batches[at] as (typeof batches)[number], input = { run, cohort, spec, dataset: data, batch };
    const refs = fitRefs(dataset, membersOf(dataset, batch), input);
    const own: StepRow[] = [];
    let notConverged = 0;
    for (const [i, ref] of refs.entries()) {
      const stored = await takeStored(store, input, batch.ranks[i] as number, ref);
      if (stored === null) return null;
      if (!stored.certificate.converged) notConverged++;
      own.push(stored.row);
    }
    rows.push(...own);
    return { batch: at, keys: refs.map((ref) => ref.key), notConverged };
  };
  const found: FindFitsOutput['found'] = [];
  for (let at = 0; at < batches.length; at += AT_A_TIME) {
    const part = await Promise.all(Array.from({ length: Math.min(AT_A_TIME, batches.length - at) }, (_, i) => look(at + i)));
    for (const one of part) if (one !== null) found.push(one);
  }
  const first = batches[0];
  if (rows.length > 0 && first) await store.recordSteps(run.runId, `fits-${cohort}-${first.split ?? 'whole'}-${first.half ?? ''}-${first.ranks[0]}`, rows);
  return { found };
}
