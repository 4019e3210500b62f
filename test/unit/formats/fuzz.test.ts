/**
 * Garbage, cut files, flipped bits, lying headers and bombs: every reader ends, in a value or a FormatError of one line, and allocates no more
 * than a small multiple of the file.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FormatError } from '../../../formats/index.js';
import { READERS, type Reader } from './readers.js';
import { sample, sampleNames } from './samples.js';

/** Bytes of the arrays that a call makes; counted by standing between the readers and the constructors. */
let allocated = 0;
const real = { Float64Array, Int32Array, Uint8Array };
beforeAll(() => {
  for (const [name, Real] of Object.entries(real)) {
    Object.assign(globalThis, { [name]: new Proxy(Real, { construct(target, args: unknown[], as) {
      if (typeof args[0] === 'number') allocated += args[0] * Real.BYTES_PER_ELEMENT;
      return Reflect.construct(target, args, as) as object;
    } }) });
  }
});
afterAll(() => { Object.assign(globalThis, real); });

const FLOOR = 2 ** 20, ZIPPED_FLOOR = 40 * 2 ** 20;

/** Reads, and holds the reader to its promises. */
function meet({ name, read }: Reader, bytes: Uint8Array, zipped = false): void {
  allocated = 0;
  try {
    read(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw new Error(`${name}: ${String(error)}`, { cause: error });
    if (/[\n\r]/.test(error.message) || error.message.length > 600 || error.remedy === null) throw new Error(`${name}: not one line with a remedy: ${error.message}`, { cause: error });
  }
  const limit = (zipped ? ZIPPED_FLOOR : FLOOR) + 64 * bytes.length;
  if (allocated > limit) throw new Error(`${name}: ${allocated} bytes of arrays for a file of ${bytes.length}`);
}

const bytesOfSeed = (seed: number, length: number): Uint8Array => {
  const out = Buffer.alloc(length);
  let s = seed | 1;
  for (let i = 0; i < length; i++) { s = (Math.imul(s, 1664525) + 1013904223) | 0; out[i] = s >>> 24; }
  return out;
};
const RUNS = ['\n', '\r\n', '\t', ' ', '"', ',', ';', '1', '1 ', '-', '.', '1e5\n', 'x', '<a>', '<a/>', '<a b="c" ', '&amp;', '{', '[', '"a":', '$$CONC\n', 'FWHM=', '1%', "'shape':(", '1,\u2028', '  x', '\0',
  '<!--', '<![CDATA[', ' Conc. =\n', '""', 'a=  '];

describe.each(READERS)('$name', (reader) => {
  const good = fc.constantFrom(...reader.good);

  it('reads the good files', () => {
    for (const bytes of reader.good) meet(reader, bytes);
    expect(reader.good.length).toBeGreaterThan(0);
  });
  it('ends on garbage', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), good, fc.nat({ max: 40 }), (garbage, file, kept) => {
      meet(reader, garbage);
      meet(reader, Buffer.concat([file.subarray(0, kept), garbage]));
    }), { numRuns: 150 });
    for (const [i, file] of reader.good.slice(0, 4).entries()) meet(reader, Buffer.concat([file.subarray(0, 24), bytesOfSeed(i, 250_000)]));
  });
  it('ends on cut files', () => {
    fc.assert(fc.property(good, fc.double({ min: 0, max: 1, noNaN: true }), (file, part) => meet(reader, file.subarray(0, Math.floor(file.length * part)), file[0] === 0x1f)), { numRuns: 300 });
  });
  it('ends on flipped bits, compressed too', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 7 })), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(good, flips, fc.boolean(), (file, bits, within) => {
      // Within a gzip file, or in the bytes that it holds.
      const inner = within && file[0] === 0x1f ? Buffer.from(gunzipSync(file)) : Buffer.from(file);
      for (const [at, bit] of bits) { const i = at % inner.length; inner[i] = (inner[i] as number) ^ (1 << bit); }
      meet(reader, within ? gzipSync(inner, { level: 1 }) : inner, true);
    }), { numRuns: 400 });
  });
  it.runIf(reader.text)('ends on long runs of the same characters', () => {
    for (const run of RUNS) {
      const body = Buffer.from(run.repeat(Math.ceil(30_000 / run.length)));
      const file = reader.good[0] as Uint8Array;
      const started = process.cpuUsage();
      for (const end of ['', 'x']) for (const at of [0, file.length >> 1, file.length]) meet(reader, Buffer.concat([file.subarray(0, at), body, Buffer.from(end), file.subarray(at)]));
      const { user, system } = process.cpuUsage(started);
      // Milliseconds in fact; a pattern that goes back over what it has matched takes seconds.
      expect([run, (user + system) / 1e6 < 3]).toEqual([run, true]);
    }
  }, 60_000);
});

describe('headers that lie', () => {
  const byName = (...names: string[]): Reader[] => names.map((name) => READERS.find((r) => r.name === name) as Reader);

  it.each(sampleNames.filter((n) => !/\.(gii|label)$/.test(n)))('%s: any number of it', (name) => {
    const whole = sample(name), plain = whole[0] === 0x1f ? gunzipSync(whole) : whole;
    const readers = byName('vertex values', /annot/.test(name) ? 'FreeSurfer annot' : /white|quads/.test(name) ? 'FreeSurfer surface' : name.endsWith('mat') ? '.mat' : 'vertex labels');
    for (let at = 0; at + 4 <= Math.min(plain.length, 400); at++) {
      for (const lie of [2 ** 31 - 1, -1, 2 ** 30, 65535, 0]) {
        const big = Buffer.from(plain), little = Buffer.from(plain);
        big.writeInt32BE(lie, at);
        little.writeInt32LE(lie, at);
        for (const reader of readers) { meet(reader, big); meet(reader, little); }
      }
    }
  }, 60_000);
  it('text: any number of it', () => {
    for (const reader of READERS.filter((r) => r.text)) {
      for (const good of reader.good.filter((g) => g[0] !== 0x1f && !g.includes(0) && g.length < 2000).slice(0, 8)) {
        const text = Buffer.from(good).toString('latin1');
        for (const match of text.matchAll(/\d+/g)) {
          for (const lie of ['2147483648', '-1', '1e300', '999999999999999', '']) {
            meet(reader, Buffer.from(text.slice(0, match.index) + lie + text.slice(match.index + match[0].length), 'latin1'), text.startsWith('<'));
          }
        }
      }
    }
  }, 60_000);
  it('a gigabyte of zeros behind a megabyte is not unpacked', () => {
    const member = gzipSync(Buffer.alloc(2 ** 20), { level: 9 });
    const bomb = Buffer.concat(Array.from({ length: 1024 }, () => member));
    expect(bomb.length).toBeLessThan(2 ** 20 + 2 ** 16);
    const before = process.resourceUsage().maxRSS;
    for (const reader of READERS) meet(reader, bomb, true);
    for (const kind of ['f4.mgz', 'shape-gzip.gii', 'scipy-v6.mat', 'lh.annot', 'lh.thickness']) {
      const inner = sample(kind), head = gzipSync(inner[0] === 0x1f ? gunzipSync(inner) : inner);
      for (const reader of byName('vertex values', 'vertex labels', 'mgh and mgz')) meet(reader, Buffer.concat([head, bomb]), true);
    }
    // Kilobytes: at most the floor and 64 times the file are unpacked at a time, and garbage may wait for its collector.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(600 * 1024);
  }, 60_000);
});

describe('the harness finds what is planted', () => {
  const planted = (read: Reader['read']): Reader => ({ name: 'planted', read, good: [], text: false });
  it.each<[string, Reader['read']]>([
    ['an array of a declared size', () => new Float64Array(2 ** 22)],
    ['an error of another kind', () => { throw new RangeError('Invalid typed array length'); }],
    ['an error of two lines', () => { throw new FormatError('INVALID_VALUE', 'a\nb', { remedy: 'Do.' }); }],
    ['an error without a remedy', () => { throw new FormatError('INVALID_VALUE', 'a'); }],
  ])('%s', (_name, read) => expect(() => meet(planted(read), new Uint8Array(10))).toThrow(/^planted/));
});
