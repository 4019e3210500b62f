/** A study file reaches no farther than its folder and what it names, and cannot exhaust the machine that reads it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateFiles, reachOf } from '../../../activities/ingest/locate.js';
import { loadStudy, parseStudy, StudyFileError, type Problem } from '../../../config/index.js';
import { tooDeepAt } from '../../../config/nesting.js';
import { MINIMAL, PAPER } from './study-text.js';

let study: string, elsewhere: string;
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'sulcus-bounds-'));
  [study, elsewhere] = [join(root, 'study'), join(root, 'elsewhere')];
  for (const folder of [study, elsewhere]) mkdirSync(folder);
});
afterEach(() => rmSync(join(study, '..'), { recursive: true }));

const STUDY = `study: links
region: { vertices: { left: [0, 1], right: [0] } }
metrics:
  thickness: { file: "{id}_{side}.txt" }
cohorts:
  tokyo: { groups: [HC, FLR] }
`;

async function problemsOf(text: string): Promise<Problem[]> {
  const file = join(study, 'study.yaml');
  writeFileSync(file, text);
  try {
    await loadStudy(file);
    return [];
  } catch (error) {
    if (error instanceof StudyFileError) return error.problems;
    throw error;
  }
}

function parseProblems(text: string): Problem[] {
  try {
    parseStudy(text, 'study.yaml');
    return [];
  } catch (error) {
    if (error instanceof StudyFileError) return error.problems;
    throw error;
  }
}

describe('links', () => {
  it('a folder that is a link to elsewhere is refused, with its line, unless the study names where it leads', async () => {
    symlinkSync(elsewhere, join(study, 'tokyo'));
    writeFileSync(join(elsewhere, 'participants.tsv'), 'participant_id\n');
    const found = await problemsOf(STUDY);
    expect(found).toMatchObject([{ code: 'study-path', line: 6, cohort: 'tokyo' }]);
    expect(found[0]?.message).toContain('a link that leads out');
    expect(found[0]?.remedy).toContain('outside');
    expect(await problemsOf(`${STUDY}outside: ["${elsewhere}"]\n`)).toEqual([]);
    expect(await problemsOf(`${STUDY}outside: [../elsewhere]\n`)).toEqual([]);
    expect(await problemsOf(`${STUDY}outside: [../else]\n`)).toMatchObject([{ code: 'study-path' }]);
  });

  it('a link within the folder is followed', async () => {
    mkdirSync(join(study, 'cohort-of-2024'));
    symlinkSync('cohort-of-2024', join(study, 'tokyo'));
    expect(await problemsOf(STUDY)).toEqual([]);
  });

  it("a participant's file that is a link to elsewhere is not used, unless the study names where it leads", async () => {
    mkdirSync(join(study, 'tokyo'));
    writeFileSync(join(elsewhere, 'secret'), '2\n2\n');
    writeFileSync(join(study, 'tokyo', 'S1_right.txt'), '2\n2\n');
    symlinkSync(join(elsewhere, 'secret'), join(study, 'tokyo', 'S1_left.txt'));
    const { spec } = parseStudy(STUDY, 'study.yaml'), cohort = spec.cohorts[0]!;
    const codes = async (outside: string[]): Promise<(string | undefined)[]> => (await locateFiles('S1', spec, reachOf({ outside }, cohort, study))).map((l) => l.problem?.code);
    expect(await codes([])).toEqual(['OUTSIDE_STUDY', undefined]);
    expect(await codes([elsewhere])).toEqual([undefined, undefined]);
  });
});

describe('paths', () => {
  it.each(['../other', 'a/../../b', '/etc'])('a prefix that makes a path lead out is refused: %s', (prefix) => {
    const found = parseProblems(PAPER.replaceAll('prefix: TKY', `prefix: "${prefix}"`).replace('civet/{id}/thickness/{prefix}', '{prefix}/{id}'));
    expect(found).toMatchObject([{ code: 'study-path', cohort: 'tokyo' }]);
  });
});

describe('what would exhaust the machine', () => {
  it.each([
    ['brackets', '['.repeat(400_000), 1],
    ['braces in keys', `${MINIMAL}x: ${'{? '.repeat(50)}`, MINIMAL.split('\n').length],
    ['brackets closed in comments', '[ #]\n'.repeat(40_000), 24],
    ['dashes', `${'- '.repeat(200_000)}x`, 1],
    ['keys of keys', '? '.repeat(200_000), 1],
    ['indentation', Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 24],
    ['indentation between texts', Array.from({ length: 60 }, (_, i) => `${' '.repeat(i)}t: |\n${' '.repeat(i + 1)}text\n${' '.repeat(i)}a:`).join('\n'), 70],
  ])('is refused at its line before it is parsed: %s', (_name, text, line) => {
    expect(parseProblems(text)).toMatchObject([{ code: 'study-yaml', line, message: 'not usable YAML: lists and keys are nested too deep' }]);
  });

  it('what studies are written like is not too deep', () => {
    for (const text of [PAPER, MINIMAL, 'a: |\n  text [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n', `a: "${'['.repeat(100)}"\n`, `# ${'['.repeat(100)}\n`, Array(1000).fill('- [1, [2]]').join('\n')]) expect(tooDeepAt(text)).toBeNull();
  });

  it('thousands of errors of syntax are not thousands of lines', () => {
    expect(parseProblems('&a '.repeat(5000)).length).toBeLessThanOrEqual(20);
  });

  it('a file of more than half a megabyte is refused unread', async () => {
    expect(await problemsOf(`${STUDY}# ${'x'.repeat(2 ** 19)}\n`)).toMatchObject([{ code: 'study-yaml', message: 'found 513 KiB, a study file has at most 512' }]);
  });

  it.each(['1e400', '.inf', '.nan', '1e300', '-1'])('a number beyond use is refused: %s', (number) => {
    const text = `${STUDY}spectroscopy: { table: "mrs/{id}.table", hzpppm: ${number} }\n`;
    expect(parseProblems(text)).toMatchObject([{ code: 'study-value', line: 7 }]);
    expect(parseProblems(`${STUDY}stability: { splits: ${number} }\n`)).toMatchObject([{ code: 'study-value', line: 7 }]);
  });

  it.each(['24', 'soon', '24 hours', '[24h]', '0s'])('a reminder that is no time is one clear line: %s', (remind) => {
    const [problem, ...more] = parseProblems(`${STUDY}rank: review\nreview: { remind: ${remind} }\n`);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ code: 'study-value', line: 8, remedy: null });
    expect(problem?.message).toBe(remind === '0s' ? 'review.remind: must be between a second and a year' : 'review.remind: must be a time such as 24h (s, m, h or d), or never');
  });
});
