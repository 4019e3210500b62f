/** The study's surface for the report, with fewer triangles outside the region, so that the results folder can be drawn by itself. */
import { setImmediate as othersFirst } from 'node:timers/promises';
import { foldDepth, SurfaceError, type Mesh } from '../../analysis/surface/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { Hemisphere, StudySpec } from '../../contracts/study.js';
import type { PublishInput } from '../../contracts/activities.js';
import type { ArtifactRef } from '../../contracts/refs.js';
import { shapePath, surfaceFiles, surfacePath } from '../../report/brain/files.js';
import { digestBytes, stepKey } from '../../storage/keys.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { RegionDocument } from '../ingest/documents.js';
import { meshOf, readMeshFile } from '../ingest/study-mesh.js';
import { cachedJson } from '../step.js';
import type { ResultFile } from './tables.js';

/** Changes with whatever makes these files others. */
const DRAWN_VERSION = 1;
/** Triangles outside the region: enough that no fold is lost at the size of a page. */
const REST = 20_000;
/** Triangles of a hemisphere at most; a larger region is made coarser as well. */
const MOST = 60_000;

/**
 * The files of surface/ for each hemisphere whose mesh the study file names. A mesh that cannot be read by now costs the picture, not the study: it
 * is told in a sentence for the report.
 */
export async function drawnSurface(store: ArtifactStore, { run, spec, directory }: Pick<PublishInput, 'run' | 'spec' | 'directory'>, region: RegionDocument): Promise<{ files: ResultFile[]; problems: string[] }> {
  const files: ResultFile[] = [], problems: string[] = [];
  for (const { side, vertices } of region.hemispheres) {
    const file = spec.surface.mesh?.[side];
    if (file === undefined || directory === undefined) continue;
    // A large mesh takes seconds: heartbeats go out between hemispheres.
    await othersFirst();
    try {
      const bytes = await readMeshFile(spec.surface, side, directory);
      const ref: ArtifactRef = { kind: 'drawn', key: stepKey('drawn', DRAWN_VERSION, { mesh: digestBytes(bytes), common: common(spec), side, vertices: digestBytes(Buffer.from(Int32Array.from(vertices).buffer)), of: spec.surface.vertices }) };
      const [surface, shape] = await cachedJson(store, run, ref, async () => (await draw(bytes, spec, side, file, vertices)).map((content) => Buffer.from(content).toString('base64')));
      files.push([surfacePath(side), Buffer.from(surface ?? '', 'base64')], [shapePath(side), Buffer.from(shape ?? '', 'base64')]);
    } catch (error) {
      if (!(error instanceof SulcusError)) throw error;
      problems.push(`The ${side} surface is not drawn: ${error.message}.`);
    }
  }
  return { files, problems };
}

/** The two files of a hemisphere. */
async function draw(bytes: Uint8Array, spec: StudySpec, side: Hemisphere, file: string, vertices: ArrayLike<number>): Promise<[surface: Uint8Array, shape: Uint8Array]> {
  const { decimate } = await import('../../analysis/surface/decimate.js'); // its library is compiled when it is loaded, and most runs find their surface drawn
  const mesh = checked(meshOf(bytes, { file, placed: false, vertices: spec.surface.vertices }), file);
  const whole = mirrored(mesh, spec, side), depth = foldDepth(whole);
  const { vertices: kept, ...drawn } = await decimate(whole, { keep: vertices, rest: REST, most: MOST, shade: depth });
  const [surface, shape] = surfaceFiles(side, { ...drawn, vertices: kept, depth: Float64Array.from(kept, (v) => depth[v] as number) });
  return [surface[1], shape[1]];
}

/** Only what drawing needs: a picture can be made of several pieces, too. */
function checked(mesh: Mesh, file: string): Mesh {
  const n = mesh.points.length / 3;
  if (mesh.triangles.some((v) => v < 0 || v >= n)) throw new SurfaceError('MESH_BAD_INDEX', `${file}: a triangle names a vertex that the surface does not have`, 'write or copy the surface again', file);
  if (mesh.points.some((x) => !Number.isFinite(x))) throw new SurfaceError('MESH_NOT_FINITE', `${file}: a coordinate is not finite`, 'write or copy the surface again', file);
  return mesh;
}

const common = ({ surface }: Pick<StudySpec, 'surface'>): boolean => surface.mesh?.left === surface.mesh?.right;

/** One file named for both hemispheres is a common mesh in the shape of one of them: the other is drawn as its mirror image. */
function mirrored(mesh: Mesh, { surface }: StudySpec, side: Hemisphere): Mesh {
  if (!common({ surface })) return mesh;
  let x = 0;
  for (let i = 0; i < mesh.points.length; i += 3) x += mesh.points[i] as number;
  if (side === 'left' ? x <= 0 : x > 0) return mesh;
  const triangles = mesh.triangles.slice();
  for (let i = 0; i < triangles.length; i += 3) { triangles[i + 1] = mesh.triangles[i + 2] as number; triangles[i + 2] = mesh.triangles[i + 1] as number; }
  return { points: mesh.points.map((v, i) => (i % 3 === 0 ? -v : v)), triangles };
}
