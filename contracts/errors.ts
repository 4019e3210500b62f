/**
 * The base of every error a user may meet: a stable `code`, and a message that says what was found, where, and what to do.
 * `code` becomes the failure type in Temporal and the code of a problem in `sulcus check`.
 */
export class SulcusError extends Error {
  readonly code: string;
  readonly remedy: string | null;
  readonly file: string | null;
  readonly line: number | null;

  constructor(code: string, message: string, options: { remedy?: string; file?: string | null; line?: number | null; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy ?? null;
    this.file = options.file ?? null;
    this.line = options.line ?? null;
  }
}
