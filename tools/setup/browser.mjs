import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from './say.mjs';

/** As in client/browser.ts. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** The browser, and letters for it to draw. */
const PACKAGES = ['chromium', 'fonts-dejavu-core'];
/** Seconds to wait for another apt-get. */
const LOCK_SECONDS = 120;

const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));

/** True when the tests of the report find no browser. */
export const noBrowserInSight = () => !BROWSERS.some(onPath);

/** Installs Chromium where that can be done without asking: as root, with apt-get. Else the tests of the report fail, and say why. */
export function ensureBrowser() {
  if (!noBrowserInSight()) return;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    say('no Chromium: the tests of the report will fail; install it (Debian: apt-get install chromium)');
    return;
  }
  const started = Date.now();
  say('installing Chromium for the tests of the report (apt-get install chromium)');
  const apt = (...args) => spawnSync('apt-get', ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`, '-y', '-q', ...args], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  const install = () => apt('install', '--no-install-recommends', ...PACKAGES);
  let result = install();
  if (result.status !== 0) {
    // The lists of packages are missing or old.
    apt('update');
    result = install();
  }
  if (result.status === 0) say(`installed Chromium in ${Math.round((Date.now() - started) / 1000)} s`);
  else say(`Chromium could not be installed, so the tests of the report will fail: ${(result.stderr ?? result.error?.message ?? '').trim().split('\n').pop()}`);
}
