import { describe, expect, it } from 'vitest';
import { stratifiedHalves } from '../../../analysis/parcellation/halves.js';

const both = { splits: 10, seed: 0, stratify: ['group', 'age'] as const };

describe('stratifiedHalves', () => {
  it('as many splits as asked for, each half in ascending order', () => {
    const splits = stratifiedHalves(group, age, both);
    expect(splits).toHaveLength(10);
    for (const half of splits.flatMap(({ A, B }) => [A, B])) expect(half).toEqual([...half].sort((a, b) => a - b));
  });

  it('neighbours in age within a group are on different sides', () => {
    const group = Array.from({ length: 40 }, (_, i) => (i % 2 ? 'a' : 'b')), age = Array.from({ length: 40 }, (_, i) => (i * 7) % 40);
    for (const { A } of stratifiedHalves(group, age, both)) {
      for (const g of ['a', 'b']) {
        const members = group.flatMap((x, i) => (x === g ? [i] : [])).sort((x, y) => age[x]! - age[y]!);
        for (let i = 0; i + 1 < members.length; i += 2) expect(A.includes(members[i]!)).not.toBe(A.includes(members[i + 1]!));
      }
    }
  });

  const group = Array.from({ length: 31 }, (_, i) => ['HC', 'FLR', 'TRS'][i % 3]!), age = group.map((_, i) => 20 + ((i * 13) % 37));

  it('the same seed gives the same splits, another other ones; one more split leaves the first as they were', () => {
    const first = stratifiedHalves(group, age, both);
    expect(stratifiedHalves(group, age, both)).toEqual(first);
    expect(stratifiedHalves(group, age, { ...both, seed: 1 })).not.toEqual(first);
    expect(stratifiedHalves(group, age, { ...both, splits: 11 }).slice(0, 10)).toEqual(first);
  });

  it('differ from split to split', () => {
    const distinct = new Set(stratifiedHalves(group, age, both).map(({ A }) => A.join()));
    expect(distinct.size).toBe(10);
  });

  it('a person is in A about half of the time, the odd one of a group too', () => {
    const inA = new Array<number>(31).fill(0);
    for (const { A } of stratifiedHalves(group, age, { ...both, splits: 400 })) for (const i of A) inA[i]!++;
    expect(Math.min(...inA)).toBeGreaterThan(140);                             // six standard deviations of Binomial(400, 0.5) are 60
    expect(Math.max(...inA)).toBeLessThan(260);
  });

  it('without a group in stratify the groups do not matter; without age the ages do not', () => {
    const none = age.map(() => null);
    expect(stratifiedHalves(group, age, { ...both, stratify: ['age'] })).toEqual(stratifiedHalves(group.map(() => ''), age, { ...both, stratify: ['age'] }));
    expect(stratifiedHalves(group, age, { ...both, stratify: ['group'] })).toEqual(stratifiedHalves(group, none, { ...both, stratify: ['group'] }));
    expect(stratifiedHalves(group, age, { ...both, stratify: [] }).every(({ A, B }) => Math.abs(A.length - B.length) === 1)).toBe(true);
  });

  it('missing ages sort last, together', () => {
    const splits = stratifiedHalves(['a', 'a', 'a', 'a'], [null, 30, null, 20], both);
    for (const { A } of splits) {
      expect(A.includes(1)).not.toBe(A.includes(3));
      expect(A.includes(0)).not.toBe(A.includes(2));
    }
  });
});
