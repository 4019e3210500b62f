/** Nulls that respect smoothness, for the agreement and the stability of parcellations. See docs/statistics.md, "Beyond the paper". Pure. */
export { limitOf } from './limits.js';
export { regionModes, type RegionModes } from './modes.js';
export { denseRand, randNull, type NullOptions } from './rand-null.js';
export { regionMesh, type RegionMesh, type RegionSide } from './region-mesh.js';
export { surrogateBasis, type SurrogateBasis } from './sample.js';
export { stabilityNull, type RankHalves } from './stability-null.js';
export { NULLS_VERSION } from './version.js';
