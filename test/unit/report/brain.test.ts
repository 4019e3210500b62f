import { describe, expect, it } from 'vitest';
import { readSurfaceFiles, shapePath, surfaceFiles, surfacePath } from '../../../report/brain/files.js';
import { brainSection } from '../../../report/brain/index.js';
import type { PackedBrain } from '../../../report/brain/pack.js';
import { brainFolder, type BrainExample } from './brain-example.js';
import { unbalanced } from './page.js';

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;
const drawn = async (example: BrainExample = {}): Promise<{ html: string; style: string; script: string }> => {
  const { results, lookUp } = await brainFolder(example), { html, style, script } = brainSection({ results, files: lookUp })!;
  return { html: html.text, style, script };
};
const packed = (html: string): PackedBrain => JSON.parse(/id="brain-data">([^<]*)</.exec(html)![1]!) as PackedBrain;

describe('the brain figure', () => {
  it.each<[string, BrainExample, { cohorts: number; sides: number; rank: number }]>([
    ['two cohorts', {}, { cohorts: 2, sides: 2, rank: 4 }],
    ['one cohort, 2 components', { cohorts: ['basel'], rank: 2 }, { cohorts: 1, sides: 2, rank: 2 }],
    ['five cohorts, 10 components', { cohorts: ['a', 'b', 'c', 'd', 'e'], rank: 10 }, { cohorts: 5, sides: 2, rank: 10 }],
    ['the left hemisphere', { sides: ['left'] }, { cohorts: 2, sides: 1, rank: 4 }],
    ['the right hemisphere', { sides: ['right'], rank: 3 }, { cohorts: 2, sides: 1, rank: 3 }],
  ])('of %s has every view, key and component, once', async (_, example, { cohorts, sides, rank }) => {
    const { results, lookUp } = await brainFolder(example), html = brainSection({ results, files: lookUp })!.html.text;
    // Both hemispheres have the same vertices in every component; one without any is drawn nowhere.
    const owners = Object.values(results.cohorts).reduce((n, c) => n + c.parcellation!.sizes.filter((size) => size > 0).length, 0);
    expect(owners).toBeGreaterThan(cohorts * (rank - 1));
    expect(count(html, /class="brain-view"/g)).toBe(cohorts * sides * 2);
    expect(count(html, /class="brain-key" data-component="\d+"/g)).toBe(rank);
    expect(count(html, /class="brain-cell" data-component="\d+"/g)).toBe(cohorts * rank);
    expect(count(html, /<image /g)).toBe(sides * 2);
    // Seen from the medial side only: one path and one mark a component, hemisphere and cohort.
    expect(count(html, /<path id="brain-/g)).toBe(sides * owners);
    expect(count(html, /<use class="brain-p" data-component=/g)).toBe(sides * owners);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!), refs = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    expect(refs.filter((id) => !ids.includes(id))).toEqual([]);
    expect(unbalanced(html.replace(/<script[\s\S]*?<\/script>/g, ''))).toEqual([]);
    const data = packed(html);
    expect([data.sides.length, data.cohorts.length, data.rank, data.colours.length]).toEqual([sides, cohorts, rank, rank]);
  }, 120_000);

  it('says in words what is seen, how many took part, and the sizes as in results.json', async () => {
    const { results, lookUp } = await brainFolder(), { html } = brainSection({ results, files: lookUp })!;
    expect(html.text).toContain('aria-label="tokyo, left hemisphere, medial view: components 1, 2, 3 and 4"');
    expect(html.text).toContain('aria-label="toronto, right hemisphere, lateral view: the region is not seen from here"');
    expect(html.text).toContain('A, tokyo (n = 70) and B, toronto (n = 71)');
    const told = [...html.text.matchAll(/<small>(\d+) vertices<\/small>/g)].map(([, n]) => Number(n));
    expect(told).toEqual(Object.values(results.cohorts).flatMap((c) => c.parcellation!.sizes));
  }, 60_000);

  it('carries the labels of parcellation/ to every drawn vertex of the region', async () => {
    const { results, lookUp } = await brainFolder({ cohorts: ['tokyo'] }), data = packed(brainSection({ results, files: lookUp })!.html.text);
    const counts = new Array<number>(5).fill(0);
    for (const labels of data.cohorts[0]!.labels) for (const k of new Uint16Array(new Uint8Array(Buffer.from(labels, 'base64')).buffer)) counts[k]!++;
    expect(counts.slice(1)).toEqual(results.cohorts['tokyo']!.parcellation!.sizes);
  }, 60_000);

  it('is the same text again, and small: the demo’s mesh in 1.6 MB with its script, the fixed picture under 300 kB', async () => {
    const example = { level: 6 as const }, a = await drawn(example), b = await drawn(example);
    expect(a).toEqual(b);
    expect(a.html.length + a.script.length).toBeLessThan(1_600_000);
    expect(a.html.replace(/<script[\s\S]*?<\/script>/g, '').length).toBeLessThan(300_000);
    expect(a.html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  }, 120_000);

  it('escapes what a study is called by', async () => {
    const name = '<script>alert("x")</script>&\'', { html, script } = await drawn({ cohorts: [name, 'b'] });
    // The numbers behind the figure, and what the viewer draws from.
    expect(count(html, /<script/g)).toBe(2);
    expect(count(html, /<script type="application\/json"/g)).toBe(2);
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;');
    expect(packed(html).cohorts[0]!.name).toBe(name);
    expect(script).not.toContain('</');
  }, 60_000);

  it('says so in one sentence where the folder has no surface, and is absent where nothing was parcellated', async () => {
    const { results, lookUp } = await brainFolder({ surface: false }), section = brainSection({ results, files: lookUp })!;
    expect(section.html.text).toContain('not drawn on a surface');
    expect([section.style, section.script, count(section.html.text, /<svg/g)]).toEqual(['', '', 0]);
    const none = { ...results, cohorts: Object.fromEntries(Object.entries(results.cohorts).map(([name, c]) => [name, { ...c, parcellation: null }])) };
    expect(brainSection({ results: none, files: lookUp })).toBeNull();
  });

  it('names the file that is damaged', async () => {
    const { results, files, lookUp } = await brainFolder();
    files.set(surfacePath('left'), files.get(shapePath('left'))!);
    expect(() => brainSection({ results, files: lookUp })).toThrow(/surface\/left\.surf\.gii/);
  });

  it('reads the surface that it wrote', () => {
    const surface = { points: Float64Array.from([0, 0, 0, 1, 0, 0, 0, 1, 0.5]), triangles: Int32Array.from([0, 1, 2]), vertices: Int32Array.from([3, 40_000, 163_841]), depth: Float64Array.from([-1, 0.25, 2]) };
    const [[, mesh], [, shape]] = surfaceFiles('right', surface) as [[string, Uint8Array], [string, Uint8Array]];
    expect(readSurfaceFiles('right', mesh, shape)).toEqual(surface);
  });
});
