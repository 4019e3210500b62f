/** What a worker needs to be of use, looked at every few seconds. A check that does not answer counts as failed. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeConnection } from '@temporalio/worker';
import type { ObjectStore } from '../storage/object-store.js';
import type { FitsStanding } from './metrics-fits.js';

export interface Check {
  name: string;
  /** Null when all is well, else one line: what is wrong. */
  readonly look: () => Promise<string | null>;
}

/** Reasons of the checks that failed, by name. */
export type Sickness = Record<string, string>;

const EVERY_MS = 5_000;
const DEADLINE_MS = 5_000;
/** Below this much space the next matrix may not fit. Megabytes; SULCUS_MIN_FREE_MB sets another. */
const MIN_FREE_MB = 256;
/** Nothing moved: the activity gives up after 2 min; a thread that does not even listen to that is dead weight after 5. */
const STALLED_SECONDS = 120;
export const STUCK_SECONDS = 300;

/** Runs all checks now and then again and again; `tell` gets the reasons after each round. Returns the function that ends it. */
export function watch(checks: Check[], tell: (sickness: Sickness) => void): () => void {
  let ended = false, timer: NodeJS.Timeout | undefined;
  const looks = checks.map(({ name, look }) => ({ name, look: patiently(look) }));
  const round = async (): Promise<void> => {
    const found = await Promise.all(looks.map(async ({ name, look }) => [name, await look()] as const));
    if (ended) return;
    tell(Object.fromEntries(found.filter((f): f is readonly [string, string] => f[1] !== null)));
    timer = setTimeout(() => void round(), EVERY_MS);
  };
  void round();
  return () => { ended = true; clearTimeout(timer); };
}

/** A look that has not ended in time counts as failed, and is not begun a second time while it lasts (a dead network disk, a server's retries). */
function patiently(look: Check['look']): Check['look'] {
  let under: { began: number; answer: Promise<string | null> } | null = null;
  return async () => {
    under ??= { began: performance.now(), answer: look().catch(oneLine).finally(() => { under = null; }) };
    const { began, answer } = under;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => { timer = setTimeout(() => resolve(`no answer for ${Math.round((performance.now() - began) / 1000)} s`), DEADLINE_MS); });
    return Promise.race([late, answer]).finally(() => clearTimeout(timer));
  };
}

const oneLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 200) ?? 'unknown';

/** The server answers a question about the namespace, i.e. its database does too. While it is away the SDK keeps trying, and the look lasts. */
export function temporalCheck(connection: NativeConnection, namespace: string): Check {
  return {
    name: 'temporal',
    async look() {
      try {
        await connection.workflowService.describeNamespace({ namespace });
        return null;
      } catch (error) {
        return `the server does not answer for namespace ${namespace}: ${oneLine(error)}`;
      }
    },
  };
}

/** Writing, syncing, renaming and removing a small file works where artifacts lie, and there is space for more. `tell` gets the free bytes. */
export function storeCheck(root: string, tell: (freeBytes: number) => void, minFreeMb = minFree()): Check {
  return {
    name: 'store',
    async look() {
      const probe = join(root, `.probe-${process.pid}-${randomBytes(4).toString('hex')}`);
      try {
        await mkdir(root, { recursive: true });
        const handle = await open(probe, 'wx');
        try {
          await handle.writeFile('sulcus');
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(probe, `${probe}.renamed`);
      } catch (error) {
        return `the artifact store cannot be written: ${(error as NodeJS.ErrnoException).code ?? oneLine(error)}`;
      } finally {
        await Promise.all([probe, `${probe}.renamed`].map((file) => rm(file, { force: true }).catch(() => undefined))); // its folder may be gone
      }
      const { bavail, bsize } = await statfs(root);
      tell(bavail * bsize);
      const freeMb = Math.floor((bavail * bsize) / 2 ** 20);
      return freeMb < minFreeMb ? `the disk of the artifact store is almost full: ${freeMb} MB free, ${minFreeMb} MB wanted` : null;
    },
  };
}

/** A small object can be put into the bucket and deleted. */
export function objectsCheck(objects: ObjectStore): Check {
  const probe = `probes/${process.pid}-${randomBytes(4).toString('hex')}`;
  return {
    name: 'store',
    async look() {
      await objects.replace(probe, [Buffer.from('sulcus')]);
      await objects.remove(probe);
      return null;
    },
  };
}

function minFree(): number {
  const value = Number(process.env['SULCUS_MIN_FREE_MB'] ?? MIN_FREE_MB);
  return Number.isFinite(value) && value >= 0 ? value : MIN_FREE_MB;
}

/** The numbers of every running fit move. */
export function fitsCheck(standing: () => FitsStanding): Check {
  return {
    name: 'fits',
    look() {
      const seconds = Math.round(standing().progressAge);
      return Promise.resolve(seconds > STALLED_SECONDS ? `a fit has not moved for ${seconds} s` : null);
    },
  };
}
