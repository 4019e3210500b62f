/** The state folder for commands that name a study by its id, or a results folder. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SulcusError } from '../contracts/errors.js';
import { foreignServer, stateDirectory } from './temporal/index.js';

/** $SULCUS_STATE, else `.sulcus/` in the working directory. Throws NO_STATE when there is none and no Temporal server is configured. */
export function existingState(): string {
  const state = stateDirectory(null);
  if (!existsSync(state) && foreignServer() === null) {
    throw new SulcusError('NO_STATE', `no study has been run from here: ${state} does not exist`, { remedy: 'go to the folder of study.yaml, or set SULCUS_STATE' });
  }
  return state;
}

/**
 * The state folder that a results folder belongs to: `named` (an option), else $SULCUS_STATE, else `.sulcus/` beside the results, where `sulcus run` leaves both, else in the
 * working directory. Throws NO_STATE: none is made, for another folder would have another key of pseudonyms.
 */
export function stateOfResults(results: string, named: string | undefined): string {
  const beside = join(dirname(results), '.sulcus'), set = process.env['SULCUS_STATE'] ?? '';
  const state = named !== undefined ? resolve(named) : set === '' && existsSync(beside) ? beside : stateDirectory(null);
  if (existsSync(state)) return state;
  throw new SulcusError('NO_STATE', `there is no state folder ${state}, whose key would name participants by pseudonyms`, { remedy: 'name the one of the study by --state, or keep identifiers in the export by --identifiers' });
}
