/** The surface that all subjects share, where the study file names one. */
import { adjacencyOf, SurfaceError } from '../../analysis/surface/index.js';
import type { StudySpec } from '../../contracts/study.js';
import { readInput } from './read-input.js';
import { readSurfaceMesh } from './surface-mesh.js';

/**
 * Reads it once before any subject, so that what is wrong with it is the study's error and not everybody's.
 * @throws FormatError, SurfaceError, SulcusError MISSING_FILE
 */
export async function checkStudyMesh({ surface, metrics }: StudySpec, directory: string): Promise<void> {
  const users = metrics.filter((m) => m.surface === undefined && (m.sampling !== undefined || m.smooth !== undefined));
  if (users.length === 0) return;
  for (const side of surface.hemispheres) {
    const file = surface.mesh?.[side] ?? '';
    const mesh = readSurfaceMesh(await readInput(directory, file, 'check surface.mesh in the study file'), { file, placed: users.some((m) => m.sampling !== undefined) });
    const found = mesh.points.length / 3;
    if (found !== surface.vertices) throw new SurfaceError('VERTEX_COUNT', `${file}: found a surface of ${found} vertices, expected ${surface.vertices}`, 'give the mesh that the vertex files are on, or correct surface.vertices', file);
    try {
      adjacencyOf(mesh);
    } catch (error) {
      throw error instanceof SurfaceError ? new SurfaceError(error.code, `${file}: ${error.message}`, error.remedy ?? '', file) : error;
    }
  }
}
