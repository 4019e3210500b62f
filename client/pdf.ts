/** A page on disk printed by the machine's Chromium. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SulcusError } from '../contracts/errors.js';
import { browser, BROWSER_FLAGS } from './browser.js';

/** Long enough for a slow machine; a browser that hangs is ended. */
const PATIENCE_MS = 180_000;

/** @throws SulcusError NO_BROWSER, PDF_FAILED */
export async function printPdf(page: string, pdf: string): Promise<void> {
  const program = browser(), profile = mkdtempSync(join(tmpdir(), 'sulcus-browser-'));
  rmSync(pdf, { force: true });
  try {
    const said = await run(program, [...BROWSER_FLAGS, `--user-data-dir=${profile}`, '--no-pdf-header-footer', `--print-to-pdf=${pdf}`, pathToFileURL(page).href]);
    if (!existsSync(pdf)) throw new SulcusError('PDF_FAILED', `${program} made no ${pdf}: ${said.trim().split('\n').at(-1) ?? ''}`, { remedy: 'see that the folder can be written, or print report.html from a browser' });
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What it said on stderr. */
function run(program: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: PATIENCE_MS, killSignal: 'SIGKILL' });
    let said = '';
    child.stderr.on('data', (text: Buffer) => { said += text.toString(); });
    child.once('error', reject);
    child.once('close', () => resolve(said));
  });
}
