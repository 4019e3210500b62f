/** The fit step: OPNMF of one half (or the whole cohort) at several ranks. A finished rank is stored at once and never repeated. */
import { log } from '@temporalio/activity';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../analysis/opnmf/checkpoint.js';
import { selectSubjects, type CohortMatrix } from '../analysis/parcellation/normalize.js';
import type { FitInput, FitOutput, FitSummary } from '../contracts/activities.js';
import type { ArtifactRef } from '../contracts/refs.js';
import type { StepRow } from '../contracts/results.js';
import type { ComputeContext } from './context.js';
import { decodeDoubles } from './doubles.js';
import { encodeFit, type FitCertificate } from './fit.js';
import { FitDrafts } from './fit-drafts.js';
import { accountOf, fitRefs, halfKey, membersOf } from './fit-key.js';
import { withHeartbeat } from './heartbeat.js';
import type { DatasetDocument } from './ingest/documents.js';
import { load, loadJson, provenanceOf } from './step.js';
import { fitRow, takeStored } from './stored-fit.js';
import { explain, noteDown, type Reason } from './why/index.js';

export async function factorize(context: ComputeContext, input: FitInput): Promise<FitOutput> {
  const { store } = context;
  const { run, cohort, batch, spec } = input;
  const dataset = await loadJson<DatasetDocument>(store, input.dataset.dataset);
  const members = membersOf(dataset, batch);
  const refs = fitRefs(dataset, members, input);
  const summaries = new Map<number, FitSummary>();
  const rows: StepRow[] = [];
  const done = (rank: number, ref: ArtifactRef, certificate: Pick<FitCertificate, 'residual' | 'converged'>, row: StepRow): void => {
    rows.push(row);
    summaries.set(rank, { ref, rank, residual: certificate.residual, converged: certificate.converged, reused: !row.computed });
  };
  const missing: number[] = [], drafts = new FitDrafts(store);
  const refOf = (rank: number): ArtifactRef => refs[batch.ranks.indexOf(rank)] as ArtifactRef;
  const present = await Promise.all(batch.ranks.map((rank) => takeStored(store, input, rank, refOf(rank))));
  for (const [i, rank] of batch.ranks.entries()) {
    const stored = present[i];
    if (stored) {
      done(rank, refOf(rank), stored.certificate, stored.row);
      await drafts.drop(refOf(rank)); // a worker that died right after it had stored the fit left one
    } else missing.push(rank);
  }
  if (missing.length > 0) {
    const checkpoints = new Map<number, Checkpoint>(), reasons = new Map<number, Reason>();
    for (const rank of missing) {
      reasons.set(rank, await explain(store, run, refOf(rank).key, accountOf(input, rank)));
      const bytes = await store.draft(refOf(rank));
      const checkpoint = bytes === null ? null : decodeCheckpoint(bytes);
      if (checkpoint === null) continue;
      checkpoints.set(rank, checkpoint);
      log.info('a fit goes on from its checkpoint', { rank });
    }
    const matrix = async (): Promise<CohortMatrix> => selectSubjects(await loadMatrix(context, input), members);
    await withHeartbeat(async (pulse) => {
      await context.fits.run({
        key: halfKey(dataset, members, input), matrix, ranks: missing,
        maxRank: maxRank(input, members.length), spec: spec.factorization, seed: spec.stability.seed, checkpoints,
      }, {
        signal: pulse.signal,
        onProgress: (p) => pulse.moved({ rank: p.rank, passes: p.passes, residual: p.residual }),
        onFit: async (fit, seconds) => {
          const ref = refOf(fit.rank);
          const { H: _H, ...kept } = fit;
          const provenance = provenanceOf(run, seconds, reasons.get(fit.rank));
          await store.put(ref, encodeFit({ ...kept, vertices: input.dataset.vertices }), provenance);
          await drafts.drop(ref);
          await noteDown(store, run, ref.key, accountOf(input, fit.rank));
          done(fit.rank, ref, kept, fitRow(input, fit.rank, ref, provenance));
          pulse.moved({ rank: fit.rank, done: summaries.size, of: batch.ranks.length });
        },
        onCheckpoint: (rank, checkpoint) => drafts.put(refOf(rank), encodeCheckpoint(checkpoint)),
      });
    });
  }
  const name = `fit-${cohort}-${batch.split ?? 'whole'}-${batch.half ?? ''}-${batch.ranks[0]}`;
  await store.recordSteps(run.runId, name, rows.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0)));
  return { fits: batch.ranks.map((rank) => summaries.get(rank) as FitSummary) };
}

/** Ranks above what a half can have are refused by the solver; the decomposition is made for the highest that is possible. */
function maxRank(input: FitInput, subjects: number): number {
  return Math.min(input.spec.factorization.ranks[1], input.dataset.vertices, input.dataset.metrics * subjects);
}

let last: { key: string; matrix: CohortMatrix } | null = null;

/** The cohort's matrix; the last one is kept, because batches of a cohort come one after the other. */
async function loadMatrix({ store }: ComputeContext, input: FitInput): Promise<CohortMatrix> {
  const { matrix, vertices, subjects, metrics } = input.dataset;
  if (last?.key !== matrix.key) last = { key: matrix.key, matrix: { values: decodeDoubles(await load(store, matrix)), vertices, subjects, metrics } };
  return last.matrix;
}
