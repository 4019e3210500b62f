/** One subject: its files become one artifact, keyed by their content. */
import { readFile, stat } from 'node:fs/promises';
import type { RunInfo } from '../../contracts/activities.js';
import { SulcusError } from '../../contracts/errors.js';
import type { Exclusion } from '../../contracts/results.js';
import { digestBytes, stepKey } from '../../storage/keys.js';
import type { ArtifactStore } from '../../storage/store.js';
import { decodeJson, encodeJson, provenanceOf } from '../step.js';
import { encodeDoubles } from '../doubles.js';
import { MOST_BYTES, mostVertexBytes, refuseOther } from './data-file.js';
import { regionSize, type InputFile, type ManifestSubject, type RegionDocument, type SourceFile } from './documents.js';
import { derivationOf, inputsOf, SourceReader } from './sampled-metric.js';

const SUBJECT_VERSION = 1;
/** A file changed this recently might change again within the clock's grain: its digest is not remembered. */
const SETTLED_MS = 100;

export interface SubjectResult {
  key: string | null;
  excluded: Exclusion | null;
  reused: boolean;
}

/**
 * Reads and checks every file of a subject, or finds that nothing changed. A subject whose files have the same size, times and inode as
 * when they were read needs no reading; otherwise the bytes decide. Values lie metric by metric, region vertices left then right.
 */
export async function ingestSubject(store: ArtifactStore, run: RunInfo, subject: ManifestSubject, region: RegionDocument, regionKey: string): Promise<SubjectResult> {
  if (subject.problem !== null) return { key: null, excluded: subject.problem, reused: false };
  try {
    const statKey = await fingerprint(subject.files, regionKey, region.meshVertices);
    const known = await remembered(store, statKey.key);
    if (known !== null) return { key: known, excluded: null, reused: true };
    const key = await readSubject(store, run, subject.files, region, regionKey);
    if (statKey.settled) await store.put({ kind: 'stat', key: statKey.key }, encodeJson({ key }), provenanceOf(run, 0));
    return { key, excluded: null, reused: false };
  } catch (error) {
    const excluded = exclusionOf(subject.id, error);
    if (excluded === null) throw error;
    return { key: null, excluded, reused: false };
  }
}

/** The key of a subject whose files are as they were when they were read last; null when one of them has changed. Throws what `stat` throws. */
export async function unchangedKey(store: ArtifactStore, files: SourceFile[], region: RegionDocument, regionKey: string): Promise<string | null> {
  return remembered(store, (await fingerprint(files, regionKey, region.meshVertices)).key);
}

async function remembered(store: ArtifactStore, statKey: string): Promise<string | null> {
  const known = await store.find({ kind: 'stat', key: statKey });
  if (known === null) return null;
  const { key } = decodeJson<{ key: string }>(known.bytes);
  return (await store.provenance({ kind: 'subject', key })) === null ? null : key;
}

async function readSubject(store: ArtifactStore, run: RunInfo, files: SourceFile[], region: RegionDocument, regionKey: string): Promise<string> {
  const started = performance.now();
  const contents = new Map<string, { bytes: Uint8Array; digest: string }>();
  for (const { path } of files.flatMap(inputsOf)) {
    if (contents.has(path)) continue;
    const bytes = await readFile(path);
    contents.set(path, { bytes, digest: digestBytes(bytes) });
  }
  const content = ({ path }: InputFile): { bytes: Uint8Array; digest: string } => contents.get(path) as { bytes: Uint8Array; digest: string };
  const digest = (input: InputFile): string => content(input).digest;
  const key = stepKey('subject', SUBJECT_VERSION, { region: regionKey, files: files.map((f) => [f.metric, f.side, digest(f), ...derivationOf(f, digest)]) });
  if ((await store.provenance({ kind: 'subject', key })) !== null) return key;
  const perMetric = regionSize(region);
  const metrics = [...new Set(files.map((f) => f.metric))];
  const values = new Float64Array(perMetric * metrics.length);
  const reader = new SourceReader((input) => content(input).bytes, region.meshVertices);
  for (const file of files) {
    const at = region.hemispheres.findIndex((h) => h.side === file.side);
    const before = regionSize({ hemispheres: region.hemispheres.slice(0, at) });
    const select = Int32Array.from((region.hemispheres[at] as RegionDocument['hemispheres'][number]).vertices);
    values.set(await reader.regional(file, select), metrics.indexOf(file.metric) * perMetric + before);
  }
  await store.put({ kind: 'subject', key }, encodeDoubles(values), provenanceOf(run, (performance.now() - started) / 1000));
  return key;
}

async function fingerprint(files: SourceFile[], regionKey: string, mesh: number): Promise<{ key: string; settled: boolean }> {
  const inputs = files.flatMap((f) => inputsOf(f).map((input, i) => ({ about: i === 0 ? [f.metric, f.side, f.path, ...derivationOf(f, ({ path }) => path)] : [input.path], path: input.path, name: input.name, most: i === 0 && f.sampling === undefined ? mostVertexBytes(mesh) : MOST_BYTES })));
  const stats = await Promise.all(inputs.map((input) => stat(input.path, { bigint: true })));
  stats.forEach((s, i) => refuseOther(s, inputs[i]?.name ?? '', inputs[i]?.most ?? 0));
  const newest = Math.max(...stats.map((s) => Math.max(Number(s.mtimeMs), Number(s.ctimeMs))));
  const seen = stats.map((s, i) => [...(inputs[i]?.about ?? []), String(s.size), String(s.mtimeNs), String(s.ctimeNs), String(s.ino)]);
  return { key: stepKey('stat', SUBJECT_VERSION, { region: regionKey, seen }), settled: Date.now() - newest > SETTLED_MS };
}

/** What is wrong with the subject's own files excludes it; anything else (a full disk, a broken store) is a failure of the step. */
function exclusionOf(id: string, error: unknown): Exclusion | null {
  if (error instanceof SulcusError && error.file !== null) {
    return { id, code: error.code, reason: error.message, file: error.file, line: error.line, remedy: error.remedy };
  }
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'ENOENT' || code === 'EISDIR') {
    return { id, code: 'UNREADABLE_FILE', reason: `a file cannot be read (${code})`, file: path ?? null, line: null, remedy: 'check that the file exists and that workers may read it' };
  }
  return null;
}
