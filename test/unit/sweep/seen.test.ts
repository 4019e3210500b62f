import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isRecent, nearestFolder, see } from '../../../activities/sweep/seen.js';

const folder = mkdtempSync(join(tmpdir(), 'sulcus-seen-'));
afterAll(() => rmSync(folder, { recursive: true }));
const HOUR = 3_600_000;

describe('files', () => {
  it('that were moved here are new, however old their content', async () => {
    const file = join(folder, 'old.txt');
    writeFileSync(`${file}.part`, '1');
    utimesSync(`${file}.part`, new Date(2001, 0, 1), new Date(2001, 0, 1));
    renameSync(`${file}.part`, file);
    expect(isRecent(await see([file]), Date.now(), 60_000)).toBe(true);
  });

  it('that grow are seen by their size, though the date were put back', async () => {
    const file = join(folder, 'growing.txt'), date = new Date(2001, 0, 1);
    writeFileSync(file, '1');
    utimesSync(file, date, date);
    const before = await see([file]);
    writeFileSync(file, '12');
    utimesSync(file, date, date);
    expect((await see([file])).print).not.toBe(before.print);
    expect((await see([file])).print).toBe((await see([file, file])).print);
  });

  it('that are not there have no date', async () => {
    expect(await see([join(folder, 'nobody', 'x')])).toEqual({ newest: -Infinity, print: '-' });
    expect(isRecent({ newest: -Infinity }, Date.now(), HOUR)).toBe(false);
  });
});

describe('recent', () => {
  it.each([[0, true], [-0.5 * HOUR, true], [0.5 * HOUR, true], [-2 * HOUR, false], [2 * HOUR, false]])('%d ms from now: %s', (difference, expected) => {
    const now = Date.now();
    expect(isRecent({ newest: now + difference }, now, HOUR)).toBe(expected);
  });

  it('is nothing with a settle time of 0', () => {
    const now = Date.now();
    expect(isRecent({ newest: now }, now, 0)).toBe(false);
  });
});

describe('the nearest folder', () => {
  it('is the one that exists', async () => {
    mkdirSync(join(folder, 'a'));
    expect(await nearestFolder(join(folder, 'a', 'b', 'c', 'x.txt'))).toBe(join(folder, 'a'));
    expect(await nearestFolder(join(folder, 'a', 'x.txt'))).toBe(join(folder, 'a'));
  });
});
