import { describe, expect, it } from 'vitest';
import { isMesh, measureOf, sampleOf } from '../../../client/init/metrics.js';
import { findPatterns, guessIds } from '../../../client/init/patterns.js';
import { groupsIn, isParticipantsTable, readPeople } from '../../../client/init/people.js';
import { anteriorCingulate } from '../../../client/init/region.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('templates from file names', () => {
  const of = (files: string[], ids: string[]): string[] => findPatterns(files, ids).map((p) => `${p.template} ${p.subjects.size} ${[...p.sides].sort().join('+')}`);

  it('CIVET trees, with a prefix', () => {
    const files = ['01', '02', '11'].flatMap((id) => ['left', 'right'].map((side) => `civet/${id}/thickness/TKY_${id}_native_rms_rsl_tlink_30mm_${side}.txt`));
    expect(of(files, ['01', '02', '11'])).toEqual(['civet/{id}/thickness/{prefix}_{id}_native_rms_rsl_tlink_30mm_{side}.txt 3 left+right']);
    expect(findPatterns(files, ['01', '02', '11'])[0]?.prefix).toBe('TKY');
  });

  it('FreeSurfer, BIDS and HCP spellings of the side; ids without their sub-', () => {
    expect(of(['sub-1/surf/lh.thickness.fwhm10.fsaverage.mgh', 'sub-2/surf/rh.thickness.fwhm10.fsaverage.mgh'], ['sub-1', 'sub-2'])).toEqual(['{id}/surf/{hemi}.thickness.fwhm10.fsaverage.mgh 2 left+right']);
    expect(of(['sub-1_hemi-L_thickness.shape.gii', 'sub-2_hemi-R_thickness.shape.gii'], ['sub-1', 'sub-2'])).toEqual(['{id}_hemi-{h}_thickness.shape.gii 2 left+right']);
    expect(of(['100307/100307.R.MyelinMap.32k_fs_LR.func.gii'], ['100307'])).toEqual(['{id}/{id}.{h}.MyelinMap.32k_fs_LR.func.gii 1 right']);
    expect(of(['data/1_left.txt', 'data/12_left.txt'], ['sub-1', 'sub-12'])).toEqual(['data/{label}_{side}.txt 2 left']);
  });

  it('an id within another is not taken for it, and files of nobody are left out', () => {
    expect(of(['s1_left.txt', 's11_left.txt', 's_1_left.txt', 'mean_left.txt'], ['s1', 's11', 's_1'])).toEqual(['{id}_{side}.txt 3 left']);
  });

  it('words that only begin like a side stay', () => {
    expect(of(['x_leftover.txt', 'x_Rsl.txt'], ['x'])).toEqual(['{id}_Rsl.txt 1 ', '{id}_leftover.txt 1 ']);
  });

  it.each([
    ['CIVET folders', ['a/thickness/P_a_native_rms_rsl_x_left.txt', 'b/surfaces/P_b_x.txt'], ['a', 'b']],
    ['FreeSurfer folders', ['s1/surf/lh.thickness', 's2/surf/lh.thickness'], ['s1', 's2']],
    ['BIDS', ['sub-A1/anat/x.gii', 'sub-B2/anat/x.gii'], ['sub-A1', 'sub-B2']],
    ['flat CIVET files', ['thickness/s1_01_native_rms_rsl_tlink_0mm_left.txt', 'thickness/s2_01_native_rms_rsl_tlink_0mm_left.txt'], ['s1_01', 's2_01']],
    ['any names with a side', ['d/p1_left_md.txt', 'd/p2_left_md.txt'], ['p1', 'p2']],
    ['nothing', ['readme.md', 'a.txt'], []],
  ])('ids of %s', (_, files, ids) => expect(guessIds(files)).toEqual(ids));
});

describe('measures by their names', () => {
  it.each([
    ['c/{id}/thickness/{prefix}_{id}_native_rms_rsl_tlink_30mm_{side}.txt', 'thickness', 'mm'],
    ['c/{id}/surfaces/{id}_mid_surface_rsl_{side}_native_area_40mm.txt', 'area', 'mm2'],
    ['c/{id}/surfaces/{id}_surface_rsl_{side}_native_volume_40mm.txt', 'volume', 'mm3'],
    ['dwi/{id}_mid_{side}_FA_masked_smooth_clean_rsl.txt', 'fa', null],
    ['dwi/{id}_mid_{side}_MD_rsl.txt', 'md', 'diffusivity'],
    ['{id}/surf/{hemi}.thickness.fwhm10.fsaverage.mgh', 'thickness', 'mm'],
    ['{id}_hemi-{h}_space-fsLR_desc-smooth_thickness.shape.gii', 'thickness', 'mm'],
    ['{id}/{id}.{h}.MyelinMap.32k_fs_LR.func.gii', 'myelin', null],
    ['{id}_{side}_iron.txt', 'iron', null],
  ])('%s', (template, name, unit) => expect(measureOf(template)).toMatchObject({ name, unit }));

  it.each([['{id}/surf/{hemi}.thickness'], ['t/{prefix}_{id}_native_rms_tlink_30mm_{side}.txt'], ['{id}/surf/{hemi}.area.mgh']])('%s is of the subject’s own mesh', (template) => expect(measureOf(template)).toBe('native'));
  it.each([['{id}/{id}_{side}.surf.gii'], ['{id}_{side}.label.gii'], ['{id}/label/{hemi}.aparc.annot'], ['{id}_{side}_mask.txt'], ['{id}_asym_hemi_{side}.txt'], ['{id}_{side}.obj'], ['{id}.table']])('%s is none', (template) => expect(measureOf(template)).toBeNull());

  it('30 mm before 20, tlink before the others', () => {
    const of = (name: string): number => { const m = measureOf(`{id}_native_rms_rsl_${name}_{side}.txt`); return m === null || m === 'native' ? -1 : m.preference; };
    expect(of('tlink_30mm')).toBeGreaterThan(of('tlink_20mm'));
    expect(of('tlink_20mm')).toBeGreaterThan(of('tlaplace_30mm'));
  });

  it('meshes, and files of both hemispheres', () => {
    expect([642, 40_962, 163_842, 32_492, 1000, 81_924].map(isMesh)).toEqual([true, true, true, true, false, false]);
    expect(sampleOf(bytes('1\n'.repeat(1284)), { example: 'x', sides: new Set() })).toMatchObject({ vertices: 642, together: true, mean: 1 });
    expect(sampleOf(bytes('1\n'.repeat(1284)), { example: 'x', sides: new Set(['left']) })).toMatchObject({ vertices: 1284, together: false });
    expect(sampleOf(bytes('not numbers'), { example: 'x', sides: new Set() })).toBeNull();
  });
});

describe('participants tables', () => {
  it.each([['participants.tsv', true], ['tokyo/participants.csv', true], ['phenotypic_data.csv', true], ['tissue.tsv', false], ['participants.json', false]])('%s: %s', (path, is) => expect(isParticipantsTable(path)).toBe(is));

  it('BIDS', () => {
    expect(readPeople(bytes('participant_id\tsex\tage\r\nsub-01\tF\t26\r\nsub-02\tM\t24\r\n'), 'p.tsv')).toMatchObject({ ids: ['sub-01', 'sub-02'], columns: { id: 'participant_id', group: null, age: 'age', sex: 'sex' }, groups: [] });
  });

  it('a spreadsheet: other names, the control first', () => {
    const rows = ['TRS', 'HC', 'FLR', 'TRS', 'HC', 'FLR', 'HC', 'HC', 'HC'].map((g, i) => `P${i},${g},${20 + i},female,${5 + i}`);
    expect(readPeople(bytes(`Subject ID,Diagnosis,age_at_scan,Gender,panss\n${rows.join('\n')}\n`), 'p.csv')).toMatchObject({
      columns: { id: 'Subject ID', group: 'Diagnosis', age: 'age_at_scan', sex: 'Gender' }, groups: ['HC', 'TRS', 'FLR'], controlKnown: true, numeric: ['panss'],
    });
  });

  it('a column that could be the group is a question', () => {
    const table = bytes(`participant_id\tsite\n${Array.from({ length: 9 }, (_, i) => `s${i}\t${i % 2 === 0 ? 'A' : 'B'}`).join('\n')}\n`);
    expect(readPeople(table, 'p.tsv')).toMatchObject({ columns: { group: null }, candidates: ['site'] });
    expect(groupsIn(table, 'p.tsv', 'site')).toEqual(['A', 'B']);
  });

  it.each([['nothing', ''], ['prose', 'hello there'], ['no id', 'a\tb\n1\t2\n'], ['no rows', 'participant_id\n']])('%s is none', (_, text) => expect(readPeople(bytes(text), 'p.tsv')).toBeNull());
});

describe('the paper’s region', () => {
  it.each([
    [['CaudalAnteriorCingulate.L', 'RostralAnteriorCingulate.R', 'Insula.L'], ['caudalanteriorcingulate', 'rostralanteriorcingulate']],
    [['caudalanteriorcingulate', 'rostralanteriorcingulate'], ['caudalanteriorcingulate', 'rostralanteriorcingulate']],
    [['caudalanteriorcingulate'], null],
  ])('%j', (names, found) => expect(anteriorCingulate(names)).toEqual(found));
});
