/** Contact sheets: what a person is shown of a participant's step. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SulcusError } from '../../../contracts/errors.js';
import type { ContactSheet, SliceSheet } from '../../../contracts/pipelines.js';
import { syncFolder, writeSynced } from '../folder.js';
import { readPicture } from './check-picture.js';
import type { Drawn, DrawTask } from './draw-thread.js';

export { kindOfPicture } from './check-picture.js';

export interface SheetSources {
  /** Absolute paths of what the sheet names: `image` (and `outline`, if it has one), or `picture`. */
  image?: string;
  outline?: string | null;
  picture?: string;
}

/** Run from its sources, by tests, this takes the thread that was built: Node runs no TypeScript. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/activities/imaging/sheet/draw-thread.js' : './draw-thread.js', import.meta.url);

/** One volume may take most of a gigabyte: a process draws one sheet at a time. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Draws a sheet to `out`, whole or not at all, in a thread of its own: this one only waits. A picture (PNG or JPEG) is copied as it is.
 * @throws FormatError or SulcusError with what cannot be drawn (NOTHING_TO_DRAW, SHEET_PICTURE, UNSUPPORTED_NIFTI, SHORT_FILE and the reader's others), in words
 * that name no file; SHEET_THREAD_DIED; the signal's reason; what the disk throws
 */
export async function drawSheet(sheet: ContactSheet, files: SheetSources, out: string, signal: AbortSignal): Promise<void> {
  const bytes = 'picture' in sheet ? await readPicture(need(files.picture)) : await inTurn(() => draw({ sheet, files: { image: need(files.image), outline: files.outline ?? null } }, signal), signal);
  signal.throwIfAborted();
  await replace(out, bytes);
}

function need(path: string | undefined): string {
  if (path === undefined) throw new SulcusError('BAD_SHEET', 'a contact sheet was asked for without the file that it shows');
  return path;
}

function inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const turn = queue.then(() => { signal.throwIfAborted(); return work(); });
  queue = turn.catch(() => undefined);
  return turn;
}

function draw(task: { sheet: SliceSheet; files: DrawTask['files'] }, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(THREAD, { workerData: task satisfies DrawTask });
    const end = (finish: () => void): void => {
      signal.removeEventListener('abort', stop);
      thread.removeAllListeners();
      // What an ending thread may still say is nobody's.
      thread.on('error', () => undefined);
      void thread.terminate().then(finish, finish);
    };
    const stop = (): void => end(() => reject(signal.reason as Error));
    const died = (cause: unknown): void => end(() => reject(new SulcusError('SHEET_THREAD_DIED', 'the thread that drew a contact sheet ended before its time', { cause, remedy: 'try again; give the worker more memory if it happens again' })));
    thread.on('message', (drawn: Drawn) => end(() => {
      if ('png' in drawn) resolve(drawn.png);
      else reject(failureOf(drawn));
    }));
    thread.once('error', died).once('exit', died);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** What the disk says (ENOENT, EACCES, ENOMEM) stays that: it names a path, and is for the caller to put into words. */
function failureOf({ known, code, message, remedy }: Exclude<Drawn, { png: Uint8Array }>): Error {
  if (known && code !== null) return new SulcusError(code, message, remedy === null ? {} : { remedy });
  return Object.assign(new Error(message), code === null ? {} : { code });
}

async function replace(out: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(out), aside = join(folder, `.sheet.${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  try {
    await writeSynced(aside, bytes);
    await rename(aside, out);
    await syncFolder(folder);
  } finally {
    await rm(aside, { force: true });
  }
}
