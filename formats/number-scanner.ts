/** Whitespace-separated numbers in text, read from the bytes: MNI .obj, GIFTI's ASCII data, LCModel's curves, FreeSurfer labels. */
import { excerpt, mismatch, type FormatError, type FormatErrorCode } from './format-error.js';

const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const LF = 10, SPACE = 32, PLUS = 43, MINUS = 45, DOT = 46, ZERO = 48;
/** A longer word is no number that a program has written. */
const LONGEST = 400;
const DECIMAL = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;

export class NumberScanner {
  constructor(readonly bytes: Uint8Array, readonly file: string, public at = 0, readonly end = bytes.length, private readonly firstLine = 1) {}

  /** At most this many numbers can follow: what a declared count is held against before anything is allocated. */
  get room(): number {
    return (this.end - this.at + 1) >>> 1;
  }

  /** Line of a byte (default: the current one), 1-based. */
  line(at = this.at): number {
    let line = this.firstLine;
    for (let i = this.bytes.indexOf(LF); i >= 0 && i < at; i = this.bytes.indexOf(LF, i + 1)) line++;
    return line;
  }

  /** Moves to the next word; false at the end. */
  more(): boolean {
    const { bytes, end } = this;
    while (this.at < end && (bytes[this.at] as number) <= SPACE) this.at++;
    return this.at < end;
  }

  /** The next word, at most 40 printable characters of it, for messages; does not move on. */
  peek(): string {
    if (!this.more()) return '';
    let stop = this.at;
    while (stop < this.end && stop < this.at + 60 && (this.bytes[stop] as number) > SPACE) stop++;
    return excerpt(Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at, stop - this.at).toString('latin1'));
  }

  /** Skips the word at hand. */
  skip(): void {
    if (!this.more()) return;
    while (this.at < this.end && (this.bytes[this.at] as number) > SPACE) this.at++;
  }

  error(found: string, expected: string): FormatError {
    return mismatch(found === 'the end of the file' ? 'SHORT_FILE' : 'NOT_A_NUMBER', { file: this.file, line: this.line() }, found, expected, 'The file is cut short or damaged: copy or export it again.');
  }

  /** Throws SHORT_FILE when `count` numbers cannot fit in the rest of the text. */
  need(count: number, what: string): void {
    if (count <= this.room) return;
    throw mismatch('SHORT_FILE', { file: this.file, line: this.line() }, `${this.end - this.at} characters more`, `${count} numbers (${what})`, 'The file is cut short, or its header is wrong: copy or export it again.');
  }

  /**
   * The next number as the nearest double (the fast case of Clinger 1990, else Number()); it may be NaN or infinite when the text says so.
   * @throws FormatError SHORT_FILE at the end, NOT_A_NUMBER
   */
  next(what: string): number {
    if (!this.more()) throw this.error('the end of the file', what);
    const { bytes, end } = this;
    const start = this.at;
    let i = start;
    const negative = bytes[i] === MINUS;
    if (negative || bytes[i] === PLUS) i++;
    let mantissa = 0, digits = 0, exponent = 0;
    for (let d = (bytes[i] as number) - ZERO; i < end && d >>> 0 <= 9; d = (bytes[++i] as number) - ZERO) { mantissa = mantissa * 10 + d; digits++; }
    if (i < end && bytes[i] === DOT) {
      i++;
      for (let d = (bytes[i] as number) - ZERO; i < end && d >>> 0 <= 9; d = (bytes[++i] as number) - ZERO) { mantissa = mantissa * 10 + d; digits++; exponent--; }
    }
    if (digits > 0 && (i >= end || (bytes[i] as number) <= SPACE) && mantissa <= 9007199254740991 && exponent >= -22) {
      this.at = i;
      const value = mantissa / (POWERS[-exponent] as number);
      return negative ? -value : value;
    }
    while (i < end && (bytes[i] as number) > SPACE) i++;
    const text = i - start > LONGEST ? '' : Buffer.from(bytes.buffer, bytes.byteOffset + start, i - start).toString('latin1');
    if (DECIMAL.test(text)) { this.at = i; return Number(text); }
    const special = /^([-+]?)(nan|inf|infinity)$/i.exec(text);
    if (special) { this.at = i; return special[2]?.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity; }
    throw this.error(`"${this.peek()}"`, what);
  }

  /** The next number, which must be an integer from `low` to below `limit`. */
  integer(low: number, limit: number, what: string, code: FormatErrorCode = 'NOT_A_NUMBER'): number {
    if (!this.more()) throw this.error('the end of the file', what);
    const start = this.at, value = this.next(what);
    if (!Number.isInteger(value) || value < low || value >= limit) {
      this.at = start;
      throw mismatch(code, { file: this.file, line: this.line() }, `"${this.peek()}"`, `${what}, an integer from ${low} to ${limit - 1}`, 'The file is damaged: copy or export it again.');
    }
    return value;
  }
}
