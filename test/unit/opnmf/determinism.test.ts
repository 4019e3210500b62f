import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { factorize, Factorizer, OPNMF_VERSION, type FactorizeOptions } from '../../../analysis/opnmf/index.js';
import { separableMatrix } from './support.js';

const sha256 = (w: Float64Array): string => createHash('sha256').update(new Uint8Array(w.buffer, w.byteOffset, w.byteLength)).digest('hex');
const options = (rank: number, solver: FactorizeOptions['solver']): FactorizeOptions =>
  ({ rank, solver, tolerance: solver === 'accelerated' ? 1e-4 : 1e-5, maxIterations: 2000, seed: 42 });

describe('the same input gives the same bits', () => {
  const { x, m, n } = separableMatrix(37, 18, 4, 1);

  it.each(['accelerated', 'multiplicative'] as const)('%s: twice, and after another rank on the same memory, whatever the highest rank', (solver) => {
    const once = factorize(x, m, n, options(3, solver));
    expect(factorize(x, m, n, options(3, solver))).toEqual(once);
    const shared = new Factorizer(x, m, n, 9);
    shared.factorize(options(9, solver));
    shared.factorize(options(4, solver));
    expect(shared.factorize(options(3, solver))).toEqual(once);
  });

  it('another seed gives other random starts', () => {
    const passes = (seed: number): number[] => {
      const errors: number[] = [];
      factorize(x, m, n, { ...options(5, 'accelerated'), seed, onPass: (p) => { errors.push(p.error); return true; } });
      return errors;
    };
    expect(passes(1)[19]).toBe(passes(2)[19]);                                 // NNDSVD first: no seed in it
    expect(passes(1)[20]).not.toBe(passes(2)[20]);
  });

  it('does not change the matrix it is given', () => {
    const before = x.slice();
    factorize(x, m, n, options(3, 'accelerated'));
    expect(x).toEqual(before);
  });
});

/**
 * These hashes hold on every machine (integer random numbers, + - * / and square roots, SIMD without relaxed instructions). When a change
 * of the algorithm breaks them on purpose, OPNMF_VERSION must change with them, or stored fits of the old one are taken for the new.
 */
describe('golden bits', () => {
  const { x, m, n } = separableMatrix(37, 18, 4, 1);
  it.each([
    ['accelerated', 4, 'e8c4965fb4b83cd0aa3f58a20698bc5073b79bae637248cce34ec841e8ddfff9'],
    ['accelerated', 7, '51e17567f7c38da047a0d7510db9be3a1983f127267cdaca394b5fa5a776ee39'],
    ['multiplicative', 3, '1e9584fb91af000244eabe4e62a7c3013d0f2bb2e1d0cc1f088cf415be78879d'],
  ] as const)('%s at rank %i', (solver, rank, golden) => {
    expect(OPNMF_VERSION).toBe(1);
    expect(sha256(factorize(x, m, n, options(rank, solver)).W)).toBe(golden);
  });
});
