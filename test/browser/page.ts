/** A report in a real browser, with everything it complains about or asks for written down. */
import { chromium, type Browser, type Page } from 'playwright-core';
import { browser as program, BROWSER_FLAGS } from '../../client/browser.js';

export interface Opened {
  page: Page;
  /** Messages of the console from warnings up, errors of scripts, refusals by the page's policy. */
  complaints: string[];
  /** Whatever is not the file itself or data inside it. */
  requests: string[];
}

/** Fails with the remedy when there is no Chromium. */
export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: program(), args: BROWSER_FLAGS.filter((flag) => flag !== '--headless') });
}

export async function open(browser: Browser, file: string, options: { width?: number; dark?: boolean } = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: 900 }, colorScheme: options.dark === true ? 'dark' : 'light', acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage(), complaints: string[] = [], requests: string[] = [];
  page.on('console', (message) => { if (message.type() !== 'log' && !harmless(message.text())) complaints.push(`${message.type()}: ${message.text()}`); });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('request', (request) => { if (!/^(data|blob):/.test(request.url()) && request.url() !== `file://${encodeURI(file)}`) requests.push(request.url()); });
  await page.goto(`file://${encodeURI(file)}`);
  return { page, complaints, requests };
}

/** What Chromium says of drawing in software, where there is no graphics card. */
const harmless = (text: string): boolean => /WebGL|GPU stall|GL Driver|software rendering|swiftshader/i.test(text);

/** Everything folded is opened, as a reader would. */
export async function unfold(page: Page): Promise<void> {
  await page.locator('details:not([open]) > summary').evaluateAll((all) => all.forEach((one) => (one as unknown as { click(): void }).click()));
}

/** Marks of a class in one figure, in all its drawings. */
export async function marks(page: Page, figure: string, kind: string): Promise<number> {
  return page.locator(`[id="${figure}"] svg.plot g.${kind} > *`).count();
}
