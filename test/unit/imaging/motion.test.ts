import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Motion } from '../../../activities/imaging/guard/motion.js';
import type { Output } from '../../../activities/imaging/guard/output.js';
import type { GuardedProgram } from '../../../activities/imaging/guard/protocol.js';

let folder: string, seconds: number;
const printed = { text: '', get bytes() { return this.text.length; }, recent() { return this.text; } };
const quiet = { bytes: 0, recent: () => '' };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sulcus-motion-'));
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'inner', 'image'), 'voxels');
  seconds = 1000;
  printed.text = '';
  vi.spyOn(performance, 'now').mockImplementation(() => seconds * 1000);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const motionOf = (silence: number | null): Promise<Motion> => {
  const program: GuardedProgram = {
    file: '', command: [], cwd: folder, env: {}, limits: { memory: 1, seconds: 1, silence }, stdout: join(folder, 'stdout.txt'), stderr: join(folder, 'stderr.txt'),
    stdin: null, closing: null, progress: { source: '(\\d+)%', flags: '' }, watch: [folder],
  };
  return Motion.of(program, [printed, quiet] as unknown as Output[]);
};
/** A look after some seconds, and one more when its files have been read. */
async function after(motion: Motion, elapsed: number): Promise<{ percent: number | null; bytes: number } | null> {
  seconds += elapsed;
  const first = motion.look();
  await motion.settled();
  return motion.look() ?? first;
}

describe('a program', () => {
  it('is silent when nothing moved for longer than it may', async () => {
    const motion = await motionOf(60);
    expect(await after(motion, 59)).toBeNull();
    expect(motion.silent).toBe(false);
    expect(await after(motion, 2)).toBeNull();
    expect(await after(motion, 1)).toBeNull();
    expect(motion.silent).toBe(true);
  });

  it.each([
    ['prints', () => { printed.text += 'something\n'; }],
    ['makes a file', () => writeFileSync(join(folder, 'new'), '')],
    ['goes on with one', () => appendFileSync(join(folder, 'inner', 'image'), 'more')],
    ['changes one in its place', () => utimesSync(join(folder, 'inner', 'image'), 3e9, 3e9)],
  ])('is not when it %s', async (_, act) => {
    const motion = await motionOf(60);
    await after(motion, 55);
    act();
    expect(await after(motion, 10)).not.toBeNull();
    await after(motion, 10);
    expect(motion.silent).toBe(false);
    await after(motion, 61);
    await after(motion, 1);
    expect(motion.silent).toBe(true);
  });

  it('is never when it may be silent', async () => {
    const motion = await motionOf(null);
    await after(motion, 1e6);
    await after(motion, 10);
    expect(motion.silent).toBe(false);
  });

  it('tells its percentage and its bytes, once, without counting what is kept of its output twice', async () => {
    const motion = await motionOf(60);
    printed.text = 'a: 10%';
    writeFileSync(join(folder, 'stdout.txt'), printed.text);
    expect(await after(motion, 1)).toEqual({ percent: 10, bytes: 12 });
    expect(await after(motion, 1)).toBeNull();
    appendFileSync(join(folder, 'inner', 'image'), '1234');
    expect(await after(motion, 16)).toEqual({ percent: 10, bytes: 16 });
    printed.text += ' and so on';
    expect(await after(motion, 1)).toEqual({ percent: 10, bytes: 26 });
  });
});
