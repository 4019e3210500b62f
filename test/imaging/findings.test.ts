/** The study that `sulcus simulate DIR --scans` writes, run as it is: it finds the parts and the group differences that were put in. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readObj, readVertexText } from '../../formats/index.js';
import { readResults, sulcus } from '../workflow/harness.js';
import { REAL, SIDES } from './scans.js';

const LONG = 1_800_000;

describe.skipIf(!REAL)('the simulated study of scans', () => {
  let folder: string;
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'sulcus-findings-')); });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  /** Middle of a component on the surface's sphere: how far in front (y) and on top (z), -1 to 1. */
  function middle(cohort: string, component: number): { y: number; z: number } {
    const sum = { y: 0, z: 0, n: 0 };
    for (const side of SIDES) {
      const file = join(folder, 'surface', `mid_${side}.obj`), { points } = readObj(readFileSync(file), { file });
      const labels = readVertexText(readFileSync(join(folder, 'results', 'parcellation', `${cohort}_${side}.txt`)), { file, vertices: points.length / 3 });
      labels.forEach((label, v) => { if (label === component) { sum.y += points[3 * v + 1]! / 33; sum.z += points[3 * v + 2]! / 29; sum.n++; } });
    }
    return { y: sum.y / sum.n, z: sum.z / sum.n };
  }

  it('has four parts in both cohorts, less FA in front and more MD on top in patients, and nothing else', async () => {
    expect((await sulcus(['simulate', folder, '--scans'], folder)).code).toBe(0);
    const { code, stderr } = await sulcus(['run', 'study.yaml'], folder);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const { rank, replicated, matching } = readResults(join(folder, 'results'));
    expect(rank.chosen).toBe(4);
    expect(matching[0]?.ari).toBeGreaterThan(0.8);
    expect(replicated.map(({ metric }) => metric).sort()).toEqual(['fa', 'md']);
    for (const { component, metric } of replicated) for (const cohort of ['tokyo', 'toronto']) {
      const { y, z } = middle(cohort, component);
      expect(metric === 'fa' ? y : z).toBeGreaterThan(0.5);
      expect(Math.abs(metric === 'fa' ? z : y)).toBeLessThan(0.2);
    }
  }, LONG);
});
