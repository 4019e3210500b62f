import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../formats/format-error.js';
import { findRegion, readLabelTable, writeLabelTable } from '../../../formats/label-table.js';
import { formatLcmodel, readLcmodelTable, writeLcmodelTable } from '../../../formats/index.js';
import { readParticipants, writeParticipants } from '../../../formats/participants.js';
import { readTsv, writeTsv } from '../../../formats/tsv.js';

const file = 'a.txt';
function failure(run: () => unknown): { code: string; line: number | null; message: string } {
  try { run(); } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    const e = error as FormatError;
    expect(e.remedy).toBeTruthy();
    return { code: e.code, line: e.line, message: e.message };
  }
  throw new Error('expected a FormatError');
}

describe('label table', () => {
  const text = '1 CaudalMiddleFrontal.L\r\n18 RostralAnteriorCingulate.L\n25 CaudalAnteriorCingulate.L\n\n125 CaudalAnteriorCingulate.R\n118 RostralAnteriorCingulate.R\n';
  it('finds regions whatever their spelling', () => {
    const table = readLabelTable(text, { file });
    for (const names of [['caudal anterior cingulate', 'rostral anterior cingulate'], ['CAUDAL_anterior_Cingulate', 'RostralAnteriorCingulate.R']]) {
      expect(findRegion(table, names).map((e) => [e.number, e.hemisphere])).toEqual([[18, 'left'], [25, 'left'], [125, 'right'], [118, 'right']]);
    }
    expect(writeLabelTable(table)).toBe(text.replace('\r', '').replace('\n\n', '\n'));
  });
  it('suggests close names', () => {
    const e = failure(() => findRegion(readLabelTable(text, { file }), ['caudal anterior cingulum'], { file }));
    expect(e.code).toBe('UNKNOWN_REGION');
    expect(e.message).toContain('CaudalAnteriorCingulate');
    expect(failure(() => findRegion(readLabelTable(text, { file }), ['hippocampus']))).toMatchObject({ code: 'UNKNOWN_REGION' });
  });
  it('refuses bad lines', () => {
    expect(failure(() => readLabelTable('1 A.L\nB.L\n', { file }))).toMatchObject({ code: 'BAD_LABEL_LINE', line: 2 });
    expect(failure(() => readLabelTable('1 A.L\n1 B.L\n', { file }))).toMatchObject({ code: 'DUPLICATE_LABEL', line: 2 });
    expect(failure(() => readLabelTable('\n', { file }))).toMatchObject({ code: 'EMPTY_FILE' });
  });
});

const TABLE = ` LCModel (Version 6.3-1N)
 a spectrum

$$CONC  4 lines in following concentration table = NCONC+1
    Conc.  %SD /Cr+PCr  Metabolite
 7.20E-08 166% 3.9E-02 Ala
    0.000 999%   0.000 -CrCH2
   12.345   8%   1.510 Glu+Gln

$$MISC  6 lines in following misc. output table
  FWHM = 0.084 ppm    S/N =  21
  Data shift = 0.008 ppm

$$DIAG  3 lines in following diagnostic table:
   1 warning   MYBASI 41
   2 ERROR     WSCALE  1
   1 info      RFALSI 11

$$INPU  3 lines in following table of input changes:
 ltable=7
 hzpppm =   1.2323e+02
 nunfil=1024
`;

describe('LCModel table', () => {
  it('reads concentrations, quality and diagnostics', () => {
    for (const text of [TABLE, TABLE.replaceAll('\n', '\r\n')]) {
      const t = readLcmodelTable(text, { file });
      expect(t.concentrations.get('Glu+Gln')).toEqual({ value: 12.345, sdPercent: 8, ratio: 1.51 });
      expect(t.concentrations.get('Ala')).toEqual({ value: 7.2e-8, sdPercent: 166, ratio: 0.039 });
      expect([...t.concentrations.keys()]).toEqual(['Ala', '-CrCH2', 'Glu+Gln']);
      expect(t).toMatchObject({ title: 'a spectrum', ratioTo: 'Cr+PCr', fwhmPpm: 0.084, snr: 21, hzpppm: 123.23 });
      expect(t.diagnostics.map((d) => [d.count, d.kind, d.code])).toEqual([[1, 'warning', 'MYBASI 41'], [2, 'ERROR', 'WSCALE 1'], [1, 'info', 'RFALSI 11']]);
    }
    expect(readLcmodelTable(TABLE.replace(' hzpppm =   1.2323e+02\n', ''), { file }).hzpppm).toBeNull();
  });
  it('refuses what is not one', () => {
    expect(failure(() => readLcmodelTable('Row, Col, Glu, Glu %SD\n1,1,2,3\n', { file }))).toMatchObject({ code: 'NOT_LCMODEL_TABLE', message: expect.stringContaining('.csv') });
    expect(failure(() => readLcmodelTable(TABLE.replace('   12.345   8%   1.510 Glu+Gln\n', ''), { file }))).toMatchObject({ code: 'TRUNCATED_TABLE', line: 8 });
    expect(failure(() => readLcmodelTable(TABLE.replace('12.345   8%', '******   8%'), { file }))).toMatchObject({ code: 'BAD_TABLE_LINE', line: 8 });
    expect(failure(() => readLcmodelTable(TABLE.slice(0, TABLE.indexOf('$$MISC')), { file }))).toMatchObject({ code: 'MISSING_QUALITY' });
    expect(failure(() => readLcmodelTable(TABLE.slice(TABLE.indexOf('$$MISC')), { file }))).toMatchObject({ code: 'NO_CONCENTRATIONS', message: expect.stringContaining('WSCALE 1') });
    expect(failure(() => readLcmodelTable(TABLE.replace('Ala', 'Glu+Gln'), { file }))).toMatchObject({ code: 'DUPLICATE_METABOLITE', line: 8 });
    expect(failure(() => readLcmodelTable('', { file }))).toMatchObject({ code: 'EMPTY_FILE' });
  });
  it('writes what it reads', () => {
    expect([0, 0.597, 0.0859, 12.345, 8.59e-2, 7.2e-8].map(formatLcmodel)).toEqual(['0.000', '0.597', '8.59E-02', '12.345', '8.59E-02', '7.20E-08']);
    const text = writeLcmodelTable({
      title: 't', ratioTo: 'Cr+PCr', fwhmPpm: 0.061, snr: 14, hzpppm: 127.7, diagnostics: [{ count: 1, kind: 'warning', routine: 'MYBASI', number: 41 }],
      concentrations: [['Glu', { value: 9.123, sdPercent: 5, ratio: 1.1 }], ['PCh', { value: 0, sdPercent: 999, ratio: 0 }]],
    });
    const t = readLcmodelTable(text, { file });
    expect(t).toMatchObject({ title: 't', fwhmPpm: 0.061, snr: 14, hzpppm: 127.7, diagnostics: [{ code: 'MYBASI 41' }] });
    expect([...t.concentrations]).toEqual([['Glu', { value: 9.123, sdPercent: 5, ratio: 1.1 }], ['PCh', { value: 0, sdPercent: 999, ratio: 0 }]]);
  });
});

describe('participants.tsv', () => {
  it('types columns, keeps texts, takes BIDS quirks', () => {
    const t = readParticipants('\ufeffparticipant_id\tage\tsex\tsite\tdose\tnote\r\n01\t31.5\tM\t01\tn/a\t\r\n02\tn/a\tF\tA\tn/a\tn/a\r\n\r\n03\t1e1\tF\t02\tn/a\t"a\tb"\r\n', { file });
    expect(t.types).toEqual({ participant_id: 'text', age: 'number', sex: 'text', site: 'text', dose: 'empty', note: 'text' });
    expect(t.rows.map((r) => [r.id, r.line, r.values.age, r.text.age, r.values.note])).toEqual([['01', 2, 31.5, '31.5', null], ['02', 3, null, null, null], ['03', 5, 10, '1e1', 'a\tb']]);
  });
  it('refuses duplicates and missing columns with the line', () => {
    expect(failure(() => readParticipants('participant_id\tage\na\t1\nb\t2\na\t3\n', { file }))).toMatchObject({ code: 'DUPLICATE_ID', line: 4 });
    expect(failure(() => readParticipants('id\tage\na\t1\n', { file }))).toMatchObject({ code: 'MISSING_COLUMN', line: 1 });
    expect(failure(() => readParticipants('participant_id\tage\na\t1\n', { file, required: ['group'] }))).toMatchObject({ code: 'MISSING_COLUMN' });
    expect(failure(() => readParticipants('participant_id\tage\nn/a\t1\n', { file }))).toMatchObject({ code: 'EMPTY_ID', line: 2 });
    expect(failure(() => readParticipants('participant_id\tage\na\t1\t2\n', { file }))).toMatchObject({ code: 'BAD_ROW', line: 2 });
    expect(failure(() => readParticipants('participant_id\tage\tage\na\t1\t2\n', { file }))).toMatchObject({ code: 'DUPLICATE_COLUMN' });
    expect(failure(() => readParticipants(' \n', { file }))).toMatchObject({ code: 'EMPTY_FILE' });
    try { readParticipants('participant_id,age\na,1\n', { file }); } catch (e) { expect((e as FormatError).remedy).toContain('tabs'); }
  });
  it('writes doubles in full and round-trips', () => {
    const rows = [{ participant_id: 'a', x: 0.1 + 0.2, y: null }, { participant_id: 'b "q"', x: 1e-300, y: 'n' }];
    const t = readParticipants(writeParticipants(['participant_id', 'x', 'y'], rows), { file });
    expect(t.rows.map((r) => r.values)).toEqual(rows);
    expect(writeTsv(['a', 'b'], [[NaN, -0], [true, 'x\ty']])).toBe('a\tb\nn/a\t0\ntrue\t"x\ty"\n');
    expect(readTsv('a\tb\n1\tn/a\n', { file })).toEqual({ columns: ['a', 'b'], rows: [{ line: 2, cells: ['1', null] }] });
    expect(() => writeTsv(['a'], [[1, 2]])).toThrow(FormatError);
  });
});

const shared = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
describe.skipIf(!existsSync(shared))('real samples', () => {
  it('reads LCModel outputs', () => {
    const hz = ['1-1', '1-2', '1-7', '1-9', '1-10'].map((v) => {
      const t = readLcmodelTable(readFileSync(`${shared}lcmodel/multi-voxel_sl1_${v}.table`), { file: v });
      const glx = t.concentrations.get('Glu+Gln');
      return [v, Number((t.fwhmPpm * (t.hzpppm ?? NaN)).toFixed(2)), t.snr, glx?.sdPercent, t.diagnostics.some((d) => d.code === 'WSCALE 1' && d.kind === 'ERROR')];
    });
    expect(hz).toEqual([['1-1', 6.16, 40, 4, true], ['1-2', 8.5, 23, 23, true], ['1-7', 12.2, 8, 8, true], ['1-9', 10.97, 9, 10, true], ['1-10', 13.43, 18, 15, true]]);
    const out = readLcmodelTable(readFileSync(`${shared}lcmodel/out.table`), { file: 'out' });
    expect(out).toMatchObject({ hzpppm: 127.786142, fwhmPpm: 0.084, snr: 21, diagnostics: [] });
    expect(out.concentrations.size).toBe(35);
    expect(failure(() => readLcmodelTable(readFileSync(`${shared}lcmodel/out.csv`), { file })).code).toBe('NOT_LCMODEL_TABLE');
  });
  it('reads participants and the label table', () => {
    expect(readParticipants(readFileSync(`${shared}bids/ds001_participants.tsv`), { file }).rows).toHaveLength(16);
    const crlf = readParticipants(readFileSync(`${shared}bids/mrs_biggaba_participants.tsv`), { file });
    expect(crlf.types).toEqual({ participant_id: 'text', sex: 'text', age: 'number' });
    const acc = findRegion(readLabelTable(readFileSync(`${shared}civet/DKTatlas40.labels`), { file }), ['caudal anterior cingulate', 'rostral anterior cingulate']);
    expect(acc.map((e) => e.number)).toEqual([18, 25, 118, 125]);
  });
});
