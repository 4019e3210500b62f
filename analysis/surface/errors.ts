import { SulcusError } from '../../contracts/errors.js';

export type SurfaceErrorCode =
  | 'SINGULAR_TRANSFORM' | 'BAD_TRANSFORM' | 'MESH_NOT_FINITE' | 'MESH_BAD_INDEX' | 'MESH_DEGENERATE' | 'MESH_NON_MANIFOLD' | 'MESH_DISCONNECTED'
  | 'VERTEX_COUNT' | 'NO_CENTRE' | 'BAD_VOLUME' | 'BAD_SMOOTHING' | 'UNEQUAL_LENGTHS' | 'BAD_SOURCE';

/** A mesh, transform or volume that cannot be computed with. The message says where; who read it from a file adds the file's name. */
export class SurfaceError extends SulcusError {
  declare readonly code: SurfaceErrorCode;

  constructor(code: SurfaceErrorCode, message: string, remedy: string, file: string | null = null) {
    super(code, message, { remedy, file });
  }
}
