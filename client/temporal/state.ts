/** The state folder: the embedded server's database and record, its users, logs; and (not here) the file store. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ProcessIdentity } from './process.js';

/** $SULCUS_STATE, else `.sulcus/` beside the study file (or in the working directory, for commands without one). Absolute. */
export function stateDirectory(studyFile: string | null, env: NodeJS.ProcessEnv = process.env): string {
  const set = env['SULCUS_STATE'];
  if (set !== undefined && set !== '') return resolve(set);
  return join(studyFile === null ? process.cwd() : dirname(resolve(studyFile)), '.sulcus');
}

/** The embedded server of a state folder, running or as it last ran: its ports are tried again, so that links into the UI stay valid. */
export interface ServerRecord extends ProcessIdentity {
  port: number;
  uiPort: number;
  binary: string;
  version: string;
  /** True: it stays when its last user leaves (`--keep`, `sulcus server`), until `stopServer`. */
  keep: boolean;
}

export const statePaths = (state: string): { database: string; fair: string; record: string; users: string; log: string; lock: string } => ({
  database: join(state, 'temporal.db'),
  fair: join(state, 'temporal.db.fair'),
  record: join(state, 'server.json'),
  users: join(state, 'users'),
  log: join(state, 'logs', 'temporal-server.log'),
  lock: join(state, 'lock'),
});

/** Makes the state folder if there is none. It holds payloads of the study, so nobody else may read it. */
export function createState(state: string): void {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  mkdirSync(join(state, 'logs'), { recursive: true });
  mkdirSync(statePaths(state).users, { recursive: true });
}

export function readRecord(state: string): ServerRecord | null {
  try {
    return JSON.parse(readFileSync(statePaths(state).record, 'utf8')) as ServerRecord;
  } catch {
    return null; // absent, or damaged: then the ports are not known and nothing can be adopted
  }
}

export function writeRecord(state: string, record: ServerRecord): void {
  const { record: file } = statePaths(state);
  writeFileSync(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Removes a file, if it is there. */
export function removeFile(file: string): void {
  rmSync(file, { force: true });
}
