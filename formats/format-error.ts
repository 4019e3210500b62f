import { SulcusError } from '../contracts/errors.js';

/** Codes of FormatError; stable, because they become failure types and the codes of `sulcus check`. */
export type FormatErrorCode =
  | 'SHORT_FILE' | 'LONG_FILE' | 'EMPTY_FILE' | 'NOT_A_NUMBER' | 'NOT_FINITE' | 'NOT_AN_INTEGER' | 'POINTER_FILE' | 'EMPTY_LINE'
  | 'BAD_LABEL_LINE' | 'DUPLICATE_LABEL' | 'UNKNOWN_REGION'
  | 'NOT_LCMODEL_TABLE' | 'TRUNCATED_TABLE' | 'BAD_TABLE_LINE' | 'NO_CONCENTRATIONS' | 'MISSING_QUALITY' | 'DUPLICATE_METABOLITE'
  | 'MISSING_COLUMN' | 'DUPLICATE_COLUMN' | 'DUPLICATE_ID' | 'EMPTY_ID' | 'BAD_ROW'
  | 'NOT_NPY' | 'UNSUPPORTED_NPY' | 'NOT_OBJ' | 'UNSUPPORTED_OBJ' | 'INVALID_VALUE'
  | 'WRONG_KIND' | 'WRONG_HEMISPHERE' | 'SEVERAL_MAPS' | 'NO_SUCH_MAP' | 'TOO_LARGE' | 'BAD_COMPRESSION'
  | 'BAD_XML' | 'NOT_GIFTI' | 'UNSUPPORTED_GIFTI' | 'BAD_GIFTI' | 'NOT_FREESURFER' | 'BAD_FREESURFER' | 'UNSUPPORTED_FREESURFER'
  | 'NOT_MGH' | 'BAD_MGH' | 'UNSUPPORTED_MGH' | 'NOT_MAT' | 'BAD_MAT' | 'UNSUPPORTED_MAT' | 'NO_SUCH_VARIABLE'
  | 'BAD_JSON' | 'BAD_TEXT' | 'BAD_COORD' | 'NOT_COORD'
  | 'NOT_NIFTI' | 'BAD_NIFTI' | 'UNSUPPORTED_NIFTI' | 'NO_ORIENTATION' | 'SEVERAL_VOLUMES' | 'NOT_TRANSFORM' | 'BAD_TRANSFORM' | 'UNSUPPORTED_TRANSFORM';

export interface FormatErrorOptions {
  remedy?: string;
  file?: string | null;
  /** 1-based, in text. */
  line?: number | null;
  /** In bytes from the start of the file (of the decompressed data of a compressed one); null in text. */
  offset?: number | null;
  found?: string | null;
  expected?: string | null;
  cause?: unknown;
}

/** A file that cannot be read as what it should be. `file` is the name the caller gave; `line` is 1-based, `offset` in bytes. */
export class FormatError extends SulcusError {
  declare readonly code: FormatErrorCode;
  readonly offset: number | null;
  readonly found: string | null;
  readonly expected: string | null;

  constructor(code: FormatErrorCode, message: string, options: FormatErrorOptions = {}) {
    super(code, message, options);
    this.offset = options.offset ?? null;
    this.found = options.found ?? null;
    this.expected = options.expected ?? null;
  }
}

/** The usual error, its one line made of its parts: `a.gii line 4: found X, expected Y` or `a.mgh byte 28: ...`. */
export function mismatch(code: FormatErrorCode, at: { file: string; line?: number; offset?: number }, found: string, expected: string, remedy: string, cause?: unknown): FormatError {
  const place = at.line !== undefined ? ` line ${at.line}` : at.offset !== undefined ? ` byte ${at.offset}` : '';
  return new FormatError(code, `${at.file}${place}: found ${found}, expected ${expected}`, {
    file: at.file, line: at.line ?? null, offset: at.offset ?? null, found, expected, remedy, cause,
  });
}

/**
 * Throws POINTER_FILE when the bytes are the placeholder that git-LFS or git-annex leaves where a large file was not
 * downloaded. Looks at the first 400 bytes only.
 */
export function refusePointer(bytes: Uint8Array, file: string): void {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 400)).toString('latin1');
  const lfs = head.startsWith('version https://git-lfs');
  const annex = head.includes('.git/annex/') || head.startsWith('/annex/objects/');
  if (!lfs && !annex) return;
  const tool = lfs ? 'git-LFS' : 'git-annex';
  throw new FormatError('POINTER_FILE', `${file} line 1: the file is a ${tool} pointer, not the data itself`, {
    file, line: 1, remedy: lfs ? 'Fetch the content with `git lfs pull`.' : 'Fetch the content with `git annex get` or `datalad get`.',
  });
}

/** At most 40 characters of foreign text, safe to print in a message. */
export function excerpt(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > 40 ? `${printable.slice(0, 37)}...` : printable;
}
