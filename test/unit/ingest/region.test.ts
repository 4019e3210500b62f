import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRegion } from '../../../activities/ingest/region.js';
import type { RegionSpec, StudySpec } from '../../../contracts/study.js';
import { INTENT, writeAnnot, writeGifti, writeGiftiLabel, writeLabelText, writeMat, writeNpy } from '../../../formats/index.js';

/** Twelve vertices a hemisphere; the insula is 2, 3 and 5 on the left, 0 and 7 on the right. Vertex 3 of the left and 7 of the right are on the midline. */
const MESH = 12;
const LEFT = [2, 3, 5], RIGHT = [0, 7];
let folder: string;

const labels = (vertices: readonly number[], number: number, other: number): Int32Array => Int32Array.from({ length: MESH }, (_, v) => (vertices.includes(v) ? number : other));
const mask = (vertices: readonly number[]): Int32Array => labels(vertices, 1, 0);
const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sulcus-region-'));
  put('left.txt', writeLabelText(labels(LEFT, 7, 2)));
  put('right.txt', writeLabelText(labels(RIGHT, 107, 102)));
  put('names.labels', '2 Cuneus.L\n7 Insula.L\n102 Cuneus.R\n107 Insula.R\n');
  put('both.txt', writeLabelText([...labels(LEFT, 7, 2), ...labels(RIGHT, 107, 102)]));
  const table = [{ number: 0, name: 'unknown', rgba: [0.1, 0.1, 0.1, 1] }, { number: 1, name: 'insula', rgba: [1, 0.75, 0.13, 1] }] as const;
  put('lh.annot', writeAnnot(mask(LEFT), table));
  put('rh.annot', writeAnnot(mask(RIGHT), table));
  const keys = [{ key: 0, name: '???', rgba: [0, 0, 0, 0] as const }, { key: 35, name: 'L_Insula', rgba: [1, 0, 0, 1] as const }, { key: 70, name: 'R_Insula', rgba: [1, 0, 0, 1] as const }];
  put('L.label.gii', writeGiftiLabel(labels(LEFT, 35, 0), keys, { hemisphere: 'left' }));
  put('R.label.gii', writeGiftiLabel(labels(RIGHT, 70, 0), keys, { hemisphere: 'right' }));
  put('mask_left.txt', writeLabelText(mask(LEFT)));
  put('mask_right.txt', writeLabelText(mask(RIGHT)));
  put('mask_left.npy', writeNpy(Float64Array.from(mask(LEFT)), [MESH]));
  put('mask_right.mat', writeMat([{ name: 'mask', shape: [MESH, 1], data: mask(RIGHT) }]));
  put('mask_left.shape.gii', writeGifti([{ intent: INTENT.shape, type: 'f4', dims: [MESH], data: mask(LEFT) }], []));
  put('lh.label', `#!ascii label\n${LEFT.length}\n${LEFT.map((v) => `${v} 0 0 0 1`).join('\n')}\n`);
  put('list_right.txt', '# right\n7\n0\n\n7\n');
  put('cortex_left.txt', writeLabelText(mask([0, 1, 2, 4, 5, 6])));
  put('cortex_right.txt', writeLabelText(mask([0, 1, 2, 3])));
});
afterAll(() => rmSync(folder, { recursive: true }));

const region = (spec: RegionSpec): ReturnType<typeof readRegion> => readRegion({ surface: { vertices: MESH, hemispheres: ['left', 'right'] }, region: spec } as StudySpec, folder);
const vertices = [{ side: 'left', vertices: LEFT }, { side: 'right', vertices: RIGHT }];

describe('a region', () => {
  it.each<[string, RegionSpec]>([
    ['CIVET labels and their table', { kind: 'labels', labels: { left: 'left.txt', right: 'right.txt' }, table: 'names.labels', include: ['insula'] }],
    ['one label file of both hemispheres', { kind: 'labels', labels: { left: 'both.txt', right: 'both.txt' }, table: 'names.labels', include: ['INSULA'] }],
    ['FreeSurfer annotations', { kind: 'labels', labels: { left: 'lh.annot', right: 'rh.annot' }, table: null, include: ['Insula'] }],
    ['GIFTI labels', { kind: 'labels', labels: { left: 'L.label.gii', right: 'R.label.gii' }, table: null, include: ['insula'] }],
    ['masks as text', { kind: 'mask', mask: { left: 'mask_left.txt', right: 'mask_right.txt' } }],
    ['masks as .npy and .mat', { kind: 'mask', mask: { left: 'mask_left.npy', right: 'mask_right.mat' } }],
    ['a mask as GIFTI shape', { kind: 'mask', mask: { left: 'mask_left.shape.gii', right: 'mask_right.txt' } }],
    ['a FreeSurfer label as a mask', { kind: 'mask', mask: { left: 'lh.label', right: 'mask_right.txt' } }],
    ['lists of vertices', { kind: 'vertices', vertices: { left: 'lh.label', right: 'list_right.txt' } }],
    ['vertices in the study file', { kind: 'vertices', vertices: { left: [5, 2, 3, 3], right: [7, 0] } }],
  ])('from %s', async (_, spec) => {
    expect(await region(spec)).toEqual({ hemispheres: vertices, meshVertices: MESH, midlineDropped: 0 });
  });

  it('of a whole hemisphere', async () => {
    const { hemispheres } = await region({ kind: 'vertices', vertices: { left: 'all', right: 'list_right.txt' } });
    expect(hemispheres.map((h) => h.vertices.length)).toEqual([12, 2]);
  });

  const midlineMask = { left: 'cortex_left.txt', right: 'cortex_right.txt' };
  const counts = [{ side: 'left', region: 3, cortex: 2 }, { side: 'right', region: 2, cortex: 1 }];

  it('with the midline kept has both counts, and all its vertices', async () => {
    const found = await region({ kind: 'labels', labels: { left: 'lh.annot', right: 'rh.annot' }, table: null, include: ['insula'], midline: 'keep', midlineMask });
    expect(found).toEqual({ hemispheres: vertices, meshVertices: MESH, midlineDropped: 0, counts });
  });

  it.each<[string, RegionSpec]>([
    ['labels', { kind: 'labels', labels: { left: 'left.txt', right: 'right.txt' }, table: 'names.labels', include: ['insula'], midline: 'drop', midlineMask }],
    ['masks', { kind: 'mask', mask: { left: 'mask_left.txt', right: 'mask_right.txt' }, midline: 'drop', midlineMask }],
    ['lists', { kind: 'vertices', vertices: { left: LEFT, right: RIGHT }, midline: 'drop', midlineMask }],
  ])('without the midline, from %s', async (_, spec) => {
    expect(await region(spec)).toEqual({ hemispheres: [{ side: 'left', vertices: [2, 5] }, { side: 'right', vertices: [0] }], meshVertices: MESH, midlineDropped: 2, counts });
  });

  it.each<[string, RegionSpec, string, RegExp]>([
    ['all on the midline', { kind: 'vertices', vertices: { left: [3], right: [0] }, midline: 'drop', midlineMask }, 'EMPTY_REGION', /none of its 1 vertices is in the midline mask/],
    ['a hemisphere without a file', { kind: 'mask', mask: { left: 'mask_left.txt' } }, 'REGION_FILE_MISSING', /mask names no file for the right/],
    ['numbers without names', { kind: 'labels', labels: { left: 'left.txt', right: 'right.txt' }, table: null, include: ['insula'] }, 'NO_LABEL_TABLE', /left.txt has label numbers but no names/],
    ['a mask that says 7', { kind: 'mask', mask: { left: 'left.txt', right: 'right.txt' } }, 'BAD_MASK', /left.txt line 1: found 2 at vertex 0, expected 0 or 1/],
    ['a mask of both hemispheres that says 102', { kind: 'mask', mask: { left: 'mask_left.txt', right: 'both.txt' } }, 'BAD_MASK', /both.txt line 13: found 107 at vertex 0/],
    ['GIFTI labels of the other side', { kind: 'labels', labels: { left: 'R.label.gii', right: 'R.label.gii' }, table: null, include: ['insula'] }, 'WRONG_HEMISPHERE', /R.label.gii/],
    ['a list with a word', { kind: 'vertices', vertices: { left: 'names.labels', right: [1] } }, 'BAD_VERTEX_LIST', /line 1: found "2 Cuneus.L"/],
  ])('%s is refused', async (_, spec, code, message) => {
    await expect(region(spec)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('a mask of CIVET’s fine mesh is named as such', async () => {
    put('fine.txt', '1\n'.repeat(163_842));
    const spec = { surface: { vertices: 40_962, hemispheres: ['left'] }, region: { kind: 'mask', mask: { left: 'fine.txt' } } } as unknown as StudySpec;
    await expect(readRegion(spec, folder)).rejects.toMatchObject({ code: 'LONG_FILE', remedy: expect.stringContaining('head -n 40962') });
  });
});
