import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findRegion, readLabelTable, readLabelText, readLcmodelTable, readObj, readParticipants, readTsv, readVertexText } from '../../../formats/index.js';
import { SimulationError, simulateStudy, type SimulationOptions, type SimulationSummary } from '../../../simulate/index.js';

const folders: string[] = [];
async function simulate(options: Partial<SimulationOptions> = {}): Promise<{ root: string; summary: SimulationSummary }> {
  const root = await mkdtemp(join(tmpdir(), 'sulcus-simulate-'));
  folders.push(root);
  return { root, summary: await simulateStudy(root, { seed: 0, effect: 'paper', meshLevel: 3, ...options }) };
}
afterAll(() => Promise.all(folders.map((f) => rm(f, { recursive: true, force: true }))));

async function digest(root: string): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    out[path.slice(root.length + 1)] = createHash('sha256').update(await readFile(path)).digest('hex');
  }
  return out;
}

describe('the default study on a coarse mesh', () => {
  let root: string, summary: SimulationSummary;
  const lines: string[] = [];
  beforeAll(async () => { ({ root, summary } = await simulate({ meshLevel: 4, onProgress: (l) => lines.push(l) })); });

  it('has the layout of the study file', async () => {
    const study = parse(await readFile(join(root, 'study.yaml'), 'utf8')) as Record<string, never> & {
      surface: { vertices: number }; metrics: Record<string, { file: string }>; cohorts: Record<string, { directory: string; prefix: string; participants: string; groups: string[] }>; clinical: { measure: string; groups: unknown }[];
    };
    expect(summary).toMatchObject({ vertices: 2562, region: 96, cohorts: [{ name: 'tokyo', subjects: 73, failingSpectra: 8 }, { name: 'toronto', subjects: 79, failingSpectra: 0 }] });
    expect(study.surface.vertices).toBe(2562);
    expect(study).toMatchObject({ control: 'HC', demographics: ['panss_total', 'cgi_s'], region: { include: ['caudal anterior cingulate', 'rostral anterior cingulate'] } });
    expect(study.clinical).toContainEqual({ measure: 'clozapine_dose', groups: ['CLZ', 'UTRS'] });
    let files = 0;
    for (const [name, cohort] of Object.entries(study.cohorts)) {
      const table = readParticipants(await readFile(join(root, cohort.directory, cohort.participants)), { file: name, required: ['group', 'age', 'sex'] });
      for (const row of table.rows) {
        expect(cohort.groups).toContain(row.values.group);
        expect(row.values.panss_total === null).toBe(row.values.group === 'HC');
        expect(row.values.clozapine_dose === null).toBe(!['CLZ', 'UTRS'].includes(String(row.values.group)));
        for (const metric of Object.values(study.metrics)) {
          for (const side of ['left', 'right']) {
            const path = metric.file.replaceAll('{id}', row.id).replaceAll('{prefix}', cohort.prefix).replaceAll('{side}', side);
            const values = readVertexText(await readFile(join(root, cohort.directory, path)), { file: path, vertices: 2562 });
            expect(values.every((v) => v > 0)).toBe(true);
            files++;
          }
        }
      }
    }
    expect(files).toBe(152 * 8);
    expect(Object.keys(await digest(root))).toHaveLength(summary.files);
    expect(lines.length).toBeGreaterThan(4);
  });

  it('keeps the designed means in the true components, and the region of the atlas', async () => {
    const table = readLabelTable(await readFile(join(root, 'atlas/DKTatlas40.labels')), { file: 'table' });
    const wanted = findRegion(table, ['CaudalAnteriorCingulate', 'RostralAnteriorCingulate']).map((e) => e.number);
    const truth = readTsv(await readFile(join(root, 'truth/indices.tsv')), { file: 'truth' });
    expect(truth.rows).toHaveLength(152 * 17);
    const designed = new Map(truth.rows.map(({ cells }) => [cells.slice(0, 4).join(' '), Number(cells[4])]));
    for (const [cohort, prefix, id] of [['tokyo', 'TKY', 'sub-TKY007'], ['toronto', 'TOR', 'sub-TOR079']] as const) {
      const labels = await Promise.all(['left', 'right'].map(async (side) => readLabelText(await readFile(join(root, `truth/${cohort}_${side}.txt`)), { file: side, vertices: 2562 })));
      for (const [s, side] of (['left', 'right'] as const).entries()) {
        const atlas = readLabelText(await readFile(join(root, `atlas/dkt40_${side}.txt`)), { file: side, vertices: 2562 });
        expect(Array.from(labels[s]!, (v) => v > 0)).toEqual(Array.from(atlas, (v) => wanted.includes(v)));
        expect(readObj(await readFile(join(root, `atlas/mid_${side}.obj`)), { file: side }).points.length / 3).toBe(2562);
      }
      const files: Record<string, (side: string) => string> = {
        thickness: (s) => `civet/${id}/thickness/${prefix}_${id}_native_rms_rsl_tlink_30mm_${s}.txt`, area: (s) => `civet/${id}/surfaces/${prefix}_${id}_mid_surface_rsl_${s}_native_area_40mm.txt`,
        md: (s) => `dwi/${id}_mid_${s}_MD_rsl.txt`, fa: (s) => `dwi/${id}_mid_${s}_FA_rsl.txt`,
      };
      for (const [metric, file] of Object.entries(files)) {
        const values = await Promise.all(['left', 'right'].map(async (s) => readVertexText(await readFile(join(root, cohort, file(s))), { file: s, vertices: 2562 })));
        for (const k of [1, 2, 3, 4]) {
          const inside = labels.flatMap((l, s) => Array.from(l.keys()).filter((v) => l[v] === k).map((v) => values[s]![v]!));
          const want = designed.get(`${cohort} ${id} ${k} ${metric}`)!;
          expect(Math.abs(inside.reduce((a, v) => a + v, 0) / inside.length / want - 1)).toBeLessThan(1e-8);
        }
      }
    }
  });

  it('writes spectra whose corrected Glx is the designed one and of which eight fail', async () => {
    const truth = new Map(readTsv(await readFile(join(root, 'truth/indices.tsv')), { file: 't' }).rows.filter((r) => r.cells[3] === 'glx').map((r) => [r.cells[1], Number(r.cells[4])]));
    const failing: string[] = [];
    for (const cohort of ['tokyo', 'toronto']) {
      const groups = new Map(readParticipants(await readFile(join(root, cohort, 'participants.tsv')), { file: 'p' }).rows.map((r) => [r.id, r.text.group!]));
      for (const row of readParticipants(await readFile(join(root, cohort, 'mrs/tissue.tsv')), { file: 'tissue' }).rows) {
        const t = readLcmodelTable(await readFile(join(root, cohort, `mrs/${row.id}.table`)), { file: row.id });
        const glx = t.concentrations.get('Glu+Gln')!;
        const { f_gm, f_wm, f_csf } = row.values as Record<string, number>;
        expect(f_gm! + f_wm! + f_csf!).toBeCloseTo(1, 12);
        expect(f_csf).toBeGreaterThan(0.07);
        expect(glx.value / (1 - f_csf!) / truth.get(row.id)!).toBeCloseTo(1, 12);
        expect(t.concentrations.get('Glu')!.value + t.concentrations.get('Gln')!.value).toBeCloseTo(glx.value, 2);
        if (t.snr <= 10 || t.fwhmPpm * t.hzpppm! >= 10 || glx.sdPercent >= 20) failing.push(`${cohort} ${groups.get(row.id)}`);
      }
    }
    expect(failing.sort()).toEqual(['tokyo FLR', 'tokyo FLR', 'tokyo FLR', 'tokyo FLR', 'tokyo HC', 'tokyo TRS', 'tokyo TRS', 'tokyo TRS']);
  });

  it('records the truth', async () => {
    const truth = JSON.parse(await readFile(join(root, 'truth/effects.json'), 'utf8')) as { rand: { ari: number }[]; replicated: unknown[]; cohorts: Record<string, { indices: unknown[] }> };
    expect(truth.rand).toEqual(summary.rand);
    expect(Math.abs(truth.rand[0]!.ari - 0.85)).toBeLessThan(0.02);
    expect(truth.replicated).toHaveLength(4);
    expect(truth.cohorts.tokyo!.indices).toHaveLength(16);
  });
});

describe('simulateStudy', () => {
  it('writes the same bytes for a seed and others for another', async () => {
    const cohorts = [{ name: 'tokyo', size: 9 }, { name: 'nagoya', size: 6 }];
    const [a, b, c] = await Promise.all([simulate({ cohorts }), simulate({ cohorts }), simulate({ cohorts, seed: 1 })]);
    const first = await digest(a.root), other = await digest(c.root);
    expect(await digest(b.root)).toEqual(first);
    expect(Object.keys(other)).toEqual(Object.keys(first));
    const values = Object.keys(first).filter((f) => f.includes('/dwi/'));
    expect(values).toHaveLength(15 * 4);
    expect(values.every((f) => first[f] !== other[f])).toBe(true);
    const study = await readFile(join(a.root, 'study.yaml'), 'utf8');
    expect(study).toContain('nagoya: { directory: nagoya, prefix: NAGOYA, participants: participants.tsv, groups: [HC, FLR, TRS] }');
    expect(study).not.toContain('UTRS');
    expect(study).not.toContain('clozapine_dose');
    const nothing = JSON.parse(await readFile(join((await simulate({ cohorts, effect: 'none' })).root, 'truth/effects.json'), 'utf8')) as { replicated: unknown[] };
    expect(nothing.replicated).toEqual([]);
  });

  it('has CIVET\'s mesh and the paper\'s region by default', async () => {
    const root = await mkdtemp(join(tmpdir(), 'sulcus-simulate-'));
    folders.push(root);
    const summary = await simulateStudy(root, { seed: 0, effect: 'population', cohorts: [{ name: 'tokyo', size: 3 }] });
    expect(summary).toMatchObject({ vertices: 40962, region: 847, cohorts: [{ componentSizes: [610, 524, 306, 254] }] });
    const path = join(root, 'tokyo/civet/sub-TKY001/thickness/TKY_sub-TKY001_native_rms_rsl_tlink_30mm_left.txt');
    const values = readVertexText(await readFile(path), { file: path, vertices: 40962 });
    const mean = values.reduce((s, v) => s + v, 0) / 40962;
    expect(mean).toBeGreaterThan(2.5);
    expect(mean).toBeLessThan(3.7);
  });

  it('refuses what it cannot make before writing anything', async () => {
    for (const [options, code] of [
      [{ cohorts: [] }, 'BAD_COHORT'], [{ cohorts: [{ name: 'a', size: 9 }, { name: 'A', size: 9 }] }, 'BAD_COHORT'], [{ cohorts: [{ name: 'atlas', size: 9 }] }, 'BAD_COHORT'],
      [{ cohorts: [{ name: 'tokyo', size: 2 }] }, 'BAD_COHORT'], [{ meshLevel: 7 as 6 }, 'BAD_MESH_LEVEL'],
    ] as const) {
      const root = await mkdtemp(join(tmpdir(), 'sulcus-simulate-'));
      folders.push(root);
      await expect(simulateStudy(root, { seed: 0, effect: 'paper', ...options })).rejects.toSatisfy((e) => e instanceof SimulationError && e.code === code && e.remedy !== null);
      expect(await readdir(root)).toEqual([]);
    }
  });
});
