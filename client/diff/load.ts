/** The runs that are compared: results folders, or what the store keeps of finished runs. No server is needed. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import type { RunDocument, RunProvenance } from '../../contracts/provenance.js';
import type { StudyResults } from '../../contracts/results.js';
import { FormatError } from '../../formats/index.js';
import { Budget } from '../../formats/inflate.js';
import type { ArtifactStore, FinishedRun } from '../../storage/store.js';
import { existingState } from '../state.js';
import { storeOf } from '../store.js';

export interface ComparedRun extends RunDocument {
  /** What was typed. */
  name: string;
  /** Results folder it was read from; null: the store. */
  folder: string | null;
}

/**
 * Both runs. `first` and `second`: a results folder, a run id (its beginning, of at least 8 characters), or a workflow id, which means its last finished run; without
 * `second`, the last two finished runs of `first`. Throws NO_RESULTS, NO_RUN, AMBIGUOUS_RUN, BAD_RESULTS, TOO_LARGE and NO_STATE.
 */
export async function loadRuns(first: string, second: string | undefined): Promise<[ComparedRun, ComparedRun]> {
  if (second !== undefined) return [await loadRun(first), await loadRun(second)];
  const store = await storeHere();
  const runs = (await store.runs()).filter((r) => r.workflowId === first);
  const [now, before] = runs;
  if (now === undefined || before === undefined) {
    throw new SulcusError('NO_RUN', `${first} has ${runs.length === 0 ? 'no finished run' : 'one finished run only'} here: there is nothing to compare`, { remedy: 'name two runs or results folders' });
  }
  return [await fromStore(store, before, before.runId), await fromStore(store, now, now.runId)];
}

async function loadRun(name: string): Promise<ComparedRun> {
  const folder = resolve(name);
  if (existsSync(join(folder, 'results.json'))) return fromFolder(name, folder);
  if (name.includes('/') || name.includes('\\') || name.startsWith('.')) throw new SulcusError('NO_RESULTS', `${folder} holds no results.json`, { remedy: 'name a results folder, a run id or a workflow id' });
  const store = await storeHere();
  const runs = await store.runs();
  const byId = name.length >= 8 ? runs.filter((r) => r.runId.startsWith(name)) : [];
  if (byId.length > 1) throw new SulcusError('AMBIGUOUS_RUN', `${byId.length} runs begin with ${name}`, { remedy: 'type more of the run id' });
  const found = byId[0] ?? runs.find((r) => r.workflowId === name);
  if (found === undefined) {
    const known = [...new Set(runs.map((r) => r.workflowId))];
    throw new SulcusError('NO_RUN', `there is no results folder, finished run or study "${name}" here`, {
      remedy: known.length === 0 ? 'runs of earlier versions kept no results: name their results folders' : `finished here: ${known.slice(0, 5).join(', ')}; \`sulcus status ID\` names runs`,
    });
  }
  return fromStore(store, found, name);
}

function storeHere(): Promise<ArtifactStore> {
  return storeOf(existingState(), (line) => process.stderr.write(`${line}\n`));
}

async function fromStore(store: ArtifactStore, { runId }: FinishedRun, name: string): Promise<ComparedRun> {
  const bytes = await store.run(runId);
  if (bytes === null) throw new SulcusError('NO_RUN', `the results of run ${runId} are not in the store any more`, { remedy: 'name its results folder' });
  try {
    const text = new TextDecoder().decode(new Budget(`run ${runId} in the store`, bytes.length).inflate(bytes, 'its document'));
    return { ...(JSON.parse(text) as RunDocument), name, folder: null };
  } catch (cause) {
    if (cause instanceof FormatError && cause.code === 'TOO_LARGE') throw new SulcusError('TOO_LARGE', `${cause.message}: it was not written by sulcus`, { remedy: 'name its results folder', cause });
    throw new SulcusError('BAD_RESULTS', `what the store keeps of run ${runId} is damaged`, { remedy: 'name its results folder', cause });
  }
}

async function fromFolder(name: string, folder: string): Promise<ComparedRun> {
  const results = await document<StudyResults>(join(folder, 'results.json'));
  if (results.schema !== 'sulcus/results/1') throw new SulcusError('BAD_RESULTS', `${join(folder, 'results.json')} has schema "${String(results.schema)}", not sulcus/results/1`, { remedy: 'use the version of sulcus that wrote it' });
  const provenance = await document<RunProvenance>(join(folder, 'provenance.json'));
  const labels: Record<string, string> = {};
  for (const cohort of Object.keys(results.cohorts)) for (const side of ['left', 'right']) {
    const file = join(folder, 'parcellation', `${cohort}_${side}.txt`);
    if (existsSync(file)) labels[`${cohort}_${side}`] = await readFile(file, 'utf8');
  }
  return { results, provenance, labels, name, folder };
}

async function document<T>(file: string): Promise<T> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new SulcusError('NO_RESULTS', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, { remedy: 'name a whole results folder', cause });
  }
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new SulcusError('BAD_RESULTS', `${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { remedy: 'run the study again', cause });
  }
}
