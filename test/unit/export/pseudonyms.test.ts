/** An export is meant to be passed on: it names nobody, and its order gives nobody away. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportBids } from '../../../client/export/index.js';
import { stateOfResults } from '../../../client/state.js';
import { readTsv, writeTsv } from '../../../formats/index.js';
import { logPseudonym, participantPseudonym } from '../../../security/index.js';
import { completeStudy } from '../report/example.js';

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i), OTHER_KEY = new Uint8Array(32).fill(7);
const { results, participants: all = [], indices: allIndices = [] } = completeStudy();
/** The first of each cohort: every one costs a file. */
const participants = ['tokyo', 'toronto'].flatMap((cohort) => all.filter((p) => p.cohort === cohort).slice(0, 8));
const indices = allIndices.filter((r) => participants.some((p) => p.cohort === r.cohort && p.participant === r.participant));
/** Ages about the limit, and one that is missing. */
const AGES = [88.9, 89, 93.5, null];
const people = participants.map((p, i) => ({ ...p, age: i < AGES.length ? AGES[i] : p.age }));
const identifiers = [...people.map((p) => p.participant), ...Object.values(results.cohorts).flatMap((c) => c.excluded.map((e) => e.id))];

/** A results folder that names participants wherever people write: reasons, notes, decisions, file names, clinical columns. */
function write(folder: string): void {
  const [somebody = '', other = ''] = identifiers;
  const named = {
    ...results, rank: { ...results.rank, reason: `as ${somebody} shows`, note: `without ${other}` }, doubts: [`${somebody} is near the limit`],
    decisions: [{ at: '2026-01-01T00:00:00Z', by: 'A. Reviewer', what: 'exclude', about: 'tokyo', note: `asked by ${somebody}` }],
  };
  const tables: Record<string, string> = {
    participants: writeTsv(['cohort', 'participant', 'group', 'age', 'sex'], people.map((p) => [p.cohort, p.participant, p.group, p.age, p.sex])),
    indices: writeTsv(['cohort', 'participant', 'component', 'metric', 'value'], indices.map((r) => [r.cohort, r.participant, r.component, r.metric, r.value])),
    spectra: writeTsv(['cohort', 'participant', 'concentration', 'snr', 'fwhm_hz', 'sd_percent', 'excluded'], people.map((p, i) => [p.cohort, p.participant, 11.5 + i, 20, 5, 6, i === 3 ? 'fwhm,sd' : null])),
    exclusions: writeTsv(['cohort', 'participant', 'code', 'reason', 'file', 'line', 'remedy', 'by', 'at'], [['tokyo', 'TOK-901', 'MISSING_FILE', 'TOK-901 has no file', 'civet/TOK-901/left.txt', null, null, null, null]]),
    clinical_tokyo: writeTsv(['participant', 'comment'], [[somebody, `sister of ${other}`]]),
  };
  const put = (path: string, content: string): void => { mkdirSync(dirname(join(folder, path)), { recursive: true }); writeFileSync(join(folder, path), content); };
  put('results.json', JSON.stringify(named));
  for (const [name, content] of Object.entries(tables)) put(`tables/${name}.tsv`, content);
  for (const cohort of ['tokyo', 'toronto']) {
    put(`parcellation/${cohort}_left.txt`, '0\n1\n2\n');
    put(`parcellation/${cohort}_left.label.gii`, 'labels');
  }
}

let place: string;
const at = (name: string): string => join(place, name);
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'sulcus-pseudonyms-'));
  write(at('results'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const paths = (folder: string): string[] => (readdirSync(folder, { recursive: true }) as string[]).filter((path) => statSync(join(folder, path)).isFile()).sort();
/** Which files of a folder hold an identifier, in their name or content, as it is or as BIDS would write it. */
function naming(folder: string): string[] {
  const words = identifiers.flatMap((id) => [id.toLowerCase(), id.replace(/[^A-Za-z0-9]/g, '').toLowerCase()]);
  return paths(folder).filter((path) => { const text = `${path}\n${readFileSync(join(folder, path), 'latin1')}`.toLowerCase(); return words.some((word) => text.includes(word)); });
}
const cells = (path: string): Record<string, string | null>[] => { const t = readTsv(readFileSync(path), { file: path }); return t.rows.map((row) => Object.fromEntries(t.columns.map((c, i) => [c, row.cells[i] ?? null]))); };
const bytes = (folder: string): [string, string][] => paths(folder).map((path) => [path, readFileSync(join(folder, path), 'base64')]);

describe('an export under pseudonyms', () => {
  it('holds no identifier in any file or file name; with --identifiers the same search finds them', async () => {
    await exportBids(at('results'), at('bids'), KEY);
    expect(paths(at('bids')).length).toBeGreaterThan(people.length);
    expect(naming(at('bids'))).toEqual([]);
    await exportBids(at('results'), at('named'), null);
    expect(naming(at('named'))).toEqual(expect.arrayContaining(['participants.tsv', 'phenotype/spectroscopy.tsv']));
    expect(naming(at('named')).length).toBeGreaterThan(people.length);
  });

  it('has everybody once, with their own values, in the order of the pseudonyms', async () => {
    await exportBids(at('results'), at('bids'), KEY);
    const rows = cells(at('bids/participants.tsv')), pseudonym = new Map(people.map((p) => [`sub-${participantPseudonym(KEY, { cohort: p.cohort, id: p.participant })}`, p]));
    expect(rows.map((r) => r['participant_id'])).toEqual([...pseudonym.keys()].sort());
    expect(Object.keys(rows[0] ?? {})).toEqual(['participant_id', 'cohort', 'group', 'age', 'sex']);
    for (const row of rows) expect(row).toMatchObject({ cohort: pseudonym.get(row['participant_id'] ?? '')?.cohort, group: pseudonym.get(row['participant_id'] ?? '')?.group });
    const spectra = cells(at('bids/phenotype/spectroscopy.tsv'));
    expect(spectra.map((r) => r['participant_id'])).toEqual([...pseudonym.keys()].sort());
    for (const row of spectra) expect(Number(row['concentration'])).toBe(11.5 + people.indexOf(pseudonym.get(row['participant_id'] ?? '')!));
    for (const [name, p] of [...pseudonym].slice(0, 5)) {
      const own = cells(at(`bids/${name}/anat/${name}_atlas-sulcus${p.cohort}_desc-mean_morph.tsv`));
      expect(own.map((r) => Number(r['value']))).toEqual(indices.filter((r) => r.cohort === p.cohort && r.participant === p.participant).map((r) => r.value));
    }
  });

  it('gives nobody away by the time a file was written', async () => {
    await exportBids(at('results'), at('bids'), KEY);
    const written = readdirSync(at('bids')).filter((name) => name.startsWith('sub-')).map((name) => ({ name, when: statSync(at(`bids/${name}/anat`), { bigint: true }).mtimeNs }));
    for (const [i, a] of written.entries()) for (const b of written.slice(i + 1)) if (a.when !== b.when) expect(a.when < b.when).toBe(a.name < b.name);
  });

  it('writes ages from 89 on as 89+, as BIDS recommends, and says so; with identifiers as they are', async () => {
    await exportBids(at('results'), at('bids'), KEY);
    const rows = cells(at('bids/participants.tsv')), age = (i: number): string | null | undefined => { const p = people[i]!; return rows.find((r) => r['participant_id'] === `sub-${participantPseudonym(KEY, { cohort: p.cohort, id: p.participant })}`)?.['age']; };
    expect([0, 1, 2, 3].map(age)).toEqual(['88.9', '89+', '89+', null]);
    expect(JSON.parse(readFileSync(at('bids/participants.json'), 'utf8'))).toMatchObject({ age: { Description: 'Age; 89+: 89 or older' } });
    await exportBids(at('results'), at('named'), null);
    expect(cells(at('named/participants.tsv')).slice(0, 4).map((r) => r['age'])).toEqual(['88.9', '89', '93.5', null]);
  });

  it('is the same bytes under the same key, and shares no name with that of another key', async () => {
    await exportBids(at('results'), at('a'), KEY);
    await exportBids(at('results'), at('b'), KEY);
    await exportBids(at('results'), at('c'), OTHER_KEY);
    expect(bytes(at('b'))).toEqual(bytes(at('a')));
    const subjects = (folder: string): string[] => readdirSync(at(folder)).filter((name) => name.startsWith('sub-'));
    expect(subjects('a').filter((name) => subjects('c').includes(name))).toEqual([]);
  });

  it('replaces an earlier one that had identifiers', async () => {
    await exportBids(at('results'), at('bids'), null);
    await exportBids(at('results'), at('bids'), KEY);
    expect(naming(at('bids'))).toEqual([]);
  });

  it('refuses tables that speak of somebody whom the participants\' table does not have, without naming them', async () => {
    writeFileSync(at('results/tables/spectra.tsv'), writeTsv(['cohort', 'participant', 'concentration'], [['tokyo', 'TOK-777', 1]]));
    await expect(exportBids(at('results'), at('bids'), KEY)).rejects.toMatchObject({ code: 'BAD_RESULTS', message: expect.not.stringContaining('TOK-777') });
  });
});

describe('the table of who is who', () => {
  it('has everybody, those left out too, their names in the export and in logs, and is for its owner alone', async () => {
    writeFileSync(at('who.tsv'), 'cohort\tparticipant\tpseudonym\tin_logs\n', { mode: 0o644 });
    await exportBids(at('results'), at('bids'), KEY, at('who.tsv'));
    expect(statSync(at('who.tsv')).mode & 0o777).toBe(0o600);
    const rows = cells(at('who.tsv')), subjects = readdirSync(at('bids')).filter((name) => name.startsWith('sub-'));
    expect(rows).toHaveLength(people.length + 1);
    expect(rows.slice(0, -1).map((r) => r['pseudonym']).sort()).toEqual(subjects.sort());
    expect(rows.at(-1)).toEqual({ cohort: 'tokyo', participant: 'TOK-901', pseudonym: `sub-${participantPseudonym(KEY, { cohort: 'tokyo', id: 'TOK-901' })}`, in_logs: logPseudonym(KEY, 'TOK-901') });
    expect(readdirSync(place).sort()).toEqual(['bids', 'results', 'who.tsv']);
  });

  it.each(['bids/who.tsv', 'bids/new/who.tsv', 'bids', 'link/who.tsv', 'link/new/../who.tsv'])('is not written into the export folder: %s', async (name) => {
    mkdirSync(at('bids'));
    symlinkSync(at('bids'), at('link'));
    await expect(exportBids(at('results'), at('bids'), KEY, at(name))).rejects.toMatchObject({ code: 'KEY_TABLE_INSIDE' });
    expect(readdirSync(at('bids'))).toEqual([]);
  });

  it('may lie beside it, where no folder is yet, and replaces no other file', async () => {
    await exportBids(at('results'), at('bids'), KEY, at('bids-private/who.tsv'));
    expect(cells(at('bids-private/who.tsv'))).toHaveLength(people.length + 1);
    expect(statSync(at('bids-private')).mode & 0o077).toBe(0);
    writeFileSync(at('mine.tsv'), 'participant_id\tage\n');
    mkdirSync(at('folder'));
    for (const name of ['mine.tsv', 'folder']) await expect(exportBids(at('results'), at('other'), KEY, at(name))).rejects.toMatchObject({ code: 'KEY_TABLE_EXISTS' });
    expect(readFileSync(at('mine.tsv'), 'utf8')).toBe('participant_id\tage\n');
    expect(readdirSync(place)).not.toContain('other');
  });
});

describe('the state folder of a results folder', () => {
  const before = process.env['SULCUS_STATE'];
  afterEach(() => { if (before === undefined) delete process.env['SULCUS_STATE']; else process.env['SULCUS_STATE'] = before; });

  it('is the one named, else of the environment, else beside the results; none is made', () => {
    delete process.env['SULCUS_STATE'];
    expect(() => stateOfResults(at('results'), at('none'))).toThrow(expect.objectContaining({ code: 'NO_STATE' }));
    for (const name of ['.sulcus', 'set', 'named']) mkdirSync(at(name));
    expect(stateOfResults(at('results'), undefined)).toBe(at('.sulcus'));
    process.env['SULCUS_STATE'] = at('set');
    expect(stateOfResults(at('results'), undefined)).toBe(at('set'));
    expect(stateOfResults(at('results'), at('named'))).toBe(at('named'));
    process.env['SULCUS_STATE'] = at('gone');
    expect(() => stateOfResults(at('results'), undefined)).toThrow(expect.objectContaining({ code: 'NO_STATE', message: expect.stringContaining(at('gone')) }));
    expect(readdirSync(place)).not.toContain('gone');
  });
});
