import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output, percentIn, tailOf } from '../../../activities/imaging/guard/output.js';

describe('the tail of what was printed', () => {
  it('has both streams, stderr last', () => {
    expect(tailOf('done\n', 'warning\n')).toBe('done\nwarning');
    expect(tailOf('', 'warning\n')).toBe('warning');
    expect(tailOf('done\n', '')).toBe('done');
  });

  it('is 2,000 characters at most: three quarters of stderr when both have much', () => {
    const both = tailOf('o'.repeat(9000), 'e'.repeat(9000));
    expect(both).toBe(`${'o'.repeat(499)}\n${'e'.repeat(1500)}`);
    expect(tailOf('o'.repeat(9000), '')).toBe('o'.repeat(2000));
    expect(tailOf('', 'e'.repeat(9000))).toBe('e'.repeat(2000));
    expect(tailOf('o'.repeat(9000), 'end')).toBe(`${'o'.repeat(1996)}\nend`);
  });

  it('is what a terminal would show: the last of a line that was written over, without colours', () => {
    expect(tailOf('', 'step:  10%\rstep:  20%\rstep: 100%\r\n\u001b[31mERROR\u001b[0m: no\u0007 gradients\r\n')).toBe('step: 100%\nERROR: no gradients');
    expect(tailOf('', 'a 10%\ra 20%\r')).toBe('a 20%');
  });
});

describe('the percentage in what was printed', () => {
  it('is the last one', () => {
    expect(percentIn('a: [ 10%]\ra: [ 20%] of [ 30%]\rb', /(\d+)%/g)).toBe(30);
    expect(percentIn('1%\n2.5 percent', /([\d.]+) percent/g)).toBe(2.5);
  });

  it('is between 0 and 100, or none', () => {
    expect(percentIn('250%', /(\d+)%/g)).toBe(100);
    expect(percentIn('-3%', /(-?\d+)%/g)).toBe(0);
    expect(percentIn('x%', /(\w)%/g)).toBeNull();
    expect(percentIn('nothing', /(\d+)%/g)).toBeNull();
    expect(percentIn('5%', /\d+%/g)).toBeNull();
  });
});

describe('a stream in a file', () => {
  const copied = async (chunks: string[], file: string): Promise<Output> => {
    const output = await Output.to(file, Readable.from(chunks.map((chunk) => Buffer.from(chunk))));
    await output.copy();
    return output;
  };

  it('is there whole, and its end is at hand', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sulcus-output-')), file = join(folder, 'stdout.txt');
    try {
      const output = await copied(['one ', 'two\n', 'ü'.repeat(6000)], file);
      expect(readFileSync(file, 'utf8')).toBe(`one two\n${'ü'.repeat(6000)}`);
      expect(output.bytes).toBe(12_008);
      expect(output.recent()).toBe('ü'.repeat(4096));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.runIf(process.platform === 'linux')('is read to its end also when the disk is full, and says so', async () => {
    const output = await copied(['one', 'two'], '/dev/full');
    expect(output.bytes).toBe(6);
    expect(output.recent()).toBe('onetwo\n[sulcus: not all of this could be kept: ENOSPC]\n');
  });
});
