/** Two runs compared: results of an example study, changed in known places. */
import { describe, expect, it } from 'vitest';
import { changeText, parameterChanges } from '../../../contracts/differences.js';
import type { ParticipantInputs } from '../../../contracts/provenance.js';
import type { StudyResults } from '../../../contracts/results.js';
import type { StudySpec } from '../../../contracts/study.js';
import { compareRuns, type RunDifference } from '../../../client/diff/index.js';
import { differenceLines } from '../../../client/diff/lines.js';
import type { ComparedRun } from '../../../client/diff/load.js';
import { wrap } from '../../../client/wrap.js';
import { completeStudy } from '../report/example.js';

const person = (id: string, more: Partial<ParticipantInputs> = {}): ParticipantInputs => ({ id, files: `files ${id}`, row: `row ${id}`, spectrum: null, ...more });
const SPEC = { study: 'acc', statistics: { alpha: 0.05, covariates: ['age', 'sex'] }, factorization: { maxIterations: 100 } } as unknown as StudySpec;
/** Six vertices a hemisphere in four components; the first is outside. */
const LABELS = { tokyo_left: '0\n1\n1\n2\n2\n3\n', tokyo_right: '0\n3\n4\n4\n4\n1\n', toronto_left: '0\n1\n1\n2\n2\n3\n', toronto_right: '0\n3\n4\n4\n4\n1\n' };

function run(change: (run: ComparedRun) => void = () => undefined): ComparedRun {
  const { results } = JSON.parse(JSON.stringify(completeStudy())) as { results: StudyResults };
  const inputs = (ids: string[]): NonNullable<ComparedRun['provenance']['inputs']>[string] => ({ dataset: 'd', spectra: null, region: 'r', metrics: ['thickness'], participants: ids.map((id) => person(id)), excluded: [] });
  const made: ComparedRun = {
    name: 'x', folder: null, results, labels: { ...LABELS },
    provenance: { run: results.run, node: 'v20', code: { opnmf: 2, statistics: 2 }, spec: SPEC, inputs: { tokyo: inputs(['T1', 'T2', 'T3']), toronto: inputs(['P1', 'P2']) }, steps: results.steps },
  };
  change(made);
  return made;
}
const difference = (change: (run: ComparedRun) => void): RunDifference => compareRuns(run(), run(change));
const text = (d: RunDifference, ids = false): string => differenceLines(d, { width: 200, ids, all: false }).join('\n');

describe('two runs of the same', () => {
  it('have no difference', () => {
    const d = difference(() => undefined);
    expect([d.sameInputs, d.sameConclusions, d.parameters, d.code]).toEqual([true, true, [], []]);
    expect(text(d)).toContain('the same, to the last digit');
  });
});

describe('inputs', () => {
  it('tell who was added, removed, has other files, another row, another spectrum', () => {
    const d = difference((b) => { b.provenance.inputs!['tokyo']!.participants = [person('T1', { files: 'other' }), person('T2', { row: 'other', spectrum: 's' }), person('T4')]; });
    const [tokyo, toronto] = d.inputs;
    expect(tokyo).toMatchObject({ added: { ids: ['T4'] }, removed: { ids: ['T3'] }, files: { ids: ['T1'] }, rows: { ids: ['T2'] }, spectra: { ids: ['T2'] } });
    expect(toronto).toMatchObject({ added: { count: 0 }, files: { count: 0 } });
    expect(d.sameInputs).toBe(false);
  });

  it('are counted, and named only on request', () => {
    const d = difference((b) => { b.provenance.inputs!['tokyo']!.participants.push(person('T4')); });
    expect(text(d)).toContain('participants: 1 added');
    expect(text(d)).not.toContain('T4');
    expect(text(d, true)).toContain('1 added (T4)');
  });

  it('with another region do not say that everybody has other files', () => {
    const d = difference((b) => { const i = b.provenance.inputs!['tokyo']!; i.region = 'other'; for (const p of i.participants) p.files += 'x'; });
    expect(d.inputs[0]).toMatchObject({ region: true, files: { count: 0 } });
  });

  it('of versions without digests are compared by number, and it says so', () => {
    const d = difference((b) => { delete b.provenance.inputs; b.results.cohorts['tokyo']!.subjects++; });
    expect(d.inputs[0]).toMatchObject({ known: false });
    expect(text(d)).toContain('a version that kept no digests');
  });

  it('tell a cohort that only one of them has', () => {
    const d = difference((b) => { delete b.results.cohorts['toronto']; delete b.provenance.inputs!['toronto']; });
    expect(text(d)).toMatch(/toronto: only in A \(79 participants\)/);
  });
});

describe('parameters and code', () => {
  it('have the names of the study file', () => {
    const d = difference((b) => { b.provenance.spec = { ...SPEC, factorization: { maxIterations: 50 }, statistics: { alpha: 0.05, covariates: ['age'] } } as unknown as StudySpec; b.provenance.code = { opnmf: 3, statistics: 2 }; });
    expect(d.parameters.map(changeText)).toEqual(['statistics.covariates: [age, sex] -> [age]', 'factorization.max_iterations: 100 -> 50']);
    expect(d.code.map(changeText)).toEqual(['opnmf: 2 -> 3']);
  });
});

describe('conclusions', () => {
  const significantRow = (r: StudyResults): StudyResults['cohorts'][string]['ancova'][number] => r.cohorts['tokyo']!.ancova.find((row) => row.pAdjusted !== null && row.pAdjusted < r.parameters.alpha)!;

  it('name every test that became significant or ceased to be, and count those that moved', () => {
    const row = significantRow(run().results), name = `ancova · tokyo · ${row.metric} ${row.component}`;
    const lost = difference((b) => { Object.assign(significantRow(b.results), { p: 0.5, pAdjusted: 0.5 }); });
    expect(lost.conclusions.tests!.disappeared).toEqual([{ name, kind: 'ancova', cohort: 'tokyo', before: row.pAdjusted, now: 0.5 }]);
    expect(text(lost)).toContain(`- ${name}`);
    const gained = compareRuns(run((a) => { Object.assign(significantRow(a.results), { p: 0.5, pAdjusted: 0.5 }); }), run());
    expect(gained.conclusions.tests!.appeared.map((t) => t.name)).toEqual([name]);
    const moved = difference((b) => { Object.assign(significantRow(b.results), { pAdjusted: row.pAdjusted! / 2 }); });
    expect(moved.conclusions.tests!).toMatchObject({ appeared: [], disappeared: [], moved: [{ name }] });
    expect(moved.sameConclusions).toBe(false);
  });

  it('tell rank, stability across the threshold, Rand and replicated indices', () => {
    const d = difference((b) => {
      b.results.cohorts['tokyo']!.ranks[0]!.stability.mean = 0.5;
      b.results.matching[0]!.ari = 0.123;
      b.results.replicated = [...b.results.replicated.slice(1), { component: 4, metric: 'new' }];
    });
    expect(d.conclusions.stability).toEqual([expect.objectContaining({ cohort: 'tokyo', rank: 2, now: 0.5, crossed: true })]);
    expect(d.conclusions.rand[0]).toMatchObject({ now: 0.123 });
    expect(d.conclusions.replicated).toMatchObject({ gained: [{ component: 4, metric: 'new' }], lost: [run().results.replicated[0]] });
  });

  it('of another rank are not compared component by component', () => {
    const d = difference((b) => { b.results.rank.chosen = 5; });
    expect([d.conclusions.tests, d.conclusions.replicated]).toEqual([null, null]);
    expect(text(d)).toContain('cannot be compared one by one');
  });

  it('follow components that are numbered differently: the same results under other numbers are no difference', () => {
    const swap = (k: number): number => (k === 1 ? 2 : k === 2 ? 1 : k);
    const d = difference((b) => {
      for (const name of Object.keys(b.labels)) b.labels[name] = b.labels[name]!.split('\n').map((l) => (l === '' ? l : String(swap(Number(l))))).join('\n');
      for (const c of Object.values(b.results.cohorts)) for (const rows of [c.ancova, c.pairs, c.clinical, c.glx!.models, c.glx!.partial, c.glx!.clinical]) for (const row of rows) if (row.component !== null) row.component = swap(row.component);
      b.results.replicated = b.results.replicated.map((r) => ({ ...r, component: swap(r.component) }));
    });
    expect(d.conclusions.parcellations).toMatchObject({ numbering: [2, 1, 3, 4], cohorts: [{ cohort: 'tokyo', ari: 1, vertices: 10 }, { cohort: 'toronto', ari: 1 }] });
    expect(d.sameConclusions).toBe(true);
  });

  it('say how alike the parcellations are', () => {
    const d = difference((b) => { b.labels['tokyo_left'] = '0\n2\n1\n2\n1\n3\n'; });
    const [tokyo, toronto] = d.conclusions.parcellations.cohorts;
    expect(tokyo!.ari).toBeLessThan(1);
    expect(toronto!.ari).toBe(1);
  });
});

describe('lines', () => {
  it('fit the terminal', () => {
    const d = difference((b) => { b.provenance.spec = { ...SPEC, study: 'another name', statistics: { alpha: 0.01, covariates: ['age', 'sex', 'education', 'handedness', 'intracranial volume'] } } as unknown as StudySpec; b.results.rank.chosen = 5; });
    for (const width of [80, 120]) for (const line of differenceLines(d, { width, ids: true, all: true })) expect(line.length, line).toBeLessThanOrEqual(width);
  });

  it('are broken between words, and hang under their beginning', () => {
    expect(wrap('one two three four', 9, 2)).toEqual(['  one two', '    three', '    four']);
    expect(wrap('  - a b', 6)).toEqual(['  - a', '    b']);
  });
});

describe('parameterChanges', () => {
  it('goes into objects and named lists, takes plain lists whole, and null as not set', () => {
    const before = { a: { b: 1, c: null }, list: [1, 2], clinical: [{ measure: 'panss', groups: ['X'] }], gone: true };
    const now = { a: { b: 2 }, list: [2], clinical: [{ measure: 'panss', groups: ['Y'] }] };
    expect(parameterChanges(before, now).map(changeText)).toEqual(['a.b: 1 -> 2', 'list: [1, 2] -> [2]', 'clinical.panss.groups: [X] -> [Y]', 'gone: true -> none']);
    expect(parameterChanges({ x: { b: 1, a: 2 } }, { x: { a: 2, b: 1 } })).toEqual([]);
  });

  it('tells lists of another length by their length', () => {
    expect(parameterChanges({ m: [{ name: 'a' }] }, { m: [{ name: 'a' }, { name: 'b' }] }).map(changeText)).toEqual(['m: 1 -> 2 entries']);
  });
});
