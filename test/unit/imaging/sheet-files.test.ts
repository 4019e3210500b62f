/** Contact sheets from files: what is drawn, what is refused and in which words, and that nobody waits for it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import { drawSheet } from '../../../activities/imaging/sheet/index.js';
import { readVolume } from '../../../activities/imaging/sheet/read-volume.js';
import { renderSheet } from '../../../activities/imaging/sheet/render.js';
import { SulcusError } from '../../../contracts/errors.js';
import type { SliceSheet } from '../../../contracts/pipelines.js';
import { writeNifti } from '../../../formats/index.js';

const folder = mkdtempSync(join(tmpdir(), 'sulcus-sheet-')), AFFINE = [2, 0, 0, -20, 0, 2, 0, -20, 0, 0, 3, -15];
afterAll(() => rmSync(folder, { recursive: true }));
const never = new AbortController().signal;
const SHEET: SliceSheet = { image: '{output:fa}', outline: null, planes: ['axial'], slices: 4, range: null, volume: 0 };

const put = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const SHAPE = [20, 20, 10] as const, COUNT = 4000;
/** Volume v of a series holds v + 1 within, 0 around. */
const series = (volumes: number): Uint8Array => writeNifti({
  shape: volumes === 1 ? [...SHAPE] : [...SHAPE, volumes], affine: AFFINE, type: 'i2',
  values: Float64Array.from({ length: COUNT * volumes }, (_, n) => (Math.abs((n % 20) - 10) < 6 ? Math.floor(n / COUNT) + 1 : 0)),
});
/** As long as a volume of such voxels. */
const typed = (code: number, bits: number): Uint8Array => {
  const bytes = Buffer.concat([series(1), Buffer.alloc((COUNT * bits) / 8)]);
  bytes.writeInt16LE(code, 70);
  bytes.writeInt16LE(bits, 72);
  return bytes;
};
const drawn = (image: string, sheet: Partial<SliceSheet> = {}, outline: string | null = null): Promise<Uint8Array> => renderSheet({ ...SHEET, ...sheet }, { image, outline });
const refused = async (image: string, sheet: Partial<SliceSheet> = {}, outline: string | null = null): Promise<string> => {
  try {
    await drawn(image, sheet, outline);
    return 'drawn';
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(message).not.toContain(folder);
    expect(message).not.toContain('\n');
    return `${code} ${message}`;
  }
};

describe('one volume is read', () => {
  it.each(['plain', 'compressed'])('of a series, %s, and no other', async (how) => {
    const bytes = series(5), path = put(`series-${how}.nii`, how === 'plain' ? bytes : gzipSync(bytes));
    for (const volume of [0, 2, 4]) {
      const { at, shape, affine } = await readVolume(path, 'image', volume);
      expect([shape, [...affine], at(0), at(10), at(COUNT - 10)]).toEqual([[...SHAPE], AFFINE, 0, volume + 1, volume + 1]);
    }
  });

  it('which must be there', async () => {
    const path = put('series.nii.gz', gzipSync(series(3)));
    expect(await refused(path, { volume: 3 })).toBe('SEVERAL_VOLUMES image: found 3 volumes, expected one with number 3 (counted from 0)');
    expect(await refused(put('one.nii', series(1)), {}, path)).toBe('SEVERAL_VOLUMES outline: a series of 3 volumes, expected one');
  });
});

describe('what cannot be drawn is refused in one line that names no file', () => {
  const whole = series(1), zipped = gzipSync(whole), broken = Buffer.from(gzipSync(series(1)));
  broken[broken.length - 6]! ^= 0xff;
  it.each<[string, Uint8Array, string]>([
    ['complex numbers', typed(32, 64), 'UNSUPPORTED_NIFTI image: voxels of type 32 (complex numbers)'],
    ['colours', typed(128, 24), 'UNSUPPORTED_NIFTI image: voxels of type 128 (RGB colours)'],
    ['an empty file', new Uint8Array(0), 'EMPTY_FILE image: the file is empty'],
    ['a file cut short', whole.subarray(0, whole.length - 10), 'SHORT_FILE image: found 8342 bytes, expected 8352'],
    ['a compressed file cut short', zipped.subarray(0, zipped.length - 12), 'BAD_COMPRESSION image: found damaged compressed data, or data that end too early, expected a whole gzip stream'],
    ['a compressed file with a wrong checksum', broken, 'BAD_COMPRESSION image: found damaged compressed data (incorrect data check), expected a whole zlib or gzip stream in the compressed file'],
    ['a slice', writeNifti({ shape: [20, 20, 1], affine: AFFINE, type: 'u1', values: new Uint8Array(400).fill(1) }), 'NOTHING_TO_DRAW image: 20 x 20 x 1 voxels, expected a volume'],
    ['zeros', writeNifti({ shape: [4, 4, 4], affine: AFFINE, type: 'u1', values: new Uint8Array(64) }), 'NOTHING_TO_DRAW image: every voxel is 0 or not a number'],
    ['MRtrix\' own format', Buffer.from(`mrtrix image\ndim: 4,4,4\n${'x'.repeat(400)}`), 'NOT_NIFTI image: found an MRtrix image (.mif), expected a NIfTI volume (.nii, .nii.gz)'],
  ])('%s', async (_, bytes, words) => {
    expect(await refused(put('image.nii.gz', bytes))).toBe(words);
  });

  it('a volume that would take more memory than a sheet may', async () => {
    const bytes = Buffer.from(series(1).subarray(0, 352));
    [900, 900, 900].forEach((n, d) => bytes.writeInt16LE(n, 42 + 2 * d));
    expect(await refused(put('large.nii', bytes))).toBe('TOO_LARGE image: 900 x 900 x 900 voxels take more than the 768 MiB that are drawn');
  });
});

describe('damaged files', () => {
  it('are drawn or refused in words, whatever bytes of the header are', async () => {
    let seed = 7;
    const random = (below: number): number => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor((seed / 2 ** 32) * below); };
    const unknown: string[] = [];
    let refusals = 0;
    for (let n = 0; n < 50; n++) {
      const bytes = Buffer.from(series(n % 2 + 1));
      for (let change = 0; change <= random(4); change++) bytes[random(352)] = random(256);
      await drawn(put(`fuzz.nii`, n % 3 === 0 ? gzipSync(bytes, { level: 1 }) : bytes)).catch((error: unknown) => {
        refusals++;
        if (!(error instanceof SulcusError)) unknown.push(String(error));
      });
    }
    expect(unknown).toEqual([]);
    expect(refusals).toBeGreaterThan(5);
  });
});

describe('drawing', () => {
  it('makes a PNG of bounded width, in a thread, whole or not at all', async () => {
    const image = put('fa.nii.gz', gzipSync(series(1))), out = join(folder, 'sheets', 'fa.png');
    await drawSheet({ ...SHEET, outline: '{output:mask}' }, { image, outline: image }, out, never);
    const bytes = readFileSync(out), { width, height } = decode(bytes);
    expect([width <= 1600, height <= 1300]).toEqual([true, true]);
    // The thread was built; what it draws is what is drawn here.
    expect(Buffer.from(await drawn(image, { outline: '{output:mask}' }, image)).equals(bytes)).toBe(true);
    await expect(drawSheet(SHEET, { image: put('none.nii', new Uint8Array(0)), outline: null }, out, never)).rejects.toMatchObject({ code: 'EMPTY_FILE', message: 'image: the file is empty' });
    await expect(drawSheet(SHEET, { image: join(folder, 'nowhere.nii') }, out, never)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readFileSync(out).equals(bytes)).toBe(true);
    expect(readdirSync(join(folder, 'sheets'))).toEqual(['fa.png']);
  });

  it('ends when it is cancelled, and the next one is drawn', async () => {
    const image = put('again.nii.gz', gzipSync(series(1))), out = join(folder, 'again.png'), stop = new AbortController();
    const first = drawSheet(SHEET, { image }, out, stop.signal), second = drawSheet(SHEET, { image }, join(folder, 'second.png'), never);
    stop.abort(new Error('stopped'));
    await expect(first).rejects.toThrow('stopped');
    await second;
    expect(readdirSync(folder).filter((name) => name === 'again.png' || name.startsWith('.sheet'))).toEqual([]);
    expect(decode(readFileSync(join(folder, 'second.png'))).width).toBeGreaterThan(100);
  });

  it('copies a picture that the step made, when it is one', async () => {
    const png = Buffer.from(await drawn(put('p.nii', series(1)))), jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(50, 1), Buffer.from([0xff, 0xd9])]), out = join(folder, 'picture.png');
    for (const bytes of [png, jpeg]) {
      await drawSheet({ picture: '{output:verify}' }, { picture: put('verify', bytes) }, out, never);
      expect(readFileSync(out).equals(bytes)).toBe(true);
    }
    const told = (bytes: Uint8Array): Promise<string> => drawSheet({ picture: '{output:verify}' }, { picture: put('verify', bytes) }, out, never).then(() => 'copied', (error: unknown) => (error as Error).message);
    expect(await told(Buffer.from('<svg/>'))).toBe('the picture of the sheet is neither a PNG nor a JPEG');
    expect(await told(new Uint8Array(0))).toBe('the picture of the sheet is empty');
    expect(await told(png.subarray(0, png.length - 100))).toBe('the picture of the sheet ends too early');
    expect(await told(Buffer.alloc(33 * 2 ** 20))).toBe('the picture of the sheet has 33 MiB, allowed are 32');
    expect(readFileSync(out).equals(jpeg)).toBe(true);
  });
});
