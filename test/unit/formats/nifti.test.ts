import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../formats/format-error.js';
import { readNifti, readNiftiShape } from '../../../formats/nifti.js';
import { writeNifti } from '../../../formats/nifti-write.js';

interface Case { name: string; bytes: string; frame: number | null; shape: number[]; affine: number[]; values: number[] }
const cases = JSON.parse(readFileSync(new URL('./fixtures/nifti.json', import.meta.url), 'utf8')) as Case[];
const bytesOf = (name: string): Buffer => Buffer.from(cases.find((c) => c.name === name)!.bytes, 'base64');
const file = 'dwi/fa.nii.gz';
const failure = (bytes: Uint8Array, frame?: number): string => { try { readNifti(bytes, { file, frame }); } catch (e) { if (e instanceof FormatError) return `${e.code} ${e.message}`; throw e; } return 'none'; };
/** The volume of 3 x 4 x 2 floats, its header changed. */
const changed = (change: (b: Buffer) => void, name = 'nifti-1 <f4'): Buffer => { const b = bytesOf(name); change(b); return b; };

describe('NIfTI', () => {
  it.each(cases)('$name: shape, orientation and values are nibabel\'s', ({ bytes, frame, shape, affine, values }) => {
    const raw = Buffer.from(bytes, 'base64');
    for (const b of [raw, gzipSync(raw), new Uint8Array([1, ...raw]).subarray(1)]) {
      const volume = readNifti(b, { file, frame });
      expect(volume.shape).toEqual(shape);
      volume.affine.forEach((x, i) => { expect(Math.abs(x - affine[i]!)).toBeLessThan(2e-5); });
      values.forEach((x, i) => { expect(volume.at(i)).toBe(x); });
    }
  });

  it('says which form it used, how far the other is, and gives the header with its extensions', () => {
    expect(readNifti(bytesOf('nifti-1 both forms'), { file })).toMatchObject({ form: 'sform', version: 1, type: 'f4' });
    expect(readNifti(bytesOf('nifti-1 both forms'), { file }).disagreement).toBeGreaterThan(20);
    expect(readNifti(bytesOf('nifti-2 qform 1'), { file })).toMatchObject({ form: 'qform', disagreement: null, version: 2 });
    const { header } = readNifti(gzipSync(bytesOf('nifti-2 extension')), { file });
    expect(Buffer.from(header).toString('latin1')).toMatch(/FA map[^]*made for a test/);
  });

  it('takes metres and micrometres as what they are', () => {
    const [mm, m, um] = [2, 1, 3].map((unit) => readNifti(changed((b) => { b[123] = unit; }), { file }).affine);
    expect(m![3]).toBeCloseTo(mm![3]! * 1000, 6);
    expect(um![5]).toBeCloseTo(mm![5]! / 1000, 9);
  });

  it.each<[string, RegExp, Uint8Array]>([
    ['an empty file', /^EMPTY_FILE/, Buffer.alloc(0)],
    ['a git-annex pointer', /^POINTER_FILE/, Buffer.from('../.git/annex/objects/aa/bb/SHA256E-s1--x.nii.gz')],
    ['text', /^NOT_NIFTI .*found something else, expected a NIfTI volume/, Buffer.from('0.1\n0.2\n'.repeat(100))],
    ['MINC', /^NOT_NIFTI .*MINC/, Buffer.from(`CDF\x01${'x'.repeat(400)}`)],
    ['MRtrix', /^NOT_NIFTI .*MRtrix/, Buffer.from(`mrtrix image\ndim: 3,4,2\n${'x'.repeat(400)}`)],
    ['mgh', /^NOT_NIFTI .*FreeSurfer/, Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.alloc(400)])],
    ['Analyze', /^NOT_NIFTI .*Analyze/, changed((b) => b.fill(0, 344, 348))],
    ['a header of a pair', /^UNSUPPORTED_NIFTI .*another file/, changed((b) => b.write('ni1', 344))],
    ['a cut header', /^SHORT_FILE/, bytesOf('nifti-2 <f4').subarray(0, 400)],
    ['a magic in a file of another size', /^BAD_NIFTI .*damaged header/, changed((b) => b.writeInt32LE(999, 0))],
    ['cut data', /^SHORT_FILE .*found 440 bytes, expected 448 \(3 x 4 x 2 voxels of 4 bytes from byte 352\)/, bytesOf('nifti-1 <f4').subarray(0, 440)],
    ['a size that is not there', /^SHORT_FILE .*30000 x 30000 x 30000/, changed((b) => { for (const at of [42, 44, 46]) b.writeInt16LE(30000, at); })],
    ['a size that is not there, compressed', /^TOO_LARGE .*the volume declares 108000000004448 bytes/, gzipSync(changed((b) => { for (const at of [42, 44, 46]) b.writeInt16LE(30000, at); }))],
    ['a negative dimension', /^BAD_NIFTI .*dimensions 3 x -4 x 2/, changed((b) => b.writeInt16LE(-4, 44))],
    ['9 dimensions', /^BAD_NIFTI .*9 dimensions/, changed((b) => b.writeInt16LE(9, 40))],
    ['NIfTI-2 dimensions beyond all numbers', /^SHORT_FILE/, changed((b) => b.writeBigInt64LE(2n ** 62n, 24), 'nifti-2 <f4')],
    ['complex numbers', /^UNSUPPORTED_NIFTI .*type 32 \(complex numbers\)/, changed((b) => b.writeInt16LE(32, 70))],
    ['colours', /^UNSUPPORTED_NIFTI .*RGB/, changed((b) => b.writeInt16LE(128, 70))],
    ['an unknown type', /^UNSUPPORTED_NIFTI .*type 77/, changed((b) => b.writeInt16LE(77, 70))],
    ['bits that contradict the type', /^BAD_NIFTI .*16 bits a voxel, expected 32 for type 16/, changed((b) => b.writeInt16LE(16, 72))],
    ['data within the header', /^BAD_NIFTI .*byte 100/, changed((b) => b.writeFloatLE(100, 108))],
    ['data at no byte', /^BAD_NIFTI .*byte NaN/, changed((b) => b.writeFloatLE(NaN, 108))],
    ['infinite scaling', /^BAD_NIFTI .*scaling Infinity/, changed((b) => b.writeFloatLE(Infinity, 112))],
    ['no orientation', /^NO_ORIENTATION .*sform_code and qform_code are 0/, changed((b) => { b.writeInt16LE(0, 252); b.writeInt16LE(0, 254); })],
    ['an sform that is not finite', /^BAD_NIFTI .*sform/, changed((b) => b.writeFloatLE(NaN, 280))],
    ['a quaternion too long', /^BAD_NIFTI .*quaternion/, changed((b) => b.writeFloatLE(1.5, 256), 'nifti-1 qform 1')],
    ['voxels of no size', /^BAD_NIFTI .*voxel sizes/, changed((b) => b.writeFloatLE(0, 80), 'nifti-1 qform 1')],
    ['a cut gzip stream', /^BAD_COMPRESSION/, gzipSync(bytesOf('nifti-1 <f4')).subarray(0, -30)],
    ['a damaged gzip stream', /^BAD_COMPRESSION/, (() => { const z = gzipSync(bytesOf('nifti-1 <f4')); z.fill(0x55, 60, 90); return z; })()],
    ['a gzip bomb behind a small header', /^TOO_LARGE .*expands to more than 4544 bytes/, gzipSync(Buffer.concat([bytesOf('nifti-1 <f4'), Buffer.alloc(64 * 2 ** 20)]))],
    ['something else, compressed', /^NOT_NIFTI/, gzipSync(Buffer.from('0.1\n'.repeat(500)))],
    ['a series', /^SEVERAL_VOLUMES .*a series of 3 volumes, expected one/, bytesOf('nifti-1 series')],
  ])('%s is refused in a line', (_name, message, bytes) => {
    expect(failure(bytes)).toMatch(message);
    expect(failure(bytes)).not.toContain('\n');
  });

  it('refuses a volume of a series that is not there', () => {
    expect(failure(bytesOf('nifti-1 series'), 3)).toMatch(/^SEVERAL_VOLUMES .*found 3 volumes, expected one with number 3/);
    expect(failure(bytesOf('nifti-1 <f4'), 1)).toMatch(/^SEVERAL_VOLUMES/);
    expect(failure(bytesOf('nifti-1 series'), 1)).toBe('none');
  });

  it('does not follow extensions in a circle', () => {
    const looped = changed((b) => { b[348] = 1; b.writeInt32LE(-16, 352); b.writeInt32LE(16, 336); b.writeFloatLE(400, 108); }, 'nifti-1 extension');
    expect(failure(looped)).toMatch(/^none|^SHORT_FILE/);
  });

  it('never fails in another way: garbage, and good files with bytes changed', () => {
    const whole = (bytes: Uint8Array): void => {
      try {
        const { shape, at } = readNifti(bytes, { file });
        for (const i of [0, shape[0] * shape[1] * shape[2] - 1]) expect(typeof at(i)).toBe('number');
      } catch (e) { if (!(e instanceof FormatError) || e.message.includes('\n')) throw e; }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (b) => { whole(b); whole(Uint8Array.from([0x1f, 0x8b, 8, ...b])); }), { numRuns: 300 });
    const flips = fc.array(fc.tuple(fc.nat({ max: 559 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(fc.constantFrom(...cases), flips, fc.boolean(), (c, changes, zip) => {
      const b = Buffer.from(c.bytes, 'base64');
      for (const [at, value] of changes) if (at < b.length) b[at] = value;
      whole(zip ? gzipSync(b, { level: 1 }) : b);
    }), { numRuns: 3000 });
    const million = new Uint8Array(1_000_000);
    fc.assert(fc.property(fc.integer(), fc.constantFrom(...cases), (seed, c) => {
      let s = seed | 1;
      for (let i = 0; i < million.length; i++) { s = Math.imul(s, 1664525) + 1013904223; million[i] = s >>> 24; }
      whole(million);
      million.set(Buffer.from(c.bytes, 'base64').subarray(0, 352));
      whole(million);
      whole(Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), million]));
    }), { numRuns: 5 });
  });

  it('gives its shape from the first bytes, compressed or not', () => {
    const bytes = writeNifti({ shape: [5, 4, 3, 7], affine: [2, 0, 0, -5, 0, 2, 0, -4, 0, 0, 2, -3], values: Float64Array.from({ length: 420 }, (_, i) => i), type: 'i2' });
    const expected = { shape: [5, 4, 3], volumes: 7, offset: 352, bytes: bytes.length };
    expect(readNiftiShape(bytes.subarray(0, 600), file)).toEqual(expected);
    expect(readNiftiShape(gzipSync(bytes).subarray(0, 400), file)).toEqual(expected);
    expect(() => readNiftiShape(bytes.subarray(0, 100), file)).toThrow(expect.objectContaining({ code: 'NOT_NIFTI' }));
    expect(() => readNiftiShape(bytes.subarray(0, 0), file)).toThrow(expect.objectContaining({ code: 'EMPTY_FILE' }));
  });
});
