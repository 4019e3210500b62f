/** CIVET's marks: `logs/ID.STAGE.finished` says that a stage is done. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Stages by subject, as the file names in its logs folder tell. */
export interface Marks {
  finished: ReadonlySet<string>;
  /** Begun: there is a log or a mark of another kind. */
  begun: ReadonlySet<string>;
}

/** The subject's folder is the one above a file that is named after it; CIVET's files lie one or two levels below. Null: there is none, or no logs folder in it. */
export async function readMarks(id: string, file: string): Promise<Marks | null> {
  const names = new Set([id, id.replace(/^sub-/, '')]);
  let folder = dirname(file);
  while (!names.has(basename(folder))) {
    const above = dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
  const finished = new Set<string>(), begun = new Set<string>();
  for (const name of await list(join(folder, 'logs'))) {
    const [, stem = '', kind = ''] = /^(.+)\.(finished|log|running|failed)$/.exec(name) ?? [];
    const stage = stem.slice(stem.lastIndexOf('.') + 1); // ID.STAGE, and an id may have dots
    if (kind === 'finished') finished.add(stage);
    else if (kind !== '') begun.add(stage);
  }
  return finished.size + begun.size === 0 ? null : { finished, begun };
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw error;
  }
}

/**
 * Stages that a subject has not finished though it should have. What should be finished is what more than half of the others of the cohort
 * that have marks did finish; where no other has marks, what the subject itself has begun. A cohort without marks expects none.
 */
export function unfinishedStages(own: Marks | null, others: readonly Marks[]): string[] {
  const marked = others.filter((m) => m.finished.size > 0);
  if (marked.length === 0) return own === null || own.finished.size === 0 ? [] : [...own.begun].filter((stage) => !own.finished.has(stage)).sort();
  const count = new Map<string, number>();
  for (const { finished } of marked) for (const stage of finished) count.set(stage, (count.get(stage) ?? 0) + 1);
  return [...count].filter(([stage, n]) => 2 * n > marked.length && !(own?.finished.has(stage) ?? false)).map(([stage]) => stage).sort();
}
