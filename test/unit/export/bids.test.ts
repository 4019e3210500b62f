import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bidsFiles } from '../../../client/export/bids.js';
import { exportBids } from '../../../client/export/index.js';
import { readParticipants, writeTsv } from '../../../formats/index.js';
import { completeStudy } from '../report/example.js';

const { results, participants = [], indices = [] } = completeStudy();
/** A results folder in memory. */
function folder(rows = participants): Map<string, string> {
  const known = new Set(rows.map((p) => `${p.cohort} ${p.participant}`));
  return new Map([
    ['tables/participants.tsv', writeTsv(['cohort', 'participant', 'group', 'age', 'sex'], rows.map((p) => [p.cohort, p.participant, p.group, p.age, p.sex]))],
    ['tables/indices.tsv', writeTsv(['cohort', 'participant', 'component', 'metric', 'value'], indices.filter((r) => known.has(`${r.cohort} ${r.participant}`)).map((r) => [r.cohort, r.participant, r.component, r.metric, r.value]))],
    ['tables/spectra.tsv', writeTsv(['cohort', 'participant', 'concentration', 'snr', 'fwhm_hz', 'sd_percent', 'excluded'], rows.slice(0, 3).map((p) => [p.cohort, p.participant, 11.5, 20, 5, 6, null]))],
    ...['tokyo', 'toronto'].flatMap((c): [string, string][] => [[`parcellation/${c}_left.txt`, '0\n1\n2\n'], [`parcellation/${c}_left.label.gii`, 'gii'], [`parcellation/${c}_right_W.shape.gii`, 'weights']]),
  ]);
}
/** The study's own identifiers, unless a key is given. */
const files = (held = folder(), key: Uint8Array | null = null): Map<string, string> => new Map(bidsFiles(results, (path) => { const text = held.get(path); return text === undefined ? null : Buffer.from(text); }, key).map(([path, content]) => [path, Buffer.from(content).toString('utf8')]));

describe('a BIDS derivative with identifiers', () => {
  const written = files();

  it('describes itself', () => {
    expect(JSON.parse(written.get('dataset_description.json') ?? '')).toMatchObject({ BIDSVersion: '1.10.0', DatasetType: 'derivative', GeneratedBy: [
      { Name: 'sulcus', Version: results.run.version },
      // One entry a program: where the laboratory keeps it is not told.
      { Name: 'mrtrix3', Version: '3.0.3', Description: 'mrtrix3-dti, denoise: dwidenoise {input:dwi} {output:dwi} -nthreads {threads}; mrtrix3-dti, metrics: tensor2metric {denoise:dwi} -fa {output:fa}' },
    ] });
    expect(written.get('README.md')).toContain(results.run.runId);
  });

  it('has participants as BIDS labels them, with their own ids beside', () => {
    const table = readParticipants(written.get('participants.tsv') ?? '', { file: 'p' });
    expect(table.rows).toHaveLength(participants.length);
    for (const row of table.rows) expect(row.id).toMatch(/^sub-[A-Za-z0-9]+$/);
    expect(table.rows[0]?.text['source_id']).toBe(participants[0]?.participant);
  });

  it('has the indices of each subject in full precision', () => {
    const one = participants[0]!, label = one.participant.replace(/[^A-Za-z0-9]/g, '');
    const table = written.get(`sub-${label}/anat/sub-${label}_atlas-sulcus${one.cohort}_desc-mean_morph.tsv`) ?? '';
    const mine = indices.filter((r) => r.cohort === one.cohort && r.participant === one.participant);
    expect(table).toBe(writeTsv(['component', 'metric', 'value'], mine.map((r) => [r.component, r.metric, r.value])));
    expect(written.has('desc-mean_morph.json')).toBe(true);
  });

  it('has the parcellations by mesh, hemisphere and cohort, and spectroscopy as a phenotype', () => {
    expect(written.get('tpl-mesh3/tpl-mesh3_hemi-L_atlas-sulcustokyo_dseg.label.gii')).toBe('gii');
    expect(written.get('tpl-mesh3/tpl-mesh3_hemi-R_atlas-sulcustoronto_probseg.shape.gii')).toBe('weights');
    expect(written.get('tpl-mesh3/tpl-mesh3_atlas-sulcustokyo_dseg.tsv')).toBe('index\tname\tvertices\n1\tcomponent 1\t512\n2\tcomponent 2\t431\n3\tcomponent 3\t398\n4\tcomponent 4\t353\n');
    expect(written.get('phenotype/spectroscopy.tsv')?.split('\n')).toHaveLength(5);
  });

  it('names every file as BIDS does, outside of what .bidsignore lists', () => {
    for (const path of written.keys()) expect(path).toMatch(/^((dataset_description|ro-crate-metadata)\.json|README\.md|\.bidsignore|participants\.(tsv|json)|desc-mean_morph\.json|phenotype\/\w+\.(tsv|json)|(sub|tpl)-[A-Za-z0-9]+(\/anat)?\/(sub|tpl)-[A-Za-z0-9]+(_[a-z]+-[A-Za-z0-9]+)+_(morph|dseg|probseg)\.(tsv|label\.gii|shape\.gii))$/);
  });

  it('cohorts that share an id get labels with their names; ids that BIDS cannot tell apart are refused', () => {
    const shared = [{ ...participants[0]!, participant: 'sub-01' }, { ...participants[0]!, cohort: 'toronto', participant: 'sub-01' }];
    expect(readParticipants(files(folder(shared)).get('participants.tsv') ?? '', { file: 'p' }).rows.map((r) => r.id)).toEqual(['sub-tokyo01', 'sub-toronto01']);
    const alike = [{ ...participants[0]!, participant: 's_1' }, { ...participants[0]!, participant: 's-1' }];
    expect(() => files(folder(alike))).toThrow(expect.objectContaining({ code: 'BAD_LABEL', message: expect.stringContaining('sub-s1') }));
  });
});

describe('the export folder', () => {
  let place: string;
  beforeEach(() => { place = mkdtempSync(join(tmpdir(), 'sulcus-export-')); });
  afterEach(() => rmSync(place, { recursive: true, force: true }));
  const put = (name: string, content: string): void => { mkdirSync(dirname(join(place, name)), { recursive: true }); writeFileSync(join(place, name), content); };
  const source = (): string => {
    put('results/results.json', JSON.stringify(results));
    for (const [name, content] of folder()) put(`results/${name}`, content);
    return join(place, 'results');
  };

  it('is written whole, replaces an earlier export, and nothing else', async () => {
    const target = join(place, 'bids');
    const count = await exportBids(source(), target, null);
    expect(count).toBe(files().size);
    writeFileSync(join(target, 'leftover.txt'), 'x');
    await exportBids(join(place, 'results'), target, null);
    expect(readdirSync(target)).not.toContain('leftover.txt');
    expect(readdirSync(place).sort()).toEqual(['bids', 'results']);
    put('mine/notes.txt', 'x');
    await expect(exportBids(join(place, 'results'), join(place, 'mine'), null)).rejects.toMatchObject({ code: 'OUT_NOT_EMPTY' });
    expect(readFileSync(join(place, 'mine/notes.txt'), 'utf8')).toBe('x');
  });

  it.each([['nothing', null], ['no JSON', '{'], ['other JSON', '{"schema":1}']])('needs a results folder: %s', async (_, content) => {
    if (content !== null) put('results/results.json', content);
    await expect(exportBids(join(place, 'results'), join(place, 'bids'), null)).rejects.toMatchObject({ code: 'NO_RESULTS' });
  });
});
