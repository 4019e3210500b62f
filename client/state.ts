/** The state folder for commands that name a study by its id. */
import { existsSync } from 'node:fs';
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
