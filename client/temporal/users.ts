/** Who uses the embedded server of a state folder: one small file a user, which counts while its process lives. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, ownIdentity, type ProcessIdentity } from './process.js';
import { removeFile, statePaths } from './state.js';

let counter = 0;

/** Registers this process (it may do so more than once) and returns the function that takes it back. */
export function registerUser(state: string): () => void {
  const file = join(statePaths(state).users, counter === 0 ? String(process.pid) : `${process.pid}.${counter}`);
  counter += 1;
  writeFileSync(file, JSON.stringify(ownIdentity()));
  return () => removeFile(file);
}

/** Users whose process lives; the files of those that were killed are removed. Call it under the lock. */
export function liveUsers(state: string): number {
  const { users } = statePaths(state);
  let count = 0;
  for (const name of readdirSync(users)) {
    const file = join(users, name);
    if (alive(file)) count += 1;
    else removeFile(file);
  }
  return count;
}

function alive(file: string): boolean {
  try {
    return isRunning(JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity);
  } catch {
    return false;
  }
}
