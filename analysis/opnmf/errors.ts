import { SulcusError } from '../../contracts/errors.js';

export type FactorizationErrorCode = 'EMPTY_MATRIX' | 'NEGATIVE_VALUE' | 'NOT_FINITE' | 'CONSTANT_MATRIX' | 'BAD_SCALE' | 'RANK_TOO_LARGE' | 'BAD_START';

/** The input of a factorization cannot be used; the message names the place. Never worth a retry. */
export class FactorizationError extends SulcusError {
  constructor(code: FactorizationErrorCode, message: string, remedy: string) {
    super(code, message, { remedy });
  }
}
