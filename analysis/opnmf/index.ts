/** OPNMF: factorize a non-negative matrix with a certificate of convergence. See docs/opnmf.md. */
export { Factorizer, factorize, prepare, OPNMF_VERSION, type FactorizeOptions } from './factorize.js';
export type { PreparedMatrix } from './kernel/matrix.js';
export { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.js';
export { nndsvd, partitionStart, randomStart, singularVectors, type Fill, type SingularVectors } from './initialise.js';
export { FactorizationError, type FactorizationErrorCode } from './errors.js';
export type { Factorization, OnPass, OnSafePoint, Progress, StopReason } from './types.js';
