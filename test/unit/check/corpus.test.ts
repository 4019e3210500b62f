/**
 * A corpus of malformed inputs. Each ends in its clear line: a code, the file at fault and its line where there is one, what was found and expected,
 * and what to do; never a stack trace. Whatever else is wrong is no consequence of it.
 */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatProblem } from '../../../config/index.js';
import { writeAnnot, writeGifti, writeGiftiLabel, writeNpy, INTENT } from '../../../formats/index.js';
import { addColumn, mapValues, setCell, setLine, validFolder, VERTICES, type Folder } from './folder.js';

let folder: Folder;
beforeAll(async () => { folder = await validFolder(); });
afterEach(() => folder.restore());
afterAll(() => folder.dispose());

interface Expected {
  code: string;
  severity?: 'error' | 'warning';
  /** Part of the file's name. */
  file?: string;
  line?: number;
  /** Subject 2 is at fault. */
  subject?: boolean;
  says?: RegExp;
  /** Other problems that come with it. */
  also?: string[];
}

type Case = [name: string, spoil: (f: Folder) => void, expected: Expected];

const THICKNESS = 'native_rms_rsl_tlink_30mm_left.txt';
const PEOPLE = 'tokyo/participants.tsv';

const vertexFiles: Case[] = [
  ['no file', (f) => f.remove(f.vertexFile('thickness')), { code: 'MISSING_FILE', file: THICKNESS, subject: true }],
  ['no folder of the subject', (f) => f.remove(`tokyo/civet/${f.ids[2]}`), { code: 'MISSING_FILE', subject: true, says: /there is no folder/ }],
  ['an empty file', (f) => f.write(f.vertexFile('thickness'), ''), { code: 'EMPTY_FILE', file: THICKNESS, subject: true }],
  ['a file of blanks', (f) => f.write(f.vertexFile('thickness'), ' \n\n \n'), { code: 'EMPTY_FILE', file: THICKNESS, subject: true }],
  ['a folder in place of a file', (f) => f.folder(f.vertexFile('md')), { code: 'UNREADABLE_FILE', file: 'MD_rsl.txt', subject: true, says: /found a folder/ }],
  ['a pipe in place of a file', (f) => f.pipe(f.vertexFile('md')), { code: 'UNREADABLE_FILE', file: 'MD_rsl.txt', subject: true, says: /found a pipe/ }],
  ['a disk image', (f) => f.write(f.vertexFile('md'), new Uint8Array(70 * 2 ** 20)), { code: 'TOO_LARGE', file: 'MD_rsl.txt', subject: true, says: /found 70 MiB/ }],
  ['a file cut short', (f) => f.write(f.vertexFile('thickness'), f.read(f.vertexFile('thickness')).split('\n').slice(0, 300).join('\n')), { code: 'SHORT_FILE', file: THICKNESS, line: 301, subject: true }],
  ['a file with a line too many', (f) => f.write(f.vertexFile('thickness'), `${f.read(f.vertexFile('thickness'))}3.1\n`), { code: 'LONG_FILE', file: THICKNESS, line: 643, subject: true }],
  ['both hemispheres in the left file', (f) => f.write(f.vertexFile('thickness'), f.read(f.vertexFile('thickness')).repeat(2)), { code: 'LONG_FILE', file: THICKNESS, subject: true, says: /both hemispheres/ }],
  ['NaN', (f) => setLine(f, f.vertexFile('area'), 17, 'NaN'), { code: 'NOT_FINITE', line: 17, subject: true }],
  ['infinity', (f) => setLine(f, f.vertexFile('area'), 1, '-inf'), { code: 'NOT_FINITE', line: 1, subject: true }],
  ['a number too large', (f) => setLine(f, f.vertexFile('area'), 5, '1e999'), { code: 'NOT_FINITE', line: 5, subject: true }],
  ['a word', (f) => setLine(f, f.vertexFile('fa'), 600, 'bad'), { code: 'NOT_A_NUMBER', line: 600, subject: true }],
  ['two numbers on a line', (f) => setLine(f, f.vertexFile('fa'), 9, '0.1 0.2'), { code: 'NOT_A_NUMBER', line: 9, subject: true }],
  ['a decimal comma', (f) => setLine(f, f.vertexFile('fa'), 9, '0,1'), { code: 'NOT_A_NUMBER', line: 9, subject: true }],
  ['an empty line in the middle', (f) => setLine(f, f.vertexFile('fa'), 9, ''), { code: 'EMPTY_LINE', line: 9, subject: true }],
  ['a git-LFS pointer', (f) => f.write(f.vertexFile('md'), 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'), { code: 'POINTER_FILE', line: 1, subject: true }],
  ['a git-annex pointer', (f) => f.write(f.vertexFile('md'), '/annex/objects/MD5E-s1--0.txt\n'), { code: 'POINTER_FILE', line: 1, subject: true }],
  ['a NIfTI volume', (f) => f.write(f.vertexFile('md'), nifti()), { code: 'WRONG_KIND', file: 'MD_rsl.txt', subject: true, says: /NIfTI/ }],
  ['half a gzip file', (f) => f.write(f.vertexFile('md'), gzipSync(f.read(f.vertexFile('md'))).subarray(0, 200)), { code: 'BAD_COMPRESSION', subject: true }],
  ['random bytes', (f) => f.write(f.vertexFile('md'), Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)), { code: 'WRONG_KIND', subject: true }],
  ['a web page', (f) => f.write(f.vertexFile('md'), '<!DOCTYPE html><html><body>404 Not Found</body></html>'), { code: 'WRONG_KIND', subject: true }],
  ['a GIFTI file of the other hemisphere', (f) => f.write(f.vertexFile('md'), shape(VERTICES, 'right')), { code: 'WRONG_HEMISPHERE', subject: true }],
  ['a GIFTI file of another mesh', (f) => f.write(f.vertexFile('md'), shape(100, 'left')), { code: 'SHORT_FILE', subject: true }],
  ['a GIFTI file that is cut', (f) => f.write(f.vertexFile('md'), shape(VERTICES, 'left').subarray(0, 400)), { code: 'BAD_XML', subject: true }],
  ['labels in place of a measure', (f) => f.write(f.vertexFile('md'), annotation()), { code: 'WRONG_KIND', subject: true, says: /annotation/ }],
  ['an array of the wrong shape', (f) => f.write(f.vertexFile('md'), writeNpy(new Float64Array(3 * VERTICES), [VERTICES, 3])), { code: 'SEVERAL_MAPS', subject: true }],
  ['only the file on the native mesh', (f) => f.move(f.vertexFile('thickness'), f.vertexFile('thickness').replace('_rsl', '')), { code: 'NO_CORRESPONDENCE', subject: true }],
  ['two files for one metric', (f) => { f.edit('study.yaml', 'tlink_30mm', '*'); f.write(f.vertexFile('thickness').replace('tlink', 'tfs'), f.read(f.vertexFile('thickness'))); }, { code: 'MATCHED_TWICE', subject: true, says: /tfs.* and .*tlink/ }],
];

const suspicious: Case[] = [
  ['a constant file', (f) => mapValues(f, f.vertexFile('thickness'), () => 2.5), { code: 'CONSTANT_FILE', severity: 'warning', subject: true, also: ['OUTLIER', 'SWAPPED_HEMISPHERES'] }],
  ['negative thickness', (f) => mapValues(f, f.vertexFile('thickness'), (v, i) => (i % 2 === 0 ? v : -v)), { code: 'NEGATIVE_VALUES', severity: 'warning', subject: true, also: ['OUTLIER', 'SWAPPED_HEMISPHERES'] }],
  ['FA above 1', (f) => mapValues(f, f.vertexFile('fa'), (v, i) => (i % 7 === 0 ? 1.2 : v)), { code: 'ABOVE_ONE', severity: 'warning', subject: true, also: ['OUTLIER', 'SWAPPED_HEMISPHERES'] }],
  ['thickness of a hand', (f) => mapValues(f, f.vertexFile('thickness'), (v, i) => (i % 9 === 0 ? 80 : v)), { code: 'TOO_HIGH', severity: 'warning', subject: true, also: ['OUTLIER', 'OTHER_UNIT', 'SWAPPED_HEMISPHERES'] }],
  ['zeros where nothing was sampled', (f) => mapValues(f, f.vertexFile('md'), (v, i) => (i % 3 === 0 ? 0 : v)), { code: 'MANY_ZEROS', severity: 'warning', subject: true, also: ['OUTLIER', 'SWAPPED_HEMISPHERES'] }],
  ['MD in another unit in one subject', (f) => mapValues(f, f.vertexFile('md'), (v) => v * 1000), { code: 'OTHER_UNIT', severity: 'warning', subject: true, says: /1\.?\d*e?\d* times|1000 times|9\d\d times|10\d\d times/, also: ['SWAPPED_HEMISPHERES'] }],
  ['MD in another unit than the study says', (f) => f.edit('study.yaml', 'unit: mm2/s', 'unit: um2/ms'), { code: 'WRONG_UNIT', severity: 'warning', file: 'study.yaml', line: 11, says: /looks like mm2\/s/ }],
  ['FA in percent', (f) => { for (let s = 0; s < f.ids.length; s++) for (const side of ['left', 'right'] as const) mapValues(f, f.vertexFile('fa', s, side), (v) => v * 100); }, { code: 'WRONG_UNIT', severity: 'warning', says: /percent/, also: ['ABOVE_ONE'] }],
  ['a scan that stands out', (f) => { for (const side of ['left', 'right'] as const) mapValues(f, f.vertexFile('thickness', 2, side), (v) => v * 2); }, { code: 'OUTLIER', severity: 'warning', subject: true, says: /robust z/ }],
  ['a subject twice under two names', (f) => { for (const metric of ['thickness', 'area', 'md', 'fa'] as const) for (const side of ['left', 'right'] as const) f.write(f.vertexFile(metric, 2, side), f.read(f.vertexFile(metric, 1, side))); }, { code: 'DUPLICATE_FILES', severity: 'warning', subject: true, says: /all 8 files hold the same values as those of tokyo\/sub-TKY002/ }],
  ['one file of somebody else', (f) => f.write(f.vertexFile('area'), f.read(f.vertexFile('area', 1)).replaceAll('\n', '\r\n')), { code: 'DUPLICATE_FILES', severity: 'warning', subject: true, says: /area left holds the same values/ }],
  ['one spectrum for two', (f) => f.write(f.spectrum(), f.read(f.spectrum(1))), { code: 'DUPLICATE_FILES', severity: 'warning', file: '.table', subject: true, says: /spectrum is the same file/ }],
  ['left copied to right', (f) => f.write(f.vertexFile('area', 2, 'right'), f.read(f.vertexFile('area'))), { code: 'IDENTICAL_INPUTS', severity: 'warning', subject: true }],
  ['swapped hemispheres', (f) => { const [l, r] = [f.vertexFile('thickness'), f.vertexFile('thickness', 2, 'right')]; f.move(l, 'aside'); f.move(r, l); f.move('aside', r); }, { code: 'SWAPPED_HEMISPHERES', severity: 'warning', subject: true, also: ['OUTLIER'] }],
  ['a header that names a person', (f) => f.write(f.vertexFile('md'), shape(VERTICES, 'left', 7e-4, { PatientName: 'DOE^JANE' })), { code: 'PERSONAL_HEADER', severity: 'warning', subject: true, says: /^(?!.*DOE)/, also: ['CONSTANT_FILE', 'OUTLIER', 'SWAPPED_HEMISPHERES'] }],
];

const people: Case[] = [
  ['no table of participants', (f) => f.remove(PEOPLE), { code: 'MISSING_FILE', file: 'study.yaml', line: 14 }],
  ['a participant who was forgotten', (f) => f.edit(PEOPLE, /sub-TKY003.*\n/, ''), { code: 'NOT_IN_TABLE', severity: 'warning', file: 'tokyo/civet', says: /1 folder of nobody .*sub-TKY003/ }],
  ['an empty table', (f) => f.write(PEOPLE, ''), { code: 'EMPTY_FILE', file: PEOPLE }],
  ['a header without rows', (f) => f.write(PEOPLE, `${f.read(PEOPLE).split('\n')[0]}\n`), { code: 'NO_PARTICIPANTS', file: PEOPLE, also: ['SMALL_GROUP', 'COLUMN_EMPTY'] }],
  ['a row with a cell too few', (f) => setLine(f, PEOPLE, 4, 'sub-TKY003\tHC'), { code: 'BAD_ROW', file: PEOPLE, line: 4 }],
  ['a column twice', (f) => f.edit(PEOPLE, '\tage\t', '\tsex\t'), { code: 'DUPLICATE_COLUMN', file: PEOPLE, line: 1 }],
  ['no column of groups', (f) => f.edit(PEOPLE, '\tgroup\t', '\tdiagnosis\t'), { code: 'MISSING_COLUMN', file: PEOPLE, line: 1, says: /diagnosis/ }],
  ['an id twice', (f) => setCell(f, 5, 'participant_id', f.ids[2] as string), { code: 'DUPLICATE_ID', file: PEOPLE, line: 7 }],
  ['an empty id', (f) => setCell(f, 2, 'participant_id', 'n/a'), { code: 'EMPTY_ID', file: PEOPLE, line: 4 }],
  ['an id that leads out of the folder', (f) => setCell(f, 2, 'participant_id', '../../x'), { code: 'BAD_ID', file: PEOPLE, line: 4, also: ['NOT_IN_TABLE'] }],
  ['a group that is not listed', (f) => setCell(f, 2, 'group', 'XYZ'), { code: 'GROUP_NOT_LISTED', file: PEOPLE, line: 4, subject: true }],
  ['no group', (f) => setCell(f, 2, 'group', 'n/a'), { code: 'GROUP_MISSING', file: PEOPLE, line: 4, subject: true }],
  ['an age in words', (f) => setCell(f, 2, 'age', 'thirty'), { code: 'AGE_NOT_A_NUMBER', file: PEOPLE, line: 4, subject: true, also: ['MIXED_COLUMN'] }],
  ['a negative age', (f) => setCell(f, 2, 'age', '-3'), { code: 'IMPOSSIBLE_AGE', severity: 'warning', line: 4, subject: true }],
  ['an age of 240', (f) => setCell(f, 2, 'age', '240'), { code: 'IMPOSSIBLE_AGE', severity: 'warning', line: 4, subject: true }],
  ['ages in months', (f) => f.ids.forEach((_, i) => setCell(f, i, 'age', String(12 * (20 + i)))), { code: 'IMPOSSIBLE_AGE', severity: 'warning', says: /months/ }],
  ['an age that is missing', (f) => setCell(f, 2, 'age', 'n/a'), { code: 'VALUE_MISSING', severity: 'warning', line: 4 }],
  ['one sex spelled twice', (f) => f.ids.forEach((_, i) => setCell(f, i, 'sex', i === 2 ? 'f' : i % 2 === 0 ? 'F' : 'M')), { code: 'ALIKE_LEVELS', severity: 'warning', line: 4 }],
  ['words in a clinical column', (f) => setCell(f, 2, 'rbans_total', 'refused'), { code: 'MIXED_COLUMN', severity: 'warning', line: 4 }],
  ['a covariate that is no column', (f) => f.edit('study.yaml', 'covariates: [age, sex]', 'covariates: [age, iq]'), { code: 'COLUMN_MISSING', file: 'study.yaml', says: /no column iq/ }],
  ['a column of names', (f) => addColumn(f, 'last_name', (i) => `Name${i}`), { code: 'PERSONAL_COLUMN', severity: 'warning', line: 1, says: /^(?!.*Name3)/ }],
  ['a date of birth', (f) => addColumn(f, 'date_of_birth', (i) => `19${70 + i}-05-01`), { code: 'PERSONAL_COLUMN', severity: 'warning', says: /date_of_birth/ }],
  ['a day that is not', (f) => addColumn(f, 'scan_date', (i) => (i === 2 ? '2023-02-30' : '2023-02-03')), { code: 'IMPOSSIBLE_DATE', severity: 'warning', line: 4, subject: true }],
  ['a scan in the future', (f) => addColumn(f, 'scan_date', (i) => (i === 2 ? '2031-02-03' : '2023-02-03')), { code: 'IMPOSSIBLE_DATE', severity: 'warning', line: 4, subject: true, says: /future/ }],
  ['a broken description of the columns', (f) => f.write('tokyo/participants.json', '{ "age": '), { code: 'BAD_JSON', file: 'participants.json' }],
  ['an age in a unit that is none', (f) => f.write('tokyo/participants.json', '{ "age": { "Units": "kg" } }'), { code: 'BAD_UNIT', says: /kg/ }],
  ['a code that the description does not know', (f) => f.write('tokyo/participants.json', '{ "sex": { "Levels": { "M": "male" } } }'), { code: 'UNKNOWN_LEVEL', severity: 'warning', file: PEOPLE }],
];

const regions: Case[] = [
  ['no label file', (f) => f.remove('atlas/dkt40_left.txt'), { code: 'MISSING_FILE', file: 'study.yaml', line: 5, says: /dkt40_left/ }],
  ['no label table', (f) => f.remove('atlas/DKTatlas40.labels'), { code: 'MISSING_FILE', file: 'study.yaml', says: /DKTatlas40/ }],
  ['a folder in place of labels', (f) => f.folder('atlas/dkt40_left.txt'), { code: 'UNREADABLE_FILE', file: 'dkt40_left', says: /found a folder/ }],
  ['labels of another mesh', (f) => f.write('atlas/dkt40_left.txt', '1\n2\n3\n'), { code: 'SHORT_FILE', file: 'dkt40_left' }],
  ['labels that are measurements', (f) => f.write('atlas/dkt40_left.txt', f.read(f.vertexFile('thickness'))), { code: 'NOT_AN_INTEGER', file: 'dkt40_left', line: 1 }],
  ['a region that is not in the table', (f) => f.edit('study.yaml', 'rostral anterior cingulate', 'rostral anterior cingulum'), { code: 'UNKNOWN_REGION', says: /RostralAnteriorCingulate/ }],
  ['a table with a line that is none', (f) => setLine(f, 'atlas/DKTatlas40.labels', 3, 'three Cuneus'), { code: 'BAD_LABEL_LINE', file: 'DKTatlas40', line: 3 }],
  ['a number with two names', (f) => setLine(f, 'atlas/DKTatlas40.labels', 3, '1 Other.L'), { code: 'DUPLICATE_LABEL', file: 'DKTatlas40', line: 3 }],
  ['labels of which none is the region', (f) => f.write('atlas/dkt40_left.txt', '0\n'.repeat(VERTICES)), { code: 'EMPTY_REGION', says: /left hemisphere/ }],
  ['a mask with a two in it', (f) => { f.write('atlas/mask.txt', `${'1\n'.repeat(40)}2\n${'1\n'.repeat(VERTICES - 41)}`); f.edit('study.yaml', /region:[^]*?metrics:/, 'region: { mask: atlas/mask.txt }\nmetrics:'); }, { code: 'BAD_MASK', file: 'mask.txt', line: 41 }],
  ['a list with a vertex too far', (f) => { f.write('atlas/list.txt', '3\n7\n642\n'); f.edit('study.yaml', /region:[^]*?metrics:/, 'region: { vertices: { left: atlas/list.txt, right: [5] } }\nmetrics:'); }, { code: 'BAD_VERTEX_LIST', file: 'list.txt', line: 3 }],
  ['a listed vertex too far', (f) => f.edit('study.yaml', /region:[^]*?metrics:/, 'region: { vertices: { left: [5, 700], right: [5] } }\nmetrics:'), { code: 'BAD_VERTEX_LIST', says: /700/ }],
  ['label numbers without names', (f) => f.edit('study.yaml', '  table: atlas/DKTatlas40.labels\n', ''), { code: 'NO_LABEL_TABLE', file: 'dkt40_left' }],
  ['labels of the other hemisphere', (f) => { f.write('atlas/dkt40_left.txt', writeGiftiLabel(new Int32Array(VERTICES), [{ key: 0, name: 'none', rgba: [0, 0, 0, 0] }], { hemisphere: 'right' })); }, { code: 'WRONG_HEMISPHERE', file: 'dkt40_left' }],
];

const spectra: Case[] = [
  ['no spectrum', (f) => f.remove(f.spectrum()), { code: 'MISSING_FILE', file: '.table', subject: true }],
  ['LCModel’s .csv', (f) => f.write(f.spectrum(), 'Row, Col, NAA, NAA %SD\n1, 1, 5, 3\n'), { code: 'NOT_LCMODEL_TABLE', subject: true }],
  ['a table cut in its concentrations', (f) => f.write(f.spectrum(), f.read(f.spectrum()).split('\n').slice(0, 8).join('\n')), { code: 'TRUNCATED_TABLE', subject: true }],
  ['a table without line width', (f) => f.edit(f.spectrum(), /FWHM.*\n/, '\n'), { code: 'MISSING_QUALITY', subject: true }],
  ['a folder in place of a spectrum', (f) => f.folder(f.spectrum()), { code: 'UNREADABLE_FILE', subject: true }],
  ['no such metabolite', (f) => f.edit('study.yaml', 'metabolite: Glu+Gln', 'metabolite: Glx'), { code: 'METABOLITE_MISSING', says: /Did you mean Glu\+Gln/ }],
  ['a scanner that is not known', (f) => { f.edit('study.yaml', /\n {2}hzpppm: [\d.]+/, ''); f.ids.forEach((_, i) => f.edit(f.spectrum(i), / hzpppm=.*\n/, '\n')); }, { code: 'NO_HZPPPM', says: /hzpppm/ }],
  ['LCModel’s own error', (f) => f.edit(f.spectrum(), /\$\$DIAG.*\n/, '$$$$DIAG  1 lines in following diagnostic table:\n   1 ERROR     WSCALE  1\n'), { code: 'LCMODEL_ERROR', subject: true, says: /WSCALE.*waive_errors: \[WSCALE\]/ }],
  ['a title that names a person', (f) => setLine(f, f.spectrum(), 2, ' DOE^JANE 1970'), { code: 'PERSONAL_HEADER', severity: 'warning', subject: true, says: /^(?!.*JANE)/ }],
  ['no table of tissue', (f) => f.remove('tokyo/mrs/tissue.tsv'), { code: 'MISSING_FILE', file: 'study.yaml', says: /tissue\.tsv/ }],
  ['a participant without tissue', (f) => f.edit('tokyo/mrs/tissue.tsv', /sub-TKY003.*\n/, ''), { code: 'TISSUE_MISSING', subject: true }],
  ['tissue in percent', (f) => f.edit('tokyo/mrs/tissue.tsv', /sub-TKY003.*\n/, 'sub-TKY003\t60\t30\t10\n'), { code: 'BAD_FRACTION', line: 4, subject: true, says: /percent/ }],
  ['fractions that do not add up', (f) => f.edit('tokyo/mrs/tissue.tsv', /sub-TKY003.*\n/, 'sub-TKY003\t0.6\t0.6\t0.1\n'), { code: 'BAD_FRACTION', line: 4, subject: true, says: /add up to 1\.3/ }],
  ['a voxel mask that is not there', (f) => f.edit('study.yaml', /tissue: \{.*\n/, 'tissue: { voxel: "mrs/{id}_voxel.nii", segmentation: "mrs/{id}_seg.nii" }\n'), { code: 'TISSUE_MISSING', subject: true, says: /voxel\.nii does not exist/ }],
  ['fits that are not scaled to water', (f) => f.edit('study.yaml', '  metabolite:', '  correction: gasparovic\n  acquisition: { te: 30, tr: 3000 }\n  metabolite:'), { code: 'NOT_WATER_SCALED', says: /dows/ }],
];

const studyFiles: Case[] = [
  ['no study file', (f) => f.remove('study.yaml'), { code: 'study-file-unreadable', file: 'study.yaml' }],
  ['a study file that is no YAML', (f) => f.write('study.yaml', 'study: [\n'), { code: 'study-yaml', file: 'study.yaml' }],
  ['a key that does not exist', (f) => f.edit('study.yaml', 'missing: exclude', 'mising: exclude'), { code: 'study-key-unknown', file: 'study.yaml', says: /did you mean/i }],
  ['a template without the subject', (f) => f.edit('study.yaml', 'dwi/{id}_mid_{side}_FA', 'dwi/mid_{side}_FA'), { code: 'study-template', file: 'study.yaml' }],
  ['tissue from two sources', (f) => f.edit('study.yaml', 'tissue: { file:', 'tissue: { voxel: "{id}.nii", segmentation: "{id}s.nii", file:'), { code: 'study-value', file: 'study.yaml', says: /both a file and a segmentation/ }],
  ['a segmentation without the voxel', (f) => f.edit('study.yaml', /tissue: \{.*\n/, 'tissue: { segmentation: "{id}s.nii" }\n'), { code: 'study-key-missing', says: /has no voxel/ }],
  ['a path out of the folder', (f) => f.edit('study.yaml', 'atlas/dkt40_left.txt', '../dkt40_left.txt'), { code: 'study-path', file: 'study.yaml' }],
  ['files said to hold both hemispheres', (f) => f.edit('study.yaml', 'dwi/{id}_mid_{side}_FA_rsl.txt"', 'dwi/{id}_mid_left_FA_rsl.txt", hemispheres: together'), { code: 'SHORT_FILE', says: /expected 1284, left then right/ }],
];

const all = [...vertexFiles, ...suspicious, ...people, ...regions, ...spectra, ...studyFiles];

describe('malformed inputs', () => {
  it('are many', () => expect(all.length).toBeGreaterThanOrEqual(60));

  it('and the study they are made of has nothing wrong', async () => {
    const { problems, cohorts, table } = await folder.check();
    expect(problems.filter((p) => p.code !== 'SMALL_GROUP' && p.code !== 'OUTLIER')).toEqual([]);
    expect(cohorts).toMatchObject([{ cohort: 'tokyo', subjects: 10, usable: 10, files: 80 }]);
    expect(table.columns).toHaveLength(11);
  });

  it.each(all)('%s', async (_, spoil, expected) => {
    spoil(folder);
    const { problems, table } = await folder.check();
    const mine = problems.filter((p) => p.code === expected.code && (expected.subject !== true || p.subject === folder.ids[2]));
    expect(mine.length, problems.map(formatProblem).join('\n')).toBeGreaterThan(0);
    const [problem] = mine as [(typeof problems)[number]];
    expect(problem.severity).toBe(expected.severity ?? 'error');
    if (expected.file !== undefined) expect(problem.file).toContain(expected.file);
    if (expected.line !== undefined) expect(problem.line).toBe(expected.line);
    if (expected.says !== undefined) expect(formatProblem(problem)).toMatch(expected.says);
    for (const p of problems) {
      expect(formatProblem(p)).not.toMatch(/undefined|\bNaN\b(?!"| at )|\[object|\n|\s{3}at /);
      expect(p.message.length).toBeGreaterThan(10);
      if (!p.code.startsWith('study-')) expect((p.remedy ?? '').length, formatProblem(p)).toBeGreaterThan(8);
    }
    // Worst first, and nothing else of the kind: what is spoiled is told once, not in ten other words.
    const severities = problems.map((p) => p.severity);
    expect(severities).toEqual([...severities].sort());
    const usual = ['SMALL_GROUP', 'OUTLIER', expected.code, ...(expected.also ?? [])];
    expect(problems.filter((p) => !usual.includes(p.code)).map(formatProblem)).toEqual([]);
    if (expected.subject === true) {
      const row = table.rows.find((r) => r.subject === folder.ids[2]);
      expect(row?.states.some((s) => s !== 'present')).toBe(true);
    }
  });
});

function shape(vertices: number, hemisphere: 'left' | 'right', value = 7e-4, meta: Record<string, string> = {}): Uint8Array {
  return writeGifti([{ intent: INTENT.shape, type: 'f4', dims: [vertices], data: new Float64Array(vertices).fill(value), meta }], [], { hemisphere });
}

function annotation(): Uint8Array {
  return writeAnnot(new Int32Array(VERTICES).fill(1), [{ number: 1, name: 'insula', rgba: [1, 0, 0, 1] }]);
}

/** A header that says it is NIfTI-1. */
function nifti(): Uint8Array {
  const bytes = new Uint8Array(352);
  new DataView(bytes.buffer).setInt32(0, 348, true);
  bytes.set([0x6e, 0x2b, 0x31, 0], 344);
  return bytes;
}
