/** The reports of whole studies in a real browser: every mark there, every number the results', nothing loaded, nothing that a reader without eyes or mouse misses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudyResults } from '../../contracts/results.js';
import { everyNumber } from '../unit/report/page.js';
import { expectedMarks, tableOf } from './expected.js';
import { launch, marks, open, unfold, type Opened } from './page.js';
import { KINDS, openLaboratory, runStudy, type Laboratory, type StudyFolder } from './studies.js';

/** Several may share the machine; nothing here is a measure of speed. */
const PATIENCE = 600_000, SCALE = process.env['SULCUS_SCALE'] !== undefined;

let browser: Browser, laboratory: Laboratory;
beforeAll(async () => { [browser, laboratory] = await Promise.all([launch(), openLaboratory()]); }, PATIENCE);
afterAll(async () => { await browser.close(); await laboratory.close(); }, PATIENCE);

describe.each(KINDS)('the report of the $name study', (kind) => {
  let study: StudyFolder | undefined, results: StudyResults, file: string, opened: Opened | undefined;
  beforeAll(async () => {
    study = await runStudy(laboratory, kind);
    results = JSON.parse(readFileSync(join(study.results, 'results.json'), 'utf8')) as StudyResults;
    file = join(study.results, 'report.html');
    opened = await open(browser, file);
    await unfold(opened.page);
  }, PATIENCE);
  afterAll(async () => { await opened?.page.context().close(); await study?.remove(); }, PATIENCE);
  const page = (): Page => opened!.page;

  it('has every figure with the right number of marks', async () => {
    const found: Record<string, number> = {}, expected: Record<string, number> = {};
    for (const [figure, kind, count] of expectedMarks(results, study!.results)) {
      expected[`${figure} ${kind}`] = count;
      found[`${figure} ${kind}`] = await marks(page(), figure, kind);
    }
    expect(found).toEqual(expected);
    expect(results.parameters.splits * results.cohorts[kind.cohorts[0]?.name ?? '']!.ranks.length * kind.cohorts.length).toBe(expected['stability-figure split']);
  }, PATIENCE);

  it('shows the numbers of results.json, at full precision behind what is read', async () => {
    const shown = new Set(await page().locator('#evidence data, #findings data').evaluateAll((all) => all.map((one) => Number((one as unknown as { getAttribute(name: string): string }).getAttribute('value')))));
    const known = everyNumber(results);
    for (const overlap of results.matching.flatMap((row) => row.overlap)) known.add(overlap.reduce((total, value) => total + value, 0));
    for (const cohort of Object.values(results.cohorts)) for (const length of [cohort.excluded.length, cohort.glx?.excluded.length ?? 0]) known.add(length);
    known.add(results.replicated.length);
    expect([...shown].filter((value) => !known.has(value))).toEqual([]);
    const statistics = Object.values(results.cohorts).flatMap((cohort) => [...cohort.ancova.flatMap((row) => [row.F, row.df2, row.p, row.pAdjusted, row.partialEtaSquared]), ...cohort.pairs.flatMap((row) => [row.t, row.df, row.pAdjusted, row.estimate]), ...cohort.ranks.flatMap((row) => [row.stability.mean, row.gradient]), ...(cohort.glx?.partial ?? []).flatMap((row) => [row.r, row.df, row.p, row.pAdjusted]), ...cohort.clinical.flatMap((row) => [row.t, row.pAdjusted])]);
    expect(statistics.filter((value) => value !== null && !shown.has(value))).toEqual([]);
  });

  it('complains of nothing and asks for nothing', () => {
    expect(opened?.complaints).toEqual([]);
    expect(opened?.requests).toEqual([]);
    expect(readFileSync(file).length).toBeLessThan(8 * 2 ** 20);
  });

  /** Of the rules of axe those that look at colours are all that another scheme of colours can break. */
  const serious = async (rules: string): Promise<string[]> => {
    const found = await page().evaluate<axe.AxeResults>(`${axe.source}; axe.run(document, { resultTypes: ["violations"]${rules} })`);
    return found.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical').map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 150)).join(' | ')}`);
  };

  it('has nothing serious for axe', async () => {
    expect(await serious('')).toEqual([]);
  }, PATIENCE);

  // Half a minute each: between them these have every figure and every colour; the other reports are looked at by `npm run test:scale`.
  it.runIf(SCALE || ['demo', 'five-cohorts', 'ten-components'].includes(kind.name))('has nothing serious for axe in the dark', async () => {
    await page().emulateMedia({ colorScheme: 'dark' });
    expect(await page().evaluate('matchMedia("(prefers-color-scheme: dark)").matches')).toBe(true);
    expect(await serious(', rules: { "color-contrast-enhanced": { enabled: false } }, runOnly: { type: "tag", values: ["cat.color"] }')).toEqual([]);
    await page().emulateMedia({ colorScheme: 'light' });
  }, PATIENCE);

  it('fits a telephone, and does not jump while it loads', async () => {
    const { page } = await open(browser, file, { width: 380 });
    const shift = await page.evaluate(`new Promise((done) => { let sum = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; }).observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 300); })`);
    await unfold(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(380);
    expect(shift).toBeLessThan(0.02);
    await page.context().close();
  }, PATIENCE);

  it('names no participant', () => {
    const ids = [...tableOf(study!.results, 'participants'), ...tableOf(study!.results, 'spectra')].map((row) => row['participant'] ?? '');
    const html = readFileSync(file, 'utf8');
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.filter((id) => html.includes(id))).toEqual([]);
  });
});
