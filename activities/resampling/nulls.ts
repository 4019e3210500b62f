/** Spatial surrogates as durable steps: the region's modes, then the nulls of the stability and of the Rand index, one artifact a rank. */
import type { RegionMesh, SurrogateBasis } from '../../analysis/parcellation/nulls/index.js';
import { noNull } from '../../analysis/parcellation/nulls/summary.js';
import { NULLS_VERSION } from '../../analysis/parcellation/nulls/version.js';
import { adjustedRandIndex, hardLabels } from '../../analysis/parcellation/labels.js';
import type { NullOutput, RandNullInput, RandNullsInput, RandNullsOutput, StabilityNullInput, SurfaceModesInput, SurfaceModesOutput } from '../../contracts/resampling.js';
import type { ArtifactRef } from '../../contracts/refs.js';
import type { StepRow } from '../../contracts/steps.js';
import type { SurrogateNull } from '../../contracts/uncertainty.js';
import { stepKey } from '../../storage/keys.js';
import { decodeArrays, encodeArrays } from '../arrays.js';
import type { ComputeContext } from '../context.js';
import { decodeFit, type FitDocument } from '../fit.js';
import type { EvidenceDocument } from '../stability.js';
import { encodeJson, keep, load, loadJson, once, provenanceOf, stepRow } from '../step.js';
import { explain, noteDown, remember, type Account } from '../why/index.js';
import { runTask } from './runner.js';

/** What the null artifact of a rank holds; those of several ranks travel as a list. */
export interface NullDocument {
  rank: number;
  surrogates: SurrogateNull;
}

const ONE_PARCEL = 'a single component has no parcels to move';

export async function surfaceModes({ store, tasks }: ComputeContext, { run, surface }: SurfaceModesInput): Promise<SurfaceModesOutput> {
  const account: Account = { place: { step: 'surrogates', part: 'modes' }, made: { surface: { kind: 'surface', keys: [surface.key] } } };
  const step = await once(store, run, 'modes', NULLS_VERSION, { surface: surface.key }, account, async () =>
    encodeArrays(await runTask(tasks, { kind: 'modes', region: decodeArrays<RegionMesh>(await load(store, surface)) })));
  await store.recordSteps(run.runId, 'modes', [stepRow(run, { step: 'surrogates' }, step.ref.key, step.provenance)]);
  return { modes: step.ref };
}

/** Nulls of the split-half stability of some ranks of a cohort. */
export async function stabilityNull(context: ComputeContext, input: StabilityNullInput): Promise<NullOutput> {
  const { store, tasks } = context, { cohort, nulls, seed } = input;
  const evidence = await loadJson<EvidenceDocument>(store, input.evidence);
  const splitsOf = (rank: number): [string, string][] => evidence.halves.find((h) => h.rank === rank)?.splits ?? [];
  return eachRank(context, input, cohort, (rank) => splitsOf(rank), async (ranks) => {
    const asked = [];
    for (const k of ranks) {
      const splits = [];
      for (const [a, b] of splitsOf(k)) splits.push({ A: (await fit(context, a)).W, B: (await fit(context, b)).W });
      asked.push({ k, splits, observed: evidence.ranks.find((row) => row.rank === k)?.stability.mean ?? null });
    }
    return runTask(tasks, { kind: 'stability-null', basis: await basisOf(context, input.modes), ranks: asked, options: { nulls, stream: `${seed}/stability` } });
  });
}

/** Nulls of the adjusted Rand index of two cohorts at some ranks. */
export async function randNull(context: ComputeContext, input: RandNullInput): Promise<NullOutput> {
  const { store, tasks } = context, { nulls, seed } = input;
  const [a, b] = await Promise.all([loadJson<EvidenceDocument>(store, input.a.evidence), loadJson<EvidenceDocument>(store, input.b.evidence)]);
  const keys = (rank: number): [string, string] => [wholeOf(a, rank), wholeOf(b, rank)];
  return eachRank(context, input, `${input.a.cohort}-${input.b.cohort}`, keys, async (ranks) => {
    const asked = [];
    for (const k of ranks) {
      const [x, y] = await Promise.all(keys(k).map(async (key) => { const { W, vertices } = await fit(context, key); return hardLabels(W, vertices, k); })) as [Int32Array, Int32Array];
      asked.push({ k, a: x, b: y, observed: adjustedRandIndex(x, y) });
    }
    return runTask(tasks, { kind: 'rand-null', basis: await basisOf(context, input.modes), ranks: asked, options: { nulls, stream: `${seed}/rand` } });
  });
}

/** What randNulls leaves: the nulls of each pair, as randNull leaves those of one. */
export type RandNullsDocument = { a: string; b: string; nulls: ArtifactRef }[];

/** The same for several pairs, one after the other. A pair that is finished is in the store, whatever becomes of the others. */
export async function randNulls(context: ComputeContext, { pairs, ...input }: RandNullsInput): Promise<RandNullsOutput> {
  const document: RandNullsDocument = [];
  for (const { a, b } of pairs) document.push({ a: a.cohort, b: b.cohort, nulls: (await randNull(context, { ...input, a, b })).nulls });
  return { nulls: await keep(context.store, input.run, 'null', document) };
}

const wholeOf = (evidence: EvidenceDocument, rank: number): string => evidence.whole.find((w) => w.rank === rank)?.key ?? '';

async function fit({ store }: ComputeContext, key: string): Promise<FitDocument> {
  return decodeFit(await load(store, { kind: 'fit', key }));
}

async function basisOf({ store }: ComputeContext, modes: ArtifactRef): Promise<SurrogateBasis> {
  return decodeArrays<SurrogateBasis>(await load(store, modes));
}

/** Ranks whose artifact is there are not computed again; the others are computed together. `fits`: keys of the fits a rank's null is made of. */
async function eachRank(
  { store }: ComputeContext, input: StabilityNullInput | RandNullInput, name: string, fits: (rank: number) => unknown, compute: (ranks: number[]) => Promise<SurrogateNull[]>,
): Promise<NullOutput> {
  const { run, nulls, seed, modes, ranks } = input, what = 'cohort' in input ? 'stability' : 'rand';
  const refs = ranks.map((rank): ArtifactRef => ({ kind: 'null', key: stepKey('null', NULLS_VERSION, { what, rank, fits: fits(rank), modes: modes.key, nulls, seed }) }));
  const rows: StepRow[] = [], missing: number[] = [];
  const account = (i: number): Account => ({
    place: { step: 'surrogates', cohort: 'cohort' in input ? input.cohort : null, rank: ranks[i]!, part: `${what} ${name}` }, code: { code: NULLS_VERSION }, parameters: { nulls, seed },
    made: { fits: { kind: 'fit', keys: [fits(ranks[i]!)].flat(2) as string[] }, surface: { kind: 'modes', keys: [modes.key] } },
  });
  const row = (i: number, provenance: Parameters<typeof stepRow>[3]): void => { rows.push(stepRow(run, { step: 'surrogates', cohort: 'cohort' in input ? input.cohort : null, rank: ranks[i]! }, refs[i]!.key, provenance)); };
  for (const [i] of ranks.entries()) {
    const provenance = await store.provenance(refs[i]!);
    if (provenance === null) { missing.push(i); continue; }
    await remember(store, run, refs[i]!.key, account(i));
    row(i, provenance);
  }
  if (missing.length > 0) {
    const started = performance.now(), movable = missing.filter((i) => ranks[i]! > 1);
    const found = movable.length > 0 ? await compute(movable.map((i) => ranks[i]!)) : [];
    const seconds = (performance.now() - started) / 1000 / missing.length;
    for (const i of missing) {
      const provenance = provenanceOf(run, seconds, await explain(store, run, refs[i]!.key, account(i)));
      const surrogates = found[movable.indexOf(i)] ?? noNull(ONE_PARCEL);
      await store.put(refs[i]!, encodeJson({ rank: ranks[i]!, surrogates } satisfies NullDocument), provenance);
      await noteDown(store, run, refs[i]!.key, account(i));
      row(i, provenance);
    }
  }
  await store.recordSteps(run.runId, `null-${what}-${name}-${ranks[0]}`, rows.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0)));
  return { nulls: await keep(store, run, 'null', await Promise.all(refs.map((ref) => loadJson<NullDocument>(store, ref)))) };
}
