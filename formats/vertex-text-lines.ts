/** The frame of a vertex file (byte order mark, header, trailing blank lines) and the errors of its lines. Used by the readers of vertex files. */
import { FormatError, excerpt, mismatch, refusePointer } from './format-error.js';

const LF = 10, CR = 13, SPACE = 32, TAB = 9;

/** Where the numbers begin and end: past the byte order mark and a header line (`header` lines of it), before trailing blank lines. */
export function frame(bytes: Uint8Array, file: string): { start: number; end: number; header: 0 | 1 } {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let end = bytes.length;
  while (end > start && isBlank(bytes[end - 1] as number)) end--;
  if (end === start) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Export the file again.' });
  refusePointer(bytes, file);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new FormatError('NOT_A_NUMBER', `${file} line 1: the file is gzip-compressed, not text`, { file, line: 1, remedy: 'Decompress it first.' });
  }
  const first = bytes.subarray(start, Math.min(end, start + 16)).indexOf(LF);
  if (first >= 0) {
    const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, first).toString('latin1').trim();
    if (line === 'x' || line === '"x"') { start += first + 1; return { start, end, header: 1 }; }
  }
  return { start, end, header: 0 };
}

/** Lines of values in a file: what a mesh of unknown size must have. */
export function countLines(bytes: Uint8Array, file: string): number {
  const { start, end } = frame(bytes, file);
  return linesBetween(bytes, start, end);
}

function linesBetween(bytes: Uint8Array, start: number, end: number): number {
  let total = 1;
  for (let i = bytes.indexOf(LF, start); i >= 0 && i < end; i = bytes.indexOf(LF, i + 1)) total++;
  return total;
}

/** The bytes with an LF somewhere from `end` on: themselves when they have one, else a copy. */
export function terminated(bytes: Uint8Array, end: number): Uint8Array {
  if (bytes.indexOf(LF, end) >= 0) return bytes;
  const copy = new Uint8Array(end + 1);
  copy.set(bytes.subarray(0, end));
  copy[end] = LF;
  return copy;
}

function isBlank(c: number): boolean {
  return c === LF || c === CR || c === SPACE || c === TAB;
}

function lineText(bytes: Uint8Array, lineStart: number, end: number): string {
  let stop = bytes.indexOf(LF, lineStart);
  if (stop < 0 || stop > end) stop = end;
  return Buffer.from(bytes.buffer, bytes.byteOffset + lineStart, Math.min(stop - lineStart, 200)).toString('latin1').trim();
}

export function badLine(bytes: Uint8Array, lineStart: number, end: number, line: number, file: string): FormatError {
  const text = lineText(bytes, lineStart, end);
  if (text === '') {
    return new FormatError('EMPTY_LINE', `${file} line ${line}: the line is empty`, { file, line, remedy: 'Every vertex needs a value: export the file again.' });
  }
  if (/^[-+]?(nan(\(.*\))?|na|inf|infinity)$/i.test(text)) return notFinite(bytes, lineStart, end, line, file);
  if (/^[-+]?\d*,\d+([eE][-+]?\d+)?$/.test(text)) return mismatch('NOT_A_NUMBER', { file, line }, `"${excerpt(text)}"`, 'a number with a decimal point', 'Write decimal points instead of commas.');
  const several = /^\S+[\s,;]+\S/.test(text) && /\d/.test(text);
  return new FormatError('NOT_A_NUMBER', `${file} line ${line}: found "${excerpt(text)}", expected ${several ? 'one number, not several' : 'a number'}`, {
    file, line, remedy: several ? 'Write one value a line.' : 'Correct the line or export the file again.',
  });
}

export function notFinite(bytes: Uint8Array, lineStart: number, end: number, line: number, file: string): FormatError {
  return new FormatError('NOT_FINITE', `${file} line ${line}: found "${excerpt(lineText(bytes, lineStart, end))}", expected a finite number`, {
    file, line, remedy: 'Find why this vertex has no value (surface extraction or sampling failed there) and export the file again.',
  });
}

export function longFile(bytes: Uint8Array, lineStart: number, end: number, row: number, header: number, vertices: number, file: string): FormatError {
  const total = row + linesBetween(bytes, lineStart, end);
  const line = row + header + 1;
  const hint = total === 2 * vertices ? 'It looks like both hemispheres in one file: split it, or say which half.' : 'It belongs to another mesh, or was written twice.';
  return new FormatError('LONG_FILE', `${file} line ${line}: the file holds ${total} lines of values, expected ${vertices}`, { file, line, remedy: hint });
}
