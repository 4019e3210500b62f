/** Where a state folder's artifacts are: in it, or in a bucket that a study file, SULCUS_STORE or an earlier command has named. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { SulcusError } from '../contracts/errors.js';
import { overObjects } from '../security/index.js';
import type { Artifacts } from '../storage/artifacts.js';
import { isS3, nameOfS3, parseS3 } from '../storage/location.js';
import { openStore } from '../storage/open.js';
import { isRunning, type ProcessIdentity } from './temporal/process.js';
import { createState } from './temporal/state.js';

/** Address of the store in use: SULCUS_STORE, else what was settled, else `STATE/store`. Throws BAD_STORE. */
export function storeAddress(state: string, env: NodeJS.ProcessEnv = process.env): string {
  return fromEnvironment(env) ?? settled(state);
}

/** For people: a folder or `s3://bucket/prefix`. */
export function storeName(address: string): string {
  return isS3(address) ? nameOfS3(parseS3(address)) : address;
}

/** The store of a state folder, as commands read it. `note` is told what is damaged. */
export function storeOf(state: string, note: (line: string) => void): Promise<Artifacts> {
  return openStore(storeAddress(state), { over: overObjects(), onDamage: ({ name, what }) => note(`${name} in the artifact store is damaged (${what}): set aside, and made again when it is needed`) });
}

/**
 * Before a study is launched: from now on, every command on the state folder uses the store that SULCUS_STORE or the study file (`asked`) names; null: the
 * one in use. Throws BAD_STORE, and STORE_BUSY when a worker of the folder works with another one.
 */
export function settleStore(state: string, asked: string | null, note: (line: string) => void, env: NodeJS.ProcessEnv = process.env): void {
  const address = fromEnvironment(env) ?? checked(asked), now = settled(state);
  if (address === null || address === now) return;
  if (workerLives(state)) {
    throw new SulcusError('STORE_BUSY', `the worker of ${state} keeps artifacts in ${storeName(now)}, not in ${storeName(address)}`, {
      remedy: 'wait until its studies have ended, or give this study a state folder of its own (SULCUS_STATE)',
    });
  }
  createState(state);
  const file = recordOf(state);
  writeFileSync(`${file}.new`, `${JSON.stringify({ address })}\n`);
  renameSync(`${file}.new`, file);
  note(`artifacts are kept in ${storeName(address)}${existsSync(join(state, 'store', 'artifacts')) ? `; those in ${storeName(now)} stay there and are not looked at` : ''}`);
}

const recordOf = (state: string): string => join(state, 'store.json');

function settled(state: string): string {
  try {
    return (JSON.parse(readFileSync(recordOf(state), 'utf8')) as { address: string }).address;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return join(state, 'store');
    throw new SulcusError('BAD_STORE', `${recordOf(state)} cannot be read`, { remedy: 'it says where artifacts are: write {"address": "s3://BUCKET/PREFIX"} into it, or delete it if they are in the state folder', cause: error });
  }
}

function fromEnvironment(env: NodeJS.ProcessEnv): string | null {
  return env['SULCUS_STORE'] === undefined || env['SULCUS_STORE'] === '' ? null : checked(env['SULCUS_STORE']);
}

/** A relative folder would be another one for every command. */
function checked(address: string | null): string | null {
  if (address !== null && isS3(address)) parseS3(address);
  else if (address !== null && !isAbsolute(address)) throw new SulcusError('BAD_STORE', `the artifact store "${address}" is neither an absolute folder nor s3://BUCKET/PREFIX`);
  return address;
}

function workerLives(state: string): boolean {
  try {
    return isRunning(JSON.parse(readFileSync(join(state, 'worker.json'), 'utf8')) as ProcessIdentity);
  } catch {
    return false; // none was ever started, or its record is half-written
  }
}
