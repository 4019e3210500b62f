/** The calls of the file system that a store's safety rests on. A test puts a disk here that loses power. */
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Disk {
  readFile(path: string): Promise<Buffer>;
  /** At most the first `length` bytes. */
  readStart(path: string, length: number): Promise<Buffer>;
  /** A new file: EEXIST when there is one. */
  create(path: string): Promise<NewFile>;
  /** With all its parents; the first folder that had to be made, or undefined when all were there. */
  mkdir(path: string): Promise<string | undefined>;
  /** Makes the names in a folder outlast a power cut. */
  syncFolder(path: string): Promise<void>;
  /** EEXIST when there is a file of the new name. */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Nothing happens when there is no such file. */
  remove(path: string): Promise<void>;
  entries(path: string): Promise<{ name: string; folder: boolean }[]>;
  stat(path: string): Promise<{ bytes: number; modified: number }>;
}

export interface NewFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written outlast a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export const realDisk: Disk = {
  readFile: (path) => readFile(path),
  async readStart(path, length) {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  },
  async create(path) {
    const handle = await open(path, 'wx');
    return { write: (bytes) => handle.writeFile(bytes), sync: () => handle.sync(), close: () => handle.close() };
  },
  mkdir: (path) => mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => whyNot(path, error)),
  async syncFolder(path) {
    if (process.platform === 'win32') return; // a folder cannot be opened there
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error; // some network file systems sync names at once and know no call for it
    } finally {
      await handle.close();
    }
  },
  link,
  rename,
  remove: (path) => rm(path, { force: true }),
  entries: async (path) => (await readdir(path, { withFileTypes: true })).map((e) => ({ name: e.name, folder: e.isDirectory() })),
  async stat(path) {
    const { size, mtimeMs } = await stat(path);
    return { bytes: size, modified: mtimeMs };
  },
};

/** With all parents, Node says ENOENT on a disk that is read-only; one folder by itself has the real reason. */
async function whyNot(path: string, error: NodeJS.ErrnoException): Promise<never> {
  if (error.code !== 'ENOENT') throw error;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const own = await mkdir(folder).then(() => null, (e: NodeJS.ErrnoException) => e);
    if (own !== null && own.code !== 'ENOENT' && own.code !== 'EEXIST') throw own;
  }
  throw error;
}
