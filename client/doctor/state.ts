/** The state folder: its disk, who may read it, and what runs or was left behind in it. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { answers } from '../temporal/health.js';
import { isRunning, type ProcessIdentity } from '../temporal/process.js';
import { readRecord, statePaths } from '../temporal/state.js';
import { existingFolder, tryDisk, type DiskTrial } from './disk.js';
import { bad, bytes, ok, warn, type Finding } from './finding.js';

const LEAST_FREE = 256 * 2 ** 20, GOOD_FREE = 10e9, LEAST_FILES = 10_000, SLOW_SYNC_MS = 500;
const STEPS: Record<NonNullable<DiskTrial['failed']>['step'], string> = { create: 'a folder cannot be made', write: 'a file cannot be written', sync: 'a file cannot be synced', link: 'a file cannot be linked', rename: 'a file cannot be renamed' };

/** `embedded`: the server's database would be here too. */
export async function examineState(state: string, embedded: boolean): Promise<Finding[]> {
  const folder = await existingFolder(state), there = folder === state;
  const trial = await tryDisk(folder);
  const findings = [writing(trial, there), space(trial), kind(trial, embedded)];
  if (!there) return [...findings, ok('state', 'content', 'no state folder yet: the first run makes it')];
  return [...findings, await permissions(state), ...(embedded ? await serverAndUsers(state) : []), await lock(state), await damaged(state)];
}

function writing({ failed, syncMs }: DiskTrial, there: boolean): Finding {
  const name = 'writing', where = there ? 'in the state folder' : 'where the state folder would be made';
  if (failed !== null) {
    const remedy = failed.step === 'link' ? 'use a file system with hard links, and set SULCUS_STATE to a folder on it' : failed.code === 'ENOSPC' || failed.code === 'EDQUOT' ? 'free space, or have your quota raised' : 'make the folder writable for you, or set SULCUS_STATE to one that is';
    return bad('state', name, `${STEPS[failed.step]} ${where} (${failed.code})`, 'nothing can be computed', remedy);
  }
  const found = `write, sync, link and rename work ${where}; 1 MB synced in ${Math.round(syncMs ?? 0)} ms`;
  return (syncMs ?? 0) > SLOW_SYNC_MS ? warn('state', name, found, 'every finished fit waits for its sync', 'set SULCUS_STATE to a faster, local disk') : ok('state', name, found);
}

function space({ free, freeFiles }: DiskTrial): Finding {
  const found = `${bytes(free)} free${freeFiles === null ? '' : `, ${freeFiles} files`}`, remedy = 'free space, delete STATE/store while nothing runs (it is computed again), or set SULCUS_STATE to another disk';
  if (free < LEAST_FREE || (freeFiles !== null && freeFiles < 100)) return bad('state', 'space', found, 'steps fail as soon as the disk is full', remedy);
  return free < GOOD_FREE || (freeFiles !== null && freeFiles < LEAST_FILES) ? warn('state', 'space', found, 'a study of a whole cortex may not fit (the demo takes 0.6 GB)', remedy) : ok('state', 'space', found);
}

function kind({ kind: { name, nature } }: DiskTrial, embedded: boolean): Finding {
  if (nature === 'network' && embedded) return warn('state', 'file system', `${name}, over the network`, 'the embedded server\'s database (SQLite) may be damaged there when the connection breaks', 'set SULCUS_STATE to a local disk, or use a Temporal server of your own (TEMPORAL_ADDRESS)');
  if (nature === 'memory') return warn('state', 'file system', `${name}: memory`, 'everything computed is gone when the machine restarts', 'set SULCUS_STATE to a disk');
  if (nature === 'layer') return warn('state', 'file system', `${name}: the container's own layer`, 'everything computed is gone with the container', 'mount a volume and set SULCUS_STATE to it');
  return ok('state', 'file system', nature === 'unknown' ? `${name}, not known to sulcus` : name);
}

async function permissions(state: string): Promise<Finding> {
  const { mode, uid } = await stat(state), own = process.getuid?.();
  if (own !== undefined && own !== 0 && uid !== own) return warn('state', 'permissions', 'the state folder belongs to another user', 'commands of the two may lock each other out', 'run as the user who made it, or set SULCUS_STATE to a folder of your own');
  const others = process.platform !== 'win32' && (mode & 0o077) !== 0;
  return others
    ? warn('state', 'permissions', `others may look into the state folder (mode ${(mode & 0o777).toString(8)})`, 'it holds participants\' identifiers and data', 'chmod 700 on the state folder')
    : ok('state', 'permissions', 'yours alone');
}

async function serverAndUsers(state: string): Promise<Finding[]> {
  const record = readRecord(state);
  if (record === null || !isRunning(record)) return [ok('state', 'embedded server', 'not running: commands start it')];
  const users = await living(statePaths(state).users);
  const worker = await readIdentity(join(state, 'worker.json'));
  const workers = worker !== null && isRunning(worker) ? 'a worker runs' : 'no worker of a command runs';
  if (!(await answers(record.port))) return [bad('state', 'embedded server', `its process runs, but it does not answer on 127.0.0.1:${record.port}`, 'commands wait 20 s for it, then replace it', '`sulcus server --stop`, then start again')];
  if (users === 0 && !record.keep) return [warn('state', 'embedded server', `runs on 127.0.0.1:${record.port}, and nobody uses it: the command that started it was killed`, 'it takes memory; the next command uses it and ends it', '`sulcus server --stop`')];
  return [ok('state', 'embedded server', `runs on 127.0.0.1:${record.port} for ${users} ${users === 1 ? 'command' : 'commands'}${record.keep ? ', kept until it is stopped' : ''}; ${workers}`)];
}

/** A lock whose owner is gone is taken over by itself; one that is held for long is worth knowing. */
async function lock(state: string): Promise<Finding> {
  const { lock: folder } = statePaths(state);
  const names = (await list(folder)).filter((name) => /^lock\.\d+$/.test(name)).sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  const highest = names.at(-1);
  const owner = highest === undefined ? null : await readIdentity(join(folder, highest));
  if (owner === null || !isRunning(owner)) return ok('state', 'lock', owner === null ? 'free' : 'free (its last owner was killed)');
  const held = Math.round((Date.now() - (await stat(join(folder, highest as string))).mtimeMs) / 1000);
  return held < 60
    ? ok('state', 'lock', 'held by a command that is starting or leaving')
    : warn('state', 'lock', `held by process ${owner.pid} for ${held} s`, 'other commands on this state folder wait for it', `wait (a server that is built takes minutes), or end process ${owner.pid} if it hangs`);
}

async function damaged(state: string): Promise<Finding> {
  const root = join(state, 'store', 'artifacts');
  let artifacts = 0, aside = 0;
  for (const artifactKind of await list(root)) {
    for (const folder of await list(join(root, artifactKind))) {
      for (const name of await list(join(root, artifactKind, folder))) {
        if (name.includes('.damaged-')) aside++;
        else if (!name.endsWith('.tmp')) artifacts++;
      }
    }
  }
  return aside === 0
    ? ok('state', 'store', `${artifacts} artifacts, none set aside as damaged`)
    : warn('state', 'store', `${artifacts} artifacts, ${aside} set aside as damaged`, 'they are computed again when needed; a disk that damages files will do so again', 'check the disk (smartctl, fsck), then delete the *.damaged-* files');
}

async function living(users: string): Promise<number> {
  const identities = await Promise.all((await list(users)).map((name) => readIdentity(join(users, name))));
  return identities.filter((identity) => identity !== null && isRunning(identity)).length;
}

async function readIdentity(file: string): Promise<ProcessIdentity | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity | null;
  } catch {
    return null; // absent, or half-written
  }
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []); // absent: nothing in it
}
