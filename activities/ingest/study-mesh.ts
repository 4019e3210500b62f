/** The surface that all subjects share, where the study file names one. */
import { adjacencyOf, SurfaceError, type Mesh } from '../../analysis/surface/index.js';
import type { Hemisphere, StudySpec } from '../../contracts/study.js';
import { readInput } from './read-input.js';
import { readSurfaceMesh } from './surface-mesh.js';

/**
 * Reads it once before any subject, so that what is wrong with it is the study's error and not everybody's.
 * @param always also when no metric needs it: the spatial surrogates do, and the report draws on it (whatever its triangles are)
 * @throws FormatError, SurfaceError, SulcusError MISSING_FILE
 */
export async function checkStudyMesh({ surface, metrics, statistics }: StudySpec, directory: string, always = false): Promise<void> {
  const users = metrics.filter((m) => m.surface === undefined && (m.sampling !== undefined || m.smooth !== undefined));
  const onlyDrawn = users.length === 0 && (statistics.nulls ?? 0) === 0;
  for (const side of surface.hemispheres) {
    if (users.length === 0 && !(always && surface.mesh?.[side] !== undefined)) continue;
    const file = surface.mesh?.[side] ?? '';
    const mesh = meshOf(await readMeshFile(surface, side, directory), { file, placed: users.some((m) => m.sampling !== undefined), vertices: surface.vertices });
    if (onlyDrawn) continue;
    try {
      adjacencyOf(mesh);
    } catch (error) {
      throw error instanceof SurfaceError ? named(error, file) : error;
    }
  }
}

export function readMeshFile(surface: StudySpec['surface'], side: Hemisphere, directory: string): Promise<Uint8Array> {
  return readInput(directory, surface.mesh?.[side] ?? '', 'check surface.mesh in the study file');
}

/** The surface in a file's bytes, with as many vertices as the study's. Throws FormatError, SurfaceError. */
export function meshOf(bytes: Uint8Array, { file, placed, vertices }: { file: string; placed: boolean; vertices: number }): Mesh {
  const mesh = readSurfaceMesh(bytes, { file, placed }), found = mesh.points.length / 3;
  if (found !== vertices) throw new SurfaceError('VERTEX_COUNT', `${file}: found a surface of ${found} vertices, expected ${vertices}`, 'give the mesh that the vertex files are on, or correct surface.vertices', file);
  return mesh;
}

/** What is wrong with a surface, and in which file. */
export const named = (error: SurfaceError, file: string): SurfaceError => new SurfaceError(error.code, `${file}: ${error.message}`, error.remedy ?? '', file);
