import { SulcusError } from '../../contracts/errors.js';

/** Stable codes of an impossible statistic. The message always names the column or group at fault. */
export type StatisticsCode =
  | 'UNKNOWN_COLUMN' | 'UNEQUAL_LENGTHS' | 'NOT_NUMERIC' | 'NON_FINITE' | 'OUT_OF_RANGE' | 'NO_ROWS'
  | 'SINGLE_LEVEL_FACTOR' | 'GROUP_TOO_SMALL' | 'UNKNOWN_GROUP' | 'CONSTANT_RESPONSE' | 'RANK_DEFICIENT' | 'NO_RESIDUAL_DF' | 'PERFECT_FIT'
  | 'DUPLICATE_TERM' | 'MISSING_MARGIN' | 'BAD_TABLE' | 'TABLE_TOO_LARGE' | 'BAD_PROBABILITY' | 'BAD_ARGUMENT';

/** A statistic that cannot be computed from the data given. */
export class StatisticsError extends SulcusError {
  /** Column at fault, when there is one: of the table, or of the model matrix (`factor[level]`). */
  readonly column: string | null;
  /** Group (factor level) at fault, when there is one. */
  readonly group: string | null;

  constructor(code: StatisticsCode, message: string, where: { column?: string; group?: string; remedy?: string } = {}) {
    super(code, message, where.remedy === undefined ? {} : { remedy: where.remedy });
    this.column = where.column ?? null;
    this.group = where.group ?? null;
  }
}
