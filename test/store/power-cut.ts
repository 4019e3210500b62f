/**
 * A disk in memory that loses power: after a given number of calls every further one fails, and what comes back afterwards is what was synced, with
 * or without each of the rest. Data of a file last once the file was synced; a name in a folder lasts once the folder was.
 */
import { basename, dirname } from 'node:path';
import type { Disk, NewFile } from '../../storage/disk.js';

export class PowerCut extends Error {}

interface Content { written: Buffer; synced: Buffer }

export interface DiskOptions {
  /** Calls until the power goes. Default: never. */
  callsLeft?: number;
  /** False: sync does nothing, as on a disk that lies. Default true. */
  honest?: boolean;
}

/** What may have come to the disk of all that was not synced. */
export type Survival = 'nothing' | 'everything' | 'names without data' | 'half of the data';

export class PowerCutDisk implements Disk {
  calls = 0;
  private folders = new Map<string, Map<string, Content>>([['/', new Map()]]);
  /** Names as they are on the disk itself; null: not there. */
  private lasting = new Map<string, Map<string, Content>>();
  private lastingFolders = new Set<string>(['/']);

  constructor(private readonly options: DiskOptions = {}) {}

  /** From now on. */
  cutAfter(calls: number): void {
    this.options.callsLeft = this.calls + calls;
  }

  /** The disk after the machine has started again. */
  restarted(survival: Survival): PowerCutDisk {
    const next = new PowerCutDisk();
    const names = survival === 'nothing' ? this.lasting : this.folders;
    for (const [folder, files] of names) {
      if (survival === 'nothing' && !this.reachable(folder)) continue;
      next.folders.set(folder, new Map([...files].map(([name, c]) => {
        const bytes = survival === 'everything' ? c.written : survival === 'half of the data' ? Buffer.concat([c.synced, c.written.subarray(c.synced.length, c.synced.length + ((c.written.length - c.synced.length) >> 1))]) : c.synced;
        return [name, { written: bytes, synced: bytes }];
      })));
    }
    return next;
  }

  readFile(path: string): Promise<Buffer> { return this.call(() => this.file(path).written); }
  readStart(path: string, length: number): Promise<Buffer> { return this.call(() => this.file(path).written.subarray(0, length)); }

  create(path: string): Promise<NewFile> {
    return this.call(() => {
      const folder = this.folder(dirname(path)), content: Content = { written: Buffer.alloc(0), synced: Buffer.alloc(0) };
      if (folder.has(basename(path))) throw fault('EEXIST');
      folder.set(basename(path), content);
      return {
        write: (bytes) => this.call(() => { content.written = Buffer.concat([content.written, bytes]); }),
        sync: () => this.call(() => { if (this.options.honest !== false) content.synced = content.written; }),
        close: () => Promise.resolve(),
      };
    });
  }

  mkdir(path: string): Promise<string | undefined> {
    return this.call(() => {
      let first: string | undefined;
      for (let folder = path; !this.folders.has(folder); folder = dirname(folder)) first = folder;
      for (let folder = path; !this.folders.has(folder); folder = dirname(folder)) this.folders.set(folder, new Map());
      return first;
    });
  }

  syncFolder(path: string): Promise<void> {
    return this.call(() => {
      if (this.options.honest === false) return;
      this.lasting.set(path, new Map(this.folder(path)));
      for (const folder of this.folders.keys()) if (dirname(folder) === path) this.lastingFolders.add(folder);
    });
  }

  link(from: string, to: string): Promise<void> {
    return this.call(() => {
      if (this.folder(dirname(to)).has(basename(to))) throw fault('EEXIST');
      this.folder(dirname(to)).set(basename(to), this.file(from));
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.call(() => {
      this.folder(dirname(to)).set(basename(to), this.file(from));
      this.folder(dirname(from)).delete(basename(from));
    });
  }

  remove(path: string): Promise<void> { return this.call(() => void this.folders.get(dirname(path))?.delete(basename(path))); }

  entries(path: string): Promise<{ name: string; folder: boolean }[]> {
    return this.call(() => [
      ...[...this.folder(path).keys()].map((name) => ({ name, folder: false })),
      ...[...this.folders.keys()].filter((f) => f !== path && dirname(f) === path).map((f) => ({ name: basename(f), folder: true })),
    ]);
  }

  stat(path: string): Promise<{ bytes: number; modified: number }> { return this.call(() => ({ bytes: this.file(path).written.length, modified: 0 })); }

  private reachable(folder: string): boolean {
    return folder === '/' || (this.lastingFolders.has(folder) && this.reachable(dirname(folder)));
  }

  private async call<T>(act: () => T): Promise<T> {
    await Promise.resolve();
    if (this.calls++ >= (this.options.callsLeft ?? Infinity)) throw new PowerCut();
    return act();
  }

  private folder(path: string): Map<string, Content> {
    const found = this.folders.get(path);
    if (found === undefined) throw fault('ENOENT');
    return found;
  }

  private file(path: string): Content {
    const found = this.folder(dirname(path)).get(basename(path));
    if (found === undefined) throw fault('ENOENT');
    return found;
  }
}

function fault(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
