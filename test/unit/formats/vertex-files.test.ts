/** The common face of vertex files: told by content, one hemisphere of two, some vertices of all. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  FormatError, detectFormat, findRegion, readGifti, readLabelTable, readObj, readVertexHalf, readVertexLabels, readVertexValues, writeAnnot, writeCurv, writeGiftiLabel, writeGiftiShape, writeMgh, writeNpy,
} from '../../../formats/index.js';
import { expected, sample, sampleNames } from './samples.js';

const file = 'a';
const six = [1, 2, 3, 4, 5, 6];
const text = Buffer.from('1\n2\n3\n4\n5\n6\n');
const code = (run: () => unknown): string => { try { run(); } catch (e) { if (e instanceof FormatError) return e.code; throw e; } return 'none'; };

describe('detection', () => {
  it('knows every sample by its content', () => {
    const kinds = Object.fromEntries(sampleNames.map((name) => [name, detectFormat(sample(name))]));
    for (const [name, kind] of Object.entries(kinds)) {
      const want = name.endsWith('gii') ? 'gifti' : /mg[hz]$/.test(name) ? 'mgh' : name.endsWith('npy') ? 'npy' : name.endsWith('mat') ? 'mat' : /annot/.test(name) ? 'annot' : name.endsWith('label') ? 'label'
        : /white|quads/.test(name) ? 'freesurfer-surface' : 'curv';
      expect([name, kind]).toEqual([name, want]);
    }
  });
  it.each<[string, string]>([
    ['1\n2\n', 'numbers'], ['"x"\r\n-3.5e-2\n', 'numbers'], ['\xef\xbb\xbfx\n1\n', 'numbers'], ['nan\n1\n', 'numbers'], ['NA\n1\n', 'numbers'], ['participant_id\tage\n', 'text'], ['1 A.L\n', 'text'], ['', 'empty'], [' \r\n', 'empty'],
    ['version https://git-lfs.github.com/spec/v1\n', 'pointer'], ['P 0.3 0.3 0.4 10 1 4\n', 'mni-obj'], ['p\x3e\x99\0\0', 'mni-obj'], ['<?xml version="1.0"?>\n<svg/>', 'xml'], ['<GIFTI Version="1.0">', 'gifti'],
    [' LCModel\n t\n\n$$CONC 3 lines', 'lcmodel-table'], [' LCModel\n t\n 36 lines in following concentration table = NCONC+1', 'lcmodel-coord'], ['CDF\x01', 'minc'], ['\x89HDF\r\n\x1a\n', 'hdf5'], ['PK\x03\x04', 'zip'],
    ['\x1f\x8b\x08nonsense', 'gzip'], ['<header>\n', 'vertstats'], ['\x01\x02\x03\0', 'binary'],
  ])('%j: %s', (content, kind) => expect(detectFormat(Buffer.from(content, 'latin1'))).toBe(kind));
  it('looks into gzip', () => {
    expect(detectFormat(gzipSync(text))).toBe('numbers');
    expect(detectFormat(gzipSync(sample('shape-gzip.gii')))).toBe('gifti');
  });
});

describe('readVertexValues', () => {
  const forms: [string, Uint8Array][] = [
    ['text', text], ['text', gzipSync(text)], ['gifti', writeGiftiShape([{ name: 'x', values: six }])], ['gifti', gzipSync(writeGiftiShape([{ name: 'x', values: six }], { encoding: 'ascii' }))], ['curv', writeCurv(six)],
    ['mgh', writeMgh([six])], ['mgh', writeMgh([six], { type: 'u1', gzip: false })], ['npy', writeNpy(six, [6])], ['npy', writeNpy(six, [1, 6])],
  ];
  it.each(forms)('%s: whole, half and some', (format, bytes) => {
    expect(readVertexValues(bytes, { file, vertices: 6 })).toEqual({ format, vertices: 6, hemisphere: null, combined: false, values: Float64Array.from(six) });
    expect(readVertexValues(bytes, { file })).toMatchObject({ vertices: 6, values: Float64Array.from(six) });
    expect(readVertexValues(bytes, { file, vertices: 3, hemisphere: 'left' })).toMatchObject({ combined: true, vertices: 3, values: Float64Array.from([1, 2, 3]) });
    expect(readVertexValues(bytes, { file, vertices: 3, hemisphere: 'right' })).toMatchObject({ combined: true, values: Float64Array.from([4, 5, 6]) });
    expect(readVertexValues(bytes, { file, vertices: 3, hemisphere: 'right', select: Int32Array.from([0, 2]) }).values).toEqual(Float64Array.from([4, 6]));
    expect(readVertexValues(bytes, { file, vertices: 6, hemisphere: 'right', select: Int32Array.from([5]) })).toMatchObject({ combined: false, values: Float64Array.from([6]) });
    expect(code(() => readVertexValues(bytes, { file, vertices: 3 }))).toBe('LONG_FILE');
    expect(code(() => readVertexValues(bytes, { file, vertices: 7 }))).toBe('SHORT_FILE');
    expect(code(() => readVertexValues(bytes, { file, vertices: 4, hemisphere: 'left' }))).toBe('LONG_FILE');
    expect(code(() => readVertexValues(bytes, { file, vertices: 6, select: Int32Array.from([6]) }))).toBe('INVALID_VALUE');
    expect(code(() => readVertexValues(bytes, { file, vertices: 3, hemisphere: 'right', select: Int32Array.from([4]) }))).toBe('INVALID_VALUE');
    expect(Array.from(readVertexLabels(bytes, { file, vertices: 3, hemisphere: 'right' }).labels)).toEqual([4, 5, 6]);
  });
  it('takes no value for the medial wall outside of the region', () => {
    const walled = writeMgh([[NaN, 2, 3]]);
    expect(readVertexValues(walled, { file, select: Int32Array.from([1, 2]) }).values).toEqual(Float64Array.from([2, 3]));
    expect(code(() => readVertexValues(walled, { file }))).toBe('NOT_FINITE');
    expect(code(() => readVertexValues(writeGiftiShape([{ name: 'x', values: [1, Infinity] }]), { file }))).toBe('NOT_FINITE');
  });
  it('does not take one hemisphere for the other', () => {
    const right = writeGiftiShape([{ name: 'x', values: six }], { hemisphere: 'right' });
    expect(readVertexValues(right, { file, hemisphere: 'right' }).hemisphere).toBe('right');
    expect(code(() => readVertexValues(right, { file, hemisphere: 'left' }))).toBe('WRONG_HEMISPHERE');
  });
  it('chooses a column by the mesh, and asks when it cannot', () => {
    const array = writeNpy(six, [3, 2]);
    expect(Array.from(readVertexValues(array, { file, vertices: 3, map: 1 }).values)).toEqual([2, 4, 6]);
    expect(Array.from(readVertexValues(array, { file, vertices: 2, map: 1 }).values)).toEqual([3, 4]);
    expect(code(() => readVertexValues(array, { file, vertices: 3 }))).toBe('SEVERAL_MAPS');
    expect(code(() => readVertexValues(array, { file, vertices: 3, map: 2 }))).toBe('NO_SUCH_MAP');
    expect(code(() => readVertexValues(array, { file, vertices: 7 }))).toBe('WRONG_KIND');
    expect(code(() => readVertexValues(writeCurv(six), { file, map: 1 }))).toBe('NO_SUCH_MAP');
  });
});

describe('a text of both hemispheres', () => {
  it('gives either half, with its header and line ends', () => {
    const both = Buffer.from('x\r\n1\r\n2\r\n3\r\n4');
    expect(readVertexHalf(both, { file, vertices: 2, hemisphere: 'right' })).toEqual({ combined: true, values: Float64Array.from([3, 4]) });
    expect(readVertexHalf(both, { file, vertices: 4, hemisphere: 'right' })).toEqual({ combined: false, values: Float64Array.from([1, 2, 3, 4]) });
  });
  it('names the line in the file, whichever half it is in', () => {
    const labels = Buffer.from('x\n1\n2\n3\n4.5\n');
    try { readVertexLabels(labels, { file, vertices: 2, hemisphere: 'right' }); expect.unreachable(); } catch (e) { expect(e).toMatchObject({ code: 'NOT_AN_INTEGER', line: 5 }); }
    expect(code(() => readVertexHalf(Buffer.from('1\n2\n3\nx'), { file, vertices: 2, hemisphere: 'left' }))).toBe('NOT_A_NUMBER');
  });
});

describe('readVertexLabels', () => {
  it('reports labels that the table does not name', () => {
    const annot = Buffer.from(writeAnnot([0, 1, 1, -1], [0, 1].map((number) => ({ number, name: `s${number}`, rgba: [number, 0.2, 0, 1] as const }))));
    expect(readVertexLabels(annot, { file })).toMatchObject({ labels: Int32Array.from([0, 1, 1, -1]), unnamed: 0 });
    annot.writeInt32BE(77, 8);
    expect(readVertexLabels(annot, { file })).toMatchObject({ labels: Int32Array.from([-1, 1, 1, -1]), unnamed: 1 });
    const gifti = Buffer.from(writeGiftiLabel([0, 5], [0, 5].map((key) => ({ key, name: `k${key}`, rgba: [0, 0, 0, 1] as const })), { encoding: 'ascii' })).toString().replace('Key="5"', 'Key="6"');
    expect(readVertexLabels(Buffer.from(gifti), { file })).toMatchObject({ labels: Int32Array.from([0, 5]), unnamed: 1 });
  });
  it('finds FreeSurfer regions by name', () => {
    const { labels, table } = readVertexLabels(sample('lh.annot'), { file, vertices: 12 });
    const numbers = new Set(findRegion(table!, ['caudal anterior cingulate', 'Rostral-Anterior-Cingulate']).map((t) => t.number));
    expect(Array.from(labels, (l) => numbers.has(l))).toEqual(expected.labels.map((l) => l === 1 || l === 2));
  });
  it('reads FreeSurfer\'s colour table and sides at the beginning of names', () => {
    const table = readLabelTable('#No. Label Name: R G B A\n1002  ctx-lh-caudalanteriorcingulate  125 100 160 0\n2002  ctx-rh-caudalanteriorcingulate  125 100 160 255\n-1, L_V1_ROI\n', { file });
    expect(table).toEqual([
      { number: 1002, name: 'ctx-lh-caudalanteriorcingulate', hemisphere: 'left', rgba: [125 / 255, 100 / 255, 160 / 255, 1] },
      { number: 2002, name: 'ctx-rh-caudalanteriorcingulate', hemisphere: 'right', rgba: [125 / 255, 100 / 255, 160 / 255, 0] },
      { number: -1, name: 'L_V1_ROI', hemisphere: 'left' },
    ]);
    expect(findRegion(table, ['caudal anterior cingulate']).map((t) => t.number)).toEqual([1002, 2002]);
  });
});

const samples = fileURLToPath(new URL('../../../../shared/data/civet/', import.meta.url));
describe.skipIf(!existsSync(samples))('real files of CIVET', () => {
  it('one surface in two formats is one surface', () => {
    const obj = readObj(readFileSync(`${samples}avg_mid_left.obj`), { file });
    const [points, triangles] = readGifti(readFileSync(`${samples}avg_mid_left.surf.gii`), { file }).arrays;
    expect(Array.from(triangles!.data!)).toEqual(Array.from(obj.triangles));
    expect(points!.data!.every((v, i) => v === Math.fround(obj.points[i]!))).toBe(true);
  });
  it('both hemispheres in one file are the two files', () => {
    const [left, right] = ['left', 'right'].map((side) => readFileSync(`${samples}thickness/s1_01_1_native_rms_rsl_tlaplace_0mm_${side}.txt`)) as [Buffer, Buffer];
    const got = readVertexValues(Buffer.concat([left, right]), { file, vertices: 40962, hemisphere: 'right' });
    expect(got.combined).toBe(true);
    expect(got.values).toEqual(readVertexValues(right, { file, vertices: 40962 }).values);
  });
});
