/** GIFTI label files (GIFTI 1.0: NIFTI_INTENT_LABEL, int32, one value per vertex) for viewers of parcellations. */
import { deflateSync } from 'node:zlib';
import { FormatError } from './format-error.js';

export interface GiftiLabel {
  key: number;
  name: string;
  /** Red, green, blue, alpha from 0 to 1. */
  rgba: readonly [number, number, number, number];
}

export interface GiftiLabelOptions {
  /** `gzip-base64` (default: compact) or `ascii` (readable). */
  encoding?: 'gzip-base64' | 'ascii';
  /** Written as AnatomicalStructurePrimary, so that viewers place the hemisphere. */
  hemisphere?: 'left' | 'right';
}

/**
 * Bytes of a GIFTI label file. `labels`: one key per mesh vertex; `table`: every key that occurs.
 * "GZipBase64Binary" is a zlib stream in the standard's reference readers, hence deflate.
 * @throws FormatError INVALID_VALUE when a label is not an integer or not in the table
 */
export function writeGiftiLabel(labels: ArrayLike<number>, table: readonly GiftiLabel[], options: GiftiLabelOptions = {}): Uint8Array {
  const { encoding = 'gzip-base64', hemisphere } = options;
  const keys = new Set(table.map((t) => t.key));
  const values = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const value = labels[i] as number;
    if (!keys.has(value)) throw new FormatError('INVALID_VALUE', `vertex ${i}: label ${value} is not in the label table`, { remedy: 'Add the label to the table.' });
    values[i] = value;
  }
  const data = encoding === 'ascii' ? Array.from(values).join('\n') : deflateSync(littleEndian(values)).toString('base64');
  const entries = table.map(({ key, name, rgba: [r, g, b, a] }) => `    <Label Key="${key}" Red="${r}" Green="${g}" Blue="${b}" Alpha="${a}"><![CDATA[${name.replaceAll(']]>', ']] >')}]]></Label>`);
  const meta = hemisphere === undefined ? ['  <MetaData/>'] : ['  <MetaData>', '    <MD>', '      <Name><![CDATA[AnatomicalStructurePrimary]]></Name>',
    `      <Value><![CDATA[Cortex${hemisphere === 'left' ? 'Left' : 'Right'}]]></Value>`, '    </MD>', '  </MetaData>'];
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE GIFTI SYSTEM "http://gifti.projects.nitrc.org/gifti.dtd">',
    '<GIFTI Version="1.0" NumberOfDataArrays="1">', ...meta, '  <LabelTable>', ...entries, '  </LabelTable>',
    '  <DataArray Intent="NIFTI_INTENT_LABEL" DataType="NIFTI_TYPE_INT32" ArrayIndexingOrder="RowMajorOrder" Dimensionality="1"'
      + ` Dim0="${values.length}" Encoding="${encoding === 'ascii' ? 'ASCII' : 'GZipBase64Binary'}" Endian="LittleEndian" ExternalFileName="" ExternalFileOffset="0">`,
    '    <MetaData/>', `    <Data>${data}</Data>`, '  </DataArray>', '</GIFTI>', '',
  ];
  return Buffer.from(lines.join('\n'), 'utf8');
}

function littleEndian(values: Int32Array): Uint8Array {
  const out = new Uint8Array(values.length * 4);
  const view = new DataView(out.buffer);
  values.forEach((v, i) => view.setInt32(i * 4, v, true));
  return out;
}
