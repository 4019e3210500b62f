/** What differs between the participants of a cohort then and now. Counts and names of columns only: never an id. */
import type { ArtifactStore } from '../../storage/store.js';
import { digestBytes } from '../../storage/keys.js';
import type { DatasetDocument } from '../ingest/documents.js';
import { encodeJson, decodeJson } from '../json.js';

type Participants = Pick<DatasetDocument, 'subjects' | 'keys' | 'region' | 'metrics' | 'splits'>;

/**
 * e.g. `participants: 2 added, 1 with other files, 1 with another row (age)`; empty when nothing a person would name differs. `columns`: roles and columns of
 * the participants' table that count; absent: all.
 */
function participantChanges(before: Participants, now: Participants, columns?: readonly string[]): string[] {
  const changes: string[] = [];
  const regionDiffers = digest(before.region) !== digest(now.region), metricsDiffer = before.metrics.join('\n') !== now.metrics.join('\n');
  if (regionDiffers) changes.push(`region: ${vertices(before)} -> ${vertices(now)} vertices${vertices(before) === vertices(now) ? ', others' : ''}`);
  if (metricsDiffer) changes.push(`parameter metrics: [${before.metrics.join(', ')}] -> [${now.metrics.join(', ')}]`);
  const old = new Map(before.subjects.map((s, i) => [s.id, { row: s, key: before.keys[i] }]));
  const ids = new Set(now.subjects.map((s) => s.id));
  const counts: string[] = [], edited = new Set<string>();
  let added = 0, files = 0, rows = 0;
  for (const [i, subject] of now.subjects.entries()) {
    const earlier = old.get(subject.id);
    if (earlier === undefined) { added++; continue; }
    if (earlier.key !== now.keys[i]) files++;
    const differing = columnsThatDiffer(earlier.row, subject).filter((name) => columns?.includes(name) ?? true);
    if (differing.length > 0) rows++;
    for (const name of differing) edited.add(name);
  }
  const removed = before.subjects.filter((s) => !ids.has(s.id)).length;
  if (added > 0) counts.push(`${added} added`);
  if (removed > 0) counts.push(`${removed} removed`);
  // Another region or other metrics are other values of everybody.
  if (files > 0 && !regionDiffers && !metricsDiffer) counts.push(`${files} with other files`);
  if (rows > 0) counts.push(`${rows} with another row (${[...edited].join(', ')})`);
  if (counts.length === 0 && order(before) !== order(now)) counts.push('in another order');
  if (counts.length > 0) changes.push(`participants: ${counts.join(', ')}`);
  else if (changes.length === 0 && columns?.length !== 0 && digest(before.splits) !== digest(now.splits)) changes.push('halves drawn anew');
  return changes;
}

/** The same of two documents in the store; what a deleted document held cannot be told. */
export async function datasetChanges(store: ArtifactStore, before: string, now: string, columns?: readonly string[]): Promise<string[]> {
  if (before === now) return [];
  const question = [before, now, ...(columns ?? ['*'])].join(' ');
  if (last?.question !== question) last = { question, changes: compare(store, before, now, columns) };
  return last.changes;
}

/** Fits of a cohort ask one after the other for the same pair. */
let last: { question: string; changes: Promise<string[]> } | null = null;

async function compare(store: ArtifactStore, before: string, now: string, columns: readonly string[] | undefined): Promise<string[]> {
  const [a, b] = await Promise.all([before, now].map((key) => store.find({ kind: 'dataset', key })));
  if (!a || !b) return ['participants: differ (the earlier list is not in the store any more)'];
  return participantChanges(decodeJson<DatasetDocument>(a.bytes), decodeJson<DatasetDocument>(b.bytes), columns);
}

function columnsThatDiffer(a: Participants['subjects'][number], b: Participants['subjects'][number]): string[] {
  const differing = (['group', 'age', 'sex'] as const).filter((role) => a[role] !== b[role]).map(String);
  const names = new Set([...Object.keys(a.values), ...Object.keys(b.values)]);
  // A column with a role has been told by it: its text may differ where the value does not (30 and 30.0).
  const others = [...names].filter((name) => a.values[name] !== b.values[name]);
  return [...differing, ...(differing.length > 0 ? others.filter((name) => !differing.some((role) => name.toLowerCase().includes(role))) : others)];
}

const vertices = ({ region }: Participants): number => region.hemispheres.reduce((sum, h) => sum + h.vertices.length, 0);
const order = ({ subjects }: Participants): string => subjects.map((s) => s.id).join('\n');
const digest = (value: unknown): string => digestBytes(encodeJson(value));
