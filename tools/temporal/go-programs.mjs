/**
 * Programs built with `go install`, kept in the user's cache folder. They are built into a folder aside and renamed, so an interrupted build leaves nothing
 * that looks finished; of several processes that want the same programs one builds. Plain Node, usable before `npm ci`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { lockFile } from './lock.mjs';

const PROGRESS_MS = 15_000;

/**
 * @param {{ name: string, programs: string[], what: string, building: string, packages: string[], ldflags?: string, say: (line: string) => void }} options
 *   `name`: of the folder in the cache; `programs`: what will be in it; `what`: its contents in messages; `building`: the same, with version and how long it takes; `packages`: `path@version`
 * @returns {Promise<{ folder: string, seconds: number | null }>} seconds of building, null when it was there
 * @throws Error with one line: why go could not be started, or what it said
 */
export async function goPrograms({ name, programs, what, building, packages, ldflags = '', say }) {
  const folder = join(cacheFolder(), name), there = () => programs.every((program) => existsSync(join(folder, program)));
  if (there()) return { folder, seconds: null };
  const unlock = await lockFile(`${folder}.lock`, (pid) => say(`waiting for ${what} that process ${pid} is building`));
  const started = Date.now(), seconds = () => Math.round((Date.now() - started) / 1000);
  let aside = null;
  const clean = () => {
    if (aside !== null) rmSync(aside, { recursive: true, force: true });
    unlock();
  };
  const timer = setInterval(() => say(`still building ${what}: ${seconds()} s`), PROGRESS_MS);
  try {
    if (there()) return { folder, seconds: null };
    mkdirSync(cacheFolder(), { recursive: true });
    aside = mkdtempSync(join(cacheFolder(), 'building-'));
    say(`building ${building}; kept in ${cacheFolder()}`);
    await install(aside, packages, ldflags, clean);
    rmSync(folder, { recursive: true, force: true }); // what somebody took a program out of
    renameSync(aside, folder);
    say(`built ${what} in ${seconds()} s`);
    return { folder, seconds: seconds() };
  } finally {
    clearInterval(timer);
    clean();
  }
}

/** The flags leave out debugging symbols and need no C compiler. A signal ends the build and this process, cleaned up. */
function install(folder, packages, ldflags, clean) {
  const child = spawn('go', ['install', '-trimpath', '-ldflags', `-s -w ${ldflags}`.trim(), ...packages], { cwd: folder, env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: goFlags() }, stdio: ['ignore', 'ignore', 'pipe'] });
  let tail = [];
  child.stderr.setEncoding('utf8').on('data', (text) => (tail = [...tail, ...text.split('\n').filter(Boolean)].slice(-8)));
  const stop = () => child.kill('SIGTERM');
  const leave = () => { stop(); clean(); process.exit(130); };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.once(signal, leave);
  process.once('exit', stop);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`go could not be started: ${error.message}`)));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`go install failed (exit ${code}): ${tail.filter((line) => !line.startsWith('go: downloading')).join(' | ')}`))));
  }).finally(() => {
    for (const signal of signals) process.removeListener(signal, leave);
    process.removeListener('exit', stop);
  });
}

/** -mod=vendor and the like make no sense for a `go install pkg@version`; the rest of the user's flags stay. */
function goFlags() {
  return (process.env.GOFLAGS ?? '').split(/\s+/).filter((flag) => flag && !flag.startsWith('-mod=')).join(' ');
}
