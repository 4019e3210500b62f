/** Folders of subjects that the participants table does not have: somebody forgotten, or a name that was changed. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CohortSurvey } from '../../../activities/ingest/survey.js';
import { fillTemplate } from '../../../activities/ingest/templates.js';
import { createProblem, type Problem, type StudyFile } from '../../../config/index.js';

/** Names shown. */
const SHOWN = 5;

/** Looks where a template has a whole folder for the subject. */
export async function strangers({ cohort, subjects, file }: CohortSurvey, { spec, directory }: StudyFile): Promise<Problem[]> {
  const problems: Problem[] = [], looked = new Set<string>();
  for (const { file: template } of spec.metrics) {
    const parts = template.split('/'), at = parts.findIndex((p) => p === '{id}' || p === '{label}');
    const parent = join(cohort.directory, ...parts.slice(0, Math.max(0, at)));
    if (at < 0 || /[{*]/.test(parent) || looked.has(`${parent} ${parts[at]}`)) continue;
    looked.add(`${parent} ${parts[at]}`);
    const known = new Set(subjects.map((s) => fillTemplate(parts[at] as string, { id: s.id, prefix: cohort.prefix })));
    const entries = await readdir(resolve(directory, parent), { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((e) => e.isDirectory() && !e.name.startsWith('.')).map((e) => e.name);
    const others = folders.filter((name) => !known.has(name)).sort();
    // A folder that mostly holds other things is not one of subjects.
    if (others.length === 0 || others.length > folders.length / 2) continue;
    problems.push(createProblem({
      severity: 'warning', code: 'NOT_IN_TABLE', cohort: cohort.name, file: parent,
      message: `found ${others.length} folder${others.length === 1 ? '' : 's'} of nobody in ${file} (${others.slice(0, SHOWN).join(', ')}${others.length > SHOWN ? ', ...' : ''}), expected a row for each`, remedy: 'add the participants, or leave them out on purpose',
    }));
  }
  return problems;
}
