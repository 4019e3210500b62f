/** A study from files on disk to a results folder, through the command line; and again, where nothing is computed. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adjustedRandIndex } from '../../analysis/parcellation/labels.js';
import { stability } from '../../analysis/parcellation/stability.js';
import { adjustPValues, ancova } from '../../analysis/statistics/index.js';
import { readLabelText, readNpy, readTsv, readVertexText } from '../../formats/index.js';
import { isAlive, pidOf, readResults, smallStudy, start, sulcus, type Finished, type SmallStudy } from './harness.js';

/** Against hanging only. */
const SLOW = 600_000;

let study: SmallStudy;
let first: Finished;

beforeAll(async () => {
  study = await smallStudy();
  first = await sulcus(['run', 'study.yaml', '--json'], study.directory);
}, SLOW);
afterAll(() => study.remove());

function table(name: string): Record<string, string | null>[] {
  const file = join(study.results, 'tables', `${name}.tsv`);
  const { columns, rows } = readTsv(readFileSync(file), { file });
  return rows.map(({ cells }) => Object.fromEntries(columns.map((c, i) => [c, cells[i] ?? null])));
}

describe('a study run', () => {
  it('ends with exit code 0, one JSON document on stdout, and nothing left running', () => {
    expect(first.stderr).not.toMatch(/\n\s+at /);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ workflowId: 'acc-trs', status: 'done', out: study.results });
    for (const record of ['server.json', 'worker.json']) expect(isAlive(pidOf(join(study.state, record)) as number)).toBe(false);
  });

  it('writes results that the schema accepts', () => {
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(new URL('../../docs/results.schema.json', import.meta.url), 'utf8')) as object);
    const results = readResults(study.results);
    validate(results);
    expect(validate.errors ?? []).toEqual([]);
    expect(results.steps.filter((s) => s.step === 'fit')).toHaveLength(2 * 4 * 7);
    expect(new Set(results.steps.map((s) => s.step))).toEqual(new Set(['ingest', 'fit', 'stability', 'surrogates', 'rank', 'match', 'indices', 'statistics', 'report']));
    expect(results.steps.every((s) => s.computed)).toBe(true);
  });

  it('finds the simulated parcellation', () => {
    const results = readResults(study.results);
    expect(results.rank.chosen).toBe(4);
    for (const [cohort, side] of [['tokyo', 'left'], ['toronto', 'right']] as const) {
      const found = readLabelText(readFileSync(join(study.results, 'parcellation', `${cohort}_${side}.txt`)), { file: 'found', vertices: 642 });
      const truth = readLabelText(readFileSync(join(study.directory, 'truth', readdirSync(join(study.directory, 'truth')).find((f) => f.includes(cohort) && f.includes(side)) as string)), { file: 'truth', vertices: 642 });
      const region = [...truth.keys()].filter((v) => truth[v] !== 0);
      expect(adjustedRandIndex(region.map((v) => found[v] as number), region.map((v) => truth[v] as number))).toBeGreaterThan(0.95);
    }
  });

  it('can be recomputed from its files: indices, Rand index, ANCOVA, adjusted p', () => {
    const results = readResults(study.results);
    const participants = table('participants');
    const indices = table('indices');
    const labels = (cohort: string): Int32Array[] => ['left', 'right'].map((side) => readLabelText(readFileSync(join(study.results, 'parcellation', `${cohort}_${side}.txt`)), { file: side, vertices: 642 }));
    const both = (cohort: string): number[] => labels(cohort).flatMap((l) => [...l]).filter((v) => v > 0);
    expect(results.matching[0]?.ari).toBeCloseTo(adjustedRandIndex(both('tokyo'), both('toronto')), 12);

    const someone = participants.find((p) => p['cohort'] === 'tokyo')?.['participant'] as string;
    const thickness = ['left', 'right'].map((side) => readVertexText(readFileSync(join(study.directory, 'tokyo', 'civet', someone, 'thickness', `TKY_${someone}_native_rms_rsl_tlink_30mm_${side}.txt`)), { file: side, vertices: 642 }));
    for (const component of [1, 2, 3, 4]) {
      const values = labels('tokyo').flatMap((l, h) => [...l.keys()].filter((v) => l[v] === component).map((v) => (thickness[h] as Float64Array)[v] as number));
      const row = indices.find((r) => r['cohort'] === 'tokyo' && r['participant'] === someone && r['component'] === String(component) && r['metric'] === 'thickness');
      expect(Number(row?.['value'])).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 12);
    }

    const people = participants.filter((p) => p['cohort'] === 'toronto');
    const rows = results.cohorts['toronto']?.ancova ?? [];
    expect(rows).toHaveLength(16);
    for (const row of rows.slice(0, 4)) {
      const value = people.map((p) => Number(indices.find((r) => r['cohort'] === 'toronto' && r['participant'] === p['participant'] && r['component'] === String(row.component) && r['metric'] === row.metric)?.['value']));
      const data = { value, group: people.map((p) => p['group'] ?? null), age: people.map((p) => Number(p['age'])), sex: people.map((p) => p['sex'] ?? null) };
      const again = ancova(data, { response: 'value', terms: ['group', 'age', 'sex'] }, { type: 'II' });
      expect(again.terms.find((t) => t.term === 'group')?.F).toBeCloseTo(row.F as number, 9);
    }
    const adjusted = adjustPValues(rows.map((r) => r.p)).adjusted;
    rows.forEach((r, i) => expect(r.pAdjusted).toBeCloseTo(adjusted[i] as number, 14));
  });

  it('keeps the weights: W gives back the labels, halves are complete', () => {
    const results = readResults(study.results);
    const { data, shape } = readNpy(readFileSync(join(study.results, 'parcellation', 'tokyo_W.npy')), { file: 'W' });
    expect(shape).toEqual([96, 4]);
    expect(stability(data, data, 96, 4).mean).toBeCloseTo(1, 12);
    const splits = table('splits');
    for (const cohort of ['tokyo', 'toronto']) for (const split of ['1', '2', '3']) {
      const mine = splits.filter((s) => s['cohort'] === cohort && s['split'] === split);
      expect(new Set(mine.map((s) => s['participant'])).size).toBe(results.cohorts[cohort]?.subjects);
    }
  });

  it('reuses every step when launched again, and answers the same', async () => {
    const before = readResults(study.results);
    const again = await sulcus(['run', 'study.yaml', '--json'], study.directory);
    expect(again.code).toBe(0);
    const after = readResults(study.results);
    expect(after.steps.filter((s) => s.computed).map((s) => s.step)).toEqual(['report']);
    expect(after.steps.filter((s) => s.step !== 'report').every((s) => s.reusedFrom === before.run.runId)).toBe(true);
    const { steps: _a, run: _b, ...one } = before;
    const { steps: _c, run: _d, ...two } = after;
    expect(two).toEqual(one);
  }, SLOW);

  it('computes statistics only when a covariate changes', async () => {
    const text = readFileSync(study.file, 'utf8');
    writeFileSync(study.file, text.replace('alpha: 0.05', 'alpha: 0.01'));
    const run = await sulcus(['run', 'study.yaml', '--out', 'results-alpha'], study.directory);
    writeFileSync(study.file, text);
    expect(run.code).toBe(0);
    const steps = readResults(join(study.directory, 'results-alpha')).steps;
    expect(steps.filter((s) => s.computed).map((s) => s.step)).toEqual(['statistics', 'report']);
  }, SLOW);

  it('is one execution however many launch it at once', async () => {
    const launches = Array.from({ length: 4 }, () => start(['run', 'study.yaml', '--json'], study.directory).finished);
    const ended = await Promise.all(launches);
    expect(ended.map((e) => [e.code, e.stderr.includes('    at ')])).toEqual(ended.map(() => [0, false]));
    const runs = new Set(ended.map((e) => (JSON.parse(e.stdout) as { runId: string }).runId));
    // Whoever comes after the first has finished starts a run of its own, in which everything is reused.
    expect(runs.size).toBeLessThanOrEqual(2);
    expect(isAlive(pidOf(join(study.state, 'server.json')) as number)).toBe(false);
  }, SLOW);

  it('refuses a folder that holds something else, and unknown cohorts, with exit code 2', async () => {
    const full = await sulcus(['run', 'study.yaml', '--out', 'tokyo'], study.directory);
    expect([full.code, full.stderr]).toEqual([2, expect.stringContaining('holds no sulcus result')]);
    expect(existsSync(join(study.directory, 'tokyo', 'participants.tsv'))).toBe(true);
    const unknown = await sulcus(['run', 'study.yaml', '--cohort', 'kyoto'], study.directory);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('no cohort "kyoto"')]);
  }, SLOW);
});
