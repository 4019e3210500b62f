import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { surveyManifest, surveySubjects } from '../../../activities/ingest/survey.js';
import { fillTemplate } from '../../../activities/ingest/templates.js';
import { readSource } from '../../../activities/ingest/vertex-file.js';
import { parseStudy } from '../../../config/index.js';
import type { StudySpec } from '../../../contracts/study.js';
import { writeNpy, writeVertexText } from '../../../formats/index.js';

let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'sulcus-survey-')); });
afterEach(() => rmSync(directory, { recursive: true }));
const put = (name: string, content: string | Uint8Array = ''): void => { mkdirSync(dirname(join(directory, name)), { recursive: true }); writeFileSync(join(directory, name), content); };

function spec(metrics: string, cohort: string, more = ''): StudySpec {
  return parseStudy(`study: s\nregion: { vertices: { left: all, right: all } }\nsurface: { vertices: 4 }\nmetrics:\n${metrics}\ncohorts:\n  a: ${cohort}\n${more}`, 's.yaml').spec;
}
const NO_COLUMNS = 'columns: { group: null, age: null, sex: null }\n';

describe('templates', () => {
  it.each([
    ['{id}_{side}', 'sub-01_left'], ['{label}/{hemi}.ct', '01/lh.ct'], ['{id}_hemi-{h}.gii', 'sub-01_hemi-L.gii'], ['{prefix}_{id}_{prefix}', 'P_sub-01_P'], ['{other}', '{other}'],
  ])('%s', (template, filled) => expect(fillTemplate(template, { id: 'sub-01', prefix: 'P', side: 'left' })).toBe(filled));

  it('what is filled in is not filled in again', () => expect(fillTemplate('{prefix}_{id}', { id: '{side}', prefix: '{id}' })).toBe('{id}_{side}'));
});

describe('who is in a cohort', () => {
  it('codes are translated by the description of the columns, ages by their unit; ids and groups keep their zeros', async () => {
    put('a/participants.csv', 'participant_id,DX,age,sex\n007,1,240,1\n008,02,252,2\n009,3,,1\n');
    put('a/participants.json', JSON.stringify({ DX: { Levels: { 1: 'ASD', 2: 'control' } }, age: { Units: 'months' }, sex: { Levels: { 1: 'male', 2: 'female' } } }));
    const { subjects } = await surveySubjects(spec('  m: { file: "{id}_{side}" }', '{ participants: participants.csv, groups: [control, ASD] }', 'columns: { group: DX }'), directory, 'a');
    expect(subjects.map((s) => [s.id, s.group, s.age, s.sex, s.rowProblem?.code ?? null])).toEqual([
      ['007', 'ASD', 20, 'male', null], ['008', 'control', 21, 'female', null], ['009', '3', null, 'male', 'GROUP_NOT_LISTED'],
    ]);
  });

  it('a code that the study lists itself stays what it is', async () => {
    put('a/participants.tsv', 'participant_id\tgroup\nx\t1\n');
    put('a/participants.json', '{ "group": { "Levels": { "1": "patient" } } }');
    const { subjects } = await surveySubjects(spec('  m: { file: "{id}_{side}" }', '{ groups: ["1"] }', 'columns: { age: null, sex: null }'), directory, 'a');
    expect(subjects[0]).toMatchObject({ group: '1', rowProblem: null });
  });

  it('one age in words excludes one', async () => {
    put('a/participants.tsv', 'participant_id\tgroup\tage\tsex\nx\tA\t30\tF\ny\tA\told\tM\nz\tA\tn/a\tM\n');
    const { subjects } = await surveySubjects(spec('  m: { file: "{id}_{side}" }', '{ groups: [A] }'), directory, 'a');
    expect(subjects.map((s) => [s.age, s.rowProblem?.code ?? null])).toEqual([[30, null], [null, 'AGE_NOT_A_NUMBER'], [null, null]]);
  });

  it('without columns everybody is in the one group', async () => {
    put('a/participants.tsv', 'participant_id\nx\n');
    const { subjects } = await surveySubjects(spec('  m: { file: "{id}_{side}" }', '{ groups: [all] }', NO_COLUMNS), directory, 'a');
    expect(subjects[0]).toMatchObject({ group: 'all', age: null, sex: null, rowProblem: null });
  });
});

describe('where the files are', () => {
  it('every input of a subject has its file or its problem; the first problem excludes the subject', async () => {
    put('a/participants.tsv', 'participant_id\nx\ny\n');
    put('a/x_left'); put('a/x_right');
    put('a/x_md_left'); put('a/x_md_right');
    put('a/y_right');
    const study = spec('  ct: { file: "{id}_{side}" }\n  md: { file: "{id}_md_{side}" }', '{ groups: [all] }', NO_COLUMNS);
    const { subjects } = await surveySubjects(study, directory, 'a');
    expect(subjects.map((s) => s.located.map((l) => l.problem?.code ?? l.file?.name))).toEqual([['a/x_left', 'a/x_right', 'a/x_md_left', 'a/x_md_right'], ['MISSING_FILE', 'a/y_right', 'MISSING_FILE', 'MISSING_FILE']]);
    const manifest = await surveyManifest(study, directory, 'a');
    expect(manifest.subjects.map((s) => [s.files.length, s.problem?.code ?? null])).toEqual([[4, null], [0, 'MISSING_FILE']]);
  });

  it.each([
    ['a CIVET file before resampling', 'T_{id}_native_rms_tlink_30mm_{side}.txt', 'T_x_native_rms_tlink_30mm_left.txt', 'NO_CORRESPONDENCE', /own mesh/],
    ['FreeSurfer’s own mesh', '{id}/surf/{hemi}.thickness', 'x/surf/lh.thickness', 'NO_CORRESPONDENCE', /own mesh/],
    ['two that fit', '{id}_*_{side}.txt', ['x_20mm_left.txt', 'x_30mm_left.txt'], 'MATCHED_TWICE', /x_20mm_left.txt and x_30mm_left.txt/],
    ['a stage that did not finish', '{id}/thickness/{id}_{side}.txt', ['x/logs/x.nuc.finished', 'x/logs/x.clasp.finished'], 'MISSING_FILE', /CIVET finished 2 stages/],
    ['no folder', '{id}/thickness/{id}_{side}.txt', [], 'MISSING_FILE', /there is no folder a\/x/],
  ])('%s', async (_, template, files, code, reason) => {
    put('a/participants.tsv', 'participant_id\nx\n');
    for (const file of [files].flat()) put(`a/${file}`);
    const { subjects } = await surveySubjects(spec(`  m: { file: "${template}" }`, '{ groups: [all] }', NO_COLUMNS), directory, 'a');
    expect(subjects[0]?.located[0]?.problem).toMatchObject({ code, reason: expect.stringMatching(reason), remedy: expect.stringMatching(/.{10}/) });
  });
});

describe('a vertex file', () => {
  const left = [1, 2, 3, 4], right = [5, 6, 7, 8], both = writeVertexText([...left, ...right]);

  it('of both hemispheres is read by halves, where the study says so', () => {
    expect([...readSource(both, { name: 'f', side: 'left', together: true }, 4)]).toEqual(left);
    expect([...readSource(both, { name: 'f', side: 'right', together: true }, 4, Int32Array.of(1, 3))]).toEqual([6, 8]);
    expect([...readSource(writeNpy(Float64Array.of(...left, ...right), [8]), { name: 'f', side: 'right', together: true }, 4)]).toEqual(right);
  });

  it('is never read as the other hemisphere', () => {
    expect(() => readSource(both, { name: 'f', side: 'left' }, 4)).toThrow(expect.objectContaining({ code: 'LONG_FILE', remedy: expect.stringContaining('hemispheres: together') }));
    expect(() => readSource(writeVertexText(left), { name: 'f', side: 'right', together: true }, 4)).toThrow(expect.objectContaining({ code: 'SHORT_FILE', remedy: expect.stringContaining('{side}') }));
  });
});
