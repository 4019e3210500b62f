import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkStudy, type CheckReport } from '../../../client/check/index.js';
import { initialise, type Initialised } from '../../../client/init/index.js';
import type { Ask } from '../../../client/init/propose.js';
import { loadStudy } from '../../../config/index.js';
import { createRandom } from '../../../analysis/random.js';
import { INTENT, writeAnnot, writeGifti, writeGiftiLabel, writeLabelText, writeMgh } from '../../../formats/index.js';
import { simulateStudy } from '../../../simulate/index.js';

const N = 642;
let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'sulcus-init-')); });
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const put = (name: string, content: string | Uint8Array): void => { mkdirSync(dirname(join(directory, name)), { recursive: true }); writeFileSync(join(directory, name), content); };

/** Answers as nobody does: the likeliest. Questions are kept. */
const asked: string[] = [];
const likeliest: Ask = async (question, _, likely) => { asked.push(question); return likely; };
beforeEach(() => { asked.length = 0; });

const init = (ask: Ask = likeliest, force = false): Promise<Initialised> => initialise(directory, { file: join(directory, 'study.yaml'), force, name: 'test' }, ask);
const check = async (): Promise<CheckReport> => checkStudy(await loadStudy(join(directory, 'study.yaml')), { threads: 0 });
const errors = (report: CheckReport): string[] => report.problems.filter((p) => p.severity === 'error').map((p) => `${p.code} ${p.message}`);
const values = (seed: string, mean: number): Float64Array => { const random = createRandom(seed); return Float64Array.from({ length: N }, () => mean * (1 + 0.1 * random.normal())); };
const text = (v: Float64Array): string => `${[...v].join('\n')}\n`;
const region = (): Int32Array => Int32Array.from({ length: N }, (_, i) => (i < 30 ? 1 : i < 50 ? 2 : 0));
const people = (ids: string[], sep = '\t'): string => `${['participant_id', 'group', 'age', 'sex'].join(sep)}\n${ids.map((id, i) => [id, i % 2 === 0 ? 'patient' : 'control', 20 + i, i % 3 === 0 ? 'F' : 'M'].join(sep)).join('\n')}\n`;
const names = [{ number: 0, name: 'unknown', rgba: [0.1, 0.1, 0.1, 1] }, { number: 1, name: 'caudalanteriorcingulate', rgba: [1, 0, 0, 1] }, { number: 2, name: 'rostralanteriorcingulate', rgba: [0, 1, 0, 1] }] as const;

describe('a study file for a folder', () => {
  it('of a simulated study of two cohorts passes check, and is the study', async () => {
    await simulateStudy(directory, { seed: 1, cohorts: [{ name: 'tokyo', size: 12 }, { name: 'toronto', size: 16 }], effect: 'paper', meshLevel: 3 });
    const written = await loadStudy(join(directory, 'study.yaml'));
    const { proposal } = await init(likeliest, true);
    expect([proposal.missing, asked]).toEqual([[], []]);
    const { spec } = await loadStudy(join(directory, 'study.yaml'));
    const { mesh: _mesh, ...surface } = written.spec.surface; // which mesh a folder's surfaces are on is the owner's to say
    expect(spec).toMatchObject({
      metrics: written.spec.metrics, surface, columns: written.spec.columns, spectroscopy: { table: 'mrs/{id}.table', metabolite: 'Glu+Gln', tissue: written.spec.spectroscopy?.tissue },
      cohorts: written.spec.cohorts.map(({ groups: _, ...cohort }) => cohort),
    });
    expect(spec.cohorts.map((c) => [...c.groups].sort())).toEqual(written.spec.cohorts.map((c) => [...c.groups].sort()));
    expect(spec.cohorts.every((c) => c.groups[0] === 'HC')).toBe(true);
    const report = await check();
    expect(errors(report)).toEqual([]);
    expect(report.region).toEqual((await checkStudy(written, { threads: 0 })).region);
  });

  it('of FreeSurfer output: overlays on a common mesh, annotations, a CSV; native surfaces are left out', async () => {
    const ids = Array.from({ length: 6 }, (_, i) => `S${i + 1}`);
    put('participants.csv', people(ids, ','));
    for (const id of ids) for (const hemi of ['lh', 'rh']) {
      put(`${id}/surf/${hemi}.thickness.fwhm10.fsaverage3.mgh`, writeMgh([values(`${id}${hemi}`, 2.6)]));
      put(`${id}/surf/${hemi}.thickness`, Buffer.from(`native ${id}`));
    }
    for (const hemi of ['lh', 'rh']) put(`fsaverage3/label/${hemi}.aparc.annot`, writeAnnot(region(), names));
    const { proposal, text: study } = await init();
    expect(proposal.missing).toEqual([]);
    expect(study).toContain('thickness: { file: "{id}/surf/{hemi}.thickness.fwhm10.fsaverage3.mgh", unit: mm }');
    expect(study).toContain('labels: { left: fsaverage3/label/lh.aparc.annot, right: fsaverage3/label/rh.aparc.annot }');
    expect(study).toContain('groups: [control, patient]');
    expect(proposal.assumed.join('\n')).toContain('own mesh');
    const report = await check();
    expect(errors(report)).toEqual([]);
    expect(report.region).toMatchObject([{ side: 'left', vertices: 50 }, { side: 'right', vertices: 50 }]);
  });

  it('of GIFTI files named as BIDS does, in one folder', async () => {
    const ids = Array.from({ length: 6 }, (_, i) => `sub-${i + 1}`);
    put('participants.tsv', people(ids));
    for (const id of ids) for (const [h, hemisphere] of [['L', 'left'], ['R', 'right']] as const) {
      put(`${id}/anat/${id}_hemi-${h}_desc-md_dwi.shape.gii`, writeGifti([{ intent: INTENT.shape, type: 'f4', dims: [N], data: values(`${id}${h}`, 8e-4) }], [], { hemisphere }));
      put(`atlas/hemi-${h}_atlas.label.gii`, writeGiftiLabel(region(), names.map(({ number, name, rgba }) => ({ key: number, name, rgba: [...rgba] as [number, number, number, number] })), { hemisphere }));
    }
    const { text: study } = await init();
    expect(study).toContain('md: { file: "{id}/anat/{id}_hemi-{h}_desc-md_dwi.shape.gii", unit: mm2/s }');
    expect(errors(await check())).toEqual([]);
  });

  /** Six subjects with one metric of text files and label files. */
  function plain(metric = 'thickness', mean = 3): string[] {
    const ids = Array.from({ length: 6 }, (_, i) => `S${i + 1}`);
    put('participants.tsv', people(ids));
    for (const id of ids) for (const side of ['left', 'right']) put(`data/${id}_${metric}_${side}.txt`, text(values(`${id}${side}`, mean)));
    for (const side of ['left', 'right']) put(`atlas/labels_${side}.txt`, writeLabelText(region()));
    put('atlas/names.labels', '1 CaudalAnteriorCingulate\n2 RostralAnteriorCingulate\n');
    return ids;
  }

  it('two files for one metric are a question, of which the likeliest is taken', async () => {
    const ids = plain();
    for (const id of ids.slice(0, 4)) for (const side of ['left', 'right']) put(`other/${id}_thickness_${side}.txt`, text(values(id + side, 3)));
    const { proposal } = await init();
    expect(asked).toEqual(['Which files are thickness?']);
    expect(proposal.metrics.map((m) => m.template)).toEqual(['data/{id}_thickness_{side}.txt']);
    const other = await init(async (_, choices) => choices[1] ?? null, true);
    expect(other.proposal.metrics.map((m) => m.template)).toEqual(['other/{id}_thickness_{side}.txt']);
  });

  it('files of both hemispheres', async () => {
    const ids = plain();
    for (const id of ids) put(`fa/${id}_FA.txt`, text(values(id, 0.2)) + text(values(`${id}r`, 0.2)));
    const { text: study } = await init();
    expect(study).toContain('fa: { file: "fa/{id}_FA.txt", hemispheres: together }');
    expect(errors(await check())).toEqual([]);
  });

  it('one hemisphere', async () => {
    const ids = plain();
    for (const id of ids) rmSync(join(directory, `data/${id}_thickness_right.txt`));
    expect((await init()).text).toContain('hemispheres: [left]');
    expect(errors(await check())).toEqual([]);
  });

  it('no participants table: the ids are written to one, and it passes', async () => {
    plain();
    rmSync(join(directory, 'participants.tsv'));
    const { written, proposal } = await init();
    expect(written).toEqual([join(directory, 'participants.tsv')]);
    expect(readFileSync(join(directory, 'participants.tsv'), 'utf8')).toBe('participant_id\nS1\nS2\nS3\nS4\nS5\nS6\n');
    expect(proposal.assumed.join()).toContain('add columns group, age and sex');
    expect(errors(await check())).toEqual([]);
  });

  it('no labels: what is to be filled in is said, marked in the file, and an error of check', async () => {
    plain();
    rmSync(join(directory, 'atlas'), { recursive: true });
    const { proposal, text: study, problems } = await init();
    expect(proposal.missing).toEqual([expect.stringContaining('found no labels or mask of 642 vertices')]);
    expect(study).toContain('# FILL IN: labels');
    expect(problems.some((p) => p.severity === 'error')).toBe(true);
  });

  it('labels without the paper’s region: which, is for a person', async () => {
    plain();
    put('atlas/names.labels', '1 Insula\n2 Cuneus\n');
    const { proposal } = await init();
    expect(proposal.missing).toEqual(['region.include: name one or more of Insula, Cuneus']);
    const answered = await init(async (question, choices, likely) => (question === 'Which region is analysed?' ? choices[1] ?? null : likely), true);
    expect([answered.proposal.missing, answered.text.includes('include: [Cuneus]')]).toEqual([[], true]);
    expect(errors(await check())).toEqual([]);
  });

  it('metrics that one cohort lacks, and columns that differ, are told', async () => {
    for (const cohort of ['a', 'b']) {
      const ids = Array.from({ length: 4 }, (_, i) => `${cohort}${i}`);
      put(`${cohort}/participants.tsv`, people(ids).replace('group', cohort === 'a' ? 'group' : 'diagnosis'));
      for (const id of ids) for (const side of ['left', 'right']) put(`${cohort}/${id}_${cohort === 'a' ? 'thickness' : 'area'}_${side}.txt`, text(values(id + side, 3)));
    }
    const { proposal } = await init();
    expect(proposal.missing.join('\n')).toMatch(/thickness has no files .* in b[^]*area has no files .* in a[^]*columns: b name their columns otherwise than a/);
  });

  it.each([
    ['an empty folder', () => undefined, 'NO_SUBJECTS', /found no participants table/],
    ['a folder of documents', () => put('participants.tsv', people(['x', 'y'])), 'NO_SUBJECTS', /no subjects in the names of its 1 files/],
    ['subjects without measures', () => { put('participants.tsv', people(['x', 'y'])); put('x/notes.txt', 'hello'); }, 'NOTHING_FOUND', /found no file of a measure/],
    ['a folder that is not there', () => rmSync(directory, { recursive: true }), 'NO_FOLDER', /does not exist/],
  ])('%s is refused in one line', async (_, make, code, message) => {
    make();
    await expect(init()).rejects.toMatchObject({ code, message: expect.stringMatching(message), remedy: expect.stringMatching(/.{10}/) });
  });

  it('never replaces a study file unasked, and changes nothing else', async () => {
    plain();
    put('study.yaml', 'mine');
    await expect(init()).rejects.toMatchObject({ code: 'STUDY_EXISTS' });
    expect(readFileSync(join(directory, 'study.yaml'), 'utf8')).toBe('mine');
    expect((await init(likeliest, true)).written).toEqual([]);
    expect(existsSync(join(directory, '.sulcus'))).toBe(false);
  });
});
