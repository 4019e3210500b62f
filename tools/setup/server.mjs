import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root } from '../stamp.mjs';
import { cachedBinary, executable } from '../temporal/cache.mjs';
import { say, SetupError } from './say.mjs';

const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));

/** True when a server will have to be fetched or built. A guess from what can be seen before anything is installed. */
export function noServerInSight(forTests) {
  const named = !forTests && Boolean(process.env.TEMPORAL_ADDRESS || process.env.TEMPORAL_PROFILE);
  return !named && !onPath(executable) && !existsSync(cachedBinary());
}

/** Starts building the server in the background; null when there is no Go to do it with (the finder will say so). */
export function startEarlyBuild() {
  if (!onPath(process.platform === 'win32' ? 'go.exe' : 'go')) return null;
  const child = spawn(process.execPath, [fileURLToPath(new URL('../temporal/go-build.mjs', import.meta.url))], { stdio: ['ignore', 'ignore', 'pipe'] });
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    for (const line of text.split('\n').filter(Boolean)) {
      last = line;
      say(line);
    }
  });
  const finished = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : last));
  });
  return { finished, stop: () => child.exitCode === null && child.kill('SIGTERM') };
}

/** Makes sure of a server: the one variables or a profile name (not for tests, which start their own), else a binary. */
export async function ensureServer(early, forTests) {
  const temporal = await import(pathToFileURL(join(root, 'dist', 'client', 'temporal', 'index.js')).href);
  try {
    if (!forTests && temporal.foreignServer() !== null) return;
    await temporal.findTemporal({ log: say, build: early === null });
  } catch (error) {
    if (early === null || error.code !== 'temporal-not-found') throw asSetupError(error);
    const problem = await early.finished;
    if (problem !== null) throw asSetupError(error, `\n  build with Go: ${problem}\n`);
  }
}

function asSetupError(error, more = '') {
  return typeof error.code === 'string' && 'remedy' in error ? new SetupError(`${error.message}${more}`, error.remedy, error) : error;
}
