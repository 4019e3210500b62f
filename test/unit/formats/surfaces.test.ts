/** GIFTI, FreeSurfer, mgh, .npy and .mat against independent implementations, both ways. */
import { gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  giftiHemisphere, readAnnot, readCurv, readFreesurferLabel, readFreesurferSurface, readGifti, readMat, readMgh, readNpy, readVertexLabels, readVertexValues, writeAnnot, writeCurv, writeFreesurferLabel,
  writeFreesurferSurface, writeGiftiLabel, writeGiftiShape, writeGiftiSurface, writeMat, writeMgh, writeNpy,
} from '../../../formats/index.js';
import { expected, sample } from './samples.js';

const file = 'a';
const n = expected.values.length;
const mesh = { points: Float64Array.from(expected.points), triangles: Int32Array.from(expected.triangles) };
const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 0): void => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < b.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThanOrEqual(tolerance);
};

describe('files of other programs', () => {
  it.each(['shape-base64.gii', 'shape-gzip.gii', 'shape-big-endian.gii', 'lh.thickness', 'f4.mgz', 'folded.mgh'])('%s: values', (name) => {
    const { values, vertices, combined } = readVertexValues(sample(name), { file, vertices: n });
    expect([vertices, combined]).toEqual([n, false]);
    expect(Array.from(values)).toEqual(expected.values);
    expect(Array.from(readVertexValues(sample(name), { file, select: Int32Array.from([1, 10]) }).values)).toEqual([expected.values[1], expected.values[10]]);
  });
  it('GIFTI in ASCII: the numbers of the text', () => expect(Array.from(readVertexValues(sample('shape-ascii.gii'), { file }).values, Math.fround)).toEqual(expected.rounded));
  it('GIFTI surface, column-major points', () => {
    const { arrays } = readGifti(sample('surface.gii'), { file });
    expect(arrays.map((a) => [a.intent, a.type, a.dims])).toEqual([['NIFTI_INTENT_POINTSET', 'f4', [n, 3]], ['NIFTI_INTENT_TRIANGLE', 'i4', [n, 3]]]);
    expect(arrays.map((a) => Array.from(a.data!))).toEqual([expected.points, expected.triangles]);
    expect(Array.from(arrays[0]!.transforms[0]!.matrix)).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  });
  it('GIFTI of two maps: one is asked for, the other stays undecoded', () => {
    close(readVertexValues(sample('two-maps.gii'), { file, map: 1 }).values, expected.values.map((v) => Math.fround(2 * v)));
    const { arrays } = readGifti(sample('two-maps.gii'), { file, only: (_, i) => i === 0 });
    expect(arrays.map((a) => a.data?.length ?? null)).toEqual([n, null]);
  });
  it('GIFTI states its hemisphere', () => {
    expect(giftiHemisphere(readGifti(sample('shape-gzip.gii'), { file }))).toBe('left');
    expect(readVertexValues(sample('shape-gzip.gii'), { file, hemisphere: 'left' }).hemisphere).toBe('left');
  });
  it('FreeSurfer curv of the old format', () => close(readCurv(sample('lh.curv-old'), { file }).values, expected.hundredths));
  it('FreeSurfer surfaces', () => {
    const triangles = readFreesurferSurface(sample('lh.white'), { file });
    expect([Array.from(triangles.points), Array.from(triangles.triangles), triangles.centre]).toEqual([expected.points, expected.triangles, [1.5, -2.25, 3]]);
    for (const [name, want] of [['quads', expected.quads], ['new-quads', expected.newQuads]] as const) {
      const got = readFreesurferSurface(sample(name), { file });
      close(got.points, want.points);
      expect([Array.from(got.triangles), got.centre]).toEqual([want.triangles, null]);
    }
  });
  it.each(['lh.annot', 'lh.annot-1'])('FreeSurfer annotation %s', (name) => {
    const { labels, table, unnamed } = readVertexLabels(sample(name), { file, vertices: n });
    expect([Array.from(labels), unnamed]).toEqual([expected.labels, 0]);
    expect(table!.map((t) => [t.number, t.name, t.hemisphere])).toEqual(expected.names.map((name, i) => [i, name, name.endsWith('_L') ? 'left' : null]));
    table!.forEach((t, i) => close(t.rgba!, expected.colours[i]!.map((c, d) => (d === 3 ? 1 - c / 255 : c / 255)), 1e-12));
  });
  it('FreeSurfer label', () => {
    expect(readFreesurferLabel(sample('lh.label'), { file, vertices: n })).toEqual({ vertices: Int32Array.from([2, 5, 11]), values: Float64Array.from([0, 0.5, 1]) });
    expect(Array.from(readVertexLabels(sample('lh.label'), { file, vertices: n }).labels)).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  });
  it('GIFTI labels', () => {
    const { labels, table, unnamed } = readVertexLabels(sample('labels.gii'), { file, vertices: n });
    expect([Array.from(labels), unnamed]).toEqual([expected.labels.map((l) => Math.max(0, l)), 0]);
    expect(table!.map((t) => [t.number, t.name])).toEqual(expected.names.map((name, i) => [i, name]));
    close(table![2]!.rgba!, [80 / 255, 20 / 255, 140 / 255, 204 / 255], 1e-12);
  });
  it('mgz of every type, its frames and geometry', () => {
    for (const [type, values] of Object.entries(expected.mgh)) {
      const got = readMgh(sample(`${type}.mgz`), { file, vertices: n });
      expect([got.type, Array.from(got.data)]).toEqual([type, values]);
      close(got.affine!, expected.affine, 1e-5);
    }
    const all = readMgh(sample('frames.mgh'), { file });
    expect([all.shape, all.frames, Array.from(all.data.subarray(0, n))]).toEqual([[1, n, 1], 2, expected.values]);
    close(readVertexValues(sample('frames.mgh'), { file, map: 1 }).values, all.data.subarray(n));
    expect(Array.from(readVertexLabels(sample('i4.mgz'), { file }).labels)).toEqual(expected.mgh.i4);
  });
  it('.npy of every order and type', () => {
    const flat = expected.matrix.flat();
    for (const name of ['f8-C', 'f8-F']) expect(readNpy(sample(`${name}.npy`), { file })).toEqual({ shape: [4, 3], dtype: 'f8', data: Float64Array.from(flat) });
    close(readNpy(sample('f4-big.npy'), { file }).data, flat.map(Math.fround));
    expect(Array.from(readNpy(sample('i8.npy'), { file }).data)).toEqual([2 ** 40, -3, 4, 5]);
    expect(Array.from(readNpy(sample('bool.npy'), { file }).data)).toEqual(flat.map((v) => (v > 0 ? 1 : 0)));
    expect(readNpy(sample('i4-cube-F.npy'), { file })).toMatchObject({ shape: [2, 3, 4], data: Float64Array.from(expected.cube) });
    expect(readVertexValues(sample('f8-F.npy'), { file, vertices: 4, map: 2 }).values).toEqual(Float64Array.from(expected.matrix.map((r) => r[2]!)));
    expect(readVertexValues(sample('f8-F.npy'), { file, vertices: 3, map: 1 }).values).toEqual(Float64Array.from(expected.matrix[1]!));
  });
  it.each(['scipy-v6.mat', 'scipy-v7.mat', 'octave-v6.mat', 'octave-v7.mat'])('%s', (name) => {
    const by = new Map(readMat(sample(name), { file }).map((v) => [v.name, v]));
    close(by.get('X')!.data!, expected.matrix.flat(), name.startsWith('octave') ? 1e-15 : 0);
    expect(by.get('X')).toMatchObject({ class: 'double', shape: [4, 3] });
    expect(by.get('mask')).toMatchObject({ class: 'logical', data: Float64Array.from(expected.matrix.flat().map((v) => (v > 0 ? 1 : 0))) });
    expect(by.get('counts')).toMatchObject({ shape: [1, 3], data: Float64Array.from([1, 2, 200]) });
    expect([by.get('s'), by.get('c')]).toMatchObject([{ class: 'struct', data: null }, { class: 'cell', data: null }]);
    if (!name.startsWith('scipy')) return;
    expect(by.get('cube')).toMatchObject({ class: 'int32', shape: [2, 3, 4], data: Float64Array.from(expected.cube) });
    expect([by.get('z')!.class, by.get('z')!.data, by.get('empty')!.shape, by.get('big')!.data![0]]).toEqual(['complex double', null, [0, 3], 2 ** 40]);
    expect(readVertexValues(sample(name), { file, variable: 'v' }).values).toEqual(Float64Array.from(expected.values));
    expect(readMat(sample(name), { file, variable: 'counts' }).filter((v) => v.data !== null)).toHaveLength(1);
  });
});

it('big-endian .mat, doubles stored as int16', () => {
  expect(readMat(sample('big-endian.mat'), { file })).toEqual([{ name: 'X', class: 'double', shape: [4, 3], data: Float64Array.from(expected.matrix.flat(), (v) => Math.round(v * 10)) }]);
});

/** What fixtures/read-back.py has read with nibabel, scipy and NumPy. */
const written: Record<string, Uint8Array> = {
  'shape-ascii.gii': writeGiftiShape([{ name: 'thickness', values: expected.values }], { encoding: 'ascii', hemisphere: 'right' }),
  'shape-base64.gii': writeGiftiShape([{ name: 'a & b <]]>', values: expected.values }, { name: 'twice', values: expected.values.map((v) => 2 * v) }], { encoding: 'base64', hemisphere: 'left' }),
  'surface.gii': writeGiftiSurface(mesh, { encoding: 'base64' }),
  'labels.gii': writeGiftiLabel(expected.labels.map((l) => Math.max(0, l)), expected.names.map((name, key) => ({ key, name, rgba: expected.colours[key]!.map((c, d) => (d === 3 ? 255 - c : c) / 255) as [number, number, number, number] })), { encoding: 'base64' }),
  'lh.thickness': writeCurv(expected.values, n),
  'lh.white': writeFreesurferSurface(mesh),
  'lh.annot': writeAnnot(expected.labels, expected.names.map((name, number) => ({ number, name, rgba: expected.colours[number]!.map((c, d) => (d === 3 ? 255 - c : c) / 255) as [number, number, number, number] }))),
  'lh.label': writeFreesurferLabel([2, 5, 11], mesh.points),
  'frames.mgh': writeMgh([expected.values, expected.values.map((v) => -v)], { gzip: false }),
  'i2.mgh': writeMgh([expected.mgh.i2!], { type: 'i2', gzip: false }),
  'f8.npy': writeNpy(expected.matrix.flat(), [4, 3]),
  'f4-F.npy': writeNpy(expected.matrix.flat(), [4, 3], { dtype: 'f4', fortran: true }),
  'i4-cube-F.npy': writeNpy(expected.cube, [2, 3, 4], { dtype: 'i4', fortran: true }),
  'two.mat': writeMat([{ name: 'X', shape: [4, 3], data: expected.matrix.flat() }, { name: 'cube_2', shape: [2, 3, 4], data: expected.cube }], { compress: false }),
};

describe('files for other programs', () => {
  it('are byte for byte those that were read back', async () => {
    await expect(`${JSON.stringify(Object.fromEntries(Object.entries(written).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])), null, 0)}\n`).toMatchFileSnapshot('fixtures/written.json');
  });
  it('are the same when compressed', () => {
    expect(gunzipSync(writeMgh([expected.mgh.i2!], { type: 'i2' }))).toEqual(written['i2.mgh']);
    const mat = Buffer.from(writeMat([{ name: 'X', shape: [4, 3], data: expected.matrix.flat() }]));
    expect(mat.readUInt32LE(128)).toBe(15);
    expect(inflateSync(mat.subarray(136))).toEqual(Buffer.from(written['two.mat']!).subarray(128, 128 + 8 + Buffer.from(written['two.mat']!).readUInt32LE(132)));
    const data = (bytes: Uint8Array): Buffer => Buffer.from(/<Data>(.*)<\/Data>/.exec(Buffer.from(bytes).toString())![1]!, 'base64');
    expect(inflateSync(data(writeGiftiSurface(mesh)))).toEqual(data(written['surface.gii']!));
  });
  it('are read here as they were meant', () => {
    expect(Array.from(readVertexValues(written['shape-ascii.gii']!, { file, hemisphere: 'right' }).values)).toEqual(expected.values);
    expect(Array.from(readAnnot(written['lh.annot']!, { file }).labels)).toEqual(expected.labels);
    expect(readMat(written['two.mat']!, { file })[1]).toMatchObject({ name: 'cube_2', shape: [2, 3, 4], data: Float64Array.from(expected.cube) });
    expect(readNpy(written['i4-cube-F.npy']!, { file })).toMatchObject({ dtype: 'i4', data: Float64Array.from(expected.cube) });
    expect(readFreesurferSurface(written['lh.white']!, { file })).toMatchObject({ points: mesh.points, triangles: mesh.triangles, centre: null });
  });
  it.each<[string, () => unknown, RegExp]>([
    ['labels without a name', () => writeGiftiLabel([1], []), /label 1 is not in the label table/],
    ['structures of one colour', () => writeAnnot([0], [0, 1].map((number) => ({ number, name: `s${number}`, rgba: [1, 0, 0, 1] as const }))), /same colour 255 0 0/],
    ['annotations out of the table', () => writeAnnot([7], [{ number: 0, name: 'a', rgba: [1, 0, 0, 1] }]), /label 7 is not in the table/],
    ['integers that do not fit', () => writeMgh([[300]], { type: 'u1' }), /found 300, expected an integer from 0 to 255/],
    ['maps of two sizes', () => writeMgh([[1], [1, 2]]), /one and the same size/],
    ['vectors without a second dimension', () => writeMat([{ name: 'v', shape: [2], data: [1, 2] }]), /do not fill the shape/],
    ['names MATLAB does not allow', () => writeMat([{ name: '2x', shape: [1, 1], data: [1] }]), /no name of a MATLAB variable/],
    ['data of another size', () => writeNpy([1], [2]), /do not fill the shape/],
    ['fractions as int32', () => writeNpy([1.5], [1], { dtype: 'i4' }), /found 1.5/],
  ])('are not written from %s', (_name, run, message) => expect(run).toThrow(message));
});
