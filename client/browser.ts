/** The browser of this machine: makes a PDF of the report, and shows it to the tests. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SulcusError } from '../contracts/errors.js';

/** Programs that understand --headless and --print-to-pdf, by preference. tools/setup/browser.mjs has the same list. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;

/** No sandbox: it needs rights that containers lack, and the page is a file of our own that loads nothing. */
export const BROWSER_FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'] as const;

/** Path of the first one on PATH; null when there is none. */
export function findBrowser(path = process.env['PATH'] ?? ''): string | null {
  for (const name of BROWSERS) for (const folder of path.split(delimiter)) {
    if (folder !== '' && isProgram(join(folder, name))) return join(folder, name);
  }
  return null;
}

/** @throws SulcusError NO_BROWSER */
export function browser(): string {
  const found = findBrowser();
  if (found === null) throw new SulcusError('NO_BROWSER', `no ${BROWSERS.join(', ')} on PATH`, { remedy: 'install one (Debian: apt-get install chromium), or print report.html from any browser' });
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
