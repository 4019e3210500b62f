/**
 * A participant's folder of outputs: OUTPUTS/ID/STEP is there whole or not at all. A step is done in a folder aside (`.STEP.` and twelve digits), and what it
 * wrote is renamed into place when it is complete and on disk.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { disown, isAbandoned, own, OWNER, touch, TOUCH_MS } from './owner.js';

const FAILED = '.failed';

export interface Aside {
  /** Where the step runs; becomes the step's folder. */
  outputs: string;
  /** Of the program's own; removed afterwards. */
  scratch: string;
}

export class ParticipantFolder {
  constructor(readonly path: string) {}

  /** The folder of a finished step. */
  of(step: string): string {
    return join(this.path, step);
  }

  /** What a failed attempt printed, relative to the participant's folder. */
  static failed(step: string): string {
    return join(FAILED, step);
  }

  /** Does `work` in a folder aside, which is gone afterwards. What killed workers have left of the step is removed first. */
  async aside<T>(step: string, work: (aside: Aside) => Promise<T>): Promise<T> {
    await mkdir(this.path, { recursive: true });
    await this.removeLeftovers(step);
    const folder = join(this.path, `.${step}.${randomBytes(6).toString('hex')}`);
    const aside = { outputs: join(folder, 'outputs'), scratch: join(folder, 'scratch') };
    await mkdir(folder);
    await own(folder);
    const timer = setInterval(() => void touch(folder), TOUCH_MS);
    try {
      await mkdir(aside.outputs);
      await mkdir(aside.scratch);
      return await work(aside);
    } finally {
      clearInterval(timer);
      await takeApart(folder);
      disown(folder);
    }
  }

  /**
   * Puts what lies aside in the place of the step. True: it is there. False: somebody else had put the same there meanwhile, as `isDone` says, and theirs stays.
   * What was there otherwise is of other inputs, or damaged, and goes.
   */
  async place(step: string, aside: Aside, isDone: () => Promise<boolean>): Promise<boolean> {
    await syncTree(aside.outputs);
    for (;;) {
      try {
        await rename(aside.outputs, this.of(step));
        await syncFolder(this.path);
        return true;
      } catch (error) {
        if (!isOccupied(error)) throw error;
      }
      if (await isDone()) return false;
      const old = join(dirname(aside.outputs), `replaced-${randomBytes(4).toString('hex')}`);
      await rename(this.of(step), old).catch(unlessGone);
    }
  }

  /** Keeps what a failed attempt printed. */
  async keepFailed(step: string, aside: Aside, files: readonly string[], record: unknown): Promise<void> {
    const prepared = join(dirname(aside.outputs), 'failed'), place = join(this.path, ParticipantFolder.failed(step));
    await mkdir(prepared);
    for (const file of files) await rename(join(aside.outputs, file), join(prepared, file)).catch(unlessGone);
    await writeSynced(join(prepared, 'failure.json'), `${JSON.stringify(record, null, 2)}\n`);
    await mkdir(dirname(place), { recursive: true });
    await remove(place);
    // Another attempt's may have come first: either tells what happened.
    await rename(prepared, place).catch((error: unknown) => { if (!isOccupied(error)) throw error; });
  }

  /** The step has succeeded after all: nothing stays of failed attempts, nor of a worker that was killed when the outputs were in place already. */
  async forgetFailed(step: string): Promise<void> {
    await remove(join(this.path, ParticipantFolder.failed(step)));
    await rmdir(join(this.path, FAILED)).catch(() => undefined); // other steps' are in it, or there is none
    await this.removeLeftovers(step);
  }

  private async removeLeftovers(step: string): Promise<void> {
    const left = (await readdir(this.path)).filter((name) => name.startsWith(`.${step}.`) && /^[0-9a-f]{12}$/.test(name.slice(step.length + 2)));
    for (const path of left.map((name) => join(this.path, name))) {
      await rmdir(path).catch(() => undefined); // an empty one was just begun, or almost gone
      if (await isAbandoned(path)) await takeApart(path);
    }
  }
}

/** Programs may have made folders that may not be written to; and files may vanish while they are removed. */
const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });

/** Who works in it is told to the end: what is left without an owner, when a worker is killed meanwhile, is empty. */
async function takeApart(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) if (name !== OWNER) await remove(join(folder, name));
  await remove(folder);
}

function isOccupied(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

export async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes files and names outlast a power cut. */
async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await syncFolder(path);
  }
  await syncFolder(folder);
}

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error; // some network file systems sync at once and know no call for it
  } finally {
    await handle.close();
  }
}
