import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudyFileError, loadStudy, parseStudy } from '../../../config/index.js';
import { MINIMAL, PAPER } from './study-text.js';

describe('a study file that holds together', () => {
  it('needs study, region, metrics and cohorts only; the rest is the paper', () => {
    const { spec, warnings } = parseStudy(MINIMAL, 'study.yaml');
    expect(warnings).toEqual([]);
    expect(spec).toEqual({
      study: 'acc-trs',
      surface: { vertices: 40962, hemispheres: ['left', 'right'] },
      region: {
        kind: 'labels', labels: { left: 'atlas/left.txt', right: 'atlas/right.txt' }, table: 'atlas/table.labels',
        include: ['rostral anterior cingulate'], midline: 'keep', midlineMask: null,
      },
      metrics: [{ name: 'thickness', file: 'civet/{id}/{prefix}_{id}_{side}.txt', unit: 'mm' }, { name: 'fa', file: 'dwi/{id}_{side}.txt', unit: null }],
      cohorts: [{ name: 'tokyo', directory: 'tokyo', prefix: 'TKY', participants: 'participants.tsv', groups: ['HC', 'FLR', 'TRS'] }],
      columns: { id: 'participant_id', group: 'group', age: 'age', sex: 'sex' },
      control: null,
      spectroscopy: null,
      clinical: [],
      demographics: [],
      factorization: {
        ranks: [2, 10], solver: 'accelerated', tolerance: 1e-4, maxIterations: 5000,
        normalization: { zscore: 'all', shift: 'global', withinHalves: true },
      },
      stability: { splits: 10, seed: 0, stratify: ['group', 'age'], threshold: 0.8 },
      rank: 'auto',
      statistics: {
        alpha: 0.05, covariates: ['age', 'sex'], pairwise: 'subset', glxType: 'II',
        families: { ancova: 'cohort', pairs: 'index', glx: 'cohort', clinical: 'index' }, resamples: 2000, nulls: 500, confidence: 0.95, seed: 0,
      },
      missing: 'exclude',
    });
  });

  it('reads the design document’s file, whose values are the defaults', () => {
    const paper = parseStudy(PAPER, 'study.yaml').spec;
    const minimal = parseStudy(MINIMAL, 'study.yaml').spec;
    for (const key of ['surface', 'columns', 'factorization', 'stability', 'rank', 'statistics', 'missing'] as const) expect(paper[key]).toEqual(minimal[key]);
    expect(paper.spectroscopy).toEqual({
      table: 'mrs/{id}.table', metabolite: 'Glu+Gln', hzpppm: 127.7, quality: { snr: 10, fwhm: 10, sd: 20 },
      tissue: { file: 'mrs/tissue.tsv', columns: { gm: 'f_gm', wm: 'f_wm', csf: 'f_csf' } }, waiveErrors: false,
      correction: 'csf', acquisition: null, relaxation: null,
    });
    expect(paper.clinical).toEqual([{ measure: 'panss_positive', groups: ['TRS', 'UTRS'] }, { measure: 'rbans_total', groups: 'patients' }]);
  });

  it('takes masks, one hemisphere, a fixed rank and the snake-case options', () => {
    const { spec } = parseStudy(
      'study: one\nsurface: { vertices: 100, hemispheres: [left] }\nregion: { mask: { left: m.txt } }\nmetrics: { md: { file: "{id}.txt" } }\n' +
        'cohorts: { a: { directory: ., groups: [X] } }\nrank: 3\nfactorization: { max_iterations: 7 }\nstatistics: { glx_type: III }\n',
      's.yaml',
    );
    expect(spec.region).toEqual({ kind: 'mask', mask: { left: 'm.txt' }, midline: 'keep', midlineMask: null });
    expect([spec.rank, spec.factorization.maxIterations, spec.statistics.glxType]).toEqual([3, 7, 'III']);
  });

  it.each([
    ['{ labels: both.gii, include: [insula] }', { kind: 'labels', labels: { left: 'both.gii', right: 'both.gii' }, table: null, include: ['insula'], midline: 'keep', midlineMask: null }],
    ['{ mask: { left: l.txt, right: r.txt }, midline: drop, midline_mask: cortex.txt }', { kind: 'mask', mask: { left: 'l.txt', right: 'r.txt' }, midline: 'drop', midlineMask: { left: 'cortex.txt', right: 'cortex.txt' } }],
    ['{ vertices: { left: list.txt, right: [3, 1, 2] } }', { kind: 'vertices', vertices: { left: 'list.txt', right: [3, 1, 2] }, midline: 'keep', midlineMask: null }],
    ['{ vertices: { left: all, right: all } }', { kind: 'vertices', vertices: { left: 'all', right: 'all' }, midline: 'keep', midlineMask: null }],
  ])('a region: %s', (text, expected) => {
    const { spec } = parseStudy(MINIMAL.replace(/region:[^]*?metrics:/, `region: ${text}\nmetrics:`), 's.yaml');
    expect(spec.region).toEqual(expected);
  });

  it('a study without ages and groups has neither covariates nor strata of them', () => {
    const { spec } = parseStudy(`${MINIMAL.replace('groups: [HC, FLR, TRS]', 'groups: [everybody]')}columns: { group: null, age: null }\n`, 's.yaml');
    expect(spec.columns).toEqual({ id: 'participant_id', group: null, age: null, sex: 'sex' });
    expect([spec.statistics.covariates, spec.stability.stratify]).toEqual([['sex'], []]);
  });

  it('files of both hemispheres, and spellings of the side', () => {
    const metrics = 'metrics:\n  md: { file: "{label}_MD.txt", hemispheres: together }\n  fa: { file: "{id}/{hemi}.fa.mgh" }\n  ct: { file: "{id}_hemi-{h}_thickness.shape.gii" }\n';
    const { spec } = parseStudy(MINIMAL.replace(/metrics:[^]*?cohorts:/, `${metrics}cohorts:`), 's.yaml');
    expect(spec.metrics.map((m) => m.together)).toEqual([true, undefined, undefined]);
  });

  it('a correction for tissue with everything it rests on', () => {
    const text = `${MINIMAL}spectroscopy: { table: "{id}.table", tissue: { file: t.csv }, correction: gasparovic, acquisition: { te: 30, tr: 3000, water_tr: 9000 }, relaxation: { metabolite: { t1: 1300, t2: 140 } }, waive_errors: [WSCALE] }\n`;
    expect(parseStudy(text, 's.yaml').spec.spectroscopy).toMatchObject({
      correction: 'gasparovic', acquisition: { te: 30, tr: 3000, waterTe: 30, waterTr: 9000, field: 3 }, relaxation: { gm: null, wm: null, csf: null, metabolite: { t1: 1300, t2: 140 } }, waiveErrors: ['WSCALE'],
    });
    expect(parseStudy(`${MINIMAL}spectroscopy: { table: "{id}.table" }\n`, 's.yaml').spec.spectroscopy?.correction).toBe('none');
  });

  it('an empty section means its defaults', () => {
    expect(parseStudy(`${MINIMAL}stability:\nclinical:\n`, 's').spec.stability.splits).toBe(10);
  });

  it('knows the line of every key', () => {
    const { locate } = parseStudy(PAPER, 'study.yaml');
    expect(locate(['metrics', 'md', 'file'])).toBe(8);
    expect(locate(['region', 'include', 0])).toBe(4);
    expect(locate(['cohorts', 'toronto'])).toBe(12);
    expect(locate(['cohorts', 'nowhere', 'prefix'])).toBe(10);
    expect(locate([])).toBe(1);
  });
});

describe('loadStudy', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sulcus-config-'));
    await writeFile(join(folder, 'study.yaml'), MINIMAL);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('says where the file lies', async () => {
    const study = await loadStudy(join(folder, 'study.yaml'));
    expect(study.directory).toBe(folder);
    expect(study.file).toBe(join(folder, 'study.yaml'));
    expect(study.text).toBe(MINIMAL);
  });

  it.each([['absent.yaml', 'there is no such file'], ['.', 'a folder']])('%s: %s', async (name, message) => {
    const error = await loadStudy(join(folder, name)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StudyFileError);
    expect((error as StudyFileError).problems).toMatchObject([{ code: 'study-file-unreadable', severity: 'error', line: null }]);
    expect((error as StudyFileError).message).toContain(message);
  });
});
