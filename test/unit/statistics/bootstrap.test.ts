/** Weighted refits against refits of repeated rows, and the bootstrap: same seed same numbers, nothing dropped in silence, intervals that cover. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../analysis/random.js';
import { bootstrap, type Resampled } from '../../../analysis/statistics/bootstrap.js';
import { ancova, partialCorrelation, pairwiseSubset, prepareAncova, takeRows, termTest, type Table } from '../../../analysis/statistics/index.js';
import { designRow } from '../../../analysis/statistics/reference-grid.js';
import { directionOf, prepareRefits } from '../../../analysis/statistics/refit.js';
import { bootstrapCohort } from '../../../analysis/statistics/study/bootstrap.js';
import { relativeError, makeSpectra, makeStudy, strongEffect, tsv } from './support.js';

const people = tsv('beyond/people.tsv'), n = people['md']!.length;
const terms = ['group', 'age', 'sex'], levels = { group: ['HC', 'FLR', 'CLZ', 'TRS'] };
const counts = (seed: string): number[] => { const r = createRandom(seed), c = new Array<number>(n).fill(0); for (let i = 0; i < n; i++) c[r.integer(n)]!++; return c; };
const repeated = (c: number[]): Table => takeRows(people, c.flatMap((times, i) => Array.from({ length: times }, () => i)));

describe('refits with counts', () => {
  it('give what a fit of the repeated rows gives: contrast, F of group, for two responses, to 1e-10', () => {
    const prepared = prepareAncova(people, terms, { levels }), test = prepared.tests.find((t) => t.term.name === 'group')!, f = test.factorisation;
    const refits = prepareRefits(f, ['md', 'glx'].map((name) => Float64Array.from(people[name] as number[])), ['md', 'glx']);
    const at = designRow(prepared.design, { group: 'TRS' }), from = designRow(prepared.design, { group: 'HC' });
    const direction = directionOf(prepared.factorisation, at.map((v, j) => v - from[j]!)), straight = prepareRefits(prepared.factorisation, [Float64Array.from(people['md'] as number[])], ['md']);
    for (const seed of ['a', 'b', 'c', 'd']) {
      const c = counts(seed), again = repeated(c);
      expect(refits.refit(c)).toBe(true);
      expect(straight.refit(c)).toBe(true);
      const first = f.ends[test.block - 1]!;
      for (const [r, response] of ['md', 'glx'].entries()) {
        const wanted = termTest(ancova(again, { response, terms }, { levels }), 'group');
        expect(relativeError([refits.squares(r, first, first + 3), refits.squares(r, first, first + 3) / (refits.squares(r, first, first + 3) + refits.residualProduct(r, r))], [wanted.sumOfSquares, wanted.partialEtaSquared])).toBeLessThan(1e-9);
      }
      // the adjusted difference of the pooled model: its coefficient, group HC being the reference
      const model = prepareAncova(again, terms, { levels }, []);
      const other = prepareRefits(model.factorisation, [Float64Array.from(again['md'] as number[])], ['md']);
      other.refit(new Array<number>(n).fill(1));
      expect(straight.estimate(direction, 0) / other.estimate(directionOf(model.factorisation, at.map((v, j) => v - from[j]!)), 0)).toBeCloseTo(1, 9);
    }
  });

  it('see a column that has become dependent', () => {
    const prepared = prepareAncova(people, terms, { levels }), refits = prepareRefits(prepared.factorisation, [Float64Array.from(people['md'] as number[])], ['md']);
    expect(refits.refit(people['sex']!.map((s) => (s === 'male' ? 1 : 0)))).toBe(false);
    expect(refits.refit(people['sex']!.map(() => 1))).toBe(true);
  });
});

/** The mean of some numbers in one or more strata. */
const meanOf = (values: number[], strata = [values.map((_, i) => i)], stream = 'mean'): Resampled => ({
  stream, strata: strata.map((rows, i) => ({ name: `g${i}`, rows })), statistics: 1,
  evaluate: (c, out) => { let s = 0, m = 0; values.forEach((v, i) => { s += c[i]! * v; m += c[i]!; }); out[0] = s / m; },
});
const options = { resamples: 400, seed: 7, confidence: 0.95 };

describe('bootstrap', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];

  it('gives the same for the same seed and stream, and something else for others', () => {
    const found = (stream: string, seed = 7): string => JSON.stringify(bootstrap(meanOf(values, undefined, stream), { ...options, seed }));
    expect(found('x')).toBe(found('x'));
    expect(new Set([found('x'), found('y'), found('x', 8)]).size).toBe(3);
  });

  it('keeps the size of every stratum', () => {
    const strata = [[0, 1, 2, 3], [4, 5, 6, 7, 8, 9, 10, 11]], sizes = new Set<string>();
    const set = { ...meanOf(values, strata) }, evaluate = set.evaluate;
    set.evaluate = (c, out) => { sizes.add(strata.map((rows) => rows.reduce((s, i) => s + c[i]!, 0)).join()); evaluate(c, out); };
    bootstrap(set, { ...options, resamples: 50 });
    expect(sizes).toEqual(new Set(['4,8', '3,8', '4,7']));        // resamples, and one row left out of either stratum
  });

  it('counts degenerate resamples, and gives no interval when they are many', () => {
    const withGaps = (share: number): Resampled => { const set = meanOf(values); return { ...set, evaluate: (c, out) => { set.evaluate(c, out); const m = c.reduce((a, b) => a + b, 0); if (m === 12 && c[0] === 0 && c.reduce((h, v, i) => (h * 31 + v * (i + 1)) % 1000, 7) < 1000 * share) out[0] = NaN; } }; };
    const few = bootstrap(withGaps(0.1), options)![0]!, many = bootstrap(withGaps(0.9), options)![0]!;
    expect(few.degenerate).toBeGreaterThan(0);
    expect(few.interval).not.toBeNull();
    expect(few.resamples).toBe(400);
    expect(many.interval).toBeNull();
    expect(many.reason).toBe(`${many.degenerate} of 400 resamples could not be fitted`);
  });

  it('has a reason where there is no interval: a tiny stratum, an estimate that needs one row, no variation', () => {
    expect(bootstrap(meanOf(values, [[0, 1], [2, 3, 4]]), options)![0]).toMatchObject({ interval: null, reason: "group 'g0' has 2 rows: resampling it says nothing about its spread" });
    const needs = meanOf(values);
    expect(bootstrap({ ...needs, evaluate: (c, out) => { needs.evaluate(c, out); if (c[3] === 0 && c.reduce((a, b) => a + b, 0) === 11) out[0] = NaN; } }, options)![0]!.reason).toContain('rests on a single row');
    expect(bootstrap(meanOf([2, 2, 2, 2]), options)![0]!.reason).toBe('every resample gives the same estimate');
  });

  it('stops when asked', () => {
    const seen: number[] = [];
    expect(bootstrap(meanOf(values), { ...options, onProgress: (done) => { seen.push(done); return done < 200; } })).toBeNull();
    expect(seen).toEqual([0, 100, 200]);
  });

  it('covers: 95 % intervals of the mean of 25 exponential values hold the truth in 87 to 97 % of 300 samples, and reach further to the long side', () => {
    const random = createRandom('coverage');
    let inside = 0, longer = 0;
    for (let s = 0; s < 300; s++) {
      const x = Array.from({ length: 25 }, () => -Math.log(1 - random.uniform()));
      const { estimate, interval } = bootstrap(meanOf(x, undefined, `cover/${s}`), { ...options, resamples: 500 })![0]!;
      const { low, high } = interval!;
      if (low <= 1 && high >= 1) inside++;
      if (high - estimate > estimate - low) longer++;
    }
    expect(inside / 300).toBeGreaterThan(0.87);
    expect(inside / 300).toBeLessThan(0.97);
    expect(longer / 300).toBeGreaterThan(0.9);
  });
});

describe('bootstrap of a cohort', () => {
  const study = makeStudy(11, strongEffect), cohort = { ...study.cohorts[0]!, spectra: makeSpectra(createRandom(5), study.cohorts[0]!) };
  const gated = [{ component: 1, metric: 'thickness' }, { component: 2, metric: 'md' }];
  const run = (input = cohort, chosen = gated, seed = 3) => bootstrapCohort(input, study.statistics, chosen, { resamples: 300, seed, confidence: 0.95 })!;
  const all = run();

  it('has every pair of every gated index and of Glx by both methods, and every partial correlation', () => {
    expect(all.pairs).toHaveLength(3 * (2 + 1) * 2);
    expect(all.partial.map((row) => row.metric)).toEqual(['thickness', 'md']);
    for (const { interval } of [...all.pairs, ...all.partial]) expect(interval.low! < interval.high!, interval.reason).toBe(true);
  });

  it('is about the estimate of the test itself', () => {
    const { values } = cohort.indices.find((i) => i.component === 1 && i.metric === 'thickness')!;
    const table: Table = { ...cohort.participants, y: values };
    for (const pair of pairwiseSubset(table, { response: 'y', group: 'group', covariates: ['age', 'sex'], order: ['HC', 'FLR', 'TRS'] })) {
      const { interval } = all.pairs.find((f) => f.metric === 'thickness' && f.method === 'subset' && f.a === pair.a && f.b === pair.b)!;
      expect(pair.estimate).toBeGreaterThan(interval.low!);
      expect(pair.estimate).toBeLessThan(interval.high!);
      const half = (interval.high! - interval.low!) / 2;
      expect(half / (2 * pair.se!)).toBeGreaterThan(0.7);
      expect(half / (2 * pair.se!)).toBeLessThan(1.3);
    }
    const glx = cohort.spectra.rows.map((row) => row.concentration);
    const { r } = partialCorrelation({ ...table, glx }, 'y', 'glx', ['age', 'sex']), interval = all.partial[0]!.interval;
    expect(r > interval.low! && r < interval.high!).toBe(true);
  });

  it('does not depend on the other rows computed, nor on the order of the participants', () => {
    const alone = run(cohort, [gated[1]!]);
    const md = (found: typeof all) => found.pairs.filter((row) => row.metric === 'md');
    expect(md(alone)).toEqual(md(all));
    const order = cohort.participants['id']!.map((_, i) => i).reverse();
    const turned = run({ ...cohort, participants: takeRows(cohort.participants, order), indices: cohort.indices.map((i) => ({ ...i, values: order.map((j) => i.values[j]!) })) });
    turned.pairs.forEach((row, i) => {
      expect(row.interval.low! / all.pairs[i]!.interval.low!).toBeCloseTo(1, 9);
      expect(row.interval.high! / all.pairs[i]!.interval.high!).toBeCloseTo(1, 9);
    });
    expect(run(cohort, gated, 4).pairs[0]!.interval.low).not.toBe(all.pairs[0]!.interval.low);
  });

  it('a response that cannot be fitted has a reason and spoils no other', () => {
    const constant = { ...cohort, indices: cohort.indices.map((i) => (i.component === 2 && i.metric === 'md' ? { ...i, values: i.values.map(() => 4) } : i)) };
    const found = run(constant);
    expect(found.pairs.filter((row) => row.metric === 'md').map((row) => row.interval.reason)).toEqual(Array.from({ length: 6 }, () => "column 'md of component 2' has the same value in every row"));
    expect(found.pairs.filter((row) => row.metric === 'thickness')).toEqual(all.pairs.filter((row) => row.metric === 'thickness'));
  });

  it('stops when asked', () => {
    expect(bootstrapCohort(cohort, study.statistics, gated, { resamples: 300, seed: 3, confidence: 0.95, onProgress: (done, of) => done < of / 2 })).toBeNull();
  });
});
