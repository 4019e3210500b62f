/** OPNMF: factorize a non-negative matrix with a certificate of convergence. See docs/opnmf.md. */
export { Factorizer, factorize, OPNMF_VERSION, type FactorizeOptions } from './factorize.js';
export { leadingSingularVectors, nndsvd, randomStart, type Fill, type SingularVectors } from './initialise.js';
export { FactorizationError, type FactorizationErrorCode } from './errors.js';
export type { Factorization, OnPass, Progress, StopReason } from './types.js';
