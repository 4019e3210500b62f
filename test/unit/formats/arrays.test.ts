import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../formats/format-error.js';
import { writeGiftiLabel } from '../../../formats/gifti-label.js';
import { readNpy, writeNpy } from '../../../formats/npy.js';
import { readObj, vertexNormals, writeObj } from '../../../formats/obj.js';

const file = 'a.npy';
const code = (run: () => unknown): string => { try { run(); } catch (e) { if (e instanceof FormatError) return e.code; throw e; } return 'none'; };

/** A .npy as numpy writes it. */
function npy(descr: string, fortran: boolean, shape: string, body: Uint8Array, major = 1): Uint8Array {
  const size = major === 1 ? 10 : 12;
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`;
  const length = Math.ceil((size + dict.length + 1) / 64) * 64 - size;
  const head = Buffer.alloc(size);
  head.write('\x93NUMPY', 'latin1');
  head[6] = major;
  if (major === 1) head.writeUInt16LE(length, 8); else head.writeUInt32LE(length, 8);
  return Buffer.concat([head, Buffer.from(dict.padEnd(length - 1) + '\n'), body]);
}

describe('npy', () => {
  const raw = (values: ArrayBufferView): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  it('reads types, orders and versions', () => {
    const six = [1, 2, 3, 4, 5, 6];
    for (const [descr, body] of [['<f8', Float64Array.from(six)], ['<f4', Float32Array.from(six)], ['<i4', Int32Array.from(six)], ['<i8', BigInt64Array.from(six.map(BigInt))]] as const) {
      for (const major of [1, 2]) {
        expect(readNpy(npy(descr, false, '(2, 3)', raw(body), major), { file })).toMatchObject({ shape: [2, 3], data: Float64Array.from(six) });
        expect(Array.from(readNpy(npy(descr, true, '(2, 3)', raw(body), major), { file }).data)).toEqual([1, 3, 5, 2, 4, 6]);
      }
    }
    expect(Array.from(readNpy(npy('>f8', false, '(1,)', raw(Float64Array.from([1.5])).slice().reverse()), { file }).data)).toEqual([1.5]);
    expect(Array.from(readNpy(npy('<f8', true, '(1, 2, 3)', raw(Float64Array.from(six))), { file }).data)).toEqual([1, 3, 5, 2, 4, 6]);
    expect(readNpy(npy('<f8', false, '()', raw(Float64Array.from([7]))), { file })).toMatchObject({ shape: [], data: Float64Array.from([7]) });
  });
  it('round-trips, also at odd offsets, aligned to 64 bytes', () => {
    const bytes = writeNpy([0.1, -2, NaN, 4, 5, 6], [3, 2]);
    expect((bytes.length - 48) % 64).toBe(0);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readNpy(shifted.subarray(3), { file })).toEqual({ shape: [3, 2], dtype: 'f8', data: Float64Array.from([0.1, -2, NaN, 4, 5, 6]) });
    expect(readNpy(writeNpy([1, 2], [2]), { file }).shape).toEqual([2]);
  });
  it('refuses others', () => {
    expect(code(() => readNpy(Buffer.from('1 2 3\n4 5 6\n7 8'), { file }))).toBe('NOT_NPY');
    expect(code(() => readNpy(npy('<c16', false, '(1,)', new Uint8Array(16)), { file }))).toBe('UNSUPPORTED_NPY');
    expect(code(() => readNpy(npy('|O', false, '(1,)', new Uint8Array(16)), { file }))).toBe('UNSUPPORTED_NPY');
    expect(code(() => readNpy(npy('<f8', false, '(3,)', new Uint8Array(16)), { file }))).toBe('SHORT_FILE');
    expect(code(() => readNpy(npy('<f8', false, '(1,)', new Uint8Array(16)), { file }))).toBe('LONG_FILE');
    expect(code(() => writeNpy([1], [2]))).toBe('INVALID_VALUE');
  });
});

describe('GIFTI labels', () => {
  const table = [{ key: 0, name: 'outside', rgba: [0, 0, 0, 0] as const }, { key: 2, name: 'component 2', rgba: [1, 0.5, 0, 1] as const }];
  it('writes ASCII and compressed data', () => {
    const ascii = Buffer.from(writeGiftiLabel([0, 2, 2], table, { encoding: 'ascii', hemisphere: 'left' })).toString();
    expect(ascii).toContain('<Data>0\n2\n2</Data>');
    expect(ascii).toContain('CortexLeft');
    const packed = Buffer.from(writeGiftiLabel([0, 2, 2], table)).toString();
    const body = inflateSync(Buffer.from(/<Data>(.*)<\/Data>/.exec(packed)?.[1] ?? '', 'base64'));
    expect([0, 4, 8].map((o) => body.readInt32LE(o))).toEqual([0, 2, 2]);
    expect(packed).toMatch(/Intent="NIFTI_INTENT_LABEL" DataType="NIFTI_TYPE_INT32".*Dim0="3" Encoding="GZipBase64Binary"/);
    expect(packed).toContain('<Label Key="2" Red="1" Green="0.5" Blue="0" Alpha="1"><![CDATA[component 2]]></Label>');
  });
  it('refuses labels without a name', () => expect(code(() => writeGiftiLabel([1], table))).toBe('INVALID_VALUE'));
});

describe('MNI .obj', () => {
  const tetrahedron = { points: Float64Array.from([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1.25]), triangles: Int32Array.from([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]) };
  it('round-trips', () => {
    const bytes = writeObj(tetrahedron);
    expect(Buffer.from(bytes).toString()).toMatch(/^P 0.3 0.3 0.4 10 1 4\n 0 0 0\n/);
    expect(readObj(bytes, { file })).toEqual(tetrahedron);
    const n = vertexNormals(tetrahedron);
    expect(Math.hypot(n[0]!, n[1]!, n[2]!)).toBeCloseTo(1, 12);
    expect(n[0]).toBeLessThan(0);
  });
  it('reads colours per polygon and per vertex, refuses the rest', () => {
    const text = Buffer.from(writeObj(tetrahedron)).toString();
    expect(readObj(Buffer.from(text.replace('\n 0 1 1 1 1\n', `\n 2${' 1 1 1 1'.repeat(4)}\n`)), { file })).toEqual(tetrahedron);
    expect(code(() => readObj(Buffer.from(text.slice(0, -12)), { file }))).toBe('SHORT_FILE');
    expect(code(() => readObj(Buffer.from(text.replace('\n 3 6 9 12', '\n 4 6 9 12')), { file }))).toBe('UNSUPPORTED_OBJ');
    expect(code(() => readObj(Buffer.from('L 0.1 4\n'), { file }))).toBe('UNSUPPORTED_OBJ');
    expect(code(() => readObj(Buffer.from('v 1 2 3\nf 1 2 3\n'), { file }))).toBe('NOT_OBJ');
    expect(code(() => readObj(Buffer.from(`p${text.slice(1)}`), { file }))).toBe('UNSUPPORTED_OBJ');
    expect(code(() => readObj(Buffer.from(text.replace(' 1 2 3\n', ' 1 2 9\n')), { file }))).toBe('NOT_OBJ');
  });
});

const sample = fileURLToPath(new URL('../../../../shared/data/civet/avg_mid_left.obj', import.meta.url));
describe.skipIf(!existsSync(sample))('real samples', () => {
  it('reads a CIVET surface', () => {
    const mesh = readObj(readFileSync(sample), { file });
    expect([mesh.points.length / 3, mesh.triangles.length / 3]).toEqual([40962, 81920]);
    expect(Array.from(mesh.points.subarray(0, 3))).toEqual([-4.03771, 40.0262, 15.9554]);
  });
});
