import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { judge } from '../../../activities/imaging/quality.js';
import type { QualityRule } from '../../../contracts/pipelines.js';

const folder = mkdtempSync(join(tmpdir(), 'sulcus-quality-'));
afterAll(() => rmSync(folder, { recursive: true }));

const found = async (text: string | { stdout?: string; stderr?: string }, change: Partial<QualityRule> = {}): Promise<number | string | null> => {
  const files = typeof text === 'string' ? { 'q.txt': text } : { 'stdout.txt': text.stdout ?? '', 'stderr.txt': text.stderr ?? '' };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const rule: QualityRule = { name: 'q', output: typeof text === 'string' ? 'o' : null, pattern: String.raw`^snr (\S+)$`, minimum: null, maximum: null, ...change };
  const { values, problem } = await judge(folder, { quality: [rule], outputs: { o: 'q.txt' } });
  return problem?.text ?? values[0]?.value ?? null;
};
const MANY = 'snr 3\nsnr 1\nother\nsnr x\nsnr 8\n', LONG = `${'filler line\n'.repeat(30_000)}`;

describe('a number of quality', () => {
  it('is taken from several as the rule says', async () => {
    expect(await found(MANY)).toBe(3);
    expect(await found(MANY, { take: 'last' })).toBe(8);
    expect(await found(MANY, { take: 'mean' })).toBe(4);
    expect(await found(MANY, { take: 'smallest' })).toBe(1);
    expect(await found(MANY, { take: 'largest' })).toBe(8);
    expect(await found(MANY, { take: 'count' })).toBe(4);
    expect(await found('nothing\n', { take: 'count' })).toBe(0);
    for (const take of ['last', 'mean', 'smallest', 'largest'] as const) expect(await found('nothing\n', { take })).toBe('q was not found in output o');
  });

  it('keeps to its limits, whatever is taken', async () => {
    expect(await found(MANY, { take: 'count', maximum: 3 })).toBe('q is 4, above the limit 3');
    expect(await found(MANY, { take: 'smallest', minimum: 2 })).toBe('q is 1, below the limit 2');
    expect(await found(MANY, { take: 'mean', minimum: 4, maximum: 4 })).toBe(4);
  });

  it('is looked for in what was printed, on stderr where stdout has none', async () => {
    expect(await found({ stdout: 'snr 1\n', stderr: 'snr 2\n' })).toBe(1);
    expect(await found({ stderr: 'snr 2\nsnr 4\n' }, { take: 'mean' })).toBe(3);
    expect(await found({}, { take: 'count' })).toBe(0);
  });

  it('is found at both ends of a long text, and not told from a part where it follows from all', async () => {
    const text = `snr 5\n${LONG}snr 6\n${LONG}snr 7\n`;
    expect(await found(text)).toBe(5);
    expect(await found(text, { take: 'last' })).toBe(7);
    expect(await found(`${LONG}${LONG}snr 7\n`)).toBe(7);
    expect(await found(`snr 5\n${LONG}${LONG}`, { take: 'last' })).toBe(5);
    expect(await found(`${LONG}snr 6\n${LONG}`)).toBe('q was not found in output o');
    for (const take of ['mean', 'smallest', 'largest', 'count'] as const) expect(await found(text, { take })).toBe(`q (${take}) needs all of output o, which is longer than 512 KiB`);
  });

  it('is not made of half a line where a long text is cut', async () => {
    const line = `${'x'.repeat(256 * 1024 - 3)}123456${'x'.repeat(400_000)}789`;
    expect(await found(line, { pattern: String.raw`(\d+)` })).toBe(789);
    expect(await found(line, { pattern: String.raw`(\d+)`, take: 'last' })).toBe(789);
    expect(await found(`snr 4 ${'x'.repeat(700_000)}`, { pattern: String.raw`snr (\d+)` })).toBe(4);
    // The 256 KiB end in the middle of this number.
    const text = `${'x'.repeat(256 * 1024 - 7)}\nsnr 123456\n${LONG}${LONG}`;
    expect(await found(text, { pattern: String.raw`snr (\d+)` })).toBe('q was not found in output o');
  });
});
