import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstall, installPackages } from './apt.mjs';
import { say } from './say.mjs';

/** As in client/browser.ts. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** The browser, and letters for it to draw. */
const PACKAGES = ['chromium', 'fonts-dejavu-core'];

const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));

/** True when the tests of the report find no browser. */
export const noBrowserInSight = () => !BROWSERS.some(onPath);

/** Installs Chromium where that can be done without asking: as root, with apt-get. Else the tests of the report fail, and say why. */
export function ensureBrowser() {
  if (!noBrowserInSight()) return;
  if (!canInstall()) {
    say('no Chromium: the tests of the report will fail; install it (Debian: apt-get install chromium)');
    return;
  }
  const started = Date.now();
  say('installing Chromium for the tests of the report (apt-get install chromium)');
  const problem = installPackages(...PACKAGES);
  if (problem === null) say(`installed Chromium in ${Math.round((Date.now() - started) / 1000)} s`);
  else say(`Chromium could not be installed, so the tests of the report will fail: ${problem}`);
}
