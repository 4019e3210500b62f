/** Small real studies, run by the real command line (from dist/) on a real server. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StudyResults } from '../../contracts/results.js';
import { simulateStudy } from '../../simulate/index.js';

export const CLI = fileURLToPath(new URL('../../dist/client/cli.js', import.meta.url));

export interface SmallStudy {
  directory: string;
  file: string;
  state: string;
  results: string;
  remove(): Promise<void>;
}

/** For studies in which resampling proves nothing. */
export const PLAIN = { resampling: { resamples: 0, nulls: 0 } };

export interface SmallStudyOptions {
  meshLevel?: 3 | 4;
  ranks?: [number, number];
  splits?: number;
  /** Replacements in study.yaml: each text must occur. */
  edit?: [from: string, to: string][];
  cohorts?: { name: string; size: number }[];
  /** Bootstrap resamples and surrogates: the fewest that a study file may ask for; 0 and 0 leave out their steps. */
  resampling?: { resamples: number; nulls: number };
}

/** Two cohorts of 24 and 28 on a mesh of 642 vertices; a run of it takes a few seconds. */
export async function smallStudy(options: SmallStudyOptions = {}): Promise<SmallStudy> {
  const { meshLevel = 3, ranks = [2, 5], splits = 3, edit = [], cohorts = [{ name: 'tokyo', size: 24 }, { name: 'toronto', size: 28 }], resampling = { resamples: 200, nulls: 99 } } = options;
  const directory = mkdtempSync(join(tmpdir(), 'sulcus-test-'));
  await simulateStudy(directory, { seed: 1, cohorts, effect: 'paper', meshLevel });
  const file = join(directory, 'study.yaml');
  let text = readFileSync(file, 'utf8');
  const replace = (from: string, to: string): void => {
    if (!text.includes(from)) throw new Error(`study.yaml has no "${from}"`);
    text = text.replace(from, to);
  };
  for (const [from, to] of [['ranks: [2, 10]', `ranks: [${ranks.join(', ')}]`], ['splits: 10', `splits: ${splits}`], ...edit] as [string, string][]) replace(from, to);
  if (!text.includes('resamples:')) replace('pairwise: subset,', `pairwise: subset, resamples: ${resampling.resamples}, nulls: ${resampling.nulls},`);
  writeFileSync(file, text);
  return { directory, file, state: join(directory, '.sulcus'), results: join(directory, 'results'), remove: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Participants' identifiers in a study's tables, without the `sub-` that any BIDS name begins with. */
export function identifiersIn(directory: string, cohorts: readonly string[] = ['tokyo', 'toronto']): string[] {
  return cohorts.flatMap((cohort) => readFileSync(join(directory, cohort, 'participants.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => (line.split('\t')[0] as string).replace(/^sub-/, '')));
}

export interface Finished {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Starts the command line; TEMPORAL_* and SULCUS_* of the environment are left out, but for `extra`. */
export function start(args: string[], cwd: string, extra: Record<string, string> = {}): { child: ChildProcess; finished: Promise<Finished> } {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TEMPORAL|SULCUS)_/.test(name)));
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: { ...env, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '', stderr = '';
  child.stdout.on('data', (d: Buffer) => { stdout += d.toString(); });
  child.stderr.on('data', (d: Buffer) => { stderr += d.toString(); });
  const finished = new Promise<Finished>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
  return { child, finished };
}

export function sulcus(args: string[], cwd: string): Promise<Finished> {
  return start(args, cwd).finished;
}

export function readResults(folder: string): StudyResults {
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as StudyResults;
}

/** Waits until `test` gives something; the error says what was waited for. */
export async function until<T>(what: string, test: () => T | null | Promise<T | null>, ms = 180_000): Promise<T> {
  for (const end = Date.now() + ms; ;) {
    const value = await test();
    if (value !== null) return value;
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s for ${what}`);
    await pause(20);
  }
}

export function pidOf(record: string): number | null {
  try {
    return (JSON.parse(readFileSync(record, 'utf8')) as { pid: number }).pid;
  } catch {
    return null; // not written yet
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
