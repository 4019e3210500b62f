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
    const shared = Factorizer.of(x, m, n, 9);
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
    ['accelerated', 4, 'a9c96af915a2e3a6212b7b783ec6c5dfc5953ddad595242944dbb73e8c75fe5e'],
    ['accelerated', 7, '1741091c9e215303338e98f06131fa05da31d5e95cfed682b0965bc93a591386'],
    ['multiplicative', 3, '57ae7c6f3eedcee7a8b188ca4550f0b106554cb15afd96e9d28bbaf2981d0a00'],
  ] as const)('%s at rank %i', (solver, rank, golden) => {
    expect(OPNMF_VERSION).toBe(7);
    expect(sha256(factorize(x, m, n, options(rank, solver)).W)).toBe(golden);
  });

  it('through the leading part of a larger matrix', () => {
    const large = separableMatrix(300, 80, 5, 2), fit = factorize(large.x, large.m, large.n, options(6, 'accelerated'));
    expect(fit.compressedPasses).toBeGreaterThan(50);
    expect(sha256(fit.W)).toBe('118c81a2398a4777638dde1eaae2bf23c5416f15d05ab7d092667dde5ae200ad');
  });

  it('through the Gram matrix of one with more columns than rows', () => {
    const wide = separableMatrix(30, 70, 3, 4);
    expect(sha256(factorize(wide.x, wide.m, wide.n, options(4, 'accelerated')).W)).toBe('6d71560ace7a9e81cc440b7df960090a04a3f9faac5be0577212cdb1cd0c511d');
  });
});
