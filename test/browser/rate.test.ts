/** The page for rating in a real browser: by keys, by mouse, over a reload, into ratings.tsv; and as read by axe. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { encode } from 'fast-png';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { renderRatingPage, type RatingItem } from '../../client/rate/page.js';
import { launch, open, type Opened } from './page.js';

const PATIENCE = 120_000, NAMES = ['TKY001', 'TKY002', '</script><b>"TKY003"', 'TKY004', '007'];
const folder = mkdtempSync(join(tmpdir(), 'sulcus-rate-'));
const items = NAMES.map((participant, n): RatingItem => ({ cohort: n < 4 ? 'tokyo' : 'toronto', participant, image: `dti-mask/${n + 1}.png`, outputs: `${n}`.repeat(64), quality: n === 0 ? [['mask volume', '1432 (from 900)']] : [] }));
let browser: Browser, opened: Opened, page: Page, turn = 0;

beforeAll(async () => {
  browser = await launch();
  mkdirSync(join(folder, 'dti-mask'));
  for (const n of NAMES.keys()) writeFileSync(join(folder, 'dti-mask', `${n + 1}.png`), encode({ width: 300, height: 200, channels: 3, data: new Uint8Array(300 * 200 * 3).fill(50 * n + 20) }));
}, PATIENCE);
afterAll(async () => { await browser.close(); rmSync(folder, { recursive: true }); }, PATIENCE);

/** A page that this browser has not seen. */
async function fresh(options: { dark?: boolean } = {}, change: Partial<Parameters<typeof renderRatingPage>[0]> = {}): Promise<void> {
  await opened?.page.context().close();
  const file = join(folder, `page-${++turn}.html`);
  writeFileSync(file, renderRatingPage({ study: 'acc-trs', pipeline: 'dti', step: 'mask', items, ...change }));
  opened = await open(browser, file, options);
  page = opened.page;
}
const text = (id: string): Promise<string | null> => page.locator(`#${id}`).textContent();
const pressed = async (): Promise<string[]> => (await page.locator('footer button[aria-pressed=true]').evaluateAll((all) => all.map((one) => (one as unknown as { id: string }).id.replace('rate-', ''))));
async function saved(how: () => Promise<unknown>): Promise<{ name: string; rows: string[][] }> {
  const [download] = await Promise.all([page.waitForEvent('download'), how()]);
  return { name: download.suggestedFilename(), rows: readFileSync(await download.path(), 'utf8').trimEnd().split('\n').map((line) => line.split('\t')) };
}
const HEAD = ['cohort', 'participant', 'pipeline', 'step', 'rating', 'note', 'outputs'];

describe('a person who rates', () => {
  beforeEach(() => fresh(), PATIENCE);

  it('does it by keys: each rating leads to the next participant, and Ctrl S saves them all', async () => {
    expect([await text('who'), await text('where'), await text('rated')]).toEqual(['TKY001', 'tokyo, 1 of 5', '0 of 5 rated']);
    expect(await page.locator('#quality').textContent()).toContain('mask volume1432 (from 900)');
    await expect.poll(() => page.locator('#picture').evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth)).toBe(300);
    await page.keyboard.press('1');
    expect([await text('who'), await text('said')]).toEqual(['TKY002', 'TKY001: good. Now TKY002']);
    await page.keyboard.press('n');
    await page.keyboard.type('3 stripes, "u" and n');
    await page.keyboard.press('Escape');
    await page.keyboard.press('d');
    await page.keyboard.press('U');
    await page.keyboard.press('ArrowRight');
    expect(await text('who')).toBe('007');
    await page.keyboard.press('g');
    expect(await text('said')).toBe('007: good. That was the last of these; 1 are not rated.');
    await page.keyboard.press('Home');
    expect(await pressed()).toEqual(['good']);
    const { name, rows } = await saved(() => page.keyboard.press('Control+s'));
    expect(name).toBe('ratings.tsv');
    expect(rows).toEqual([
      HEAD, ['tokyo', 'TKY001', 'dti', 'mask', 'good', 'n/a', '0'.repeat(64)], ['tokyo', 'TKY002', 'dti', 'mask', 'doubtful', '"3 stripes, ""u"" and n"', '1'.repeat(64)],
      ['tokyo', '"</script><b>""TKY003"""', 'dti', 'mask', 'unfit', 'n/a', '2'.repeat(64)], ['toronto', '007', 'dti', 'mask', 'good', 'n/a', '4'.repeat(64)],
    ]);
    expect(await text('said')).toBe('4 ratings saved to ratings.tsv.');
    expect([opened.complaints, opened.requests.every((url) => url.startsWith(`file://${folder}/dti-mask/`))]).toEqual([[], true]);
  }, PATIENCE);

  it('finds everything again after a reload, beginning with who is not rated; storage names nobody', async () => {
    await page.keyboard.press('3');
    await page.keyboard.press('2');
    await page.reload();
    expect([await text('who'), await text('rated'), await text('said')]).toEqual(['</script><b>"TKY003"', '2 of 5 rated', '2 rated earlier on this page are kept.']);
    const kept = await page.evaluate<string>('JSON.stringify(localStorage)');
    for (const name of NAMES.slice(0, 4)) expect(kept).not.toContain(name);
    expect((await saved(() => page.locator('#save').click())).rows.slice(1).map((row) => row[4])).toEqual(['unfit', 'doubtful']);
  }, PATIENCE);

  it('is not shown what was said of outputs that are others now', async () => {
    await page.keyboard.press('3');
    const file = page.url().slice('file://'.length);
    writeFileSync(file, renderRatingPage({ study: 'acc-trs', pipeline: 'dti', step: 'mask', items: items.map((item, n) => (n === 0 ? { ...item, outputs: 'f'.repeat(64) } : item)) }));
    await page.reload();
    expect([await text('who'), await text('rated'), await pressed()]).toEqual(['TKY001', '0 of 5 rated', []]);
  }, PATIENCE);

  it('sees only some: those not rated, doubtful, unfit', async () => {
    for (const key of ['1', '2', '3', '2', '1']) await page.keyboard.press(key);
    expect(await page.locator('.filters').evaluate((one) => (one as unknown as { innerText: string }).innerText.replace(/\s+/g, ' ').trim())).toBe('all 5 unrated 0 doubtful 2 unfit 1');
    await page.locator('#filter-doubtful').click();
    await page.keyboard.press('Home');
    expect(await text('who')).toBe('TKY002');
    await page.keyboard.press('ArrowRight');
    expect([await text('who'), await page.locator('#next').isDisabled()]).toEqual(['TKY004', true]);
    await page.keyboard.press('0');
    expect([await text('who'), await text('rated'), await pressed()]).toEqual(['TKY004', '4 of 5 rated', []]);
    await page.locator('#filter-unrated').click();
    expect(await text('who')).toBe('TKY004');
    await page.locator('#rate-good').click();
    expect(await text('said')).toBe('TKY004: good. All are rated: save them.');
    await page.locator('#filter-unrated').click();
    expect(await text('said')).toBe('None is unrated.');
  }, PATIENCE);

  it('may switch keys of one letter off, and use the mouse or Tab alone', async () => {
    await page.locator('#letters').uncheck();
    await page.keyboard.press('3');
    expect(await text('rated')).toBe('0 of 5 rated');
    await page.locator('#rate-unfit').focus();
    await page.keyboard.press('Enter');
    expect([await text('who'), await text('rated')]).toEqual(['TKY002', '1 of 5 rated']);
    await page.locator('#previous').click();
    expect(await pressed()).toEqual(['unfit']);
    expect(await page.locator('#previous').isDisabled()).toBe(true);
  }, PATIENCE);

  it('is told when nothing is there to be saved, and when a sheet is gone', async () => {
    await page.keyboard.press('Control+s');
    expect(await text('said')).toBe('Nobody is rated: there is nothing to save.');
    await fresh({}, { items: [{ ...items[0]!, image: 'dti-mask/gone.png' }] });
    await expect.poll(() => page.locator('#broken').isVisible()).toBe(true);
    await page.keyboard.press('1');
    expect(await text('said')).toBe('TKY001: good. All are rated: save them.');
  }, PATIENCE);
});

describe.each([false, true])('the page, dark: %s', (dark) => {
  it('has nothing that axe objects to', async () => {
    await fresh({ dark });
    await page.keyboard.press('2');
    await page.keyboard.press('ArrowLeft');
    const { violations } = await page.evaluate<axe.AxeResults>(`${axe.source}; axe.run(document, { resultTypes: ['violations'] })`);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    if (process.env['SULCUS_PICTURES'] !== undefined) await page.screenshot({ path: join(process.env['SULCUS_PICTURES'], `rate-${dark ? 'dark' : 'light'}.png`) });
  }, PATIENCE);
});

describe('a page of a thousand', () => {
  it('is small, and goes from one to the next at once', async () => {
    const many = Array.from({ length: 1000 }, (_, n): RatingItem => ({ ...items[n % 5]!, participant: `P${n}` })), bytes = Buffer.byteLength(renderRatingPage({ study: 's', pipeline: 'p', step: 't', items: many }));
    expect(bytes).toBeLessThan(400_000);
    await fresh({}, { items: many });
    for (let n = 0; n < 20; n++) await page.keyboard.press('1');
    expect([await text('who'), await text('rated')]).toEqual(['P20', '20 of 1000 rated']);
    await page.keyboard.press('End');
    expect(await text('who')).toBe('P999');
  }, PATIENCE);
});
