/** Decompression that cannot be made to fill the memory: what comes out is bounded by what went in. */
import { gunzipSync, unzipSync, constants, type ZlibOptions } from 'node:zlib';
import { FormatError, mismatch } from './format-error.js';

/** A file may always expand to this many bytes ... */
const FLOOR = 16 * 2 ** 20;
/** ... and to this multiple of its size. Measurements compress to a half or a third, labels and masks to a hundredth of small files. */
const RATIO = 64;

/** How many decompressed bytes one file may still give. Shared by all compressed parts of a file. */
export class Budget {
  private left: number;

  constructor(readonly file: string, fileLength: number) {
    this.left = FLOOR + RATIO * fileLength;
  }

  /** Throws TOO_LARGE when `size` bytes are more than is left; otherwise takes them. */
  spend(size: number, what: string): void {
    if (!(size <= this.left)) throw tooLarge(this.file, what, size, this.left);
    this.left -= size;
  }

  /** Decompresses a gzip or zlib stream (told apart by their first bytes) and takes what came out. `expected`: the most it may be, when declared. */
  inflate(bytes: Uint8Array, what: string, expected?: number): Uint8Array {
    if (expected !== undefined && !(expected <= this.left)) throw tooLarge(this.file, what, expected, this.left);
    const limit = expected ?? this.left;
    const out = run(unzipSync, bytes, { maxOutputLength: Math.max(1, limit) }, this.file, what, limit);
    this.left -= out.length;
    return out;
  }
}

/** The first bytes of a gzip stream, decompressed: at most about a megabyte, often more than `size`, less at the end of the data. */
export function peekGzip(bytes: Uint8Array, file: string, size = 1024): Uint8Array {
  return run(gunzipSync, bytes.subarray(0, size + 512), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 * 2 ** 20 }, file, 'the compressed file', 2 * 2 ** 20);
}

function run(decompress: typeof gunzipSync, bytes: Uint8Array, options: ZlibOptions, file: string, what: string, limit: number): Uint8Array {
  try {
    return decompress(bytes, options);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(file, what, null, limit);
    const text = code === 'Z_BUF_ERROR' ? 'compressed data that end too early' : `damaged compressed data (${cause instanceof Error ? cause.message : String(cause)})`;
    throw mismatch('BAD_COMPRESSION', { file }, text, `a whole zlib or gzip stream in ${what}`, 'Copy or export the file again.', cause);
  }
}

function tooLarge(file: string, what: string, size: number | null, limit: number): FormatError {
  return new FormatError('TOO_LARGE', `${file}: ${what} ${size === null ? 'expands to more than' : `declares ${size} bytes, allowed are`} ${limit} bytes`, {
    file, found: size === null ? 'more' : `${size} bytes`, expected: `at most ${limit} bytes`, remedy: 'The header is wrong or the file was made to exhaust memory: export it again.',
  });
}
