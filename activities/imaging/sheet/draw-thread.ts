/** A thread that draws one contact sheet, posts it, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { SulcusError } from '../../../contracts/errors.js';
import type { SliceSheet } from '../../../contracts/pipelines.js';
import { renderSheet, type SheetFiles } from './render.js';

export interface DrawTask {
  sheet: SliceSheet;
  files: SheetFiles;
}

/** `known`: it says in words what cannot be drawn; otherwise it is the disk's, memory's, or nobody's. */
export type Drawn = { png: Uint8Array } | { known: boolean; code: string | null; message: string; remedy: string | null };

const port = parentPort;
if (port === null) throw new Error('draw-thread runs only as a worker thread');
const { sheet, files } = workerData as DrawTask;
try {
  port.postMessage({ png: await renderSheet(sheet, files) } satisfies Drawn);
} catch (error) {
  const known = error instanceof SulcusError;
  port.postMessage({ known, code: known ? error.code : (error as NodeJS.ErrnoException).code ?? null, message: error instanceof Error ? error.message : String(error), remedy: known ? error.remedy : null } satisfies Drawn);
}
