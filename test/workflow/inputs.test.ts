/** Bad input on the way through a real study: excluded or refused, always listed, never dropped; and the same study in other formats. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readVertexText, readLabelTable, readLabelText, writeAnnot, writeMat, writeNpy } from '../../formats/index.js';
import { identifiersIn, PLAIN, readResults, smallStudy, sulcus, type SmallStudy } from './harness.js';
import { keepServer, type KeptServer } from './operator.js';

/** Against hanging only. */
const SLOW = 600_000;

let study: SmallStudy, server: KeptServer | null = null;
afterEach(async () => { await server?.release(); server = null; await study.remove(); }, SLOW);

const subjects = (): string[] => readdirSync(join(study.directory, 'tokyo', 'civet')).sort();
const thickness = (id: string): string => join('tokyo', 'civet', id, 'thickness', `TKY_${id}_native_rms_rsl_tlink_30mm_left.txt`);
const at = (name: string): string => join(study.directory, name);

/** Four subjects, each with another fault; returns their ids. */
async function spoil(): Promise<{ missing: string; short: string; text: string; pointer: string }> {
  const [missing, short, text, pointer] = subjects() as [string, string, string, string];
  await rm(at(thickness(missing)));
  writeFileSync(at(thickness(short)), readFileSync(at(thickness(short)), 'utf8').split('\n').slice(0, 100).join('\n') + '\n');
  const lines = readFileSync(at(thickness(text)), 'utf8').split('\n');
  lines[41] = 'NaN';
  writeFileSync(at(thickness(text)), lines.join('\n'));
  writeFileSync(at(thickness(pointer)), 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n');
  return { missing, short, text, pointer };
}

describe('subjects with unusable files', () => {
  it('are excluded with file, line and remedy, and `check` says the same beforehand', async () => {
    study = await smallStudy({ ranks: [2, 3], splits: 2, ...PLAIN });
    const ids = await spoil();
    const checked = await sulcus(['check', 'study.yaml', '--json'], study.directory);
    expect(checked.code).toBe(2);
    const { ok, problems } = JSON.parse(checked.stdout) as { ok: boolean; problems: { severity: string; code: string; subject: string; line: number | null }[] };
    expect(ok).toBe(false);
    const faults = (list: { code?: string; line?: number | null }[]): (string | number | null | undefined)[][] => list.map((p) => [p.code, p.line]);
    const expected = [['MISSING_FILE', null], ['SHORT_FILE', expect.any(Number)], ['NOT_FINITE', 42], ['POINTER_FILE', 1]];
    const wanted = [ids.missing, ids.short, ids.text, ids.pointer];
    expect(faults(wanted.map((id) => problems.find((p) => p.subject === id) as { code: string; line: number | null }))).toEqual(expected);

    const run = await sulcus(['run', 'study.yaml'], study.directory);
    expect(run.code).toBe(0);
    const tokyo = readResults(study.results).cohorts['tokyo'];
    expect(tokyo?.subjects).toBe(20);
    expect(faults(wanted.map((id) => tokyo?.excluded.find((e) => e.id === id) ?? {}))).toEqual(expected);
    expect(tokyo?.excluded.every((e) => e.reason.length > 10 && (e.remedy ?? '').length > 10 && e.file?.includes('thickness'))).toBe(true);
    const named = (text: string): string[] => identifiersIn(study.directory).filter((id) => text.includes(id));
    expect(named(readFileSync(join(study.results, 'results.json'), 'utf8')).length).toBeGreaterThanOrEqual(wanted.length);
    for (const passedOn of [join(study.state, 'logs', 'worker.log'), join(study.results, 'report.html'), join(study.results, 'report.md')]) expect(named(readFileSync(passedOn, 'utf8'))).toEqual([]);
  }, SLOW);

  it('stop the study before anything is computed with `missing: fail`, without naming anybody in Temporal', async () => {
    study = await smallStudy({ ranks: [2, 3], splits: 2, ...PLAIN, edit: [['missing: exclude', 'missing: fail']] });
    const ids = await spoil();
    const run = await sulcus(['run', 'study.yaml', '--json'], study.directory);
    expect(run.code).toBe(1);
    const answer = JSON.parse(run.stdout) as { status: string; error: { code: string; message: string } };
    expect(answer).toMatchObject({ status: 'failed', error: { code: 'SUBJECTS_EXCLUDED' } });
    expect(answer.error.message).toContain('4 subjects cannot be used');
    expect(answer.error.message).not.toContain(ids.missing);
    expect(readdirSync(join(study.state, 'store', 'artifacts'))).not.toContain('fit');
    const status = await sulcus(['status', '--json'], study.directory);
    expect(JSON.parse(status.stdout)).toMatchObject({ studies: [{ status: 'failed', failure: { code: 'SUBJECTS_EXCLUDED' } }] });
    expect(identifiersIn(study.directory).filter((id) => (run.stdout + run.stderr + status.stdout).includes(id))).toEqual([]);
  }, SLOW);
});

describe('the same study in other formats', () => {
  const VERTICES = 642, SIDES = ['left', 'right'] as const;
  const values = (name: string): Float64Array => readVertexText(readFileSync(at(name)), { file: name, vertices: VERTICES });
  const numbersOf = (folder: string): string => readFileSync(join(folder, 'tables', 'indices.tsv'), 'utf8');

  /** Thickness as .npy, MD of both hemispheres in one file, FA as .mat, labels as annotations with their own names, participants as CSV. */
  function convert(): void {
    for (const cohort of ['tokyo', 'toronto']) {
      const prefix = cohort === 'tokyo' ? 'TKY' : 'TOR';
      for (const id of readdirSync(join(study.directory, cohort, 'civet'))) {
        for (const side of SIDES) {
          writeFileSync(at(`${cohort}/dwi/${id}_${side}.npy`), writeNpy(values(`${cohort}/civet/${id}/thickness/${prefix}_${id}_native_rms_rsl_tlink_30mm_${side}.txt`), [VERTICES]));
          writeFileSync(at(`${cohort}/dwi/${id}_${side === 'left' ? 'lh' : 'rh'}.mat`), writeMat([{ name: 'fa', shape: [VERTICES, 1], data: values(`${cohort}/dwi/${id}_mid_${side}_FA_rsl.txt`) }]));
        }
        writeFileSync(at(`${cohort}/dwi/${id}_MD.txt`), SIDES.map((side) => readFileSync(at(`${cohort}/dwi/${id}_mid_${side}_MD_rsl.txt`), 'utf8')).join(''));
      }
      writeFileSync(at(`${cohort}/people.csv`), readFileSync(at(`${cohort}/participants.tsv`), 'utf8').replaceAll('\t', ','));
    }
    const names = readLabelTable(readFileSync(at('atlas/DKTatlas40.labels')), { file: 'table' });
    for (const side of SIDES) {
      const labels = readLabelText(readFileSync(at(`atlas/dkt40_${side}.txt`)), { file: side, vertices: VERTICES }), used = new Set(labels);
      writeFileSync(at(`atlas/${side}.annot`), writeAnnot(labels, names.filter((n) => used.has(n.number)).map(({ number, name }, i) => ({ number, name, rgba: [(i + 1) / 255, 0.5, 0.5, 1] as const }))));
    }
  }

  it('gives the same numbers to the last bit, and its results as a BIDS derivative', async () => {
    study = await smallStudy({ ranks: [2, 3], splits: 2, ...PLAIN });
    server = await keepServer(study, { worker: true });
    expect((await sulcus(['run', 'study.yaml', '--out', 'before'], study.directory)).code).toBe(0);
    convert();
    const text = readFileSync(study.file, 'utf8')
      .replace(/"civet\/\{id\}\/thickness[^"]*"/, '"dwi/{id}_{side}.npy"').replace('"dwi/{id}_mid_{side}_MD_rsl.txt"', '"dwi/{id}_MD.txt", hemispheres: together').replace('"dwi/{id}_mid_{side}_FA_rsl.txt"', '"dwi/{id}_{hemi}.mat"')
      .replace(/labels: \{[^}]*\}\n {2}table: .*\n/, 'labels: { left: atlas/left.annot, right: atlas/right.annot }\n').replaceAll('participants.tsv', 'people.csv');
    writeFileSync(study.file, text);
    const checked = await sulcus(['check', 'study.yaml'], study.directory);
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('48 vertices left, 48 vertices right')]);
    expect((await sulcus(['run', 'study.yaml', '--out', 'after'], study.directory)).code).toBe(0);
    expect(numbersOf(join(study.directory, 'after'))).toBe(numbersOf(join(study.directory, 'before')));
    const exported = await sulcus(['export', 'after', '--bids', 'bids', '--json'], study.directory);
    expect([exported.code, JSON.parse(exported.stdout)]).toEqual([0, {
      out: at('bids'), files: expect.any(Number), participants: 'pseudonyms', key: { id: expect.stringMatching(/^[0-9a-f]{12}$/), file: join(study.state, 'pseudonym-key'), made: false }, keyTable: null,
    }]);
    expect(readdirSync(at('bids')).filter((name) => /^sub-[0-9a-f]{16}$/.test(name))).toHaveLength(52);
    const identifiers = identifiersIn(study.directory);
    expect(identifiers).toHaveLength(52);
    for (const path of readdirSync(at('bids'), { recursive: true }) as string[]) {
      // Vertex data are base64 of compressed values: letters in any order.
      const text = statSync(at(`bids/${path}`)).isFile() ? readFileSync(at(`bids/${path}`), 'latin1').replace(/<Data>[^<]*<\/Data>/g, '') : '';
      expect(identifiers.filter((id) => `${path}\n${text}`.includes(id))).toEqual([]);
    }
  }, SLOW);
});
