import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StateLockedError } from '../../client/temporal/index.js';
import { withLock } from '../../client/temporal/lock.js';
import { identityOf } from '../../client/temporal/process.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sulcus-lock-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a state folder', () => {
  it('lets one in at a time, and leaves one file', async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(folder, async () => {
          most = Math.max(most, ++inside);
          await pause(5);
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual(['lock.8']);
  });

  it('is free again after an error, and when its owner was killed or never wrote sense', async () => {
    await expect(withLock(folder, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    writeFileSync(join(folder, 'lock.7'), JSON.stringify({ pid: process.pid, startTime: 'of another process' }));
    expect(await withLock(folder, () => Promise.resolve(1))).toBe(1);
    writeFileSync(join(folder, 'lock.20'), '{');
    expect(await withLock(folder, () => Promise.resolve(2))).toBe(2);
    expect(readdirSync(folder)).toEqual(['lock.21']);
  });

  it('held by a living process for too long names that process', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    writeFileSync(join(folder, 'lock.1'), JSON.stringify(identityOf(child.pid ?? 0)));
    const error = await withLock(folder, () => Promise.resolve(), 100).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StateLockedError);
    expect((error as Error).message).toContain(String(child.pid));
    child.kill('SIGKILL');
    expect(await withLock(folder, () => Promise.resolve(3))).toBe(3);
  });
});
