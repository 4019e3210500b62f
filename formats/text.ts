/** Text files as strings, whatever their encoding; what is no text is refused by name. */
import { isUtf8 } from 'node:buffer';
import { FormatError, mismatch, refusePointer } from './format-error.js';

/**
 * Text of a file without its byte order mark: UTF-8, or UTF-16 with its mark (Excel's "Unicode text"). Other bytes are refused, or read as
 * Latin-1 where `latin1` says that only ASCII parts matter.
 * @throws FormatError EMPTY_FILE, POINTER_FILE, BAD_TEXT (binary, another encoding), TOO_LARGE
 */
export function decodeText(input: Uint8Array | string, file: string, options: { latin1?: boolean } = {}): string {
  const bytes = typeof input === 'string' ? Buffer.from(input, 'utf8') : Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  refusePointer(bytes, file);
  // Half of what V8 can hold in one string: beyond it, this is no table that a person has made.
  if (bytes.length > 2 ** 28) throw new FormatError('TOO_LARGE', `${file}: ${bytes.length} bytes of text, expected at most ${2 ** 28}`, { file, remedy: 'Give the table alone.' });
  const text = typeof input === 'string' ? input : decode(bytes, file, options.latin1 === true);
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (clean.trim() === '') throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Write the file again.' });
  const zero = clean.indexOf('\0');
  if (zero >= 0) throw mismatch('BAD_TEXT', { file, line: lineAt(clean, zero) }, `a zero byte (${nameOf(bytes)})`, 'text', 'Export it as text: tab- or comma-separated UTF-8.');
  return clean;
}

function decode(bytes: Buffer, file: string, latin1: boolean): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16().toString('utf16le');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  if (nameOf(bytes) !== 'a binary file') throw mismatch('BAD_TEXT', { file, line: 1 }, nameOf(bytes), 'text', 'Export it as text: tab- or comma-separated UTF-8.');
  if (latin1) return bytes.toString('latin1');
  const lossy = bytes.toString('utf8');
  throw mismatch('BAD_TEXT', { file, line: lineAt(lossy, lossy.indexOf('\ufffd')) }, 'bytes that are not UTF-8', 'UTF-8 text', 'Save the file with the encoding UTF-8.');
}

/** What a file that should be text is by its first bytes. */
function nameOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3) return 'a zip file, such as an Excel workbook';
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11) return 'an old Excel workbook';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'a gzip-compressed file';
  return 'a binary file';
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
