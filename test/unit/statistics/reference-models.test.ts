/** Every number against R (lm, car::Anova, emmeans) on an unbalanced set of 58: fixtures/expected.R has the calls. */
import { describe, expect, it } from 'vitest';
import { adjustFamily, ancova, linearModel, marginalMeans, oneWayAnova, pairwisePooled, pairwiseSubset, partialCorrelation, termTest, type AncovaOptions, type Pair, type Term } from '../../../analysis/statistics/index.js';
import { relativeError, tsv, want } from './support.js';

const data = tsv('unbalanced.tsv');
const order = ['HC', 'FLR', 'CLZ', 'TRS'];
const options = { levels: { group: order } };
const MAIN: Term[] = ['group', 'age', 'sex'];
const FULL: Term[] = ['glx', 'group', 'age', 'sex', ['glx', 'group']];
const CROSSED: Term[] = ['group', 'sex', 'age', ['group', 'sex']];
const table = (terms: Term[], type: NonNullable<AncovaOptions['type']>): number[] => {
  const model = ancova(data, { response: 'md', terms }, { ...options, type });
  return terms.flatMap((term) => {
    const { sumOfSquares, df1, F, p } = termTest(model, typeof term === 'string' ? term : term.join(':'));
    return [sumOfSquares, df1, F, p];
  });
};
const means = (terms: Term[], weights: 'equal' | 'outer' = 'equal'): number[] => {
  const model = ancova(data, { response: 'md', terms }, options);
  return marginalMeans({ ...model.prepared, fit: model.fit }, 'group', weights).flatMap(({ mean, se }) => [mean, se]);
};
const pairNumbers = (pairs: Pair[]): number[] => pairs.flatMap(({ estimate, se, t, df, p }) => [estimate!, se!, t!, df!, p!]);

describe('analysis of covariance (response about 7e-4)', () => {
  it.each([
    ['type2.main', MAIN, 'II'], ['type1.full', FULL, 'I'], ['type2.full', FULL, 'II'], ['type3.full', FULL, 'III'],
    ['type2.crossed', CROSSED, 'II'], ['type3.crossed', CROSSED, 'III'],
  ] as const)('%s: sums of squares, df, F, p', (key, terms, type) => {
    expect(relativeError(table([...terms], type), want(key))).toBeLessThan(1e-9);
  });

  it('II and III agree without an interaction and differ with one', () => {
    expect(relativeError(table(MAIN, 'III'), table(MAIN, 'II'))).toBeLessThan(1e-10);
    expect(relativeError(table(FULL, 'III'), table(FULL, 'II'))).toBeGreaterThan(0.1);
  });

  it('residual sum of squares, df and partial eta squared', () => {
    const model = ancova(data, { response: 'md', terms: MAIN }, options);
    expect(relativeError([model.fit.residual, model.fit.dfResidual], want('type2.main.residual'))).toBeLessThan(1e-11);
    const [ss] = want('type2.main'), [rss] = want('type2.main.residual');
    expect(termTest(model, 'group').partialEtaSquared).toBeCloseTo(ss! / (ss! + rss!), 11);
  });
});

describe('marginal means and pairs', () => {
  it.each([['emm.main', MAIN, 'equal'], ['emm.main.outer', MAIN, 'outer'], ['emm.crossed', CROSSED, 'equal'], ['emm.crossed.outer', CROSSED, 'outer'], ['emm.full', FULL, 'equal']] as const)('%s: means and standard errors', (key, terms, weights) => {
    expect(relativeError(means([...terms], weights), want(key))).toBeLessThan(1e-11);
  });

  it('pooled pairs are emmeans contrasts, subset pairs refitted ANCOVAs; BH as p.adjust', () => {
    const spec = { response: 'md', group: 'group', covariates: ['age', 'sex'], order };
    expect(relativeError(pairNumbers(pairwisePooled(data, spec)), want('pairs.pooled'))).toBeLessThan(1e-9);
    const subset = pairwiseSubset(data, spec);
    expect(relativeError(pairNumbers(subset), want('pairs.subset'))).toBeLessThan(1e-9);
    expect(relativeError(adjustFamily(subset.map((p) => p.p)).adjusted as number[], want('pairs.subset.bh'))).toBeLessThan(1e-9);
    for (const { a, b, n, df } of subset) {
      expect([b, a]).toEqual([b, a].sort((x, y) => order.indexOf(x) - order.indexOf(y)));
      expect(df).toBe(n - 4);
    }
  });
});

describe('linear model, partial correlation, one-way ANOVA', () => {
  it('coefficients, standard errors, t, p, sigma, R squared and overall F', () => {
    const model = linearModel(data, { response: 'md', terms: ['glx', 'age', 'sex'] });
    expect(model.coefficients.map((c) => c.name)).toEqual(['(intercept)', 'glx', 'age', 'sex[male]']);
    expect(relativeError(model.coefficients.flatMap(({ estimate, se, t, p }) => [estimate, se, t, p]), want('lm.glx'))).toBeLessThan(1e-9);
    expect(relativeError([model.sigma, model.rSquared, model.overall!.F, model.overall!.df1, model.overall!.df2], want('lm.glx.fit'))).toBeLessThan(1e-11);
  });

  it('partial correlation given age and sex', () => {
    const { r, df, t, p } = partialCorrelation(data, 'md', 'glx', ['age', 'sex']);
    expect(relativeError([r, df, t, p], want('partial'))).toBeLessThan(1e-10);
  });

  it('one-way ANOVA of age', () => {
    const { F, df1, df2, p } = oneWayAnova(data, 'age', 'group', order);
    expect(relativeError([F, df1, df2, p], want('oneway.age'))).toBeLessThan(1e-10);
  });
});
