/** Using the report: sorting, filtering, copying, saving figures, keyboard, paper; and names that try to be more than names. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browser as program, findBrowser } from '../../client/browser.js';
import { printPdf } from '../../client/pdf.js';
import { renderReport } from '../../report/index.js';
import { completeStudy } from '../unit/report/example.js';
import { launch, open, type Opened } from './page.js';

const PATIENCE = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'sulcus-report-')), input = completeStudy(), { results } = input;
const tokyo = results.cohorts['tokyo']!;
let browser: Browser, opened: Opened, page: Page;

beforeAll(async () => {
  browser = await launch();
  writeFileSync(join(folder, 'report.html'), renderReport(input));
  opened = await open(browser, join(folder, 'report.html'));
  page = opened.page;
}, PATIENCE);
afterAll(async () => { await browser.close(); rmSync(folder, { recursive: true }); }, PATIENCE);

const table = (caption: string) => page.locator('.table', { has: page.locator('caption', { hasText: caption }) }).first();
const column = (caption: string, name: string) => table(caption).locator('tbody tr:not([hidden])').evaluateAll((rows, wanted) => rows.map((row) => {
  const cells = (row as unknown as { cells: ArrayLike<{ textContent: string; querySelector(q: string): { getAttribute(n: string): string } | null }>; closest(q: string): { tHead: { rows: { cells: ArrayLike<{ textContent: string }> }[] } } });
  const place = Array.from(cells.closest('table').tHead.rows[0]!.cells).findIndex((head) => head.textContent === wanted), cell = cells.cells[place];
  return cell?.querySelector('data')?.getAttribute('value') ?? cell?.textContent ?? '';
}), name);

describe('tables', () => {
  it('sort by the number behind the cell, up, down and back', async () => {
    const caption = 'Group effect (ANCOVA), tokyo', head = table(caption).locator('th', { hasText: /^p$/ }), p = tokyo.ancova.map((row) => row.p ?? Infinity);
    const before = await column(caption, 'p');
    await head.locator('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect((await column(caption, 'p')).map(Number).filter(Number.isFinite)).toEqual(p.filter(Number.isFinite).sort((a, b) => a - b));
    await head.locator('button').press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect((await column(caption, 'p')).map(Number).filter(Number.isFinite)).toEqual(p.filter(Number.isFinite).sort((a, b) => b - a));
    await head.locator('button').press('Enter');
    expect(await column(caption, 'p')).toEqual(before);
  });

  it('keep the rows that have the words of the filter, and say how many', async () => {
    const caption = 'Group effect (ANCOVA), toronto', holder = table(caption);
    await holder.locator('input.filter').fill('MD,  component 2');
    expect(await column(caption, 'index')).toEqual(['MD, component 2']);
    expect(await holder.locator('[role=status]').textContent()).toBe('1 of 16 rows');
    await holder.locator('input.filter').fill('');
    expect(await column(caption, 'index')).toHaveLength(16);
  });

  it('copy what is shown as columns, at full precision', async () => {
    const caption = 'Pairs of groups, tokyo', holder = table(caption);
    await holder.locator('button.copy').click();
    await expect.poll(() => holder.locator('[role=status]').textContent()).toBe(`Copied ${tokyo.pairs.length} rows at full precision`);
    const lines = (await page.evaluate<string>('navigator.clipboard.readText()')).trimEnd().split(/\r?\n/).map((line) => line.split('\t')), [heads = [], ...rows] = lines;
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(rows.map((row) => row[heads.indexOf('t')])).toEqual(tokyo.pairs.map((row) => (row.t === null ? 'n/a' : String(row.t))));
    expect(rows.map((row) => row[heads.indexOf('adjusted p')])).toEqual(tokyo.pairs.map((row) => (row.pAdjusted === null ? 'n/a' : String(row.pAdjusted))));
  });
});

describe('figures', () => {
  const saved = async (figure: string, kind: string): Promise<{ name: string; bytes: Buffer }> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`[id="${figure}"] button[data-save=${kind}]`).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };

  it('are saved as SVG that stands alone, in the colours of paper', async () => {
    const { name, bytes } = await saved('figure-thickness-1', 'svg'), text = bytes.toString();
    expect(name).toBe('acc-trs_figure-thickness-1.svg');
    expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(text).not.toContain('var(');
    writeFileSync(join(folder, 'figure.svg'), text);
    const alone = await open(browser, join(folder, 'figure.svg'));
    expect(await alone.page.locator('g.point > *').count()).toBe(tokyo.subjects + results.cohorts['toronto']!.subjects);
    expect(alone.complaints).toEqual([]);
    await alone.page.context().close();
  });

  it('are saved as PNG three times as large', async () => {
    const { bytes } = await saved('stability-figure', 'png'), [svg] = [(await saved('stability-figure', 'svg')).bytes.toString()];
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(bytes.readUInt32BE(16)).toBe(3 * Number(/width="(\d+)"/.exec(svg)?.[1]));
    expect(bytes.length).toBeGreaterThan(20_000);
  });

  it('are saved as data: every participant, to the last digit', async () => {
    const { bytes } = await saved('figure-thickness-1', 'tsv'), [head = '', ...rows] = bytes.toString().trimEnd().split('\n');
    expect(head.split('\t')).toEqual(['cohort', 'participant', 'group', 'thickness']);
    const values = (input.indices ?? []).filter((row) => row.component === 1 && row.metric === 'thickness').map((row) => row.value);
    expect(rows.map((row) => Number(row.split('\t')[3]))).toEqual(values);
  });
});

describe('the page', () => {
  it('lights up a component where it is named, and tells others', async () => {
    await page.evaluate(`window.heard = []; document.addEventListener('sulcus:component', (event) => window.heard.push(event.detail.component))`);
    await table('Group effect (ANCOVA), tokyo').locator('tr[data-component="2"]').first().hover();
    expect(await page.evaluate('window.heard.at(-1)')).toBe(2);
    await page.evaluate(`document.dispatchEvent(new CustomEvent('sulcus:component', { detail: { component: 3, source: 'brain' } }))`);
    expect(await page.locator('tr.lit').count()).toBe(await page.locator('tr[data-component="3"]').count());
  });

  it('opens what is folded when a link leads into it', async () => {
    const id = await page.locator('details table').first().getAttribute('id');
    await page.evaluate(`location.hash = ${JSON.stringify(id)}`);
    await expect.poll(() => page.locator(`[id="${id}"]`).isVisible()).toBe(true);
  });

  it('goes on paper whole: A4, everything open, no tools', async () => {
    const pdf = join(folder, 'report.pdf');
    await page.pdf({ path: pdf, preferCSSPageSize: true });
    const text = readFileSync(pdf).toString('latin1'), pages = text.match(/\/Type \/Page\b/g)?.length ?? 0;
    expect(text).toMatch(/\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
    expect(pages).toBeGreaterThan(10);
    expect(pages).toBeLessThan(70);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.tools >> visible=true').count()).toBe(0);
    expect(await page.locator('nav >> visible=true').count()).toBe(0);
    await page.emulateMedia({ media: 'screen' });
  }, PATIENCE);

  it('is printed by the command line\'s own way, and where there is no browser it says what to do', async () => {
    const pdf = join(folder, 'printed.pdf');
    await printPdf(join(folder, 'report.html'), pdf);
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
    expect(findBrowser('/nowhere')).toBeNull();
    const path = process.env['PATH'];
    try {
      process.env['PATH'] = '/nowhere';
      expect(() => program()).toThrow(expect.objectContaining({ code: 'NO_BROWSER' }) as Error);
    } finally {
      process.env['PATH'] = path;
    }
  }, PATIENCE);

  it('complains of nothing through all of this', () => {
    expect(opened.complaints).toEqual([]);
    expect(opened.requests).toEqual([]);
  });
});

describe('names that try to be more', () => {
  it.each([`<script>window.boo=1</script>`, `"><img src=x onerror="window.boo=1">`, `'-alert(1)-'`, `</script><script>window.boo=1</script>`, `\${window.boo=1}`])('%s is only a name', async (name) => {
    const renamed = JSON.parse(JSON.stringify(input).replace(/"(tokyo|TRS|md|panss_positive|TOK-001)"/g, () => JSON.stringify(name))) as typeof input;
    renamed.results.study = name;
    const file = join(folder, 'hostile.html');
    writeFileSync(file, renderReport({ ...renamed, identifiers: true }));
    const hostile = await open(browser, file);
    await hostile.page.locator('button[data-save=svg]').first().click();
    expect(await hostile.page.evaluate('[typeof window.boo, document.images.length, document.querySelectorAll("script:not(.data)").length]')).toEqual(['undefined', 0, 1]);
    expect([hostile.complaints, hostile.requests]).toEqual([[], []]);
    expect(await hostile.page.locator('h1').textContent()).toBe(name);
    expect(await hostile.page.locator('svg.plot text', { hasText: name.slice(0, 5) }).count()).toBeGreaterThan(3);
    await hostile.page.context().close();
  }, PATIENCE);
});
