/** Tables as spreadsheets, R and other sites write them, and the dictionaries beside them. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FormatError, levelOf, readDelimited, readParticipants, readSidecar, suggestColumns, unexplainedLevels, yearsPerUnit } from '../../../formats/index.js';

const file = 'participants';
const failure = (run: () => unknown): FormatError => { try { run(); } catch (e) { if (e instanceof FormatError) return e; throw e; } throw new Error('expected a FormatError'); };

describe('tables', () => {
  it.each<[string, string]>([
    ['participant_id\tage\nsub-1\t20\nsub-2\tn/a\n', '\t'], ['participant_id,age\r\nsub-1,20\r\nsub-2,\r\n', ','], ['participant_id;age\rsub-1;20\rsub-2;NA', ';'],
    ['"participant_id","age"\n"sub-1","20"\n\n"sub-2","NaN"\n', ','], ['\ufeffparticipant_id,age,,\nsub-1,20,,\nsub-2,#N/A\n,,,\n', ','],
  ])('%j', (text, delimiter) => {
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text.replace(/^\ufeff/, '')}`, 'utf16le'), Buffer.from(`\ufeff${text.replace(/^\ufeff/, '')}`, 'utf16le').swap16()]) {
      const table = readParticipants(bytes, { file });
      expect(table).toMatchObject({ delimiter, columns: ['participant_id', 'age'], types: { participant_id: 'text', age: 'number' } });
      expect(table.rows.map((r) => [r.id, r.values.age])).toEqual([['sub-1', 20], ['sub-2', null]]);
    }
  });
  it('keeps commas in tab-separated cells and tabs in quoted ones', () => {
    expect(readDelimited('a\tb, c\n1,5\t"x\ty"\n', { file }).rows).toEqual([{ line: 2, cells: ['1,5', 'x\ty'] }]);
    expect(readDelimited('"a\tb",c\n1,2\n', { file })).toMatchObject({ delimiter: ',', columns: ['a\tb', 'c'] });
  });
  it('counts lines through blank ones and quoted line ends', () => {
    expect(failure(() => readDelimited('a,b\n\n"x\ny",1\n1\n', { file }))).toMatchObject({ code: 'BAD_ROW', line: 5 });
  });
  it('takes any name for a column, also those of JavaScript', () => {
    const { rows, types } = readParticipants('participant_id\t__proto__\tconstructor\na\t1\tx\n', { file });
    expect([Object.entries(rows[0]!.values), Object.entries(types)]).toEqual([[['participant_id', 'a'], ['__proto__', 1], ['constructor', 'x']], [['participant_id', 'text'], ['__proto__', 'number'], ['constructor', 'text']]]);
  });
  it('suggests columns and takes none by itself', () => {
    const error = failure(() => readParticipants('participant_id\tage_at_first_scan_years\ngender\n'.replace('\ngender', '\tgender'), { file, required: ['age'] }));
    expect(error.remedy).toContain('Is it "age_at_first_scan_years"?');
    expect(suggestColumns('id', ['Subject ID', 'visit'])).toEqual(['Subject ID']);
    expect(suggestColumns('sex', ['SEX', 'Gender', 'sexuality_scale'])).toEqual(['SEX', 'Gender']);
    expect(suggestColumns('group', ['DX_GROUP', 'grouping'])).toEqual(['DX_GROUP']);
    expect(suggestColumns('panss', ['PANSS', 'panss_total'])).toEqual(['PANSS']);
    expect(suggestColumns('constructor', ['a'])).toEqual([]);
    expect(failure(() => readParticipants('participant_id\tx\n', { file, required: ['age'] })).remedy).toContain('Add the column');
  });
});

describe('participants.json', () => {
  const sidecar = readSidecar('\ufeff{"age": {"Description": "age", "Units": "years"}, "sex": {"LongName": "s", "Levels": {"1": "male", "2": {"Description": "female"}}}, "site": {"Levels": ["A", 2]}, "note": "free", "__proto__": {"Units": "mm"}}', { file });
  it('holds descriptions, units and levels', () => {
    expect([...sidecar.keys()]).toEqual(['age', 'sex', 'site', 'note', '__proto__']);
    expect(sidecar.get('age')).toEqual({ description: 'age', units: 'years', levels: null });
    expect([...sidecar.get('sex')!.levels!]).toEqual([['1', 'male'], ['2', 'female']]);
    expect([sidecar.get('note')!.description, [...sidecar.get('site')!.levels!.keys()]]).toEqual(['free', ['A', '2']]);
  });
  it('explains codes, also as spreadsheets write numbers', () => {
    const sex = sidecar.get('sex')!;
    expect(['1', ' 2 ', '1.0', '02', '3', '', 'M'].map((c) => levelOf(sex, c))).toEqual(['male', 'female', 'male', 'female', null, null, null]);
    expect(levelOf(sidecar.get('age')!, '1')).toBeNull();
    const table = readParticipants('participant_id\tsex\tsite\na\t1\tA\nb\t9\tB\nc\t9\tn/a\n', { file });
    expect(unexplainedLevels(table, sidecar)).toEqual([{ column: 'sex', code: '9', line: 3 }, { column: 'site', code: 'B', line: 3 }]);
  });
  it('knows units of age', () => {
    expect(['years', 'Year', 'months', 'weeks', 'days', 'mm'].map((u) => { const y = yearsPerUnit(u); return y === null ? null : Math.round(y * 1e4) / 1e4; })).toEqual([1, 1, 0.0833, 0.0192, 0.0027, null]);
  });
});

const samples = fileURLToPath(new URL('../../../../shared/data/bids/', import.meta.url));
describe.skipIf(!existsSync(samples))('real files', () => {
  it.each([['ds001_participants.tsv', 16], ['mrs_biggaba_participants.tsv', 12]])('%s', (name, rows) => {
    const table = readParticipants(readFileSync(samples + name), { file, required: ['age', 'sex'] });
    expect([table.rows.length, table.types.age, table.delimiter]).toEqual([rows, 'number', '\t']);
  });
});
