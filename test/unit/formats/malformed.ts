/** Files as they arrive broken: each with the reader that meets it and the line it must end in. */
import { deflateSync, gzipSync } from 'node:zlib';
import * as formats from '../../../formats/index.js';
import { sample } from './samples.js';

export interface Malformed {
  name: string;
  bytes: Uint8Array;
  read: (bytes: Uint8Array) => unknown;
  code: string;
  /** Part of the message. */
  says: string;
  line?: number;
  offset?: number;
}

export const FILE = 'subject.file';
const file = FILE;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const changed = (name: string, change: (b: Buffer) => void): Buffer => { const b = sample(name); change(b); return b; };
const cut = (name: string, at: number): Buffer => sample(name).subarray(0, at);
const more = (name: string): Buffer => Buffer.concat([sample(name), Buffer.alloc(3)]);
const replaced = (name: string, from: string | RegExp, to: string): Buffer => {
  const text = sample(name).toString('utf8'), out = text.replace(from, to);
  if (out === text) throw new Error(`${name}: nothing to replace`);
  return Buffer.from(out, 'utf8');
};

const values = (b: Uint8Array): unknown => formats.readVertexValues(b, { file, vertices: 12 });
const left = (b: Uint8Array): unknown => formats.readVertexValues(b, { file, vertices: 12, hemisphere: 'left' });
const labels = (b: Uint8Array): unknown => formats.readVertexLabels(b, { file, vertices: 12 });
const gifti = (b: Uint8Array): unknown => formats.readGifti(b, { file });
const obj = (b: Uint8Array): unknown => formats.readObj(b, { file });
const surface = (b: Uint8Array): unknown => formats.readFreesurferSurface(b, { file });
const curv = (b: Uint8Array): unknown => formats.readCurv(b, { file });
const annot = (b: Uint8Array): unknown => formats.readAnnot(b, { file });
const label = (b: Uint8Array): unknown => formats.readFreesurferLabel(b, { file, vertices: 12 });
const mgh = (b: Uint8Array): unknown => formats.readMgh(b, { file, vertices: 12 });
const npy = (b: Uint8Array): unknown => formats.readNpy(b, { file });
const mat = (b: Uint8Array): unknown => formats.readMat(b, { file });
const table = (b: Uint8Array): unknown => formats.readLcmodelTable(b, { file });
const coord = (b: Uint8Array): unknown => formats.readLcmodelCoord(b, { file });
const people = (b: Uint8Array): unknown => formats.readParticipants(b, { file, required: ['age'] });
const sidecar = (b: Uint8Array): unknown => formats.readSidecar(b, { file });
const names = (b: Uint8Array): unknown => formats.readLabelTable(b, { file });

const twelve = Array.from({ length: 12 }, (_, i) => `${i + 0.5}`);
const npyOf = (dict: string, body: Uint8Array = new Uint8Array(0)): Buffer => {
  const head = bytes('\x93NUMPY\x01\x00  ' + dict.padEnd(117) + '\n');
  head.writeUInt16LE(head.length - 10, 8);
  return Buffer.concat([head, body]);
};
/** A tetrahedron as an MNI .obj. */
const solid = (change: (lines: string[]) => void = () => {}): Buffer => {
  const lines = ['P 0.3 0.3 0.4 10 1 4', '0 0 0', '1 0 0', '0 1 0', '0 0 1', '0 0 1', '0 0 1', '0 0 1', '0 0 1', '4', '0 1 1 1 1', '3 6 9 12', '0 2 1 0 1 3 0 3 2 1 2 3'];
  change(lines);
  return bytes(lines.join('\n') + '\n');
};
const one = (text: string): string => `<?xml version="1.0"?>\n<GIFTI Version="1.0" NumberOfDataArrays="1">\n${text}\n</GIFTI>\n`;
const array = (attributes: string, data: string): Buffer => bytes(one(`<DataArray Intent="NIFTI_INTENT_SHAPE" DataType="NIFTI_TYPE_FLOAT32" ArrayIndexingOrder="RowMajorOrder" ${attributes}>\n<Data>${data}</Data></DataArray>`));
const bomb = deflateSync(Buffer.alloc(64 * 2 ** 20));
const matrixElement = (flags: number, dims: number[], stored: [type: number, body: Buffer]): Buffer => {
  const tag = (type: number, size: number): Buffer => { const b = Buffer.alloc(8); b.writeUInt32LE(type, 0); b.writeUInt32LE(size, 4); return b; };
  const element = (type: number, body: Buffer): Buffer => Buffer.concat([tag(type, body.length), body, Buffer.alloc((8 - (body.length % 8)) % 8)]);
  const flag = Buffer.alloc(8); flag.writeUInt32LE(flags, 0);
  const size = Buffer.alloc(dims.length * 4); dims.forEach((d, i) => size.writeInt32LE(d, i * 4));
  return Buffer.concat([sample('scipy-v6.mat').subarray(0, 128), element(14, Buffer.concat([element(6, flag), element(5, size), element(1, bytes('X')), element(stored[0], stored[1])]))]);
};
export const LCMODEL = ` LCModel (Version 6.3-1N)
 a spectrum

$$CONC  3 lines in following concentration table = NCONC+1
    Conc.  %SD /Cr+PCr  Metabolite
    1.234   5%   1.000 Cr+PCr
   12.345   8%   1.510 Glu+Gln

$$MISC  2 lines in following misc. output table
  FWHM = 0.084 ppm    S/N =  21
  Data shift = 0.008 ppm

$$DIAG  2 lines in following diagnostic table:
   1 ERROR     WSCALE  1
   2 info's    RFALSI 11

$$INPU  1 lines in following table of input changes:
 hzpppm=127.786142
`;
export const COORD = ` LCModel (Version 6.3-1N)
 a spectrum
 3 lines in following concentration table = NCONC+1
    Conc.  %SD /Cr+PCr  Metabolite
    1.234   5%   1.000 Cr+PCr
   12.345   8%   1.510 Glu+Gln
  1 lines in following misc. output table
  FWHM = 0.084 ppm    S/N =  21
    3 points on ppm-axis = NY
     4.000000     3.900000     3.800000
 NY phased data points follow
  1.00000E-05  2.00000E-05 -3.00000-101
 NY points of the fit to the data follow
  1.00000E-05  2.00000E-05  3.00000E-05
 Glu      Conc. = 8.60E+00
  1.00000E-06  2.00000E-06  3.00000E-06
  1 lines in following diagnostic table:
   3 ERROR's   WSCALE  1
  1 lines in following table of input changes:
 nunfil=1024, hzpppm=1.2323D+02
`;
const lcm = (from: string | RegExp, to: string): Buffer => bytes(LCMODEL.replace(from, to));
const crd = (from: string | RegExp, to: string): Buffer => bytes(COORD.replace(from, to));

type Row = [name: string, read: Malformed['read'], bytes: Uint8Array, code: string, says: string, at?: { line?: number; offset?: number }];
const rows: Row[] = [
  // CIVET text
  ['text: a line too few', values, bytes(twelve.slice(1).join('\n')), 'SHORT_FILE', 'ends after 11 of 12 values', { line: 12 }],
  ['text: a line too many', values, bytes([...twelve, '1'].join('\n')), 'LONG_FILE', '13 lines of values, expected 12', { line: 13 }],
  ['text: both hemispheres, side not said', values, bytes([...twelve, ...twelve].join('\n')), 'LONG_FILE', '24 lines of values, expected 12'],
  ['text: a word', values, bytes(twelve.with(3, 'abc').join('\r\n')), 'NOT_A_NUMBER', 'found "abc"', { line: 4 }],
  ['text: R\'s row names', values, bytes(`"","x"\n${twelve.map((v, i) => `"${i + 1}",${v}`).join('\n')}`), 'NOT_A_NUMBER', 'line 1'],
  ['text: two columns', values, bytes(twelve.map((v) => `${v} 1`).join('\n')), 'NOT_A_NUMBER', 'one number, not several', { line: 1 }],
  ['text: decimal commas', values, bytes(twelve.map((v) => v.replace('.', ',')).join('\n')), 'NOT_A_NUMBER', 'found "0,5", expected a number with a decimal point', { line: 1 }],
  ['text: NaN', values, bytes(twelve.with(11, 'nan').join('\n')), 'NOT_FINITE', 'expected a finite number', { line: 12 }],
  ['text: an empty line', values, bytes(twelve.with(5, '').join('\n')), 'EMPTY_LINE', 'the line is empty', { line: 6 }],
  ['text: nothing', values, bytes(''), 'EMPTY_FILE', 'empty'],
  ['text: a byte order mark alone', values, bytes('\xef\xbb\xbf\r\n'), 'EMPTY_FILE', 'empty'],
  ['text: git-LFS', values, bytes('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n'), 'POINTER_FILE', 'git-LFS pointer', { line: 1 }],
  ['text: git-annex', values, bytes('/annex/objects/MD5E-s10--1.txt\n'), 'POINTER_FILE', 'git-annex pointer', { line: 1 }],
  ['text: UTF-16', values, Buffer.from(`\ufeff${twelve.join('\n')}`, 'utf16le'), 'NOT_A_NUMBER', 'line 1'],
  ['text: cut gzip', values, gzipSync(bytes(twelve.join('\n').repeat(9))).subarray(0, -12), 'BAD_COMPRESSION', 'end too early'],
  ['text: a measure for labels', labels, bytes(twelve.join('\n')), 'NOT_AN_INTEGER', 'found 0.5, expected an integer label', { line: 1 }],
  ['text: labels beyond 32 bits', labels, bytes(Array<string>(12).fill('1').with(2, '4294967296').join('\n')), 'NOT_AN_INTEGER', 'found 4294967296', { line: 3 }],
  ['a picture', values, bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), 'WRONG_KIND', 'an unknown binary file (first bytes 89 50 4E 47)'],
  ['an Excel workbook', values, bytes('PK\x03\x04\x14\0\x06\0'), 'WRONG_KIND', 'zip archive or Excel workbook'],
  ['a NIfTI volume', values, (() => { const b = Buffer.alloc(400); b.write('n+1\0', 344, 'latin1'); return gzipSync(b); })(), 'WRONG_KIND', 'a NIfTI volume'],
  ['a MINC volume', values, bytes('CDF\x01\0\0\0\0'), 'WRONG_KIND', 'a MINC volume'],
  ['an MNI vertstats file', values, bytes('<header>\n<formula>\n</formula>\n</header>\n1 2 3\n'), 'WRONG_KIND', 'vertstats'],
  ['a mesh for a measure', values, solid(), 'WRONG_KIND', 'MNI .obj surface'],
  ['an annotation for a measure', values, sample('lh.annot'), 'WRONG_KIND', 'FreeSurfer annotation'],
  ['GIFTI labels for a measure', values, sample('labels.gii'), 'WRONG_KIND', 'NIFTI_INTENT_LABEL'],
  // MNI .obj
  ['obj: binary', obj, bytes('p\x3e\x99\x99\x9a'), 'UNSUPPORTED_OBJ', 'a binary MNI .obj', { offset: 0 }],
  ['obj: Wavefront', obj, bytes('v 0 0 0\nf 1 2 3\n'), 'NOT_OBJ', 'found "v"', { line: 1 }],
  ['obj: lines', obj, bytes('L 0.1 4\n0 0 0\n'), 'UNSUPPORTED_OBJ', 'a line object', { line: 1 }],
  ['obj: a count that is not there', obj, solid((l) => { l[0] = 'P 0.3 0.3 0.4 10 1 2000000000'; }), 'SHORT_FILE', '12000000000 numbers', { line: 1 }],
  ['obj: polygons that are not there', obj, solid((l) => { l[9] = '2000000000'; }), 'SHORT_FILE', 'colours and polygons'],
  ['obj: a quadrangle', obj, solid((l) => { l[11] = '4 6 9 12'; }), 'UNSUPPORTED_OBJ', 'end index 4 of polygon 1', { line: 12 }],
  ['obj: a vertex that is not there', obj, solid((l) => { l[12] = '0 2 1 0 1 3 0 3 2 1 2 4'; }), 'NOT_OBJ', 'found "4", expected a vertex index, an integer from 0 to 3', { line: 13 }],
  ['obj: a word among the points', obj, solid((l) => { l[3] = '0 one 0'; }), 'NOT_A_NUMBER', 'found "one"', { line: 4 }],
  ['obj: a point at infinity', obj, solid((l) => { l[2] = '1 inf 0'; }), 'NOT_FINITE', 'a coordinate of point 1', { line: 3 }],
  ['obj: cut', obj, solid().subarray(0, -8), 'SHORT_FILE', '34 characters more, expected 20 numbers (colours and polygons)'],
  ['obj: two objects', obj, Buffer.concat([solid(), solid()]), 'LONG_FILE', 'found "P"', { line: 14 }],
  // GIFTI
  ['gifti: cut', gifti, cut('shape-gzip.gii', 700), 'BAD_XML', 'expected well-formed XML'],
  ['gifti: another XML', gifti, bytes('<svg width="1"/>'), 'NOT_GIFTI', 'found <svg>', { line: 1 }],
  ['gifti: not text', gifti, bytes('<GIFTI>\xff\xfe'), 'NOT_GIFTI', 'not UTF-8'],
  ['gifti: an external file', gifti, array('Dimensionality="1" Dim0="12" Encoding="ExternalFileBinary" Endian="LittleEndian" ExternalFileName="data.bin"', ''), 'UNSUPPORTED_GIFTI', 'data in an external file', { line: 3 }],
  ['gifti: an entity bomb', gifti, bytes(`<!DOCTYPE GIFTI [<!ENTITY a "${'x'.repeat(50)}">${Array.from({ length: 20 }, (_, i) => `<!ENTITY b${i} "&a;&a;&a;">`).join('')}]>\n<GIFTI>&b19;</GIFTI>`), 'UNSUPPORTED_GIFTI', 'DOCTYPE with declarations'],
  ['gifti: an entity', gifti, bytes('<GIFTI><MetaData><MD><Name>&xxe;</Name></MD></MetaData></GIFTI>'), 'BAD_XML', 'undefined entity'],
  ['gifti: 2^31 numbers', gifti, array('Dimensionality="1" Dim0="2147483648" Encoding="ASCII"', '1 2 3'), 'SHORT_FILE', '2147483648 numbers'],
  ['gifti: 2^31 x 2^31 numbers', gifti, array('Dimensionality="2" Dim0="2147483648" Dim1="2147483648" Encoding="Base64Binary" Endian="LittleEndian"', 'AAAA'), 'TOO_LARGE', 'an array of shape (2147483648, 2147483648)'],
  ['gifti: a compressed bomb', gifti, array('Dimensionality="1" Dim0="4" Encoding="GZipBase64Binary" Endian="LittleEndian"', bomb.toString('base64')), 'TOO_LARGE', 'expands to more than 16 bytes'],
  ['gifti: a bomb whose size is declared', gifti, array(`Dimensionality="1" Dim0="${16 * 2 ** 20}" Encoding="GZipBase64Binary" Endian="LittleEndian"`, bomb.toString('base64')), 'TOO_LARGE', 'declares 134217728 bytes'],
  ['gifti: no Base64', gifti, array('Dimensionality="1" Dim0="1" Encoding="Base64Binary" Endian="LittleEndian"', 'AA*AAA=='), 'BAD_GIFTI', 'not Base64', { line: 4 }],
  ['gifti: damaged compression', gifti, array('Dimensionality="1" Dim0="4" Encoding="GZipBase64Binary" Endian="LittleEndian"', 'AAAAAAAA'), 'BAD_COMPRESSION', 'damaged compressed data'],
  ['gifti: fewer bytes than declared', gifti, array('Dimensionality="1" Dim0="4" Encoding="Base64Binary" Endian="LittleEndian"', 'AAAAAA=='), 'SHORT_FILE', '4 bytes of data, expected 16 for shape (4) f4', { line: 4 }],
  ['gifti: more numbers than declared', gifti, array('Dimensionality="1" Dim0="2" Encoding="ASCII"', '1\n2\n3'), 'LONG_FILE', 'found "3"', { line: 6 }],
  ['gifti: no byte order', gifti, array('Dimensionality="1" Dim0="1" Encoding="Base64Binary"', 'AAAAAA=='), 'BAD_GIFTI', 'Endian=""'],
  ['gifti: an unknown encoding', gifti, array('Dimensionality="1" Dim0="1" Encoding="Hex"', '00'), 'BAD_GIFTI', 'Encoding="Hex"', { line: 3 }],
  ['gifti: complex numbers', gifti, bytes(one('<DataArray Intent="NIFTI_INTENT_NONE" DataType="NIFTI_TYPE_COMPLEX64" Dimensionality="1" Dim0="1" Encoding="ASCII"><Data>1</Data></DataArray>')), 'UNSUPPORTED_GIFTI', 'NIFTI_TYPE_COMPLEX64', { line: 3 }],
  ['gifti: a dimension missing', gifti, array('Dimensionality="2" Dim0="1" Encoding="ASCII"', '1'), 'BAD_GIFTI', 'Dim1=""'],
  ['gifti: 100 dimensions', gifti, array('Dimensionality="100" Dim0="1" Encoding="ASCII"', '1'), 'BAD_GIFTI', 'Dimensionality="100"'],
  ['gifti: fewer arrays than announced', gifti, bytes('<GIFTI NumberOfDataArrays="2"></GIFTI>'), 'BAD_GIFTI', '0 data arrays, expected 2'],
  ['gifti: an array without data', gifti, bytes(one('<DataArray DataType="NIFTI_TYPE_INT32" Dimensionality="1" Dim0="3" Encoding="ASCII"/>')), 'BAD_GIFTI', 'a <DataArray> without <Data>', { line: 3 }],
  ['gifti: nested without end', gifti, bytes(`<GIFTI>${'<a>'.repeat(40)}`), 'BAD_XML', 'elements nested 17 deep'],
  ['gifti: one label twice', gifti, replaced('labels.gii', 'Key="1"', 'Key="0"'), 'DUPLICATE_LABEL', 'the label 0 twice'],
  ['gifti: a surface for a measure', values, sample('surface.gii'), 'WRONG_KIND', 'a surface without values'],
  ['gifti: another mesh', (b) => formats.readVertexValues(b, { file, vertices: 40962 }), sample('shape-gzip.gii'), 'SHORT_FILE', '12 values, expected 40962'],
  ['gifti: the other hemisphere', left, replaced('shape-gzip.gii', 'CortexLeft', 'CortexRight'), 'WRONG_HEMISPHERE', 'the right hemisphere, as the file says'],
  ['gifti: two maps, none named', values, sample('two-maps.gii'), 'SEVERAL_MAPS', '2 maps, expected one'],
  ['gifti: a map that is not there', (b) => formats.readVertexValues(b, { file, map: 5 }), sample('two-maps.gii'), 'NO_SUCH_MAP', 'one with number 5'],
  ['gifti: NaN in the region', values, array('Dimensionality="1" Dim0="12" Encoding="ASCII"', twelve.with(7, 'NaN').join(' ')), 'NOT_FINITE', 'NaN at vertex 7'],
  // FreeSurfer
  ['curv: cut', curv, cut('lh.thickness', 40), 'SHORT_FILE', '25 more bytes, expected 48 for 12 values', { offset: 15 }],
  ['curv: 2^31 vertices', curv, changed('lh.thickness', (b) => b.writeInt32BE(2 ** 31 - 1, 3)), 'SHORT_FILE', '2147483647 values'],
  ['curv: -1 vertices', curv, changed('lh.thickness', (b) => b.writeInt32BE(-1, 3)), 'SHORT_FILE', '-1 values'],
  ['curv: three values a vertex', curv, changed('lh.thickness', (b) => b.writeInt32BE(3, 11)), 'UNSUPPORTED_FREESURFER', '3 values per vertex', { offset: 11 }],
  ['curv: bytes at the end', curv, more('lh.thickness'), 'LONG_FILE', '51 bytes, expected 48'],
  ['curv: a surface', curv, sample('lh.white'), 'NOT_FREESURFER', 'FF FF FE'],
  ['curv: another mesh', (b) => formats.readVertexValues(b, { file, vertices: 13 }), sample('lh.thickness'), 'SHORT_FILE', '12 values, expected 13'],
  ['surface: cut', surface, cut('lh.white', 200), 'SHORT_FILE', '12 vertices and 12 triangles'],
  ['surface: 2^31 triangles', surface, changed('lh.white', (b) => b.writeInt32BE(2 ** 31 - 1, b.indexOf('\n\n') + 6)), 'SHORT_FILE', '2147483647 triangles'],
  ['surface: a vertex that is not there', surface, changed('lh.white', (b) => b.writeInt32BE(12, b.indexOf('\n\n') + 10 + 144)), 'BAD_FREESURFER', 'vertex 12 in a face, expected 0 to 11'],
  ['surface: no end of the comment', surface, Buffer.concat([Buffer.from([255, 255, 254]), Buffer.alloc(50, 'a')]), 'SHORT_FILE', 'the comment'],
  ['surface: text', surface, bytes('#!ascii version of lh.white\n12 20\n'), 'NOT_FREESURFER', 'first bytes 23 21 61 73'],
  ['surface: a quadrangle of no vertex', surface, changed('quads', (b) => { b[b.length - 1] = 99; }), 'BAD_FREESURFER', 'vertex 99 in a face'],
  ['annot: cut', annot, cut('lh.annot', 60), 'SHORT_FILE', '12 vertices', { offset: 4 }],
  ['annot: 2^31 vertices', annot, changed('lh.annot', (b) => b.writeInt32BE(2 ** 31 - 1, 0)), 'SHORT_FILE', '2147483647 vertices'],
  ['annot: a vertex twice', annot, changed('lh.annot', (b) => b.writeInt32BE(0, 12)), 'BAD_FREESURFER', 'vertex 0 a second time', { offset: 12 }],
  ['annot: no colour table', annot, cut('lh.annot', 100), 'BAD_FREESURFER', 'no colour table', { offset: 100 }],
  ['annot: colour table version 9', annot, changed('lh.annot', (b) => b.writeInt32BE(-9, 104)), 'UNSUPPORTED_FREESURFER', 'colour table version 9', { offset: 104 }],
  ['annot: 2^31 structures', annot, changed('lh.annot', (b) => b.writeInt32BE(2 ** 31 - 1, 104)), 'SHORT_FILE', 'structures'],
  ['annot: two structures of one colour', annot, changed('lh.annot-1', (b) => { const at = b.indexOf('rostral'); const from = b.indexOf('caudal') + 24; b.copy(b, at + 27, from, from + 16); }), 'BAD_FREESURFER', 'belongs to two structures'],
  ['annot: cut in its table', annot, cut('lh.annot', 200), 'SHORT_FILE', 'byte'],
  ['label: a vertex that is not there', label, replaced('lh.label', '11  1.000', '12  1.000'), 'BAD_FREESURFER', 'found "12", expected a vertex index, an integer from 0 to 11', { line: 5 }],
  ['label: a vertex twice', label, replaced('lh.label', '\n5  1', '\n2  1'), 'BAD_FREESURFER', 'vertex 2 a second time', { line: 4 }],
  ['label: cut', label, cut('lh.label', 120), 'SHORT_FILE', 'the end of the file'],
  ['label: 2^31 vertices', label, replaced('lh.label', '\n3\n', '\n2147483647\n'), 'SHORT_FILE', '2147483647 lines', { line: 2 }],
  ['label: no first line', label, bytes('3\n2 0 0 0 0\n'), 'NOT_FREESURFER', '#!ascii label', { line: 1 }],
  ['label: a mesh of unknown size', (b) => formats.readVertexLabels(b, { file }), sample('lh.label'), 'INVALID_VALUE', 'does not say how many vertices'],
  // mgh
  ['mgh: cut header', mgh, cut('folded.mgh', 100), 'SHORT_FILE', 'the header of 284 bytes'],
  ['mgh: cut data', mgh, cut('folded.mgh', 300), 'SHORT_FILE', '3 x 2 x 2 x 1 values', { offset: 284 }],
  ['mgh: version 2', mgh, changed('folded.mgh', (b) => b.writeInt32BE(2, 0)), 'NOT_MGH', 'another version', { offset: 0 }],
  ['mgh: type 6', mgh, changed('folded.mgh', (b) => b.writeInt32BE(6, 20)), 'UNSUPPORTED_MGH', 'data type 6', { offset: 20 }],
  ['mgh: no width', mgh, changed('folded.mgh', (b) => b.writeInt32BE(0, 4)), 'BAD_MGH', 'width 0', { offset: 4 }],
  ['mgh: dimensions of 2^31', (b) => formats.readMgh(b, { file }), changed('folded.mgh', (b) => [4, 8, 12, 16].forEach((at) => b.writeInt32BE(2 ** 31 - 1, at))), 'SHORT_FILE', '2147483647 x 2147483647'],
  ['mgz: dimensions of 2^31', (b) => formats.readMgh(b, { file }), gzipSync(changed('folded.mgh', (b) => [4, 8, 12, 16].forEach((at) => b.writeInt32BE(2 ** 31 - 1, at)))), 'TOO_LARGE', 'the volume declares'],
  ['mgz: a bomb', mgh, gzipSync(Buffer.concat([sample('folded.mgh'), Buffer.alloc(64 * 2 ** 20)])), 'TOO_LARGE', 'expands to more than'],
  ['mgz: cut', mgh, cut('f4.mgz', 100), 'BAD_COMPRESSION', 'end too early'],
  ['mgz: cut in its header', mgh, cut('f4.mgz', 20), 'SHORT_FILE', 'the header of 284 bytes'],
  ['mgh: another mesh', values, sample('frames.mgh'), 'SEVERAL_MAPS', '2 maps'],
  ['mgh: a volume', (b) => formats.readMgh(b, { file, vertices: 40962 }), sample('folded.mgh'), 'SHORT_FILE', '3 x 2 x 2 values, expected 40962', { offset: 4 }],
  // .npy
  ['npy: cut', npy, cut('f8-C.npy', 150), 'SHORT_FILE', '150 bytes, expected 224'],
  ['npy: bytes at the end', npy, more('f8-C.npy'), 'LONG_FILE', '227 bytes'],
  ['npy: a shape of 2^31', npy, npyOf("{'descr': '<f8', 'fortran_order': False, 'shape': (2147483648, 2147483648), }"), 'SHORT_FILE', '(2147483648, 2147483648)'],
  ['npy: a negative shape', npy, npyOf("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -2), }", new Uint8Array(16)), 'NOT_NPY', 'header that cannot be read'],
  ['npy: objects', npy, npyOf("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8)), 'UNSUPPORTED_NPY', "the type '|O'"],
  ['npy: complex numbers', npy, npyOf("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(16)), 'UNSUPPORTED_NPY', 'the type c16'],
  ['npy: an archive', npy, bytes('PK\x03\x04            '), 'NOT_NPY', '.npz'],
  ['npy: a header longer than the file', npy, changed('f8-C.npy', (b) => b.writeUInt16LE(9999, 8)), 'NOT_NPY', 'a header of 10009 bytes'],
  ['npy: integers no double holds', npy, changed('i8.npy', (b) => b.writeBigInt64LE(2n ** 60n + 1n, b.length - 8)), 'INVALID_VALUE', '1152921504606846977'],
  ['npy: a matrix for a vector', values, sample('f8-C.npy'), 'WRONG_KIND', 'an array of 4 x 3'],
  // .mat
  ['mat: 7.3', mat, Buffer.concat([bytes('MATLAB 7.3 MAT-file'.padEnd(512)), bytes('\x89HDF\r\n\x1a\n')]), 'UNSUPPORTED_MAT', 'a MATLAB 7.3 file (HDF5)', { offset: 0 }],
  ['mat: text', mat, bytes('# Created by Octave'.padEnd(200)), 'NOT_MAT', 'MATLAB 5.0 MAT-file'],
  ['mat: cut', mat, cut('scipy-v6.mat', 300), 'SHORT_FILE', 'an element'],
  ['mat: cut compression', mat, (() => { const b = cut('scipy-v7.mat', 180); b.writeUInt32LE(180 - 136, 132); return b; })(), 'BAD_COMPRESSION', 'end too early'],
  ['mat: no byte order', mat, changed('scipy-v6.mat', (b) => b.write('XX', 126)), 'BAD_MAT', 'no byte order mark', { offset: 126 }],
  ['mat: a bomb', mat, (() => { const b = Buffer.concat([sample('scipy-v6.mat').subarray(0, 128), Buffer.alloc(8), bomb]); b.writeUInt32LE(15, 128); b.writeUInt32LE(bomb.length, 132); return b; })(), 'TOO_LARGE', 'expands to more than'],
  ['mat: dimensions of 2^31', mat, matrixElement(6, [2 ** 31 - 1, 2 ** 31 - 1], [9, Buffer.alloc(8)]), 'BAD_MAT', '2147483647 x 2147483647'],
  ['mat: negative dimensions', mat, matrixElement(6, [-1, -1], [9, Buffer.alloc(8)]), 'BAD_MAT', '-1 x -1'],
  ['mat: an unknown element', mat, changed('scipy-v6.mat', (b) => b.writeUInt32LE(99, 128)), 'BAD_MAT', 'an element of type 99', { offset: 128 }],
  ['mat: a variable that is not there', (b) => formats.readMat(b, { file, variable: 'Y' }), sample('scipy-v7.mat'), 'NO_SUCH_VARIABLE', 'no variable "Y"'],
  ['mat: a complex variable', (b) => formats.readMat(b, { file, variable: 'z' }), sample('scipy-v7.mat'), 'UNSUPPORTED_MAT', 'a complex array "z"'],
  ['mat: several variables, none named', values, sample('scipy-v6.mat'), 'SEVERAL_MAPS', 'X (4 x 3 double)'],
  // LCModel
  ['table: LCModel\'s csv', table, bytes('Row, Col, Glu, Glu %SD\n1, 1, 2.0, 5\n'), 'NOT_LCMODEL_TABLE', 'neither FWHM nor S/N', { line: 1 }],
  ['table: a metabolite missing', table, lcm('   12.345   8%   1.510 Glu+Gln\n', ''), 'TRUNCATED_TABLE', '1 metabolites, expected 2'],
  ['table: stars for a number', table, lcm('12.345   8%', '******   8%'), 'BAD_TABLE_LINE', 'found "******', { line: 7 }],
  ['table: no line width', table, lcm('FWHM = 0.084 ppm', 'FWHM = ***** ppm'), 'MISSING_QUALITY', 'no line width', { line: 9 }],
  ['table: line width in the title alone', table, bytes(LCMODEL.replace('  FWHM = 0.084 ppm    S/N =  21\n', '').replace('a spectrum', 'FWHM = 0.001 ppm S/N = 99')), 'MISSING_QUALITY', 'no line width'],
  ['table: cut before its diagnostics', table, bytes(LCMODEL.slice(0, LCMODEL.indexOf('   1 ERROR'))), 'TRUNCATED_TABLE', '0 diagnostics, expected 2'],
  ['table: no concentrations', table, bytes(LCMODEL.slice(LCMODEL.indexOf('$$MISC'))), 'NO_CONCENTRATIONS', 'ERROR WSCALE 1'],
  ['table: a metabolite twice', table, lcm('Cr+PCr\n   12', 'Glu+Gln\n   12'), 'DUPLICATE_METABOLITE', 'Glu+Gln twice', { line: 7 }],
  ['table: two voxels in one file', table, bytes(LCMODEL + LCMODEL), 'BAD_TABLE_LINE', 'a second $$CONC'],
  ['table: a frequency of 0', table, lcm('hzpppm=127.786142', 'hzpppm=0'), 'BAD_TABLE_LINE', 'hzpppm = 0'],
  ['table: no frequency anywhere', (b) => formats.fwhmInHz(formats.readLcmodelTable(b, { file }), null, file), lcm(' hzpppm=127.786142\n', ' nunfil=512\n'), 'MISSING_QUALITY', 'no hzpppm'],
  ['coord: a table', coord, bytes(LCMODEL), 'NOT_COORD', 'expected LCModel\'s .coord'],
  ['coord: a curve too short', coord, crd('  1.00000E-06  2.00000E-06  3.00000E-06\n', '  1.00000E-06\n'), 'BAD_COORD', '1 values, expected 3', { line: 15 }],
  ['coord: a curve too long', coord, crd('3.00000E-05\n Glu', '3.00000E-05 4.0E-05\n Glu'), 'BAD_COORD', 'the end of the curve after 3 values', { line: 14 }],
  ['coord: stars in a curve', coord, crd('3.900000', '********'), 'BAD_COORD', 'found "********"', { line: 10 }],
  ['coord: cut before the fit', coord, bytes(COORD.slice(0, COORD.indexOf(' NY points'))), 'BAD_COORD', 'no fit'],
  ['coord: 999999 points', coord, crd('    3 points', ' 999999 points'), 'BAD_COORD', '3 values, expected 999999', { line: 9 }],
  // tables
  ['participants: no id column', people, bytes('id\tage\na\t1\n'), 'MISSING_COLUMN', 'expected a column "participant_id"', { line: 1 }],
  ['participants: age under another name', people, bytes('participant_id\tage_at_first_scan_years\na\t1\n'), 'MISSING_COLUMN', 'expected a column "age"', { line: 1 }],
  ['participants: blanks for tabs', people, bytes('participant_id  age\na  1\n'), 'MISSING_COLUMN', 'participant_id'],
  ['participants: an id twice', people, bytes('participant_id\tage\r\na\t1\r\nb\t2\r\na\t3\r\n'), 'DUPLICATE_ID', 'the same participant_id as on line 2', { line: 4 }],
  ['participants: an id missing', people, bytes('participant_id\tage\nn/a\t1\n'), 'EMPTY_ID', 'no participant_id', { line: 2 }],
  ['participants: a cell too few', people, bytes('participant_id\tage\tsex\na\t1\n'), 'BAD_ROW', '2 cells, expected 3', { line: 2 }],
  ['participants: a cell too many', people, bytes('participant_id\tage\na\t1\tx\n'), 'BAD_ROW', '3 cells, expected 2', { line: 2 }],
  ['participants: a column twice', people, bytes('participant_id\tage\tage\na\t1\t2\n'), 'DUPLICATE_COLUMN', 'two columns named "age"', { line: 1 }],
  ['participants: a column without a name', people, bytes(',participant_id,age\n0,a,1\n'), 'MISSING_COLUMN', 'no name for column 1', { line: 1 }],
  ['participants: a quote that does not end', people, bytes('participant_id,age\na,"1\nb,2\n'), 'BAD_ROW', 'Quote'],
  ['participants: Latin-1', people, bytes('participant_id\tage\tsite\na\t1\tM\xfcnchen\n'), 'BAD_TEXT', 'not UTF-8', { line: 2 }],
  ['participants: an Excel workbook', people, bytes('PK\x03\x04\x14\0\x06\0\xff'), 'BAD_TEXT', 'Excel workbook', { line: 1 }],
  ['participants: zero bytes', people, bytes('participant_id\tage\na\t\x001\n'), 'BAD_TEXT', 'a zero byte', { line: 2 }],
  ['participants: 30,000 columns', people, bytes(Array.from({ length: 30000 }, (_, i) => `c${i}`).join('\t')), 'TOO_LARGE', '30000 columns'],
  ['sidecar: a comma too many', sidecar, bytes('{\n "age": { "Units": "years", }\n}\n'), 'BAD_JSON', 'expected JSON', { line: 2 }],
  ['sidecar: a list', sidecar, bytes('[1]'), 'BAD_JSON', 'a list'],
  ['sidecar: levels that are no dictionary', sidecar, bytes('{"sex": {"Levels": 3}}'), 'BAD_JSON', 'Levels of "sex"'],
  ['label table: no number', names, bytes('1 A.L\nB.L\n'), 'BAD_LABEL_LINE', 'found "B.L"', { line: 2 }],
  ['label table: a number twice', names, bytes('1 A.L\n1 B.L\n'), 'DUPLICATE_LABEL', 'the label 1 of line 1 again', { line: 2 }],
];

export const MALFORMED: Malformed[] = rows.map(([name, read, content, code, says, at]) => ({ name, read, bytes: content, code, says, ...at }));
