/** Volumes on surfaces: affine maps, sampling at vertices, neighbours, distances and smoothing along the surface. Pure. */
export { compose, IDENTITY, invert, transformPoints, type Affine } from './affine.js';
export { SurfaceError, type SurfaceErrorCode } from './errors.js';
export { geodesicDistances } from './geodesic.js';
export { laplacianOf, type Laplacian } from './laplacian.js';
export { NO_DATA, OUTSIDE, sampleTrilinear, type Samples, type Volume } from './sample.js';
export { diffusionTime, prepareSmoothing, smoothingSteps, smoothOnSurface, type SmoothingMesh } from './smooth.js';
export { adjacencyOf, type Adjacency } from './topology.js';
export type { Mesh, SymmetricMatrix } from './types.js';
export { foldDepth } from './depth.js';
