/** A cohort's packed matrix, its participants in matrix order, its exclusions and its split-halves. */
import { ApplicationFailure } from '@temporalio/activity';
import { stratifiedHalves } from '../../analysis/parcellation/halves.js';
import type { AssembleInput, Dataset } from '../../contracts/activities.js';
import { SulcusError } from '../../contracts/errors.js';
import { EXCLUDED_BY_PERSON } from '../../contracts/operator.js';
import type { Exclusion } from '../../contracts/results.js';
import type { MetricSpec } from '../../contracts/study.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { ControlContext } from '../context.js';
import { decodeDoubles, encodeDoubles } from '../doubles.js';
import { excludedByPersons } from '../operator/exclusions.js';
import { keep, load, loadJson, once, stepRow } from '../step.js';
import type { Account } from '../why/index.js';
import { regionSize, type DatasetDocument, type ManifestDocument, type RegionDocument, type ShardDocument } from './documents.js';
import { WAITING } from './waiting.js';

export const MATRIX_VERSION = 1;
/** Fewer subjects than this cannot be split into halves that mean anything. */
const LEAST_SUBJECTS = 4;

export async function assembleCohort({ store }: ControlContext, input: AssembleInput): Promise<Dataset> {
  const { run, cohort, spec } = input;
  const manifest = await loadJson<ManifestDocument>(store, input.manifest);
  const region = await loadJson<RegionDocument>(store, input.region);
  const shards = await Promise.all(input.shards.map((s) => loadJson<ShardDocument>(store, s)));
  const decided = await excludedByPersons(store, spec.study, cohort);
  const rows = shards.flatMap((s) => s.subjects).map((row) => leftOut(row, decided.get(row.id)));
  const excluded = rows.flatMap((r) => (r.excluded === null ? [] : [r.excluded]));
  const unusable = excluded.filter((e) => e.code !== EXCLUDED_BY_PERSON && e.code !== WAITING);
  if (spec.missing === 'fail' && unusable.length > 0) throw exclusionFailure(cohort, unusable);

  const byId = new Map(manifest.subjects.map((s) => [s.id, s]));
  const kept = rows.flatMap((r) => {
    const subject = byId.get(r.id);
    if (r.key === null || subject === undefined) return [];
    const { files: _files, problem: _problem, ...about } = subject;
    return [{ about, key: r.key }];
  });
  if (kept.length < LEAST_SUBJECTS) {
    throw new SulcusError('TOO_FEW_SUBJECTS', `cohort ${cohort} has ${kept.length} usable of ${rows.length} subjects; ${summary(excluded)}`, { remedy: 'run `sulcus check` for the list, and correct the inputs' });
  }
  const vertices = regionSize(region);
  const keys = kept.map((k) => k.key), metrics = manifest.metrics.length;
  const subjects = kept.map((k) => k.about);
  const splits = stratifiedHalves(subjects.map((s) => s.group), subjects.map((s) => s.age), spec.stability);
  const document: DatasetDocument = { cohort, metrics: manifest.metrics, region, subjects, keys, excluded, ...unfinishedOf(manifest, subjects), splits };
  const dataset = await keep(store, run, 'dataset', document);
  const account: Account = { place: { step: 'ingest', cohort }, parameters: { region: spec.region, metrics: spec.metrics.map(valuesOf) }, datasets: { [cohort]: dataset.key }, columns: [] };
  const matrix = await once(store, run, 'matrix', MATRIX_VERSION, { keys, metrics, vertices }, account, async () => {
    return encodeDoubles(await pack(store, keys, vertices, metrics));
  });
  await store.recordSteps(run.runId, `ingest-${cohort}`, [stepRow(run, { step: 'ingest', cohort }, matrix.ref.key, matrix.provenance)]);
  return { dataset, matrix: matrix.ref, vertices, subjects: subjects.length, metrics, excluded: excluded.length };
}

function unfinishedOf({ unfinished = [] }: ManifestDocument, subjects: readonly { id: string }[]): Pick<DatasetDocument, 'unfinished'> {
  const analysed = new Set(subjects.map(({ id }) => id)), mine = unfinished.filter(({ id }) => analysed.has(id));
  return mine.length === 0 ? {} : { unfinished: mine };
}

/** What of a metric decides on its values, besides the files' content. */
function valuesOf({ name, sampling, surface, smooth }: MetricSpec): Partial<MetricSpec> {
  return { name, ...(sampling === undefined ? {} : { sampling }), ...(surface === undefined ? {} : { surface }), ...(smooth === undefined ? {} : { smooth }) };
}

/** A person's decision comes before what is wrong with the files, which is told too. */
function leftOut(row: ShardDocument['subjects'][number], decided: Exclusion | undefined): ShardDocument['subjects'][number] {
  if (decided === undefined) return row;
  if (row.excluded === null) return { id: row.id, key: null, excluded: decided };
  const { pipeline: _pipeline, ...besides } = row.excluded;
  return { id: row.id, key: null, excluded: { ...besides, ...decided, reason: `${decided.reason} (besides: ${besides.reason})` } };
}

/** vertices x (metrics * subjects), columns metric by metric. A subject is in memory only while it is copied: the matrix itself is all that grows with the cohort. */
async function pack(store: ArtifactStore, keys: string[], vertices: number, metrics: number): Promise<Float64Array> {
  const n = metrics * keys.length;
  const out = new Float64Array(vertices * n);
  for (const [s, key] of keys.entries()) {
    const values = decodeDoubles(await load(store, { kind: 'subject', key }));
    for (let q = 0; q < metrics; q++) for (let v = 0; v < vertices; v++) out[v * n + q * keys.length + s] = values[q * vertices + v] as number;
  }
  return out;
}

/** `missing: fail`: how many subjects have which problem, and where the first is. Ids stay out of the message (it is stored in the clear). */
function exclusionFailure(cohort: string, excluded: Exclusion[]): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'SUBJECTS_EXCLUDED', nonRetryable: true,
    message: `cohort ${cohort}: ${summary(excluded)}, and the study says missing: fail (run \`sulcus check\` for every subject, file and remedy, or set missing: exclude)`,
  });
}

function summary(excluded: Exclusion[]): string {
  const counts = new Map<string, number>();
  for (const e of excluded) counts.set(e.code ?? 'UNKNOWN', (counts.get(e.code ?? 'UNKNOWN') ?? 0) + 1);
  return `${excluded.length} subject${excluded.length === 1 ? '' : 's'} cannot be used (${[...counts].map(([code, n]) => `${n} ${code}`).join(', ')})`;
}
