/** Small whole studies, run by the command line on the real server: their reports are looked at in a browser. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effect } from '../../simulate/effects.js';
import { simulateStudy } from '../../simulate/index.js';
import { acquireServer } from '../../client/temporal/index.js';
import { start } from '../workflow/harness.js';
import { keepWorker } from '../workflow/operator.js';

export interface StudyKind {
  name: string;
  cohorts: { name: string; size: number }[];
  effect?: Effect;
  meshLevel?: 3 | 4;
  /** Replacements in study.yaml: each text must occur. */
  edit: [from: string | RegExp, to: string][];
}

const small = (ranks: string): [string, string][] => [['ranks: [2, 10]', `ranks: ${ranks}`], ['splits: 10', 'splits: 3'], ['pairwise: subset,', 'pairwise: subset, resamples: 200, nulls: 99,']];
const TWO = [{ name: 'tokyo', size: 24 }, { name: 'toronto', size: 28 }];

/** The paper's sizes and effects first: what the demo is, on a smaller mesh. */
export const KINDS: readonly StudyKind[] = [
  { name: 'demo', cohorts: [{ name: 'tokyo', size: 73 }, { name: 'toronto', size: 79 }], meshLevel: 4, edit: small('[2, 5]') },
  { name: 'null', cohorts: TWO, effect: 'none', edit: small('[2, 5]') },
  { name: 'one-cohort', cohorts: [{ name: 'tokyo', size: 30 }], edit: small('[2, 5]') },
  { name: 'five-cohorts', cohorts: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, size: 21 })), edit: small('[3, 4]') },
  { name: 'no-spectroscopy', cohorts: TWO, edit: [...small('[3, 5]'), [/^spectroscopy:\n(?: .*\n)+/m, '']] },
  { name: 'two-components', cohorts: TWO, edit: [...small('[2, 3]'), [/^rank: .*$/m, 'rank: 2']] },
  { name: 'ten-components', cohorts: TWO, meshLevel: 4, edit: [...small('[9, 10]'), [/^rank: .*$/m, 'rank: 10']] },
];

export interface Laboratory {
  /** The state folder whose server and worker all studies share. */
  state: string;
  close(): Promise<void>;
}

/** A server and a worker, which every study would start and end for itself. */
export async function openLaboratory(): Promise<Laboratory> {
  const state = mkdtempSync(join(tmpdir(), 'sulcus-pages-')), server = await acquireServer(state), worker = await keepWorker(state, server.address);
  return { state, close: async () => { await worker.stop(); await server.release(); await rm(state, { recursive: true, force: true, maxRetries: 5 }); } };
}

export interface StudyFolder {
  /** The results folder. */
  results: string;
  remove(): Promise<void>;
}

/** @throws Error with what the command line said, when it did not end well. */
export async function runStudy({ state }: Laboratory, { name, cohorts, effect = 'paper', meshLevel = 3, edit }: StudyKind): Promise<StudyFolder> {
  const directory = mkdtempSync(join(tmpdir(), `sulcus-page-${name}-`)), file = join(directory, 'study.yaml');
  await simulateStudy(directory, { seed: 1, cohorts, effect, meshLevel });
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of [['study: acc-trs', `study: ${name}-study`] as const, ...edit]) {
    const replaced = text.replace(from, to);
    if (replaced === text) throw new Error(`study.yaml has no ${String(from)}`);
    text = replaced;
  }
  writeFileSync(file, text);
  const { code, stderr } = await start(['run', 'study.yaml'], directory, { SULCUS_STATE: state }).finished;
  if (code !== 0) throw new Error(`the ${name} study ended with ${code}: ${stderr.slice(-2000)}`);
  return { results: join(directory, 'results'), remove: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }) };
}
