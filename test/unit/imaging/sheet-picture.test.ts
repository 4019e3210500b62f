/** Windows, outlines, proportions and the page of a contact sheet, against arrays that are known. */
import { describe, expect, it } from 'vitest';
import { Canvas } from '../../../activities/imaging/sheet/picture/canvas.js';
import { composeSheet } from '../../../activities/imaging/sheet/picture/compose.js';
import { cutLabels, cutSlices } from '../../../activities/imaging/sheet/picture/cut.js';
import { layOut, MOST_HIGH, MOST_WIDE } from '../../../activities/imaging/sheet/picture/layout.js';
import { GLYPHS } from '../../../activities/imaging/sheet/picture/letters.js';
import { outlineOf } from '../../../activities/imaging/sheet/picture/outline.js';
import { drawOutline, drawSlice, OUTLINE } from '../../../activities/imaging/sheet/picture/tile.js';
import { evenly, extentOf, type Volume } from '../../../activities/imaging/sheet/picture/volume.js';

const volume = (shape: [number, number, number], at: (i: number, j: number, k: number) => number, size = 1): Volume => ({
  shape, affine: [size, 0, 0, 0, 0, size, 0, 0, 0, 0, size, 0], at: (index) => at(index % shape[0], Math.floor(index / shape[0]) % shape[1], Math.floor(index / shape[0] / shape[1])),
});
const inside = (i: number, j: number, k: number): boolean => i >= 2 && i <= 7 && j >= 3 && j <= 6 && k >= 1 && k <= 8;

describe('what is not background', () => {
  it.each([
    ['zeros around', (i: number, j: number, k: number) => (inside(i, j, k) ? 100 + i : 0)],
    ['noise around', (i: number, j: number, k: number) => (inside(i, j, k) ? 100 + i : 1 + ((i * 7 + j * 3 + k) % 5))],
    ['no numbers around', (i: number, j: number, k: number) => (inside(i, j, k) ? 100 + i : NaN)],
    ['infinity around', (i: number, j: number, k: number) => (inside(i, j, k) ? 100 + i : Infinity)],
    ['zeros around what is negative and positive', (i: number, j: number, k: number) => (inside(i, j, k) ? (i % 2 === 0 ? -5 : 5) : 0)],
    ['a low number around', (i: number, j: number, k: number) => (inside(i, j, k) ? 30 + i : -1000)],
  ])('is found with %s', (_, at) => {
    expect(extentOf(volume([10, 10, 10], at), 'image').slices).toEqual([[2, 7], [3, 6], [1, 8]]);
  });

  it('does not reach to the few voxels that are left of something else', () => {
    const { slices } = extentOf(volume([10, 10, 20], (i, j, k) => (inside(i, j, k) || (i === 5 && j === 5 && k === 18) ? 100 : 0)), 'image');
    expect(slices[2]).toEqual([1, 18]);
    expect(extentOf(volume([30, 30, 20], (i, j, k) => (k >= 4 && k <= 9 ? 100 : i === 5 && j === 5 && k === 18 ? 100 : 0)), 'image').slices[2]).toEqual([4, 9]);
  });

  it('gives the window its 2nd and 98th percentile', () => {
    const ramp = volume([10, 10, 10], (i, j, k) => 1 + i + 10 * j + 100 * k), { window } = extentOf(ramp, 'image');
    // Of 1..1000 what is at least t = 21 + 0.1 * 960 counts: 117..1000.
    expect(window[0]).toBeCloseTo(117 + 0.02 * 883, 0);
    expect(window[1]).toBeCloseTo(117 + 0.98 * 883, 0);
    expect(extentOf(volume([4, 4, 4], (i) => (i > 1 ? 1 : 0)), 'image').window).toEqual([0, 1]);
    expect(extentOf(volume([4, 4, 4], (i) => (i > 1 ? -3 : 0)), 'image').window).toEqual([-4, -3]);
  });

  it('has to be there', () => {
    expect(() => extentOf(volume([4, 4, 4], () => 0), 'image')).toThrow(expect.objectContaining({ code: 'NOTHING_TO_DRAW', message: 'image: every voxel is 0 or not a number' }));
    expect(() => extentOf(volume([4, 4, 4], () => NaN), 'image')).toThrow(expect.objectContaining({ code: 'NOTHING_TO_DRAW' }));
    expect(() => extentOf(volume([40, 40, 1], () => 1), 'image')).toThrow(expect.objectContaining({ message: 'image: 40 x 40 x 1 voxels, expected a volume' }));
  });

  it('is found in a volume of which only a part is sampled', () => {
    const thin = volume([128, 128, 80], (i, j, k) => (i >= 40 && i <= 90 && j >= 50 && j <= 60 && k === 64 ? 7 : 0));
    expect(extentOf(thin, 'image')).toEqual({ slices: [[40, 90], [50, 60], [64, 64]], window: [0, 7] });
  });
});

describe('slices', () => {
  it('are spaced evenly, none twice', () => {
    expect(evenly(0, 99, 4)).toEqual([12, 37, 62, 87]);
    expect(evenly(10, 12, 12)).toEqual([10, 11, 12]);
    expect(evenly(5, 5, 3)).toEqual([5]);
  });

  it('become grey between the ends of the window, in true proportions', () => {
    const canvas = new Canvas(12, 6), slice = { width: 2, height: 1, pixel: [2, 2] as [number, number], values: Float32Array.from([0, 10]) };
    drawSlice(canvas, slice, 1, 1, 2, [0, 10]);
    const grey = (x: number, y: number): number => canvas.data[3 * (x + 12 * y)]!;
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((x) => grey(x, 2))).toEqual([0, 0, 0, 32, 96, 159, 223, 255, 255, 0]);
    drawSlice(canvas, { ...slice, values: Float32Array.from([NaN, 99]) }, 1, 1, 2, [20, 40]);
    expect([grey(1, 1), grey(8, 4)]).toEqual([0, 255]);
  });
});

describe('outlines', () => {
  it('are the pixels of a label that touch something else, or the edge', () => {
    const labels = Float32Array.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 2, NaN, 0, 0, 2, 2]);
    expect([...outlineOf(labels, 5, 5)]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1]);
  });

  it('run along the edges of voxels, and say whether there is any', () => {
    const canvas = new Canvas(9, 9), labels = { width: 3, height: 3, pixel: [1, 1] as [number, number], values: Float32Array.from([0, 0, 0, 0, 1, 0, 0, 0, 0]) };
    expect(drawOutline(canvas, labels, 0, 0, 3)).toBe(true);
    const drawn = Array.from({ length: 9 }, (_, y) => Array.from({ length: 9 }, (_, x) => (canvas.data[3 * (x + 9 * y)] === OUTLINE[0] ? '#' : '.')).join(''));
    expect(drawn).toEqual(['.........', '.........', '.........', '...###...', '...#.#...', '...###...', '.........', '.........', '.........']);
    expect(drawOutline(canvas, { ...labels, values: new Float32Array(9) }, 0, 0, 3)).toBe(false);
  });
});

describe('the page', () => {
  const head = volume([60, 70, 50], (i, j, k) => (Math.hypot((i - 30) / 25, (j - 35) / 30, (k - 25) / 20) < 1 ? 100 + i : 0), 3);
  const mask = volume([60, 70, 50], (i, j, k) => (Math.hypot((i - 30) / 20, (j - 35) / 25, (k - 25) / 15) < 1 ? 1 : 0), 3);
  /** Whether the outline's colour is in the upper rows. */
  const amber = ({ data, width }: Canvas, above: number): boolean => {
    for (let at = 0; at < 3 * width * above; at += 3) if (data[at] === OUTLINE[0] && data[at + 1] === OUTLINE[1] && data[at + 2] === OUTLINE[2]) return true;
    return false;
  };

  it.each([[['axial'], 12], [['axial', 'coronal', 'sagittal'], 6], [['sagittal'], 1], [['coronal', 'axial'], 30]] as const)('of %s, %s slices each, is of bounded size and puts none upon another', (planes, slices) => {
    const { cuts } = cutSlices(head, { planes: [...planes], slices, range: null }, 'image'), { width, height, placed, scale } = layOut(cuts);
    expect(width).toBeLessThanOrEqual(MOST_WIDE);
    expect(height).toBeLessThanOrEqual(MOST_HIGH);
    expect(placed).toHaveLength(planes.length * slices);
    const fits = (one: (typeof placed)[number]): boolean => one.left + one.width <= width && one.top + one.height <= height
      && one.width === Math.round(one.cut.slice.width * 3 * scale) && one.height === Math.round(one.cut.slice.height * 3 * scale);
    expect(placed.filter((one) => !fits(one))).toEqual([]);
    const meet = (a: (typeof placed)[number], b: (typeof placed)[number]): boolean => a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
    expect(placed.flatMap((one, n) => placed.slice(n + 1).filter((other) => meet(one, other)))).toEqual([]);
  });

  it('says when a mask shows nowhere, and draws it where it does', () => {
    const cuts = cutSlices(head, { planes: ['axial'], slices: 6, range: null }, 'image'), away: Volume = { ...mask, affine: mask.affine.map((x, n) => (n % 4 === 3 ? x + 5000 : x)) };
    const drawn = composeSheet(cuts, cutLabels(head, cuts, mask, 'outline')), lost = composeSheet(cuts, cutLabels(head, cuts, away, 'outline')), without = composeSheet(cuts, null);
    const { height } = layOut(cuts.cuts);
    expect([amber(drawn, height), amber(lost, height), amber(without, without.height)]).toEqual([true, false, false]);
    // In words, below.
    expect(amber(lost, lost.height)).toBe(true);
  });

  it('is the same for the same volume', () => {
    const one = (): Canvas => composeSheet(cutSlices(head, { planes: ['axial'], slices: 3, range: [0, 200] }, 'image'), null);
    expect(Buffer.from(one().data).equals(Buffer.from(one().data))).toBe(true);
  });

  it('writes in letters that are each of their own', () => {
    expect(new Set(Object.values(GLYPHS).map(String)).size).toBe(Object.keys(GLYPHS).length);
    for (const rows of Object.values(GLYPHS)) expect(rows.length === 7 && rows.every((row) => row < 32)).toBe(true);
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:-+') expect(GLYPHS[letter]).toBeDefined();
  });
});
