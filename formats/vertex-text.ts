/**
 * CIVET vertex files: one number a line in mesh order, no header (40,962 lines a hemisphere; 163,842 on the fine mesh).
 * Real files hold %g values, 6 decimals or 15 digits. Reading works on the bytes: no strings are made for ordinary lines.
 */
import type { Hemisphere } from '../contracts/study.js';
import { FormatError } from './format-error.js';
import { badLine, countLines, frame, longFile, notFinite, terminated } from './vertex-text-lines.js';

export interface VertexTextOptions {
  /** Name used in messages; usually the path relative to the study file. */
  file: string;
  /** Vertices of the mesh: the number of values the file must hold. */
  vertices: number;
  /** Ascending vertex indices (0-based) to return; all when absent. Lines left out are validated all the same. */
  select?: Int32Array;
}

const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const LF = 10, CR = 13, SPACE = 32, TAB = 9, PLUS = 43, MINUS = 45, DOT = 46, ZERO = 48;

/**
 * Values of a vertex file in mesh order (or of `select`), as the nearest doubles of the text.
 *
 * A decimal with at most 2^53 as digits and a power of ten within 22 is one exactly rounded operation on two exact doubles
 * (Clinger 1990, "How to read floating point numbers accurately", the fast case); everything else goes through Number().
 * Accepts LF or CRLF, a missing final newline, blank lines at the end, blanks around a number, a UTF-8 byte order mark and one
 * header line `"x"` or `x` (R exports).
 * @throws FormatError SHORT_FILE, LONG_FILE, EMPTY_FILE, NOT_A_NUMBER, NOT_FINITE, POINTER_FILE, EMPTY_LINE (with the line, 1-based)
 */
export function readVertexText(bytes: Uint8Array, options: VertexTextOptions): Float64Array {
  const { file, vertices, select } = options;
  const { start, end, header } = frame(bytes, file);
  const text = terminated(bytes, end);
  const wanted = select ?? null;
  const out = new Float64Array(wanted === null ? vertices : wanted.length);
  let next = wanted === null ? 0 : wanted.length > 0 ? (wanted[0] as number) : -1;
  let filled = 0, row = 0, i = start;
  // Every line ends in LF and LF is no part of a number: no loop below can run past the end.
  while (i < end) {
    const lineStart = i;
    while (text[i] === SPACE || text[i] === TAB) i++;
    const negative = text[i] === MINUS;
    if (negative || text[i] === PLUS) i++;
    const first = i;
    let mantissa = 0, exponent = 0, digits = 0;
    let d = (text[i] as number) - ZERO;
    while (d >>> 0 <= 9) { mantissa = mantissa * 10 + d; d = (text[++i] as number) - ZERO; }
    digits = i - first;
    if (text[i] === DOT) {
      const mark = ++i;
      d = (text[i] as number) - ZERO;
      while (d >>> 0 <= 9) { mantissa = mantissa * 10 + d; d = (text[++i] as number) - ZERO; }
      exponent = mark - i;
      digits -= exponent;
    }
    let valid = digits > 0;
    if (valid && (text[i] === 101 || text[i] === 69)) {
      i++;
      const down = text[i] === MINUS;
      if (down || text[i] === PLUS) i++;
      const mark = i;
      let e = 0;
      d = (text[i] as number) - ZERO;
      while (d >>> 0 <= 9) { if (e < 100000) e = e * 10 + d; d = (text[++i] as number) - ZERO; }
      exponent += down ? -e : e;
      valid = i > mark;
    }
    const tokenEnd = i;
    while (text[i] === SPACE || text[i] === TAB || text[i] === CR) i++;
    if (!valid || text[i] !== LF) throw badLine(bytes, lineStart, end, row + header + 1, file);
    i++;
    if (row >= vertices) throw longFile(bytes, lineStart, end, row, header, vertices, file);
    if (wanted !== null && row !== next && mantissa < 1e17 && exponent <= 290) { row++; continue; }
    let value: number;
    if (mantissa <= 9007199254740991 && exponent <= 22 && exponent >= -22) {
      value = exponent < 0 ? mantissa / (POWERS[-exponent] as number) : exponent === 0 ? mantissa : mantissa * (POWERS[exponent] as number);
      if (negative) value = -value;
    } else {
      value = Number(Buffer.from(text.buffer, text.byteOffset + lineStart, tokenEnd - lineStart).toString('latin1'));
      if (!Number.isFinite(value)) throw notFinite(bytes, lineStart, end, row + header + 1, file);
    }
    if (wanted === null) out[row] = value;
    else if (row === next) {
      out[filled++] = value;
      next = filled < wanted.length ? (wanted[filled] as number) : -1;
    }
    row++;
  }
  if (row < vertices) {
    throw new FormatError('SHORT_FILE', `${file} line ${row + header + 1}: the file ends after ${row} of ${vertices} values`, {
      file, line: row + header + 1, remedy: 'Export the file again: it was cut short, or belongs to another mesh.',
    });
  }
  if (wanted !== null && filled < wanted.length) {
    throw new FormatError('INVALID_VALUE', `${file}: vertex index ${next} was asked for, but indices must ascend within 0..${vertices - 1}`, { file, remedy: 'Give ascending vertex indices of this mesh.' });
  }
  return out;
}

/**
 * One hemisphere's values of a file that holds `vertices` lines, or twice as many: left, then right (`combined`). Errors as readVertexText.
 */
export function readVertexHalf(bytes: Uint8Array, options: VertexTextOptions & { hemisphere: Hemisphere }): { values: Float64Array; combined: boolean } {
  const { file, vertices, select, hemisphere } = options;
  try {
    return { combined: false, values: readVertexText(bytes, options) };
  } catch (error) {
    // Counting lines first would cost as much as reading them, for the sake of files that are rare.
    if (!(error instanceof FormatError) || error.code !== 'LONG_FILE' || countLines(bytes, file) !== 2 * vertices) throw error;
  }
  const before = hemisphere === 'right' ? vertices : 0;
  const values = readVertexText(bytes, { file, vertices: 2 * vertices, ...(select === undefined ? {} : { select: select.map((v) => v + before) }) });
  return { combined: true, values: select === undefined ? values.subarray(before, before + vertices) : values };
}

export { writeVertexText, formatG, type VertexTextFormat } from './vertex-text-write.js';
