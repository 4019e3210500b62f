/**
 * Objects as files under a folder. Written to a temporary file beside their place, synced, put in place by one call of the file system, and the
 * folder synced: a file that exists is complete, and one whose write has ended outlasts a power cut.
 */
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { realDisk, type Disk } from './disk.js';
import { diskError } from './errors.js';
import type { Leftover, ObjectInfo, ObjectStore, WriteOptions } from './object-store.js';

const TEMPORARY = /\.\d+-[0-9a-f]{8}\.tmp$/;

export class FolderObjects implements ObjectStore {
  /** Folders whose names this process has synced. */
  private readonly lasting = new Set<string>();
  readonly location: string;

  constructor(folder: string, private readonly disk: Disk = realDisk) {
    this.location = resolve(folder);
  }

  read(name: string): Promise<Uint8Array | null> {
    return this.trying('reading', name, (path) => this.disk.readFile(path).catch(nullIfAbsent));
  }

  readStart(name: string, length: number): Promise<Uint8Array | null> {
    return this.trying('reading', name, (path) => this.disk.readStart(path, length).catch(nullIfAbsent));
  }

  create(name: string, parts: readonly Uint8Array[]): Promise<boolean> {
    return this.trying('writing', name, async (path) => {
      const temporary = await this.writeBeside(path, parts, true);
      try {
        await this.disk.link(temporary, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        // Whoever was first may not have come to its sync yet: what we say is stored must be.
        await this.disk.syncFolder(dirname(path));
        return false;
      } finally {
        await this.disk.remove(temporary);
      }
      await this.disk.syncFolder(dirname(path));
      return true;
    });
  }

  replace(name: string, parts: readonly Uint8Array[], { durable = true }: WriteOptions = {}): Promise<void> {
    return this.trying('writing', name, async (path) => {
      const temporary = await this.writeBeside(path, parts, durable);
      try {
        await this.disk.rename(temporary, path);
      } catch (error) {
        await this.disk.remove(temporary);
        throw error;
      }
      if (durable) await this.disk.syncFolder(dirname(path));
    });
  }

  setAside(name: string): Promise<void> {
    // Another reader may have set it aside first.
    return this.trying('setting aside', name, async (path) => void (await this.disk.rename(path, `${path}.damaged-${Date.now()}`).catch(nullIfAbsent)));
  }

  remove(name: string): Promise<void> {
    return this.trying('deleting', name, (path) => this.disk.remove(path));
  }

  async *list(folder: string): AsyncIterable<ObjectInfo> {
    for await (const file of this.walk(folder)) if (!TEMPORARY.test(file.name)) yield file;
  }

  async *leftovers(): AsyncIterable<Leftover> {
    for await (const file of this.walk('')) if (TEMPORARY.test(file.name)) yield { ...file, remove: () => this.remove(file.name) };
  }

  private async *walk(folder: string): AsyncIterable<ObjectInfo> {
    const entries = await this.trying('listing', folder, (path) => this.disk.entries(path).catch(nullIfAbsent));
    for (const entry of entries ?? []) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.folder) yield* this.walk(name);
      else {
        const about = await this.trying('listing', name, (path) => this.disk.stat(path).catch(nullIfAbsent)); // gone meanwhile: not there
        if (about !== null) yield { name, ...about };
      }
    }
  }

  /** A complete file beside its place, synced if it is to last; returns its name. */
  private async writeBeside(path: string, parts: readonly Uint8Array[], durable: boolean): Promise<string> {
    await this.makeFolder(dirname(path), durable);
    const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
    const file = await this.disk.create(temporary);
    try {
      for (const part of parts) await file.write(part);
      if (durable) await file.sync();
    } catch (error) {
      await file.close();
      await this.disk.remove(temporary);
      throw error;
    }
    await file.close();
    return temporary;
  }

  /** The names of folders have to last as well as those of the files in them, also of folders that another process has just made. */
  private async makeFolder(path: string, durable: boolean): Promise<void> {
    const first = await this.disk.mkdir(path);
    if (!durable || (first === undefined && this.lasting.has(path))) return;
    const top = dirname(this.location), last = first === undefined || first.length > top.length ? top : dirname(first);
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      await this.disk.syncFolder(folder);
      if (folder === last || folder === dirname(folder)) break;
    }
    this.lasting.add(path);
  }

  private async trying<T>(doing: string, name: string, act: (path: string) => Promise<T>): Promise<T> {
    try {
      return await act(join(this.location, name));
    } catch (error) {
      throw diskError(error, doing, name);
    }
  }
}

function nullIfAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
