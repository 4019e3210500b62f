/** Values of a metric that takes more than a vertex file: a volume sampled at the vertices of a surface, or smoothing along it. */
import { setImmediate } from 'node:timers/promises';
import {
  compose, IDENTITY, invert, NO_DATA, OUTSIDE, prepareSmoothing, sampleTrilinear, smoothingSteps, SurfaceError, transformPoints, type Affine, type SmoothingMesh,
} from '../../analysis/surface/index.js';
import { SulcusError } from '../../contracts/errors.js';
import { readLinearTransform, readNifti, type NiftiVolume } from '../../formats/index.js';
import type { InputFile, SourceFile } from './documents.js';
import { readSurfaceMesh } from './surface-mesh.js';
import { readSource } from './vertex-file.js';

/** Smoothing lets others run this often, ms: activities beside it have heartbeats to send. */
const SLICE_MS = 50;
/** Changes whenever the same files and parameters could give other values. */
const SAMPLING_VERSION = 1;

/** Some vertices of the region have no value. */
export class SampledMetricError extends SulcusError {}

/** Every file a source is made of: the vertex file or volume, the surface, the transforms. */
export function inputsOf({ path, name, surface, sampling }: SourceFile): InputFile[] {
  return [{ path, name }, ...(surface === undefined ? [] : [surface]), ...(sampling?.transforms ?? []).map((t) => ({ path: t.path, name: t.name }))];
}

/** What makes the values besides the vertex file, for the key of the subject's artifact; nothing for a plain vertex file. */
export function derivationOf({ surface, sampling, smooth }: SourceFile, digest: (input: InputFile) => string): unknown[] {
  if (surface === undefined) return [];
  return [{
    version: SAMPLING_VERSION, surface: digest(surface), smooth: smooth ?? null,
    ...(sampling === undefined ? {} : { frame: sampling.frame, background: sampling.background, transforms: sampling.transforms.map((t) => [digest(t), t.invert]) }),
  }];
}

export interface MetricValues {
  /** One a vertex of the mesh; not finite where there is none, outside of the region. */
  values: Float64Array;
  /** The volume; null for a vertex file. */
  volume: NiftiVolume | null;
}

/** Reads sources, each surface and volume once. Keep one for a subject at most: it holds what it has read. */
export class SourceReader {
  private readonly meshes = new Map<string, SmoothingMesh>();
  private readonly volumes = new Map<string, NiftiVolume>();

  /** @param read the bytes of an input; `vertices` is what one hemisphere's mesh must have */
  constructor(private readonly read: (input: InputFile) => Uint8Array, private readonly vertices: number) {}

  /**
   * Values at the vertices of the region, smoothed where the study says so. Smoothing sees the whole surface, so that a vertex has the same value
   * whichever region it is analysed in.
   * @throws FormatError, SurfaceError, SampledMetricError NO_VALUE_AT_VERTICES; all name the file
   */
  async regional(source: SourceFile, region: Int32Array): Promise<Float64Array> {
    const { surface, smooth } = source;
    if (surface === undefined) return readSource(this.read(source), source, this.vertices, region);
    const { values } = this.whole(source, region);
    if (smooth === undefined) return Float64Array.from(region, (v) => values[v] as number);
    const steps = smoothingSteps(this.mesh(surface, source.sampling !== undefined), values, smooth);
    const all = await inSlices(() => naming(surface.name, () => steps.next()));
    return Float64Array.from(region, (v) => all[v] as number);
  }

  /** Values at every vertex before smoothing. The surface is read and checked all the same. Throws as `regional` does. */
  whole(source: SourceFile, region: Int32Array): MetricValues {
    const mesh = source.surface === undefined ? null : this.mesh(source.surface, source.sampling !== undefined);
    if (mesh !== null && source.sampling !== undefined) return this.sample(source, source.sampling, mesh, region);
    const bytes = this.read(source), values = readSource(bytes, source, this.vertices, undefined, true);
    if (region.some((v) => !Number.isFinite(values[v]))) readSource(bytes, source, this.vertices, region); // says which vertex of the region has no value
    return { values, volume: null };
  }

  private mesh(surface: InputFile, placed: boolean): SmoothingMesh {
    const key = `${placed} ${surface.path}`;
    let mesh = this.meshes.get(key);
    if (mesh !== undefined) return mesh;
    mesh = naming(surface.name, () => {
      const read = readSurfaceMesh(this.read(surface), { file: surface.name, placed }), found = read.points.length / 3;
      if (found !== this.vertices) throw new SurfaceError('VERTEX_COUNT', `found a surface of ${found} vertices, expected ${this.vertices}`, 'give the resampled surface of one hemisphere, or correct surface.vertices');
      return prepareSmoothing(read);
    });
    this.meshes.set(key, mesh);
    return mesh;
  }

  private sample(source: SourceFile, sampling: NonNullable<SourceFile['sampling']>, { mesh }: SmoothingMesh, region: Int32Array): MetricValues {
    const volume = this.volume(source, sampling.frame);
    const map = sampling.transforms.reduce<Affine>((before, t) => compose(before, this.transform(t)), IDENTITY);
    const { values, missing } = naming(source.name, () => sampleTrilinear(volume, transformPoints(map, mesh.points), { background: sampling.background }));
    const count = (code: number): number => region.reduce((n, v) => n + (missing[v] === code ? 1 : 0), 0);
    const outside = count(OUTSIDE), empty = count(NO_DATA);
    if (outside + empty > 0) throw noValue(source, region.length, outside, empty);
    return { values, volume };
  }

  private volume(source: SourceFile, frame: number | null): NiftiVolume {
    const key = `${frame} ${source.path}`, volume = this.volumes.get(key) ?? readNifti(this.read(source), { file: source.name, frame });
    this.volumes.set(key, volume);
    return volume;
  }

  private transform(input: InputFile & { invert: boolean }): Affine {
    return naming(input.name, () => {
      const map = readLinearTransform(this.read(input), { file: input.name }).reduce<Affine>((before, step) => compose(before, step.invert ? invert(step.matrix) : step.matrix), IDENTITY);
      const inverse = invert(map); // also where it is not used: a map that flattens space is no registration
      return input.invert ? inverse : map;
    });
  }
}

async function inSlices<T>(next: () => IteratorResult<void, T>): Promise<T> {
  for (let since = performance.now(); ;) {
    const step = next();
    if (step.done === true) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await setImmediate();
    since = performance.now();
  }
}

function noValue(source: SourceFile, vertices: number, outside: number, empty: number): SampledMetricError {
  const why = [...(outside > 0 ? [`${outside} outside the volume`] : []), ...(empty > 0 ? [`${empty} at voxels without data`] : [])].join(', ');
  return new SampledMetricError('NO_VALUE_AT_VERTICES', `${source.name}: ${outside + empty} of the ${vertices} vertices of the region (${source.side}) have no value: ${why}`, {
    file: source.name,
    remedy: outside === vertices ? 'the surface does not lie in the volume: check transform, and whether it must be inverted (invert: true)' : 'check the registration and what the volume covers, or leave these vertices out of the region',
  });
}

/** Errors of the computation name the file that they come from. */
function naming<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof SurfaceError && error.file === null) throw new SurfaceError(error.code, `${file}: ${error.message}`, error.remedy ?? '', file);
    throw error;
  }
}
