/** Writing GIFTI files (GIFTI 1.0). Only the standard's types are written: FLOAT32, INT32, UINT8; little-endian, row-major. */
import { deflateSync } from 'node:zlib';
import type { Hemisphere } from '../contracts/study.js';
import { FormatError } from './format-error.js';
import { INTENT } from './gifti-types.js';
import { encodeNumbers } from './numbers.js';
import type { SurfaceMesh } from './obj.js';

export interface GiftiLabel {
  key: number;
  name: string;
  /** Red, green, blue, alpha from 0 to 1. */
  rgba: readonly [number, number, number, number];
}

export interface GiftiWriteOptions {
  /** `gzip-base64` (default: compact, a zlib stream as in the reference readers), `base64` or `ascii` (readable). */
  encoding?: 'gzip-base64' | 'base64' | 'ascii';
  /** Written as AnatomicalStructurePrimary, so that viewers place the hemisphere. */
  hemisphere?: Hemisphere | undefined;
}

export interface GiftiOutput {
  intent: string;
  type: 'f4' | 'i4' | 'u1';
  dims: readonly number[];
  data: ArrayLike<number>;
  /** e.g. Name: what viewers show for a map. */
  meta?: Readonly<Record<string, string>>;
}

const TYPE_NAME = { f4: 'NIFTI_TYPE_FLOAT32', i4: 'NIFTI_TYPE_INT32', u1: 'NIFTI_TYPE_UINT8' } as const;
const ENCODING_NAME = { ascii: 'ASCII', base64: 'Base64Binary', 'gzip-base64': 'GZipBase64Binary' } as const;

/** Bytes of a GIFTI file. */
export function writeGifti(arrays: readonly GiftiOutput[], labels: readonly GiftiLabel[], options: GiftiWriteOptions = {}): Uint8Array {
  const { encoding = 'gzip-base64', hemisphere } = options;
  const meta = metaData(hemisphere === undefined ? {} : { AnatomicalStructurePrimary: hemisphere === 'left' ? 'CortexLeft' : 'CortexRight' }, '  ');
  const table = labels.length === 0 ? ['  <LabelTable/>'] : ['  <LabelTable>', ...labels.map(({ key, name, rgba: [r, g, b, a] }) => `    <Label Key="${key}" Red="${r}" Green="${g}" Blue="${b}" Alpha="${a}">${cdata(name)}</Label>`), '  </LabelTable>'];
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE GIFTI SYSTEM "http://gifti.projects.nitrc.org/gifti.dtd">',
    `<GIFTI Version="1.0" NumberOfDataArrays="${arrays.length}">`, ...meta, ...table, ...arrays.flatMap((a) => dataArray(a, encoding)), '</GIFTI>', '',
  ];
  return Buffer.from(lines.join('\n'), 'utf8');
}

function dataArray({ intent, type, dims, data, meta }: GiftiOutput, encoding: NonNullable<GiftiWriteOptions['encoding']>): string[] {
  const size = dims.reduce((p, n) => p * n, 1);
  if (size !== data.length) throw new FormatError('INVALID_VALUE', `${data.length} values do not fill the shape (${dims.join(', ')})`, { remedy: 'Give the shape of the data.' });
  const binary = encodeNumbers(data, type, true);
  const text = encoding === 'ascii' ? Array.from(data, (v) => (type === 'f4' ? String(Math.fround(v)).replace('Infinity', 'inf') : String(v))).join('\n')
    : Buffer.from(encoding === 'base64' ? binary : deflateSync(binary)).toString('base64');
  const attributes = [
    `Intent="${intent}"`, `DataType="${TYPE_NAME[type]}"`, 'ArrayIndexingOrder="RowMajorOrder"', `Dimensionality="${dims.length}"`, ...dims.map((n, d) => `Dim${d}="${n}"`),
    `Encoding="${ENCODING_NAME[encoding]}"`, 'Endian="LittleEndian"', 'ExternalFileName=""', 'ExternalFileOffset="0"',
  ];
  const space = ['NIFTI_XFORM_UNKNOWN', 'NIFTI_XFORM_UNKNOWN'].map((s, i) => (i === 0 ? `      <DataSpace>${cdata(s)}</DataSpace>` : `      <TransformedSpace>${cdata(s)}</TransformedSpace>`));
  const transform = intent === INTENT.points ? ['    <CoordinateSystemTransformMatrix>', ...space, '      <MatrixData>1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1</MatrixData>', '    </CoordinateSystemTransformMatrix>'] : [];
  return [`  <DataArray ${attributes.join(' ')}>`, ...metaData(meta ?? {}, '    '), ...transform, `    <Data>${text}</Data>`, '  </DataArray>'];
}

function metaData(entries: Readonly<Record<string, string>>, indent: string): string[] {
  const pairs = Object.entries(entries);
  if (pairs.length === 0) return [`${indent}<MetaData/>`];
  return [`${indent}<MetaData>`, ...pairs.flatMap(([name, value]) => [`${indent}  <MD>`, `${indent}    <Name>${cdata(name)}</Name>`, `${indent}    <Value>${cdata(value)}</Value>`, `${indent}  </MD>`]), `${indent}</MetaData>`];
}

/** Text in a CDATA section; what XML cannot hold (control characters, an end of the section) is replaced. */
function cdata(text: string): string {
  return `<![CDATA[${text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?').replaceAll(']]>', ']] >')}]]>`;
}

/** Bytes of a surface: points (mm, float32) and triangles. */
export function writeGiftiSurface(mesh: SurfaceMesh, options: GiftiWriteOptions = {}): Uint8Array {
  return writeGifti([
    { intent: INTENT.points, type: 'f4', dims: [mesh.points.length / 3, 3], data: mesh.points },
    { intent: INTENT.triangles, type: 'i4', dims: [mesh.triangles.length / 3, 3], data: mesh.triangles },
  ], [], options);
}

/** Bytes of one or more maps of measures (float32: seven digits), one value per mesh vertex each; NaN stands for no value. */
export function writeGiftiShape(maps: readonly { name: string; values: ArrayLike<number> }[], options: GiftiWriteOptions = {}): Uint8Array {
  return writeGifti(maps.map(({ name, values }) => ({ intent: INTENT.shape, type: 'f4' as const, dims: [values.length], data: values, meta: { Name: name } })), [], options);
}
