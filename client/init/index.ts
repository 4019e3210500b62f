/** `sulcus init`: a study file for a folder. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudyFileError, parseStudy, type Problem } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';
import { writeTsv } from '../../formats/index.js';
import { composeStudy } from './compose.js';
import { propose, type Ask, type Proposal } from './propose.js';

export interface Initialised {
  /** Path of the study file. */
  file: string;
  text: string;
  proposal: Proposal;
  /** Other files written: a participants table where there was none. */
  written: string[];
  /** What the study file itself lacks, e.g. a region. */
  problems: Problem[];
}

/**
 * Looks at a folder and writes study.yaml into it. Nothing that exists is changed.
 * @throws SulcusError STUDY_EXISTS, NO_FOLDER, NO_SUBJECTS, NOTHING_FOUND, TOO_MANY_FILES
 */
export async function initialise(directory: string, options: { file: string; force: boolean; name?: string | undefined }, ask: Ask): Promise<Initialised> {
  if (!options.force && existsSync(options.file)) throw new SulcusError('STUDY_EXISTS', `${options.file} exists`, { remedy: 'name another file with --out, or replace it with --force' });
  const proposal = await propose(directory, ask);
  if (options.name !== undefined) proposal.study = options.name;
  const different = proposal.cohorts.filter((c) => JSON.stringify(c.columns) !== JSON.stringify(proposal.cohorts[0]?.columns));
  if (different.length > 0) proposal.missing.push(`columns: ${different.map((c) => c.name).join(', ')} name their columns otherwise than ${proposal.cohorts[0]?.name}; rename the columns so that one name holds for every cohort`);
  const text = composeStudy(proposal);
  const written: string[] = [];
  for (const cohort of proposal.cohorts.filter((c) => c.table === null)) {
    const path = join(directory, cohort.folder, 'participants.tsv');
    if (existsSync(path)) throw new SulcusError('STUDY_EXISTS', `${path} exists, but holds no participants`, { remedy: 'give it a column participant_id and a row a participant' });
    await writeFile(path, writeTsv(['participant_id'], cohort.ids.map((id) => [id])));
    written.push(path);
  }
  await writeFile(options.file, text);
  return { file: options.file, text, proposal, written, problems: problemsOf(text, options.file) };
}

function problemsOf(text: string, file: string): Problem[] {
  try {
    return parseStudy(text, file).warnings;
  } catch (error) {
    if (error instanceof StudyFileError) return error.problems;
    throw error;
  }
}
