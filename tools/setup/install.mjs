import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, isStamped, root, stamp } from '../stamp.mjs';
import { say, SetupError } from './say.mjs';

const PROGRESS_MS = 15_000;
/** npm says what is wrong first, and how to use it after. */
const KEPT_LINES = 5;
const modules = join(root, 'node_modules');
/** Written after a complete install; holds the hash of the lock file it was made from. */
const installStamp = join(modules, '.sulcus-installed');

const lockHash = () => hashOf(['package-lock.json', '.npmrc']);

/** True when node_modules holds what package-lock.json says, whoever installed it. */
export function isInstalled() {
  const hash = lockHash();
  if (isStamped(installStamp, hash)) return true;
  if (!matchesLock()) return false;
  stamp(installStamp, hash);
  return true;
}

/** Compares with the record npm leaves of what it installed; packages for other platforms are optional and may be absent. */
function matchesLock() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(record, 'utf8')).packages;
    return Object.entries(wanted).every(([path, entry]) => path === '' || (present[path] === undefined ? entry.optional === true : present[path].version === entry.version));
  } catch {
    return false;
  }
}

/** `npm ci`, if it is needed. Development packages are part of it: the build needs them. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  say('installing the dependencies (npm ci)');
  const timer = setInterval(() => say(`still installing: ${seconds()} s`), PROGRESS_MS);
  try {
    await npmCi();
  } finally {
    clearInterval(timer);
  }
  stamp(installStamp, lockHash());
  say(`installed in ${seconds()} s`);
}

function npmCi() {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const [program, all] = npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args];
  return new Promise((resolve, reject) => {
    const child = spawn(program, all, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    const said = [];
    const keep = (text) => said.push(...String(text).split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim()).filter(Boolean));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new SetupError(`npm could not be started: ${error.message}`, 'put npm on PATH', error)));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new SetupError(`npm ci failed: ${said.slice(0, KEPT_LINES).join(' | ')}`, 'check the connection to the package registry; `npm ci` shows it all'));
    });
  });
}
