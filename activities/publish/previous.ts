/** The results that are about to be replaced: kept beside the new ones as previous.json, so that the report can say what changed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudyResults } from '../../contracts/results.js';
import type { ResultFile } from './tables.js';

/** Nothing for a first run, another study, or a folder of an earlier schema. A run that is published again keeps what it replaced at first. */
export async function previousResults(out: string, now: StudyResults): Promise<ResultFile[]> {
  const text = await read(join(out, 'results.json'));
  const found = text === null ? null : parsed(text);
  if (found === null || found.schema !== now.schema || found.study !== now.study) return [];
  if (found.run.runId !== now.run.runId) return [['previous.json', `${JSON.stringify({ ...found, steps: [] } satisfies StudyResults, null, 1)}\n`]];
  const kept = await read(join(out, 'previous.json'));
  return kept === null ? [] : [['previous.json', kept]];
}

/** Null when there is no such file. */
async function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return null; throw error; });
}

/** A file that is no JSON compares with nothing. */
function parsed(text: string): StudyResults | null {
  try {
    return JSON.parse(text) as StudyResults;
  } catch {
    return null;
  }
}
