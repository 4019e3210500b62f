import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockingDiagnostics, readSpectra } from '../../../activities/ingest/spectra.js';
import { readFractions } from '../../../activities/ingest/fractions.js';
import { encodeJson, loadJson } from '../../../activities/step.js';
import type { SpectrumRow } from '../../../analysis/statistics/index.js';
import { parseStudy } from '../../../config/index.js';
import type { TissueCorrection } from '../../../contracts/results.js';
import type { CohortSpec, SpectroscopySpec } from '../../../contracts/study.js';
import { writeLcmodelTable, type LcmodelDiagnostic } from '../../../formats/index.js';
import { FileStore } from '../../../storage/file-store.js';
import { nifti } from '../surface/files.js';

let directory: string;
const run = { workflowId: 'w', runId: 'r' };
const IDS = ['ok', 'error', 'plain', 'csf'];

function table(options: { diagnostics?: Pick<LcmodelDiagnostic, 'count' | 'kind' | 'routine' | 'number'>[]; inputs?: string[] } = {}): string {
  const text = writeLcmodelTable({ title: 't', ratioTo: 'Cr', concentrations: [['Glu+Gln', { value: 12.4, sdPercent: 6, ratio: 1.5 }]], fwhmPpm: 0.079, snr: 21, hzpppm: 123.23, ...(options.diagnostics ? { diagnostics: options.diagnostics } : {}) });
  return text.replace(/ deltat=.*\n nunfil=.*\n/, ` deltat=  8.000e-04\n nunfil = 512\n${(options.inputs ?? []).map((i) => ` ${i}\n`).join('')}`);
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sulcus-spectra-'));
  const scaled = ['dows = T', 'WCONC=35880', 'ATTH2O=0.7'];
  writeFileSync(join(directory, 'ok.table'), table({ inputs: scaled }));
  writeFileSync(join(directory, 'error.table'), table({ inputs: scaled, diagnostics: [{ count: 1, kind: 'ERROR', routine: 'WSCALE', number: 1 }] }));
  writeFileSync(join(directory, 'plain.table'), table());
  writeFileSync(join(directory, 'csf.table'), table({ inputs: ['dows=.TRUE.'] }));
  writeFileSync(join(directory, 'tissue.csv'), 'participant_id,gm,wm,csf\nok,0.6,0.27,0.13\nerror,0.6,0.27,0.13\nplain,0.6,0.27,0.13\ncsf,60,27,13\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

async function read(spectroscopy: string): Promise<{ correction: string; tissue: TissueCorrection; rows: SpectrumRow[] }> {
  const { spec } = parseStudy(`study: s\nregion: { vertices: { left: all, right: all } }\nmetrics: { m: { file: "{id}_{side}" } }\ncohorts: { a: { directory: ., groups: [all] } }\nspectroscopy: { table: "{id}.table", ${spectroscopy} }\n`, 's.yaml');
  const store = new FileStore(join(directory, 'store'));
  const dataset = { kind: 'dataset' as const, key: 'd'.repeat(64) };
  await store.put(dataset, encodeJson({ subjects: IDS.map((id) => ({ id })) }), { workflowId: 'w', runId: 'r', seconds: 0, at: '', node: '' });
  const { spectra } = await readSpectra({ store, version: '0' }, { run, cohort: 'a', spec, directory, dataset });
  return loadJson(store, spectra);
}
const TISSUE = 'tissue: { file: tissue.csv, columns: { gm: gm, wm: wm, csf: csf } }';
const problems = (rows: SpectrumRow[]): Record<string, string[]> => Object.fromEntries(rows.map((r) => [r.id, r.problems]));

describe('spectra of a cohort', () => {
  it('without tissue: as fitted, FWHM in Hz with its step', async () => {
    const { correction, tissue, rows } = await read('metabolite: Glu+Gln');
    expect([correction, tissue.method]).toEqual(['none', 'none']);
    expect(rows[0]).toMatchObject({ id: 'ok', concentration: 12.4, snr: 21, sdPercent: 6, problems: [], csf: null });
    expect([rows[0]?.fwhmHz, rows[0]?.fwhmStepHz]).toEqual([0.079 * 123.23, 1 / (1024 * 8e-4)]);
    expect(problems(rows)).toEqual({ ok: [], error: ['diagnostic'], plain: [], csf: [] });
  });

  it('csf is the default with tissue; a row in percent cannot be used', async () => {
    const { correction, rows } = await read(TISSUE);
    expect(correction).toBe('concentration / (1 - CSF fraction)');
    expect([rows[0]?.concentration, rows[0]?.csf]).toEqual([12.4 / 0.87, 0.13]);
    expect(problems(rows)['csf']).toEqual(['tissue']);
    expect(rows[3]?.concentration).toBeNull();
  });

  it('gasparovic: by the voxel’s own water, for spectra that were scaled to water, with every constant named', async () => {
    const { tissue, rows } = await read(`${TISSUE}, correction: gasparovic, acquisition: { te: 35, tr: 2000 }, waive_errors: [WSCALE]`);
    // Independently: fixtures/gasparovic.py's attenuation and fractions, with LCModel's scaling undone.
    expect(rows[0]?.concentration).toBeCloseTo(28.77544448274397, 10);
    expect(problems(rows)).toEqual({ ok: [], error: [], plain: ['not water-scaled'], csf: ['tissue'] });
    expect(tissue).toMatchObject({ method: 'gasparovic', unit: 'mmol per kg of tissue water', reference: expect.stringContaining('Gasparovic et al. 2006') });
    expect(tissue.constants).toMatchObject({ 'water of 1 kg (mmol)': 55510, 'TE (ms)': 35, 'TR of water (ms)': 2000, 'water content of white matter': 0.65, 'T2 of water in grey matter (ms)': 110, 'T1 of the metabolite (ms)': 1242.5 });
  });

  it('the study’s own relaxation times replace the tabulated ones', async () => {
    const { tissue } = await read(`${TISSUE}, correction: gasparovic, acquisition: { te: 35, tr: 2000 }, relaxation: { gm: { t1: 1500, t2: 90 } }`);
    expect(tissue.constants).toMatchObject({ 'T1 of water in grey matter (ms)': 1500, 'T1 of water in white matter (ms)': 832 });
  });
});

describe('tissue from a segmentation in the voxel', () => {
  const affine = [1, 0, 0, -10, 0, 1, 0, -10, 0, 0, 1, -10], SHAPE = [20, 20, 20] as const;
  const volume = (name: string, value: (x: number, y: number, z: number) => number, where = affine): void => writeFileSync(join(directory, name), nifti(SHAPE, where, value));
  const inVoxel = (x: number, y: number, z: number): number => (Math.abs(x) < 4.5 && Math.abs(y) < 4.5 && Math.abs(z) < 4.5 ? 1 : 0);
  // CSF where x < -2, white matter where x > 2 within the voxel of 9 x 9 x 9: 2, 5 and 2 of nine layers.
  const label = (x: number): number => (x < -2 ? 1 : x > 2 ? 3 : 2);

  beforeAll(() => {
    for (const id of ['ok', 'plain']) volume(`${id}_seg.nii`, label);
    volume('ok_voxel.nii', inVoxel);
    volume('plain_voxel.nii', () => 0);
    volume('error_seg.nii', label);
    volume('error_voxel.nii', inVoxel, [2, ...affine.slice(1)]);
    for (const [name, n] of [['csf', 1], ['gm', 2], ['wm', 3]] as const) volume(`ok_${name}.nii`, (x) => (label(x) === n ? 1 : 0));
  });

  it('as labels and as maps of each tissue; what is wrong with one participant’s volumes leaves out one', async () => {
    const { rows } = await read('tissue: { voxel: "{id}_voxel.nii", segmentation: "{id}_seg.nii" }, waive_errors: true');
    expect(rows[0]?.csf).toBeCloseTo(2 / 9, 12);
    expect(rows[0]?.concentration).toBeCloseTo(12.4 / (7 / 9), 10);
    expect(problems(rows)).toEqual({ ok: [], error: ['tissue'], plain: ['tissue'], csf: ['tissue'] });
    const maps = await read('tissue: { voxel: "{id}_voxel.nii", segmentation: { gm: "{id}_gm.nii", wm: "{id}_wm.nii", csf: "{id}_csf.nii" } }');
    expect(maps.rows[0]?.concentration).toBe(rows[0]?.concentration);
  });

  it('says why', async () => {
    const { spec } = parseStudy('study: s\nregion: { vertices: { left: all, right: all } }\nmetrics: { m: { file: "{id}_{side}" } }\ncohorts: { a: { directory: ., groups: [all] } }\nspectroscopy: { table: "{id}.table", tissue: { voxel: "{id}_voxel.nii", segmentation: "{id}_seg.nii" } }\n', 's.yaml');
    const found = await readFractions(spec, spec.spectroscopy as SpectroscopySpec, spec.cohorts[0] as CohortSpec, directory, IDS, 'csf');
    expect(IDS.map((id) => found.get(id)?.problem)).toEqual([null, expect.stringContaining('found a grid of 20 x 20 x 20 voxels, expected that of error_voxel.nii'), 'the voxel mask is empty', 'csf_voxel.nii does not exist']);
  });
});

describe('LCModel’s diagnostics', () => {
  const found = (kind: LcmodelDiagnostic['kind'], routine: string): LcmodelDiagnostic => ({ count: 1, kind, routine, number: 1, code: `${routine} 1` });
  const all = [found('info', 'RFALSI'), found('warning', 'MYBASI'), found('ERROR', 'WSCALE'), found('ERROR', 'OTHER'), found('FATAL', 'END')];

  it.each<[boolean | string[], string[]]>([
    [false, ['WSCALE', 'OTHER', 'END']], [true, ['END']], [['WSCALE'], ['OTHER', 'END']], [['WSCALE 1', 'OTHER'], ['END']], [['WSCALE 2'], ['WSCALE', 'OTHER', 'END']],
  ])('waived %j: %j block', (waived, blocking) => expect(blockingDiagnostics(all, waived).map((d) => d.routine)).toEqual(blocking));
});
