/** What `check` keeps of a vertex file once it has been read: a few numbers, a digest and a sketch, whatever the size of the mesh. */
import { createHash } from 'node:crypto';
import { MOST_BYTES, mostVertexBytes, readDataFileSync } from '../../activities/ingest/data-file.js';
import type { InputFile, SourceFile } from '../../activities/ingest/documents.js';
import { SourceReader } from '../../activities/ingest/sampled-metric.js';
import { SulcusError } from '../../contracts/errors.js';
import { personalFields } from './personal.js';

/** Over the vertices of the region. */
export interface RegionFacts {
  vertices: number;
  min: number;
  max: number;
  mean: number;
  zeros: number;
  negative: number;
}

export interface FileFacts {
  region: RegionFacts;
  /** SHA-256 of the values: files that differ only in how numbers are written have the same. */
  digest: string;
  /** Values at vertices spread evenly over the mesh. */
  sketch: Float32Array;
  /** Header fields that name a person. */
  personal: string[];
  /** How far apart the two orientations in a volume's header put its corners, mm; absent where there are not two. */
  disagreement?: number;
}

/** Vertices kept of a file, at most: 4 KB of memory a file. */
const SKETCH = 1024;

export interface InspectTask {
  source: SourceFile;
  mesh: number;
}

export interface InspectFailure {
  code: string;
  message: string;
  file: string | null;
  line: number | null;
  remedy: string | null;
}

export type Inspection = { facts: FileFacts; failure: null } | { facts: null; failure: InspectFailure };

/** Reads one file whole. What is wrong with it is an answer; only faults of the program itself are thrown. */
export function inspectFile({ source, mesh }: InspectTask, region: Int32Array): Inspection {
  let reading = source.name;
  try {
    // A surface and transforms are read beside the file; smoothing is computing, and hides what is wrong with single values.
    const bytesOf = new Map<string, Uint8Array>();
    const read = ({ path, name }: InputFile): Uint8Array => {
      reading = name;
      const bytes = bytesOf.get(path) ?? readDataFileSync(path, name, path === source.path && source.sampling === undefined ? mostVertexBytes(mesh) : MOST_BYTES);
      bytesOf.set(path, bytes);
      return bytes;
    };
    const { values, volume } = new SourceReader(read, mesh).whole(source, region);
    const digest = createHash('sha256').update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest('hex').slice(0, 32);
    return { facts: { region: regionFacts(values, region), digest, sketch: sketchOf(values), personal: personalFields(volume?.header ?? read(source)), ...(volume?.disagreement == null ? {} : { disagreement: volume.disagreement }) }, failure: null };
  } catch (error) {
    return { facts: null, failure: failureOf(error, reading) };
  }
}

/** Errors of readers and of the disk as plain data. Throws what is neither. */
export function failureOf(error: unknown, name: string): InspectFailure {
  if (error instanceof SulcusError) return { code: error.code, message: error.message, file: error.file ?? name, line: error.line, remedy: error.remedy };
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') throw error;
  const failure = (kind: string, message: string, remedy: string): InspectFailure => ({ code: kind, message, file: name, line: null, remedy });
  if (code === 'ENOENT' || code === 'ENOTDIR') return failure('MISSING_FILE', `${name} does not exist`, 'complete the subject, or remove the row');
  if (code === 'EACCES' || code === 'EPERM') return failure('UNREADABLE_FILE', `${name} may not be read (${code})`, 'give yourself, and the account of the workers, the right to read it');
  return failure('UNREADABLE_FILE', `${name} cannot be read (${code})`, 'check the disk, and copy the file again');
}

function regionFacts(values: Float64Array, region: Int32Array): RegionFacts {
  let min = Infinity, max = -Infinity, sum = 0, zeros = 0, negative = 0;
  for (const vertex of region) {
    const v = values[vertex] as number;
    if (v < min) min = v;
    if (v > max) max = v;
    sum += v;
    if (v === 0) zeros++;
    else if (v < 0) negative++;
  }
  return { vertices: region.length, min, max, mean: sum / region.length, zeros, negative };
}

function sketchOf(values: Float64Array): Float32Array {
  const n = Math.min(SKETCH, values.length);
  return Float32Array.from({ length: n }, (_, i) => {
    const value = values[Math.floor((i * values.length) / n)] as number;
    return Number.isFinite(value) ? value : 0; // outside of the region there may be none
  });
}
