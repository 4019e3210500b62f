/** Packages of Debian and Ubuntu, where they can be installed without asking. Plain Node, usable before `npm ci`. */
import { spawnSync } from 'node:child_process';

/** Seconds to wait for another apt-get. */
const LOCK_SECONDS = 120;

const apt = (...args) => spawnSync('apt-get', ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`, '-y', '-q', ...args], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });

/** As root, with apt-get. */
export const canInstall = () => process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;

/** Installs packages and what they need; with fresh lists of packages where those that are there are missing or old. Null, or in a line why it failed. */
export function installPackages(...packages) {
  const install = () => apt('install', '--no-install-recommends', ...packages);
  let result = install();
  if (result.status !== 0) {
    apt('update');
    result = install();
  }
  return result.status === 0 ? null : ((result.stderr ?? result.error?.message ?? '').trim().split('\n').pop() ?? '');
}
