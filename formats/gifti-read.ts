/**
 * GIFTI surface files (GIFTI 1.0, Harwell et al. 2011): points, triangles, shape, label and any other array; ASCII, Base64Binary and
 * GZipBase64Binary; either byte order, row- and column-major. "GZipBase64Binary" is a zlib stream in practice; gzip streams are read too.
 * Refused: external files, an internal DTD subset (the place of entity bombs), complex types, sizes that the file cannot hold.
 */
import { StringDecoder } from 'node:string_decoder';
import { isUtf8 } from 'node:buffer';
import { SaxesParser } from 'saxes';
import { FormatError, excerpt, mismatch, refusePointer } from './format-error.js';
import { decodeData, readArrayHeader, type ArrayHeader } from './gifti-data.js';
import type { GiftiArray, GiftiFile, GiftiTransform } from './gifti-types.js';
import { Budget } from './inflate.js';
import { hemisphereOfName, type LabelEntry } from './label-table.js';
import { NumberScanner } from './number-scanner.js';

/** GIFTI nests six deep. */
const DEEPEST = 16;
const CHUNK = 2 ** 20;

export interface GiftiReadOptions {
  file: string;
  /** Which arrays to decode; the others keep `data: null`. Default: all. */
  only?: (array: GiftiArray, index: number) => boolean;
}

/**
 * Reads a GIFTI file.
 * @throws FormatError NOT_GIFTI, BAD_XML, BAD_GIFTI, UNSUPPORTED_GIFTI, DUPLICATE_LABEL, SHORT_FILE, LONG_FILE, NOT_A_NUMBER, BAD_COMPRESSION, TOO_LARGE,
 * EMPTY_FILE, POINTER_FILE, with the line
 */
export function readGifti(bytes: Uint8Array, options: GiftiReadOptions): GiftiFile {
  const { file } = options;
  refusePointer(bytes, file);
  if (bytes.length === 0) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Export the file again.' });
  if (!isUtf8(bytes)) throw mismatch('NOT_GIFTI', { file }, 'bytes that are not UTF-8 text', 'a GIFTI file, which is XML', 'Give a .gii file.');
  const builder = new GiftiBuilder(options, new Budget(file, bytes.length));
  const parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true });
  const at = (): { file: string; line: number } => ({ file, line: parser.line });
  parser.on('error', (cause) => { throw mismatch('BAD_XML', at(), excerpt(cause.message.replace(/^\d+:\d+: /, '')), 'well-formed XML', 'The file is cut short or damaged: copy or export it again.', cause); });
  parser.on('doctype', (text) => {
    if (text.includes('[')) throw mismatch('UNSUPPORTED_GIFTI', at(), 'a DOCTYPE with declarations of its own', 'the plain GIFTI DOCTYPE', 'Remove the part of the DOCTYPE in square brackets.');
  });
  parser.on('opentag', (tag) => builder.open(tag.name, tag.attributes, at()));
  parser.on('text', (text) => builder.text(text));
  parser.on('cdata', (text) => builder.text(text));
  parser.on('closetag', () => builder.close(at()));
  const decoder = new StringDecoder('utf8');
  for (let i = 0; i < bytes.length; i += CHUNK) {
    const piece = bytes.subarray(i, i + CHUNK);
    parser.write(decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)));
  }
  parser.close();
  return builder.finish();
}

class GiftiBuilder {
  private readonly path: string[] = [];
  private readonly file: GiftiFile = { meta: new Map(), labels: [], arrays: [] };
  private declared = 0;
  private words: string[] = [];
  private name = '';
  private value = '';
  private label: LabelEntry | null = null;
  private readonly numbers = new Set<number>();
  private header: ArrayHeader | null = null;
  private transform: GiftiTransform | null = null;
  private startLine = 1;
  private hasData = false;

  constructor(private readonly options: GiftiReadOptions, private readonly budget: Budget) {}

  open(name: string, attributes: Readonly<Record<string, string>>, at: { file: string; line: number }): void {
    const { path } = this;
    if (path.length === 0) {
      if (name !== 'GIFTI') throw mismatch('NOT_GIFTI', at, `<${excerpt(name)}>`, 'a GIFTI file, whose first element is <GIFTI>', 'Give a .gii file; other XML is another format.');
      this.declared = Number(attributes.NumberOfDataArrays ?? 0);
    }
    if (path.length >= DEEPEST) throw mismatch('BAD_XML', at, `elements nested ${path.length + 1} deep`, `at most ${DEEPEST}`, 'This is no GIFTI file that a program has written.');
    path.push(name);
    this.words = [];
    this.startLine = at.line;
    if (name === 'DataArray') {
      if (path.length !== 2) throw mismatch('BAD_GIFTI', at, 'a <DataArray> inside another element', 'it directly in <GIFTI>', 'Export the file again.');
      this.header = readArrayHeader(attributes, at);
      this.hasData = false;
    } else if (name === 'MD') {
      this.name = this.value = '';
    } else if (name === 'Label') {
      this.label = this.readLabel(attributes, at);
    } else if (name === 'CoordinateSystemTransformMatrix') {
      this.transform = { dataSpace: '', transformedSpace: '', matrix: new Float64Array(0) };
    }
  }

  text(text: string): void {
    const here = this.path.at(-1);
    // Only these elements hold text that is kept.
    if (here === 'Data' || here === 'Name' || here === 'Value' || here === 'Label' || here === 'DataSpace' || here === 'TransformedSpace' || here === 'MatrixData') this.words.push(text);
  }

  close(at: { file: string; line: number }): void {
    const name = this.path.pop();
    const text = this.words.join('');
    this.words = [];
    const { header, transform } = this;
    switch (name) {
      case 'Name': this.name = text.trim(); break;
      case 'Value': this.value = text.trim(); break;
      case 'MD': (header === null ? this.file.meta : header.array.meta).set(this.name, this.value); break;
      case 'Label': if (this.label) { this.label.name = text.trim(); this.label.hemisphere = hemisphereOfName(this.label.name); this.file.labels.push(this.label); this.label = null; } break;
      case 'DataSpace': if (transform) transform.dataSpace = text.trim(); break;
      case 'TransformedSpace': if (transform) transform.transformedSpace = text.trim(); break;
      case 'MatrixData': if (transform) transform.matrix = this.readMatrix(text, at); break;
      case 'CoordinateSystemTransformMatrix': if (header && transform) header.array.transforms.push(transform); this.transform = null; break;
      case 'Data': this.readData(text, at); break;
      case 'DataArray':
        if (header && !this.hasData && header.size > 0) throw mismatch('BAD_GIFTI', at, 'a <DataArray> without <Data>', 'its data', 'Export the file again.');
        if (header) this.file.arrays.push(header.array);
        this.header = null;
        break;
      case undefined: default:
    }
  }

  finish(): GiftiFile {
    if (this.file.arrays.length < this.declared) {
      throw mismatch('BAD_GIFTI', { file: this.options.file }, `${this.file.arrays.length} data arrays`, `${this.declared}, as NumberOfDataArrays says`, 'Copy or export the file again.');
    }
    return this.file;
  }

  private readData(text: string, at: { file: string; line: number }): void {
    const { header } = this;
    if (header === null || this.hasData) throw mismatch('BAD_GIFTI', at, header === null ? '<Data> outside of a <DataArray>' : 'a second <Data>', 'one <Data> in each <DataArray>', 'Export the file again.');
    this.hasData = true;
    if (this.options.only !== undefined && !this.options.only(header.array, this.file.arrays.length)) return;
    header.array.data = decodeData(text, header, this.budget, { file: at.file, line: this.startLine });
  }

  private readLabel(attributes: Readonly<Record<string, string>>, at: { file: string; line: number }): LabelEntry {
    const key = attributes.Key ?? attributes.Index ?? '';
    if (!/^\s*[-+]?\d{1,10}\s*$/.test(key)) throw mismatch('BAD_GIFTI', at, `a label with Key="${excerpt(key)}"`, 'an integer', 'Correct the label table.');
    const number = Number(key);
    if (this.numbers.has(number)) throw mismatch('DUPLICATE_LABEL', at, `the label ${number} twice`, 'one name per number', 'Correct the label table.');
    this.numbers.add(number);
    const part = (name: string): number => {
      const value = Number(attributes[name] ?? (name === 'Alpha' ? 1 : 0));
      return value >= 0 && value <= 1 ? value : 0;
    };
    return { number, name: '', hemisphere: null, rgba: [part('Red'), part('Green'), part('Blue'), part('Alpha')] };
  }

  private readMatrix(text: string, at: { file: string; line: number }): Float64Array {
    const scan = new NumberScanner(Buffer.from(text, 'latin1'), at.file, 0, undefined, this.startLine);
    return Float64Array.from({ length: 16 }, () => scan.next('a number of the 4 x 4 matrix'));
  }
}
