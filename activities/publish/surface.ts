/** The study's surface for the report, with fewer triangles outside the region, so that the results folder can be drawn by itself. */
import { setImmediate as othersFirst } from 'node:timers/promises';
import { decimate, foldDepth, SurfaceError, type Mesh } from '../../analysis/surface/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { Hemisphere, StudySpec } from '../../contracts/study.js';
import { surfaceFiles } from '../../report/brain/files.js';
import type { RegionDocument } from '../ingest/documents.js';
import { meshOf, readMeshFile } from '../ingest/study-mesh.js';
import type { ResultFile } from './tables.js';

/** Triangles outside the region: enough that no fold is lost at the size of a page. */
const REST = 20_000;
/** Triangles of a hemisphere at most; a larger region is made coarser as well. */
const MOST = 60_000;

/**
 * The files of surface/ for each hemisphere whose mesh the study file names. A mesh that cannot be read by now costs the picture, not the study: it
 * is told in a sentence for the report.
 */
export async function drawnSurface(spec: StudySpec, directory: string | undefined, region: RegionDocument): Promise<{ files: ResultFile[]; problems: string[] }> {
  const files: ResultFile[] = [], problems: string[] = [];
  for (const { side, vertices } of region.hemispheres) {
    const file = spec.surface.mesh?.[side];
    if (file === undefined || directory === undefined) continue;
    // A large mesh takes seconds: heartbeats go out between hemispheres.
    await othersFirst();
    try {
      const mesh = checked(meshOf(await readMeshFile(spec.surface, side, directory), { file, placed: false, vertices: spec.surface.vertices }), file);
      const whole = mirrored(mesh, spec, side), depth = foldDepth(whole);
      const { vertices: kept, ...drawn } = await decimate(whole, { keep: vertices, rest: REST, most: MOST, shade: depth });
      files.push(...surfaceFiles(side, { ...drawn, vertices: kept, depth: Float64Array.from(kept, (v) => depth[v] as number) }));
    } catch (error) {
      if (!(error instanceof SulcusError)) throw error;
      problems.push(`The ${side} surface is not drawn: ${error.message}.`);
    }
  }
  return { files, problems };
}

/** Only what drawing needs: a picture can be made of several pieces, too. */
function checked(mesh: Mesh, file: string): Mesh {
  const n = mesh.points.length / 3;
  if (mesh.triangles.some((v) => v < 0 || v >= n)) throw new SurfaceError('MESH_BAD_INDEX', `${file}: a triangle names a vertex that the surface does not have`, 'write or copy the surface again', file);
  if (mesh.points.some((x) => !Number.isFinite(x))) throw new SurfaceError('MESH_NOT_FINITE', `${file}: a coordinate is not finite`, 'write or copy the surface again', file);
  return mesh;
}

/** One file named for both hemispheres is a common mesh in the shape of one of them: the other is drawn as its mirror image. */
function mirrored(mesh: Mesh, { surface }: StudySpec, side: Hemisphere): Mesh {
  if (surface.mesh?.left !== surface.mesh?.right) return mesh;
  let x = 0;
  for (let i = 0; i < mesh.points.length; i += 3) x += mesh.points[i] as number;
  if (side === 'left' ? x <= 0 : x > 0) return mesh;
  const triangles = mesh.triangles.slice();
  for (let i = 0; i < triangles.length; i += 3) { triangles[i + 1] = mesh.triangles[i + 2] as number; triangles[i + 2] = mesh.triangles[i + 1] as number; }
  return { points: mesh.points.map((v, i) => (i % 3 === 0 ? -v : v)), triangles };
}
