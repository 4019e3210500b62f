import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../analysis/random.js';
import { ancova, estimatedMarginalMeans, linearModel, pairwisePooled, pairwiseSubset, partialCorrelation, runStudyStatistics, takeRows, termTest, type Pair, type StudyStatisticsInput, type Table } from '../../../analysis/statistics/index.js';
import { makeSpectra, makeStudy, strongEffect } from './support.js';

const GATED = [[1, 'thickness'], [2, 'thickness'], [1, 'md'], [2, 'md']];

/** Two cohorts with effects, spectra, clinical columns, and one missing age. */
function fullStudy(seed: string): StudyStatisticsInput {
  const study = makeStudy(seed, strongEffect), random = createRandom(`${seed}/more`);
  for (const cohort of study.cohorts) {
    const group = cohort.participants['group']!;
    const among = (groups: string[], value: () => number): (number | null)[] => group.map((g) => (groups.includes(String(g)) ? value() : null));
    cohort.spectra = makeSpectra(random, cohort);
    cohort.participants['panss_positive'] = among(['FLR', 'TRS', 'CLZ', 'UTRS'], () => Math.round(15 + 5 * random.normal()));
    cohort.participants['rbans_total'] = group.map(() => 90 + 10 * random.normal());
    cohort.participants['clozapine_dose'] = among(['CLZ', 'UTRS'], () => Math.round(300 + 80 * random.normal()));
    cohort.participants['hand'] = group.map(() => (random.uniform() < 0.1 ? 'left' : 'right'));
  }
  study.clinical = [{ measure: 'panss_positive', groups: ['TRS', 'UTRS'] }, { measure: 'rbans_total', groups: 'patients' }, { measure: 'clozapine_dose', groups: ['CLZ', 'UTRS'] }];
  study.demographics = ['hand'];
  study.cohorts[0]!.participants['age'] = study.cohorts[0]!.participants['age']!.map((v, i) => (i === 40 ? null : v));
  return study;
}
const study = fullStudy('study');
const output = runStudyStatistics(study);
const values = (cohort: number, component: number, metric: string): (number | null)[] => study.cohorts[cohort]!.indices.find((i) => i.component === component && i.metric === metric)!.values;
const table = (cohort: number, component: number, metric: string): Table => {
  const input = study.cohorts[cohort]!;
  return { ...input.participants, y: values(cohort, component, metric), glx: input.spectra!.rows.map((r) => r.concentration) };
};
const order = [['HC', 'FLR', 'TRS'], ['HC', 'FLR', 'CLZ', 'UTRS']];
const options = (cohort: number): { levels: Record<string, string[]> } => ({ levels: { group: order[cohort]! } });

describe('the eight steps', () => {
  it('gate: the four indices with an effect, and only what is significant in both cohorts', () => {
    expect(output.replicated.map((r) => [r.component, r.metric])).toEqual(GATED);
    for (const { component, metric } of output.replicated) {
      for (const { ancova: rows } of Object.values(output.cohorts)) {
        const row = rows.find((r) => r.component === component && r.metric === metric)!;
        expect(row.pAdjusted!).toBeLessThan(0.05);
        expect(row.significant).toBe(true);
      }
    }
  });

  it('group effects are those of the formula, one family of 16 a cohort, covariates from the same model', () => {
    ['tokyo', 'toronto'].forEach((name, c) => {
      const { ancova: rows, covariates } = output.cohorts[name]!;
      expect(rows).toHaveLength(16);
      expect(covariates).toHaveLength(32);
      for (const row of rows) {
        const model = ancova(table(c, row.component, row.metric), { response: 'y', terms: ['group', 'age', 'sex'] }, options(c));
        const { F, df1, df2, p, partialEtaSquared } = termTest(model, 'group');
        expect(row).toMatchObject({ n: c === 0 ? 72 : 79, F, df1, df2, p, partialEtaSquared, familySize: 16, family: `ancova/${name}` });
        const { means } = estimatedMarginalMeans(table(c, row.component, row.metric), { response: 'y', terms: ['group', 'age', 'sex'] }, 'group', options(c));
        expect(row.marginalMeans).toEqual(means.map(({ group, n, mean, se }) => ({ group, n, mean, se })));
        const age = termTest(model, 'age');
        expect(covariates.find((v) => v.component === row.component && v.metric === row.metric && v.term === 'age')).toEqual({ component: row.component, metric: row.metric, term: 'age', F: age.F, df1: 1, df2: age.df2, p: age.p });
      }
    });
  });

  it('pairs of gated indices by the chosen method, the other method beside them', () => {
    ['tokyo', 'toronto'].forEach((name, c) => {
      const { pairs, pairsAlternative } = output.cohorts[name]!, each = c === 0 ? 3 : 6;
      expect(pairs).toHaveLength(4 * each);
      expect(pairsAlternative).toHaveLength(4 * each);
      const spec = { response: 'y', group: 'group', covariates: ['age', 'sex'], order: order[c]! };
      const mine = pairs.filter((p) => p.component === 2 && p.metric === 'md'), numbers = (rows: Pick<Pair, 'a' | 'b' | 'n' | 'estimate' | 'se' | 't' | 'df' | 'p'>[]): unknown[] => rows.map(({ a, b, n, estimate, se, t, df, p }) => ({ a, b, n, estimate, se, t, df, p }));
      expect(numbers(mine)).toEqual(numbers(pairwiseSubset(table(c, 2, 'md'), spec)));
      const other = pairsAlternative.filter((p) => p.component === 2 && p.metric === 'md');
      expect(numbers(other)).toEqual(numbers(pairwisePooled(table(c, 2, 'md'), spec)));
      expect(new Set([...mine, ...other].map((p) => `${p.method} ${p.family} ${p.familySize}`))).toEqual(new Set([`subset pairs/${name}/c2/md ${each}`, `pooled pairs/${name}/c2/md/pooled ${each}`]));
      expect(mine[0]).toMatchObject({ a: 'FLR', b: 'HC' });
      expect(mine[0]!.estimate!).toBeGreaterThan(0);                                        // diffusivity increased in patients
    });
  });

  it('Glx models, interactions and partial r are three families over the gated indices', () => {
    ['tokyo', 'toronto'].forEach((name, c) => {
      const glx = output.cohorts[name]!.glx!;
      expect([glx.models.length, glx.partial.length]).toEqual([4, 4]);
      const model = ancova(table(c, 1, 'md'), { response: 'y', terms: ['glx', 'group', 'age', 'sex', ['glx', 'group']] }, options(c));
      const row = glx.models.find((m) => m.component === 1 && m.metric === 'md')!;
      const [term, interaction] = [termTest(model, 'glx'), termTest(model, 'glx:group')];
      expect(row).toMatchObject({ type: 'II', n: c === 0 ? 72 : 79, glx: { F: term.F, df2: term.df2, p: term.p, familySize: 4, family: `glx/${name}` }, interaction: { F: interaction.F, df1: order[c]!.length - 1, p: interaction.p, familySize: 4, family: `glx-interaction/${name}` } });
      const partial = glx.partial.find((m) => m.component === 1 && m.metric === 'md')!, { r, df, t, p } = partialCorrelation(table(c, 1, 'md'), 'y', 'glx', ['age', 'sex']);
      expect(partial).toMatchObject({ r, df, t, p, familySize: 4, family: `glx-partial/${name}`, glxTermSignificant: row.glx.pAdjusted! < 0.05 });
      expect(df).toBe(partial.n - 4);
      expect(glx.groupPairs).toHaveLength(c === 0 ? 3 : 6);
      expect(new Set(glx.groupPairs.map((q) => `${q.component} ${q.metric} ${q.family} ${q.method}`))).toEqual(new Set([`null glx glx-pairs/${name} subset`]));
      expect(glx.group).toMatchObject({ df1: order[c]!.length - 1, familySize: 1, pAdjusted: glx.group!.p });
    });
  });

  it('type III is an option', () => {
    const row = runStudyStatistics({ ...study, statistics: { ...study.statistics, glxType: 'III', pairwise: 'pooled' } }).cohorts['tokyo']!;
    const model = ancova(table(0, 1, 'md'), { response: 'y', terms: ['glx', 'group', 'age', 'sex', ['glx', 'group']] }, { ...options(0), type: 'III' });
    expect(row.glx!.models.find((m) => m.component === 1 && m.metric === 'md')).toMatchObject({ type: 'III', glx: { F: termTest(model, 'glx').F } });
    expect([row.pairs[0]!.method, row.pairsAlternative[0]!.method, row.glx!.groupPairs[0]!.method]).toEqual(['pooled', 'subset', 'pooled']);
  });

  it('clinical models in the groups of each measure; absent groups are skipped', () => {
    const { tokyo, toronto } = output.cohorts as Record<'tokyo' | 'toronto', typeof output.cohorts[string]>;
    const rows = toronto.clinical.filter((r) => r.component === 1 && r.metric === 'md');
    expect(rows.map((r) => [r.measure, r.groups, r.n, r.familySize, r.family])).toEqual([
      ['panss_positive', ['UTRS'], 21, 3, 'clinical/toronto/c1/md'], ['rbans_total', ['FLR', 'CLZ', 'UTRS'], 53, 3, 'clinical/toronto/c1/md'], ['clozapine_dose', ['CLZ', 'UTRS'], 36, 3, 'clinical/toronto/c1/md'],
    ]);
    expect(tokyo.clinical.filter((r) => r.component === 1 && r.metric === 'md').map((r) => [r.measure, r.groups, r.familySize])).toEqual([['panss_positive', ['TRS'], 2], ['rbans_total', ['FLR', 'TRS'], 2]]);
    const data = table(1, 1, 'md'), members = data['group']!.flatMap((g, i) => (g === 'UTRS' ? [i] : []));
    const { estimate, se, t, df, p } = linearModel(takeRows(data, members), { response: 'y', terms: ['panss_positive', 'age', 'sex'] }).coefficients[1]!;
    expect(rows[0]).toMatchObject({ beta: estimate, se, t, df, p });
    expect(toronto.glx!.clinical.map((r) => [r.component, r.metric, r.measure, r.family, r.familySize])).toEqual(['panss_positive', 'rbans_total', 'clozapine_dose'].map((m) => [null, 'glx', m, 'clinical/toronto/glx', 3]));
  });

  it('demographics over the groups that have data', () => {
    const rows = output.cohorts['toronto']!.demographics;
    expect(rows.map((r) => [r.variable, r.test])).toEqual([['age', 'anova'], ['sex', 'chi-square'], ['hand', 'chi-square'], ['panss_positive', 'anova'], ['rbans_total', 'anova'], ['clozapine_dose', 'anova']]);
    expect(Object.keys(rows[5]!.groups)).toEqual(['CLZ', 'UTRS']);
    expect(rows[0]).toMatchObject({ n: 79, df1: 3, df2: 75 });
    expect(rows[2]!.fisherP).toBeGreaterThan(0);
    expect(rows[5]).toMatchObject({ n: 36, df1: 1, df2: 34 });
    // A measure none of whose groups is in the cohort is not asked for there.
    expect(output.cohorts['tokyo']!.demographics.map((r) => r.variable)).not.toContain('clozapine_dose');
  });

  it('missing covariates are told without ids, and the output is JSON', () => {
    expect(output.doubts).toContain('tokyo: 1 of 73 participants is without age and left out of every model that has it.');
    expect(output.doubts.join()).not.toMatch(/sub-/);
    expect(JSON.parse(JSON.stringify(output))).toEqual(output);
  });
});

describe('quality of spectra', () => {
  it('limits are excluded at the limit, problems block, absences too', () => {
    const changed = fullStudy('quality'), [tokyo] = changed.cohorts, rows = tokyo!.spectra!.rows;
    Object.assign(rows[0]!, { snr: 10 });
    Object.assign(rows[1]!, { fwhmHz: 10, sdPercent: 20 });
    Object.assign(rows[2]!, { snr: 10.01, fwhmHz: 9.99, sdPercent: 19 });
    Object.assign(rows[3]!, { problems: ['diagnostic'] });
    Object.assign(rows[4]!, { concentration: null, snr: null, fwhmHz: null, sdPercent: null, problems: ['missing'] });
    Object.assign(rows[5]!, { concentration: null, problems: ['tissue'] });
    Object.assign(rows[6]!, { snr: null });
    rows.splice(7, 1);
    const glx = runStudyStatistics(changed).cohorts['tokyo']!.glx!;
    expect(glx.excluded.map((e) => [e.id, e.reasons])).toEqual([
      ['sub-tokyo1', ['snr']], ['sub-tokyo2', ['fwhm', 'sd']], ['sub-tokyo4', ['diagnostic']], ['sub-tokyo5', ['missing']], ['sub-tokyo6', ['tissue']], ['sub-tokyo7', ['unreadable']], ['sub-tokyo8', ['missing']],
    ]);
    expect(glx.n).toBe(73 - 7);
    expect(glx.models.every((m) => m.n === 65)).toBe(true);                                  // one age is missing
  });
});

describe('what cannot be computed', () => {
  const deepNumbers = (value: unknown): number[] => (typeof value === 'number' ? [value] : value !== null && typeof value === 'object' ? Object.values(value).flatMap(deepNumbers) : []);

  it('is a row of nulls with a reason, a smaller family and a doubt', () => {
    const broken = fullStudy('broken'), [tokyo, toronto] = broken.cohorts;
    tokyo!.indices[0]!.values = tokyo!.indices[0]!.values.map(() => 2.5);
    toronto!.indices[1]!.values = toronto!.indices[1]!.values.map(() => null);
    const result = runStudyStatistics(broken);
    const row = result.cohorts['tokyo']!.ancova[0]!;
    expect(row).toMatchObject({ n: 72, F: null, p: null, pAdjusted: null, familySize: 15, significant: false, marginalMeans: null });
    expect(row.reason).toContain('thickness of component 1');
    expect(result.cohorts['tokyo']!.ancova[1]!.familySize).toBe(15);
    expect(result.cohorts['toronto']!.ancova[1]).toMatchObject({ n: 0, p: null, familySize: 15 });
    expect(result.replicated.map((r) => [r.component, r.metric])).toEqual([[1, 'md'], [2, 'md']]);
    expect(result.doubts.some((d) => d.startsWith('tokyo: group effects could not be computed') && d.includes('same value'))).toBe(true);
    expect(deepNumbers(result).every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['sex', (s: StudyStatisticsInput) => { for (const c of s.cohorts) c.participants['sex'] = c.participants['sex']!.map(() => 'male'); }, "'sex' has only the level 'male'"],
    ['age', (s: StudyStatisticsInput) => { for (const c of s.cohorts) c.participants['age'] = c.participants['age']!.map(() => null); }, "column 'age' has no value"],
    ['age as text', (s: StudyStatisticsInput) => { for (const c of s.cohorts) c.participants['age'] = c.participants['age']!.map(() => 'old'); }, "column 'age' is not numeric"],
    ['iq', (s: StudyStatisticsInput) => { s.statistics.covariates = ['age', 'iq']; }, "no column 'iq'"],
    ['group', (s: StudyStatisticsInput) => { for (const c of s.cohorts) c.participants['group'] = c.participants['group']!.map(() => 'HC'); }, "'group' has only the level 'HC'"],
  ])('a spoilt covariate (%s) spoils every model, and is said', (_, spoil, reason) => {
    const broken = fullStudy('spoilt');
    spoil(broken);
    const result = runStudyStatistics(broken);
    for (const cohort of Object.values(result.cohorts)) {
      expect(cohort.ancova.every((row) => row.p === null && row.reason!.includes(reason) && row.familySize === 0)).toBe(true);
      expect(cohort.glx!.groupPairs.every((row) => row.p === null && row.reason !== undefined)).toBe(true);
    }
    expect(result.replicated).toEqual([]);
    expect(deepNumbers(result).every(Number.isFinite)).toBe(true);
  });

  it('one pair without women has a reason, the others their p, in a family of two', () => {
    const study = makeStudy('women', strongEffect), [tokyo] = study.cohorts;
    tokyo!.participants['sex'] = tokyo!.participants['group']!.map((g, i) => (g === 'HC' && i % 2 === 0 ? 'female' : 'male'));
    const rows = runStudyStatistics({ ...study, cohorts: [tokyo!] }).cohorts['tokyo']!.pairs.filter((p) => p.component === 1 && p.metric === 'md');
    expect(rows.map((r) => [r.a, r.b, r.p !== null, r.familySize])).toEqual([['FLR', 'HC', true, 2], ['TRS', 'HC', true, 2], ['TRS', 'FLR', false, 2]]);
    expect(rows[2]).toMatchObject({ n: 47, reason: expect.stringContaining("'sex' has only the level 'male'") as string });
  });

  it('a listed group without participants is dropped; a group of one has no Glx slope', () => {
    const changed = fullStudy('tiny'), [tokyo] = changed.cohorts;
    tokyo!.groups.push('ABSENT');
    let kept = 0;
    tokyo!.participants['group'] = tokyo!.participants['group']!.map((g) => (g !== 'FLR' ? g : kept++ === 0 ? g : 'unlisted'));
    const result = runStudyStatistics({ ...changed, cohorts: [tokyo!] }), rows = result.cohorts['tokyo']!;
    expect(rows.ancova[0]).toMatchObject({ n: 50, df1: 2 });
    expect(rows.glx!.models[0]!.reason).toContain("group 'FLR'");
    expect(rows.demographics[0]!.groups['FLR']).toMatchObject({ n: 1, sd: null });
    expect(result.doubts.join(' ')).toMatch(/group FLR has one participant.*group ABSENT has no participant/);
    expect(result.doubts.join(' ')).toContain('23 of 73 participants are in no listed group');
  });

  it('one cohort: its own significance is the gate, and that is a doubt', () => {
    const result = runStudyStatistics({ ...study, cohorts: [study.cohorts[1]!] });
    expect(result.replicated).toEqual(result.cohorts['toronto']!.ancova.filter((r) => r.significant).map(({ component, metric }) => ({ component, metric })));
    expect(result.doubts[0]).toContain('one cohort');
  });

  it('three cohorts: one without the effect closes the gate', () => {
    const third = { ...makeStudy('third').cohorts[0]!, name: 'kyoto' };
    const result = runStudyStatistics({ ...study, cohorts: [...study.cohorts, third] });
    expect(result.replicated).toEqual([]);
    expect(result.cohorts['kyoto']!.pairs).toEqual([]);
  });

  it('no spectra and no clinical measures: absent, not failed', () => {
    const { cohorts, doubts } = runStudyStatistics(makeStudy('plain', strongEffect));
    expect(cohorts['tokyo']).toMatchObject({ glx: null, clinical: [] });
    expect(doubts).toEqual([]);
  });
});
