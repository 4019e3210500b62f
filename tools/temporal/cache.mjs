/** Where the built Temporal binary is kept: the user's cache folder, one folder a pinned version. Plain Node, usable before `npm ci`. */
import { readFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The pinned version and what it needs. */
export const pinned = JSON.parse(readFileSync(new URL('./version.json', import.meta.url), 'utf8'));

const executable = platform() === 'win32' ? 'temporal.exe' : 'temporal';

/** $XDG_CACHE_HOME (ignored when relative, as its specification asks) or ~/.cache. */
export function cacheFolder(env = process.env) {
  const base = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(env.HOME || homedir(), '.cache');
  return join(base, 'sulcus');
}

/** The finished binary of the pinned version; it exists only complete (it is renamed into place). */
export function cachedBinary(env = process.env) {
  return join(cacheFolder(env), `temporal-cli-${pinned.version}`, executable);
}

export { executable };
