/**
 * SHA-256 of files, each read once: what was found is kept in a small file beside a participant's outputs, and holds while size, times and inode of the file
 * are the same. It is a memory only: without it, or with a damaged one, files are read again.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SulcusError } from '../../contracts/errors.js';

const MEMORY = '.digests.json';
/** A file changed this recently might change again within the clock's grain. */
const SETTLED_MS = 50;
const MOST_TRIES = 5;
/** Files that many participants share are read once by a process. */
const RECENT = new Map<string, { stamp: string; sha256: string }>();
const MOST_RECENT = 2000;

export interface Digest {
  bytes: number;
  sha256: string;
}

export class Digests {
  private known: Promise<Map<string, { stamp: string; sha256: string }>> | null = null;
  private fresh = false;

  /** `folder`: of the participant's outputs; null: nothing is kept beyond this process. `root`: paths are kept relative to it. */
  constructor(private readonly folder: string | null, private readonly root: string) {}

  /** Size and checksum. Throws what `stat` throws, and INPUT_CHANGED for a file that is being written. */
  async of(path: string, signal?: AbortSignal): Promise<Digest> {
    const known = await (this.known ??= this.remembered()), name = path.startsWith(this.root) ? path.slice(this.root.length) : path;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const before = await seen(path), found = [known.get(name), RECENT.get(path)].find((one) => one?.stamp === before.stamp);
      if (found !== undefined) {
        if (known.get(name) !== found) { known.set(name, found); this.fresh = true; }
        return { bytes: before.bytes, sha256: found.sha256 };
      }
      if (before.age < SETTLED_MS) await sleep(SETTLED_MS, undefined, { signal });
      const sha256 = await digestFile(path, signal), after = await seen(path);
      if (after.stamp !== before.stamp) continue;
      if (RECENT.size >= MOST_RECENT) RECENT.clear();
      RECENT.set(path, { stamp: after.stamp, sha256 });
      known.set(name, { stamp: after.stamp, sha256 });
      this.fresh = true;
      return { bytes: after.bytes, sha256 };
    }
    throw new SulcusError('INPUT_CHANGED', 'a file is being written while it is read', { remedy: 'launch again when it is whole' });
  }

  /** Whether a file has the size, times and inode it had when it was read last. Throws what `stat` throws. */
  async isKnown(path: string): Promise<boolean> {
    const known = await (this.known ??= this.remembered()), name = path.startsWith(this.root) ? path.slice(this.root.length) : path;
    return known.get(name)?.stamp === (await seen(path)).stamp;
  }

  /** A folder has another name now; its files are the same. */
  async moved(from: string, to: string): Promise<void> {
    const known = await (this.known ??= this.remembered());
    for (const [name, one] of [...known]) {
      const path = `${this.root}${name}`;
      if (!path.startsWith(`${from}/`)) continue;
      known.delete(name);
      known.set(`${to}${path.slice(from.length)}`.slice(this.root.length), one);
    }
  }

  /** Keeps what was read. The folder has to be there; otherwise nothing is kept. */
  async save(): Promise<void> {
    if (!this.fresh || this.folder === null) return;
    // One name for all, so that what a killed worker left goes with the next: two that write at once spoil the memory at worst.
    const aside = join(this.folder, `${MEMORY}.new`);
    try {
      await writeFile(aside, JSON.stringify(Object.fromEntries((await this.known) ?? [])));
      await rename(aside, join(this.folder, MEMORY));
      this.fresh = false;
    } catch (error) {
      await rm(aside, { force: true });
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  private async remembered(): Promise<Map<string, { stamp: string; sha256: string }>> {
    if (this.folder === null) return new Map();
    const text = await readFile(join(this.folder, MEMORY), 'utf8').catch(() => '{}');
    try {
      return new Map(Object.entries(JSON.parse(text) as Record<string, { stamp: string; sha256: string }>));
    } catch {
      return new Map();
    }
  }
}

/** What tells two states of a file apart without reading it. Throws what `stat` throws. */
async function seen(path: string): Promise<{ stamp: string; bytes: number; age: number }> {
  const s = await stat(path, { bigint: true });
  return { stamp: [s.size, s.mtimeNs, s.ctimeNs, s.ino].join(' '), bytes: Number(s.size), age: Date.now() - Math.max(Number(s.mtimeMs), Number(s.ctimeMs)) };
}

async function digestFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20, ...(signal === undefined ? {} : { signal }) })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
