/** Comparing parcellations: halves, stability, labels, Rand index, matching. See docs/statistics.md. */
export { ParcellationError, type ParcellationErrorCode } from './errors.js';
export { stratifiedHalves, type HalvesOptions, type Split } from './halves.js';
export { stability, type Stability } from './stability.js';
export { adjustedRandIndex, componentSizes, hardLabels, overlapMatrix } from './labels.js';
export { optimalAssignment } from './assignment.js';
