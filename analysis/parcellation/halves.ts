/** Random split-halves of a cohort, stratified by group and age (opnmf.md, "Halves"): seeded, the same on every machine. */
import { createRandom } from '../random.js';
import { ParcellationError } from './errors.js';

export interface HalvesOptions {
  splits: number;
  seed: number;
  stratify: readonly ('group' | 'age')[];
}

export interface Split {
  /** Subject indices, ascending. */
  A: number[];
  B: number[];
}

/**
 * Within a group subjects are sorted by age and adjacent pairs are split at random; odd ones alternate between the halves, the first
 * at random. So in every group, and in all, the halves differ in size by at most one. Missing ages sort last. Throws ParcellationError.
 */
export function stratifiedHalves(group: readonly string[], age: readonly (number | null)[], options: HalvesOptions): Split[] {
  const { splits } = options;
  if (group.length !== age.length) throw new ParcellationError('UNEQUAL_LENGTHS', `${group.length} groups and ${age.length} ages were given`);
  if (!Number.isInteger(splits) || splits < 0) throw new ParcellationError('BAD_ARGUMENT', `the number of splits must be a whole number of at least 0, found ${splits}`);
  const bad = age.findIndex((a) => a !== null && !Number.isFinite(a));
  if (bad >= 0) throw new ParcellationError('NOT_FINITE', `age ${bad + 1} is ${age[bad]}`);
  const strata = new Map<string, number[]>();
  group.forEach((g, i) => {
    const key = options.stratify.includes('group') ? g : '';
    strata.set(key, [...(strata.get(key) ?? []), i]);
  });
  const names = [...strata.keys()].sort();
  return Array.from({ length: splits }, (_, split) => {
    const random = createRandom(`${options.seed}/split/${split}`);
    const A: number[] = [], B: number[] = [];
    let oddToA = random.uniform() < 0.5;
    for (const name of names) {
      const members = [...(strata.get(name) as number[])];
      if (options.stratify.includes('age')) members.sort((a, b) => (age[a] ?? Infinity) - (age[b] ?? Infinity) || a - b);
      else random.shuffle(members);
      for (let i = 0; i + 1 < members.length; i += 2) {
        const first = random.uniform() < 0.5;
        (first ? A : B).push(members[i] as number);
        (first ? B : A).push(members[i + 1] as number);
      }
      if (members.length % 2 === 1) {
        (oddToA ? A : B).push(members[members.length - 1] as number);
        oddToA = !oddToA;
      }
    }
    const ascending = (a: number, b: number): number => a - b;
    return { A: A.sort(ascending), B: B.sort(ascending) };
  });
}
