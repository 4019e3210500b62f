import { SulcusError } from '../../contracts/errors.js';

export type ParcellationErrorCode = 'UNEQUAL_LENGTHS' | 'NOT_FINITE' | 'BAD_ARGUMENT';

/** Labels, weights or costs that do not fit together; the message says what was found. Never worth a retry. */
export class ParcellationError extends SulcusError {
  constructor(code: ParcellationErrorCode, message: string) {
    super(code, message);
  }
}
