/** Any file of a study replaced by anything: the check ends, says which file, and never falls over. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatProblem } from '../../../config/index.js';
import { validFolder, type Folder } from './folder.js';

let folder: Folder;
let files: string[];
beforeAll(async () => {
  folder = await validFolder();
  const all = (readdirSync(folder.path, { recursive: true }) as string[]).filter((name) => statSync(join(folder.path, name)).isFile()).sort();
  // One subject's files stand for everybody's; the study's own files come as often as those.
  files = all.filter((f) => !f.startsWith('truth/') && !/mid_(left|right)\.obj$/.test(f) && (!/TKY\d+/.test(f) || f.includes(folder.ids[2] as string)));
});
afterAll(() => folder.dispose());

/** Garbage of several kinds: bytes, text, numbers, the file itself cut or with bytes changed, files of other kinds. */
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 5000 }).map((bytes) => () => bytes),
  fc.string({ unit: 'binary', maxLength: 2000 }).map((text) => () => Buffer.from(text)),
  fc.array(fc.double(), { maxLength: 700 }).map((values) => () => Buffer.from(values.join('\n'))),
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })).map(([a, b]) => (own: Buffer) => own.subarray(Math.floor(Math.min(a, b) * own.length), Math.ceil(Math.max(a, b) * own.length))),
  fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }).map((changes) => (own: Buffer) => { const copy = Buffer.from(own); for (const [at, byte] of changes) copy[Math.floor(at * copy.length)] = byte; return copy; }),
  fc.nat({ max: 1000 }).map((n) => () => Buffer.from(folder.read(files[n % files.length] as string))),
);

describe('garbage in place of any file', () => {
  it('gives lines, not failures', async () => {
    await fc.assert(fc.asyncProperty(fc.nat({ max: 10_000 }), garbage, async (which, make) => {
      const name = files[which % files.length] as string;
      folder.write(name, make(Buffer.from(folder.read(name), 'utf8')));
      try {
        const { problems } = await folder.check();
        for (const p of problems) {
          expect(formatProblem(p)).not.toMatch(/undefined|\[object|\p{Cc}/u);
          expect(p.code).not.toBe('UNEXPECTED');
        }
      } finally {
        folder.restore();
      }
    }), { numRuns: 150, seed: 6 });
  }, 600_000);
});
