/**
 * A lock that saves work, not one that correctness hangs on: two builders would both be right, only slow.
 * The lock file holds the pid of its owner; a lock whose owner is gone is taken over.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Waits for the lock; `waiting(pid)` is called once when another process holds it. Returns the function that frees it. */
export async function lockFile(file, waiting) {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let owner = NaN;
    try {
      owner = Number(readFileSync(file, 'utf8'));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      continue;
    }
    if (owner > 0 && !alive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) waiting(owner);
    told = true;
    await pause(500);
  }
}
