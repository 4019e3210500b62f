/** A cohort's packed matrix, its participants in matrix order, its exclusions and its split-halves. */
import { ApplicationFailure } from '@temporalio/activity';
import { stratifiedHalves } from '../../analysis/parcellation/halves.js';
import type { AssembleInput, Dataset } from '../../contracts/activities.js';
import { SulcusError } from '../../contracts/errors.js';
import type { Exclusion } from '../../contracts/results.js';
import type { ControlContext } from '../context.js';
import { decodeDoubles, encodeDoubles } from '../doubles.js';
import { keep, load, loadJson, once, stepRow } from '../step.js';
import { regionSize, type DatasetDocument, type ManifestDocument, type RegionDocument, type ShardDocument } from './documents.js';

const MATRIX_VERSION = 1;
/** Fewer subjects than this cannot be split into halves that mean anything. */
const LEAST_SUBJECTS = 4;

export async function assembleCohort({ store }: ControlContext, input: AssembleInput): Promise<Dataset> {
  const { run, cohort, spec } = input;
  const manifest = await loadJson<ManifestDocument>(store, input.manifest);
  const region = await loadJson<RegionDocument>(store, input.region);
  const shards = await Promise.all(input.shards.map((s) => loadJson<ShardDocument>(store, s)));
  const rows = shards.flatMap((s) => s.subjects);
  const excluded = rows.flatMap((r) => (r.excluded === null ? [] : [r.excluded]));
  if (spec.missing === 'fail' && excluded.length > 0) throw exclusionFailure(cohort, excluded);

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
  const matrix = await once(store, run, 'matrix', MATRIX_VERSION, { keys, metrics, vertices }, async () => {
    const subjects = await Promise.all(keys.map(async (key) => decodeDoubles(await load(store, { kind: 'subject', key }))));
    return encodeDoubles(pack(subjects, vertices, metrics));
  });
  const subjects = kept.map((k) => k.about);
  const splits = stratifiedHalves(subjects.map((s) => s.group), subjects.map((s) => s.age), spec.stability);
  const document: DatasetDocument = { cohort, metrics: manifest.metrics, region, subjects, keys, excluded, splits };
  const dataset = await keep(store, run, 'dataset', document);
  await store.recordSteps(run.runId, `ingest-${cohort}`, [stepRow(run, { step: 'ingest', cohort }, matrix.ref.key, matrix.provenance)]);
  return { dataset, matrix: matrix.ref, vertices, subjects: subjects.length, metrics, excluded: excluded.length };
}

/** vertices x (metrics * subjects), columns metric by metric. */
function pack(subjects: Float64Array[], vertices: number, metrics: number): Float64Array {
  const n = metrics * subjects.length;
  const out = new Float64Array(vertices * n);
  subjects.forEach((values, s) => {
    for (let q = 0; q < metrics; q++) for (let v = 0; v < vertices; v++) out[v * n + q * subjects.length + s] = values[q * vertices + v] as number;
  });
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
