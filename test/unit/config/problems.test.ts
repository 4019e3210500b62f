import { describe, expect, it } from 'vitest';
import { StudyFileError, nearest, parseStudy, type Problem } from '../../../config/index.js';
import { MINIMAL, PAPER } from './study-text.js';

function problemsOf(text: string): Problem[] {
  try {
    return parseStudy(text, 'study.yaml').warnings;
  } catch (error) {
    if (!(error instanceof StudyFileError)) throw error;
    expect(error.code).toBe('study-file');
    return error.problems;
  }
}

/** The one problem of the paper's file after a replacement. */
function problemAfter(from: string, to: string, text = PAPER): Problem | undefined {
  expect(text).toContain(from);
  const problems = problemsOf(text.replace(from, to));
  expect(problems).toHaveLength(1);
  return problems[0];
}

describe('problems of a study file', () => {
  it.each([
    ['missing: exclude', 'misssing: exclude', 'misssing', 'missing'],
    ['tolerance: 1e-4', 'tolerence: 1e-4', 'tolerence', 'tolerance'],
    ['within_halves', 'withinHalves', 'withinHalves', 'within_halves'],
    ['missing: exclude', 'factorisation: { ranks: [2, 4] }', 'factorisation', 'factorization'],
    ['prefix: TOR', 'prefx: TOR', 'prefx', 'prefix'],
    ['csf: f_csf', 'csff: f_csf', 'csff', 'csf'],
    ['hzpppm: 127.7', 'hzppm: 127.7', 'hzppm', 'hzpppm'],
  ])('%s -> %s: names the unknown key, its line and the nearest', (from, to, key, guess) => {
    const lineOf = PAPER.replace(from, to).split('\n').findIndex((text) => text.includes(key)) + 1;
    const found = problemsOf(PAPER.replace(from, to)).find((problem) => problem.code === 'study-key-unknown');
    expect(found).toMatchObject({ line: lineOf, file: 'study.yaml', severity: 'error', remedy: `did you mean \`${guess}\`?` });
    expect(found?.message).toContain(`\`${key}\``);
  });

  it('lists the known keys when none is near', () => {
    expect(problemAfter('seed: 0', 'seed: 0, zebra: 1')?.remedy).toBe('known keys here: splits, seed, stratify, threshold');
  });

  it.each([
    ['ranks: [2, 10]', 'ranks: [10, 2]', 'study-value', '10 is more than 2'],
    ['ranks: [2, 10]', 'ranks: [0, 10]', 'study-value', 'factorization.ranks[0]'],
    ['ranks: [2, 10]', 'ranks: 4', 'study-value', 'factorization.ranks'],
    ['rank: auto', 'rank: 11', 'study-value', 'not among the ranks 2 to 10'],
    ['rank: auto', 'rank: automatic', 'study-value', 'rank'],
    ['alpha: 0.05', 'alpha: 0.05, resamples: 50', 'study-value', 'at least 200'],
    ['alpha: 0.05', 'alpha: 0.05, nulls: 10', 'study-value', 'at least 99'],
    ['alpha: 0.05', 'alpha: 0.05, confidence: 95', 'study-value', 'statistics.confidence'],
    ['alpha: 0.05', 'alpha: 5', 'study-value', 'statistics.alpha'],
    ['solver: accelerated', 'solver: fast', 'study-value', 'factorization.solver'],
    ['groups: [HC, FLR, TRS]', 'groups: []', 'study-value', 'cohorts.tokyo.groups'],
    ['groups: [HC, FLR, TRS]', 'groups: [HC, HC, TRS]', 'study-duplicate', 'HC'],
    ['groups: [TRS, UTRS] }', 'groups: [TSR, UTRS] }', 'study-group-unknown', 'TSR'],
    ['missing: exclude', 'control: HCC', 'study-group-unknown', 'HCC'],
    ['missing: exclude', 'control: TRS', 'study-control', 'TRS'],
    ['measure: rbans_total', 'measure: panss_positive', 'study-duplicate', 'panss_positive'],
    ['covariates: [age, sex]', 'covariates: [age, age]', 'study-duplicate', 'age'],
    ['group: group', 'group: age', 'study-duplicate', 'age'],
    ['study: acc-trs', 'study: acc/trs', 'study-value', 'study'],
    ['  toronto:', '  to ronto:', 'study-name', 'to ronto'],
    ['  md: ', '  "m/d": ', 'study-name', 'm/d'],
    ['dwi/{id}_mid_{side}_FA', 'dwi/{id}_mid_FA', 'study-template', '{side}'],
    ['dwi/{id}_mid_{side}_FA', 'dwi/mid_{side}_FA', 'study-template', '{id}'],
    ['dwi/{id}_mid_{side}_FA', 'dwi/{id}_{session}_{side}_FA', 'study-template', '{session}'],
    ['mrs/{id}.table', 'mrs/all.table', 'study-template', '{id}'],
    ['prefix: TOR, ', '', 'study-key-missing', 'cohorts.toronto.prefix'],
    ['directory: toronto', 'directory: ../toronto', 'study-path', '../toronto'],
    ['participants: participants.tsv', 'participants: /data/p.tsv', 'study-path', '/data/p.tsv'],
    ['atlas/dkt40_left.txt', 'a/../../left.txt', 'study-path', 'a/../../left.txt'],
    ['left: atlas/dkt40_left.txt, ', '', 'study-key-missing', 'region.labels.left'],
    ['hemispheres: [left, right]', 'hemispheres: [left]', 'study-value', 'region.labels.right'],
    ['rostral anterior cingulate] }', 'rostral anterior cingulate], midline: drop }', 'study-key-missing', 'midline_mask'],
    ['hzpppm: 127.7', 'hzpppm: 127.7, correction: gasparovic', 'study-key-missing', 'spectroscopy.acquisition is missing'],
    ['hzpppm: 127.7', 'hzpppm: 127.7, correction: gasparovic, acquisition: { te: 30, tr: 2000, field: 7 }', 'study-key-missing', 'tabulated for 3 T, not 7 T'],
    ['metabolite: Glu+Gln', 'metabolite: NAA, correction: gasparovic, acquisition: { te: 30, tr: 2000 }', 'study-key-missing', 'relaxation times of NAA'],
    ['hzpppm: 127.7', 'hzpppm: 127.7, correction: alpha', 'study-value', 'spectroscopy.correction'],
    ['hzpppm: 127.7', 'hzpppm: 127.7, waive_errors: yes please', 'study-value', 'spectroscopy.waive_errors'],
    ['dwi/{id}_mid_{side}_FA_rsl.txt" }', 'dwi/{id}_mid_{side}_FA_rsl.txt", hemispheres: together }', 'study-template', '{side}'],
    ['dwi/{id}_mid_{side}_FA_rsl.txt" }', 'dwi/{id}_mid_{side}_FA_rsl.txt", hemispheres: both }', 'study-value', 'metrics.fa.hemispheres'],
  ])('%s -> %s is %s', (from, to, code, part) => {
    const problem = problemAfter(from, to);
    expect(problem).toMatchObject({ code, file: 'study.yaml' });
    expect(problem?.message).toContain(part);
    const line = PAPER.replace(from, to).split('\n').findIndex((text, i) => text !== PAPER.split('\n')[i]) + 1;
    if (code !== 'study-duplicate' && part !== 'region.labels.right' && part !== 'TRS') expect(problem?.line).toBe(line);
  });

  it('what rests on a column that there is not', () => {
    const problems = problemsOf(PAPER.replace('group: group, age: age', 'group: null, age: null'));
    expect(problems.map((p) => [p.code, p.line])).toEqual([['study-column', 11], ['study-column', 12], ['study-column', 18], ['study-column', 18], ['study-column', 20]]);
  });

  it('an unknown key below a hemisphere’s files', () => {
    expect(problemsOf(PAPER.replace('right: atlas/dkt40_right.txt', 'rigth: atlas/dkt40_right.txt'))).toContainEqual(expect.objectContaining({ code: 'study-key-unknown', remedy: 'did you mean `right`?' }));
  });

  it('names the cohort a problem lies in', () => {
    expect(problemAfter('groups: [HC, FLR, TRS]', 'groups: [HC, FLR, 3]')).toMatchObject({ cohort: 'tokyo', line: 11, remedy: 'write it in quotes' });
  });

  it('reports everything at once, in the order of the lines', () => {
    const problems = problemsOf('study: "a b"\nregionn: {}\nmetrics: { fa: { file: x.txt } }\nstability: { splits: 0, sed: 1 }\nrank: none\n');
    expect(problems.map((problem) => [problem.line, problem.code])).toEqual([
      [1, 'study-key-missing'], [1, 'study-value'], [1, 'study-key-missing'], [2, 'study-key-unknown'],
      [3, 'study-template'], [3, 'study-template'], [4, 'study-value'], [4, 'study-key-unknown'], [5, 'study-value'],
    ]);
  });

  it.each([
    ['missing: exclude', 'study: again', 'study-key-duplicate', 23],
    ['missing: exclude', 'missing: [', 'study-yaml', 24],
    ['rank: auto', '  rank: auto', 'study-yaml', null],
  ])('broken YAML: %s -> %s', (from, to, code, line) => {
    const problem = problemsOf(PAPER.replace(from, to))[0];
    expect(problem?.code).toBe(code);
    if (line !== null) expect(problem?.line).toBe(PAPER.replace(from, to).split('\n').findIndex((text) => text.includes(to)) + 1 + (to.endsWith('[') ? 1 : 0));
  });

  it.each(['', '[1, 2]', 'hello', '# nothing but a comment'])('%j is not a study', (text) => {
    expect(problemsOf(text)).toMatchObject([{ code: 'study-yaml', line: 1 }]);
  });

  it('an alias bomb is refused, quickly', () => {
    let bomb = 'a0: &a0 [x, x, x, x, x, x, x, x, x]\n';
    for (let i = 1; i < 9; i++) bomb += `a${i}: &a${i} [${Array(9).fill(`*a${i - 1}`).join(', ')}]\n`;
    const started = performance.now();
    expect(problemsOf(bomb + MINIMAL)).toMatchObject([{ code: 'study-yaml' }]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('a key named like an object’s own property is only unknown', () => {
    expect(problemsOf(`${MINIMAL}__proto__: { rank: 3 }\nconstructor: 1\n`).map((problem) => problem.code)).toEqual(['study-key-unknown', 'study-key-unknown']);
  });
});

describe('nearest', () => {
  it.each([['thresold', 'threshold'], ['SPLITS', 'splits'], ['maxIterations', 'max_iterations'], ['sede', 'seed'], ['zebra', null]])('%s -> %s', (word, expected) => {
    expect(nearest(word, ['splits', 'seed', 'threshold', 'max_iterations'])).toBe(expected);
  });
});
