/**
 * Builds the pinned Temporal CLI through the Go module proxy into the user's cache folder and prints its path on stdout.
 * Progress goes to stderr, a line every 15 s. Run by client/temporal (as a child) and by tools/setup.mjs (beside `npm ci`).
 * It builds into a temporary folder and renames, so an interrupted build leaves nothing that looks finished.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cachedBinary, cacheFolder, executable, pinned } from './cache.mjs';
import { lockFile } from './lock.mjs';

const PROGRESS_MS = 15_000;
const say = (line) => process.stderr.write(`${line}\n`);
const older = (a, b) => a.localeCompare(b, 'en', { numeric: true }) < 0;

/** Ends with one line for the caller: what is wrong and what to do. */
function fail(reason) {
  say(reason);
  process.exit(1);
}

function requireGo() {
  const go = spawnSync('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], { encoding: 'utf8', cwd: tmpdir() });
  const install = `install Go ${pinned.minimumGo} or newer (on Debian or Ubuntu: apt-get install golang-go, if recent enough), or put a \`temporal\` binary on PATH`;
  if (go.error || go.status !== 0) fail(`go is not on PATH: ${install}`);
  const [version = '', toolchain = ''] = go.stdout.trim().split('\n');
  const number = version.replace(/^go/, '').replace(/[^0-9.].*$/, '');
  if (older(number, pinned.minimumGo) && toolchain === 'local') fail(`${version} is too old and GOTOOLCHAIN=local forbids a newer one: ${install}`);
}

/** The flags leave out debugging symbols, tell the binary its version, and need no C compiler. */
function install(folder, unlock) {
  const args = ['install', '-trimpath', '-ldflags', `-s -w -X ${pinned.versionVariable}=${pinned.version}`, `${pinned.module}@v${pinned.version}`];
  const child = spawn('go', args, { cwd: folder, env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: goFlags() }, stdio: ['ignore', 'ignore', 'pipe'] });
  let tail = [];
  child.stderr.setEncoding('utf8').on('data', (text) => (tail = [...tail, ...text.split('\n').filter(Boolean)].slice(-8)));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      child.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
      unlock();
      process.exit(130);
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`go could not be started: ${error.message}`));
    child.on('close', (code) => resolve(code === 0 ? null : `go install failed (exit ${code}): ${tail.filter((line) => !line.startsWith('go: downloading')).join(' | ')}`));
  });
}

/** -mod=vendor and the like make no sense for a `go install pkg@version`; the rest of the user's flags stay. */
function goFlags() {
  return (process.env.GOFLAGS ?? '').split(/\s+/).filter((flag) => flag && !flag.startsWith('-mod=')).join(' ');
}

async function main() {
  const target = cachedBinary();
  if (existsSync(target)) return target;
  requireGo();
  const unlock = await lockFile(`${dirname(target)}.lock`, (pid) => say(`waiting for the Temporal server that process ${pid} is building`));
  const started = Date.now();
  const timer = setInterval(() => say(`still building the Temporal server: ${Math.round((Date.now() - started) / 1000)} s`), PROGRESS_MS);
  let folder = null;
  try {
    if (existsSync(target)) return target;
    mkdirSync(cacheFolder(), { recursive: true });
    folder = mkdtempSync(join(cacheFolder(), 'building-'));
    say(`building the Temporal server (CLI ${pinned.version}) with Go: 3 to 7 minutes, once; kept in ${cacheFolder()}`);
    const problem = await install(folder, unlock);
    if (problem !== null) {
      process.exitCode = 1;
      say(problem);
      return null;
    }
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(folder, executable), target);
    say(`built the Temporal server in ${Math.round((Date.now() - started) / 1000)} s`);
    return target;
  } finally {
    clearInterval(timer);
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    unlock();
  }
}

const path = await main();
if (path !== null) process.stdout.write(`${path}\n`);
