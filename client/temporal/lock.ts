/**
 * A lock between processes, for one folder, that survives `kill -9` of its owner without a moment in which two own it.
 *
 * Every ownership is a file `lock.N` with a higher N than all before, made whole (written aside, then hard-linked, which fails if N
 * exists). The highest N says who owns the lock; it is free when its owner is gone or has written `null` into it. Only the owner of a
 * higher N removes lower ones, so the highest N never goes down, and whoever finds a higher one than its own has not got the lock.
 */
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StateLockedError } from './errors.js';
import { isRunning, ownIdentity, type ProcessIdentity } from './process.js';

let counter = 0;

/** Runs `body` while no other process (and no other caller in this one) runs its own for the same folder. */
export async function withLock<T>(folder: string, body: () => Promise<T>, timeoutMs = 600_000): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const release = await acquire(folder, Date.now() + timeoutMs);
  try {
    return await body();
  } finally {
    release();
  }
}

async function acquire(folder: string, deadline: number): Promise<() => void> {
  for (let wait = 20; ; ) {
    const highest = generations(folder).at(-1) ?? 0;
    const owner = highest === 0 ? null : ownerOf(folder, highest);
    if (owner !== null && isRunning(owner)) {
      if (Date.now() > deadline) throw new StateLockedError(folder, owner.pid);
      // Fifty commands may wait here while one starts a server: none looks too often, nor all at once.
      await pause(wait * (0.75 + 0.5 * Math.random()));
      wait = Math.min(400, wait * 1.3);
      continue;
    }
    const mine = highest + 1;
    if (!create(folder, mine)) continue;
    const present = generations(folder);
    if (present.at(-1) !== mine) {
      rmSync(fileOf(folder, mine), { force: true });
      continue;
    }
    for (const lower of present.slice(0, -1)) rmSync(fileOf(folder, lower), { force: true });
    return () => replace(folder, mine, 'null');
  }
}

const fileOf = (folder: string, generation: number): string => join(folder, `lock.${generation}`);

function generations(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function ownerOf(folder: string, generation: number): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(fileOf(folder, generation), 'utf8')) as ProcessIdentity | null;
  } catch {
    return null; // overtaken and removed, or damaged: the next look, or making the next generation, decides
  }
}

function aside(folder: string, content: string): string {
  const file = join(folder, `.lock-${process.pid}-${counter++}`);
  writeFileSync(file, content);
  return file;
}

function create(folder: string, generation: number): boolean {
  const file = aside(folder, JSON.stringify(ownIdentity()));
  try {
    linkSync(file, fileOf(folder, generation));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(file, { force: true });
  }
}

function replace(folder: string, generation: number, content: string): void {
  renameSync(aside(folder, content), fileOf(folder, generation));
}
