/** The brains of a report in a real browser: drawn by WebGL (in software here), and where there is none. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { decode } from 'fast-png';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browser as program } from '../../client/browser.js';
import { componentColours, rgb } from '../../report/brain/colours.js';
import { renderReport } from '../../report/index.js';
import { brainFolder, type BrainExample } from '../unit/report/brain-example.js';

/** Several may share the machine; nothing here is a measure of speed. */
const PATIENCE = 600_000, WAIT = { timeout: 120_000 };
const SOFTWARE = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'], NONE = ['--no-sandbox', '--disable-gpu', '--disable-3d-apis'];

let folder: string, drawing: Browser, plain: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sulcus-brain-'));
  drawing = await chromium.launch({ executablePath: program(), args: SOFTWARE });
  plain = await chromium.launch({ executablePath: program(), args: NONE });
}, PATIENCE);
afterAll(async () => { await drawing.close(); await plain.close(); rmSync(folder, { recursive: true, force: true }); }, PATIENCE);

async function written(name: string, example: BrainExample): Promise<string> {
  const { results, lookUp } = await brainFolder(example), file = join(folder, `${name}.html`);
  writeFileSync(file, renderReport({ results, files: lookUp }));
  return file;
}

interface Opened {
  page: Page;
  figure: Locator;
  errors: string[];
}

async function open(browser: Browser, file: string, { width = 1280, still = false } = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height: 1000 }, reducedMotion: still ? 'reduce' : 'no-preference' });
  const page = await context.newPage(), errors: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => { if (!/^(data|file):/.test(request.url())) errors.push(`asks for ${request.url()}`); });
  await page.goto(`file://${file}`);
  return { page, figure: page.locator('#brains'), errors };
}

/** The brains come into view and are drawn. */
async function alive({ page, figure }: Opened): Promise<void> {
  await figure.evaluate((one) => { (one as unknown as { scrollIntoView(): void }).scrollIntoView(); });
  await page.locator('#brains.brain-alive').waitFor(WAIT);
  await settled(page);
}
const settled = (page: Page): Promise<void> => page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))');
/** The page's policy forbids evaluating text from within; from outside it can be asked again and again. */
const until = (page: Page, condition: string): Promise<void> => expect.poll(() => page.evaluate(condition), { ...WAIT, interval: 100 }).toBe(true);
const tell = (page: Page, component: number | null): Promise<void> => page.evaluate(`document.dispatchEvent(new CustomEvent('sulcus:component', { detail: { component: ${component}, source: 'page' } }))`);

interface Picture { width: number; height: number; at: (i: number) => [number, number, number] }
async function picture(view: Locator): Promise<Picture> {
  const { width, height, data, channels } = decode(await view.screenshot({ animations: 'disabled', timeout: 120_000 }));
  return { width, height, at: (i) => [data[channels * i]!, data[channels * i + 1]!, data[channels * i + 2]!] };
}
const apart = (a: readonly number[], b: readonly number[]): number => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));
/** Share of pixels that differ visibly. */
const change = (a: Picture, b: Picture): number => {
  let n = 0;
  for (let i = 0; i < a.width * a.height; i++) if (apart(a.at(i), b.at(i)) > 48) n++;
  return n / (a.width * a.height);
};
/** Pixels of the hue of a component's colour, whatever the light: the same direction away from grey, strong enough. */
function hued({ width, height, at }: Picture, component: number): number {
  const chroma = (c: readonly number[]): number[] => { const m = (c[0]! + c[1]! + c[2]!) / 3; return c.map((v) => v - m); };
  const own = chroma(rgb(componentColours(4)[component - 1]!).map((v) => 255 * v)), size = Math.hypot(...own);
  let n = 0;
  for (let i = 0; i < width * height; i++) {
    const c = chroma(at(i)), strength = Math.hypot(...c);
    if (strength > 0.45 * size && (c[0]! * own[0]! + c[1]! * own[1]! + c[2]! * own[2]!) / (strength * size) > 0.96) n++;
  }
  return n;
}
const views = (page: Page): Locator => page.locator('.brain-view');

describe('with WebGL', () => {
  let file: string, opened: Opened;
  beforeAll(async () => { file = await written('two', {}); opened = await open(drawing, file); }, PATIENCE);
  afterAll(async () => { await opened.page.context().close(); });

  it('draws when the figure comes into view, not before, moves nothing on the page by it, and complains of nothing', async () => {
    const { page, figure, errors } = opened;
    await page.evaluate('window.shifts = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shifts += e.value; }).observe({ type: "layout-shift", buffered: true }); 0');
    expect(await page.locator('canvas').count()).toBe(0);
    const before = await figure.boundingBox();
    await alive(opened);
    expect(await page.locator('canvas').count()).toBe(1);
    const after = await figure.boundingBox();
    expect(after!.width).toBe(before!.width);
    expect(after!.height).toBeCloseTo(before!.height, 0);
    expect(await page.evaluate('window.shifts')).toBeLessThan(0.01);
    expect(errors).toEqual([]);
  }, PATIENCE);

  it('looks like the fixed picture, in every view', async () => {
    const { page } = opened;
    for (const view of await views(page).all()) {
      const live = await picture(view);
      await page.evaluate("document.getElementById('brains').classList.remove('brain-alive'); document.querySelector('.brain-canvas').style.display = 'none'");
      const fixed = await picture(view);
      await page.evaluate("document.getElementById('brains').classList.add('brain-alive'); document.querySelector('.brain-canvas').style.display = ''");
      expect(change(live, fixed)).toBeLessThan(0.03);
      if ((await view.getAttribute('data-view')) === 'medial') for (const k of [1, 2, 3, 4]) {
        const [a, b] = [hued(live, k), hued(fixed, k)];
        expect(Math.min(a, b)).toBeGreaterThan(20);
        // Numbers cover small parcels a little differently.
        expect(Math.abs(a - b) / b).toBeLessThan(0.5);
      }
    }
  }, PATIENCE);

  it('turns all brains at once by keys and by dragging one, and goes back', async () => {
    const { page } = opened, all = await views(page).all();
    const pictures = async (): Promise<Picture[]> => { await settled(page); const out = []; for (const v of all) out.push(await picture(v)); return out; };
    const start = await pictures();
    await page.locator('.brain-stage').focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
    const keyed = await pictures();
    keyed.forEach((p, i) => expect(change(p, start[i]!)).toBeGreaterThan(0.05));
    expect(await page.locator('.brain-status').textContent()).toContain('-30° sideways');
    await page.keyboard.press('Home');
    (await pictures()).forEach((p, i) => expect(change(p, start[i]!)).toBe(0));
    const box = (await all[0]!.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 10, { steps: 3 });
    await page.mouse.up();
    // 60 pixels are 30 degrees: of the view that was dragged to the right as with the arrow, a little from above.
    const dragged = await pictures();
    dragged.forEach((p, i) => { expect(change(p, start[i]!)).toBeGreaterThan(0.05); expect(change(p, keyed[i]!)).toBeLessThan(change(p, start[i]!)); });
    await page.mouse.move(2, 2);
    await page.getByRole('button', { name: 'Standard views' }).click();
    await until(page, "!document.getElementById('brains').classList.contains('brain-turned')");
    (await pictures()).forEach((p, i) => expect(change(p, start[i]!)).toBe(0));
  }, PATIENCE);

  it('shows the component that the page points at, and lets it go', async () => {
    const { page } = opened, view = page.locator('.brain-view[data-cohort="1"][data-side="right"][data-view="medial"]');
    const of = async (): Promise<number[]> => { await settled(page); const p = await picture(view); return [1, 2, 3, 4].map((k) => hued(p, k)); };
    const whole = await of();
    await tell(page, 2);
    const two = await of();
    expect(two[1]).toBeGreaterThan(0.7 * whole[1]!);
    for (const k of [0, 2, 3]) expect(two[k]).toBeLessThan(0.1 * whole[k]!);
    await tell(page, null);
    expect(await of()).toEqual(whole);
  }, PATIENCE);

  it('tells the page which component is picked, keeps it until Escape, and marks its key and rows', async () => {
    const { page } = opened;
    await page.evaluate("window.told = []; document.addEventListener('sulcus:component', (e) => { if (e.detail.source === 'brain') window.told.push(e.detail.component); }); 0");
    const view = page.locator('.brain-view[data-cohort="0"][data-side="left"][data-view="medial"]'), box = (await view.boundingBox())!;
    const spot = await view.locator('text.brain-n[data-component="3"]').evaluate((t) => { const one = t as unknown as { getAttribute(n: string): string; ownerSVGElement: { viewBox: { baseVal: { width: number; height: number } } } }; const b = one.ownerSVGElement.viewBox.baseVal; return [Number(one.getAttribute('x')) / b.width, Number(one.getAttribute('y')) / b.height]; });
    const point = [box.x + spot[0]! * box.width, box.y + spot[1]! * box.height - 4] as const;
    await page.mouse.move(...point);
    await until(page, 'window.told.at(-1) === 3');
    await page.mouse.click(...point);
    await page.mouse.move(2, 2);
    await settled(page);
    expect(await page.locator('.brain-key[data-component="3"]').getAttribute('aria-pressed')).toBe('true');
    expect(await page.evaluate('window.told.at(-1)')).toBe(3);
    expect(await page.locator('.brain-cell.brain-on').count()).toBe(2);
    await page.locator('.brain-stage').focus();
    await page.keyboard.press('Escape');
    expect(await page.locator('.brain-key[aria-pressed="true"]').count()).toBe(0);
    expect(await page.evaluate('window.told.at(-1)')).toBeNull();
  }, PATIENCE);

  it('has names for everything, in the eyes of axe', async () => {
    const { page } = opened;
    await page.evaluate(axe.source);
    const found = await page.evaluate<{ violations: { id: string; impact: string | null; nodes: { html: string }[] }[] }>("axe.run('#brains')");
    expect(found.violations.map(({ id, impact, nodes }) => [id, impact, nodes[0]?.html])).toEqual([]);
  }, PATIENCE);

  it('gives paper the fixed picture', async () => {
    const { page } = opened;
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.brain-canvas').isVisible()).toBe(false);
    expect(await page.locator('.brain-view svg').evaluateAll((all) => all.map((one) => (globalThis as unknown as { getComputedStyle(e: unknown): { visibility: string } }).getComputedStyle(one).visibility))).toEqual(Array.from({ length: 8 }, () => 'visible'));
    await page.emulateMedia({ media: 'screen' });
  }, PATIENCE);

  it('falls back to the fixed picture when the graphics card gives up, and comes back', async () => {
    const { page, errors } = opened, live = page.locator('#brains.brain-alive');
    await page.evaluate("window.card = document.querySelector('.brain-canvas').getContext('webgl2').getExtension('WEBGL_lose_context'); window.card.loseContext()");
    await until(page, "!document.getElementById('brains').classList.contains('brain-alive')");
    expect(await page.locator('.brain-view svg').first().isVisible()).toBe(true);
    expect(await page.locator('.brain-status').textContent()).toContain('comes back');
    await page.evaluate('window.card.restoreContext()');
    await live.waitFor(WAIT);
    await settled(page);
    const p = await picture(page.locator('.brain-view[data-view="medial"]').first());
    for (const k of [1, 2, 3, 4]) expect(hued(p, k)).toBeGreaterThan(20);
    expect(errors).toEqual([]);
  }, PATIENCE);

  it('turns at once for who wants no motion', async () => {
    const still = await open(drawing, file, { still: true });
    await alive(still);
    const status = await still.page.evaluate("document.querySelector('[data-turn=\"front\"]').click(); document.querySelector('.brain-status').textContent");
    expect(status).toBe('Towards the front');
    await still.page.context().close();
  }, PATIENCE);

  it.each<[string, BrainExample, number, number]>([
    ['five cohorts and 10 components', { cohorts: ['a', 'b', 'c', 'd', 'e'], rank: 10 }, 20, 1280],
    ['one hemisphere of one cohort in a narrow window', { cohorts: ['basel'], sides: ['right'], rank: 2 }, 2, 360],
  ])('draws %s', async (name, example, count, width) => {
    const one = await open(drawing, await written(name.replaceAll(' ', '-'), example), { width });
    await alive(one);
    expect(await views(one.page).count()).toBe(count);
    for (const view of await views(one.page).all()) {
      const p = await picture(view);
      let inked = 0;
      for (let i = 0; i < p.width * p.height; i++) if (apart(p.at(i), [255, 255, 255]) > 24) inked++;
      expect(inked / (p.width * p.height)).toBeGreaterThan(0.3);
    }
    expect(await one.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(one.errors).toEqual([]);
    await one.page.context().close();
  }, PATIENCE);
});

describe('without WebGL', () => {
  it('keeps the fixed picture with its highlighting, says why it does not turn, and complains of nothing', async () => {
    const opened = await open(plain, await written('plain', {})), { page, figure, errors } = opened;
    await figure.evaluate((one) => { (one as unknown as { scrollIntoView(): void }).scrollIntoView(); });
    await until(page, "document.querySelector('.brain-status').textContent !== ''");
    expect(await page.locator('.brain-status').textContent()).toContain('no 3D');
    expect(await page.locator('canvas').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Standard views' }).isVisible()).toBe(false);
    const p = await picture(page.locator('.brain-view[data-view="medial"]').first());
    for (const k of [1, 2, 3, 4]) expect(hued(p, k)).toBeGreaterThan(20);
    await page.locator('.brain-key[data-component="4"]').click();
    await page.mouse.move(2, 2);
    const lit = await picture(page.locator('.brain-view[data-view="medial"]').first());
    expect(hued(lit, 4)).toBeGreaterThan(20);
    for (const k of [1, 2, 3]) expect(hued(lit, k)).toBeLessThan(0.2 * hued(p, k));
    expect(errors).toEqual([]);
    await page.context().close();
  }, PATIENCE);

  it('saves the picture as an SVG that stands alone, and as a PNG for print', async () => {
    const { page, errors } = await open(plain, await written('saved', {}));
    const saved = async (kind: string): Promise<Buffer> => {
      const [download] = await Promise.all([page.waitForEvent('download', WAIT), page.locator(`[data-brain-save="${kind}"]`).click()]);
      expect(download.suggestedFilename()).toMatch(new RegExp(`_brains\\.${kind}$`));
      return readFileSync(await download.path());
    };
    const svg = (await saved('svg')).toString('utf8');
    const told = await page.evaluate<{ error: string | null; dangling: number; views: number; numbers: number }>(`(() => {
      const doc = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
      return { error: doc.querySelector('parsererror')?.textContent ?? null, dangling: [...doc.querySelectorAll('use')].filter((u) => doc.getElementById(u.getAttribute('href').slice(1)) === null).length,
        views: doc.documentElement.querySelectorAll(':scope > svg').length, numbers: doc.querySelectorAll('.brain-n').length };
    })()`);
    // Two cohorts: eight views, and two of each of the four components.
    expect(told).toEqual({ error: null, dangling: 0, views: 8 + 16, numbers: 16 });
    const { width, height, data, channels } = decode(await saved('png')), png: Picture = { width, height, at: (i) => [data[channels * i]!, data[channels * i + 1]!, data[channels * i + 2]!] };
    expect(width).toBe(2126);
    for (const k of [1, 2, 3, 4]) expect(hued(png, k)).toBeGreaterThan(2000);
    expect(errors).toEqual([]);
    await page.context().close();
  }, PATIENCE);
});
