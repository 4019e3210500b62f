/** What has to be the same whatever happened: every number of the results, and every bit of the fits. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readResults, type SmallStudy } from '../workflow/harness.js';

/** Results without what names the run, its times and its place. */
export function science({ results, directory }: SmallStudy): unknown {
  const { run: _run, steps: _steps, ...numbers } = readResults(results);
  return JSON.parse(JSON.stringify(numbers).replaceAll(directory, '/study')) as unknown;
}

/** SHA-256 of every W of the results, and of the payload of every fit in the store, by key. */
export function bits({ results, state }: SmallStudy): Record<string, string> {
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const weights = readdirSync(join(results, 'parcellation')).filter((name) => name.endsWith('_W.npy')).map((name) => [name, digest(readFileSync(join(results, 'parcellation', name)))]);
  const fits = filesOf(join(state, 'store', 'artifacts', 'fit')).map((file) => {
    const bytes = readFileSync(file); // a line about its making, then the fit
    return [file.slice(-64), digest(bytes.subarray(bytes.indexOf(10) + 1))];
  });
  return Object.fromEntries([...weights, ...fits]) as Record<string, string>;
}

/** Checkpoints in the store: path, and when each was written (ms). */
export function drafts({ state }: SmallStudy): { file: string; written: number }[] {
  return filesOf(join(state, 'store', 'drafts', 'fit')).flatMap((file) => {
    try { return [{ file, written: statSync(file).mtimeMs }]; } catch { return []; } // its fit ended meanwhile
  });
}

/** Fits of a run that were computed more than once: every step of a run is recorded by who did it. */
export function fitsDoneTwice({ results }: SmallStudy): number {
  const fits = readResults(results).steps.filter((s) => s.step === 'fit').map((s) => `${s.cohort}/${s.rank}/${s.split}/${s.half}`);
  return fits.length - new Set(fits).size;
}

export function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile() && /^[0-9a-f]{64}$/.test(e.name)).map((e) => join(e.parentPath, e.name)).sort();
}
