import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint, Factorizer, prepare, type Checkpoint, type FactorizeOptions } from '../../../analysis/opnmf/index.js';
import { lowRankMatrix, partsMatrix, stagesOf, type Sample } from './support.js';

/** A run stopped at its n-th safe point, its checkpoint through bytes, taken up again on a matrix prepared anew. */
function interrupted({ x, m, n }: Sample, options: FactorizeOptions, at: number): { checkpoint: Checkpoint; resumed: ReturnType<Factorizer['factorize']> } {
  let seen = 0, bytes: Uint8Array | null = null;
  Factorizer.of(x, m, n, options.rank).factorize({
    ...options,
    onSafePoint: (checkpoint) => { if (++seen === at) bytes = encodeCheckpoint(checkpoint()); },
    onPass: () => bytes === null,
  });
  if (bytes === null) throw new Error(`only ${seen} safe points`);
  const checkpoint = decodeCheckpoint(Buffer.concat([Buffer.from('x'), bytes]).subarray(1)); // somewhere in a larger buffer, as a file's bytes may be
  if (checkpoint === null) throw new Error('not a checkpoint');
  return { checkpoint, resumed: Factorizer.of(x, m, n, options.rank).factorize({ ...options, resume: checkpoint }) };
}

const compressed = partsMatrix(400, 90, 4, 0.5, 3), small = partsMatrix(61, 24, 4, 0.4, 3), wide = partsMatrix(30, 70, 3, 0.4, 5);
const flat = lowRankMatrix(50, 20, 2, 0, 1), flatCompressed = lowRankMatrix(300, 80, 2, 1e-3, 2);
const options = (rank: number, more: Partial<FactorizeOptions> = {}): FactorizeOptions => ({ rank, solver: 'accelerated', tolerance: 1e-9, maxIterations: 3000, seed: 1, ...more });

describe('a fit that is taken up from a checkpoint', () => {
  it.each([
    ['compressed', compressed, options(5)], ['small', small, options(5)], ['more columns than rows', wide, options(4)],
    ['less rank than components', flat, options(4)], ['hardly any rank', flatCompressed, options(3, { tolerance: 1e-4 })],
    ['multiplicative', small, options(3, { solver: 'multiplicative', tolerance: 1e-5, maxIterations: 20_000 })],
    ['a given start', small, options(2, { initial: Float64Array.from({ length: 122 }, (_, i) => 1 + (i % 7)) })],
  ] as [string, Sample, FactorizeOptions][])('%s: is the same bits as one that was never interrupted, wherever it was', (_name, sample, asked) => {
    const { x, m, n } = sample, stages = new Set<string>();
    let points = 0;
    const whole = Factorizer.of(x, m, n, asked.rank).factorize({ ...asked, onSafePoint: () => { points++; } });
    expect(points).toBeGreaterThan(20);
    for (const at of new Set([1, 2, 13, 20, 21, 22, 40, 65, 85, ...[0.1, 0.25, 0.3, 0.4, 0.5, 0.8].map((part) => Math.floor(points * part)), points - 1, points].filter((p) => p >= 1 && p <= points))) {
      const { checkpoint, resumed } = interrupted(sample, asked, at);
      stages.add(checkpoint.solver === 'accelerated' ? checkpoint.state.stage : 'iterating');
      expect(resumed, `safe point ${at} of ${points}`).toEqual(whole);
    }
    if (asked.solver === 'accelerated') expect(stages.size).toBeGreaterThanOrEqual(2);
  });

  it('every stage has been interrupted by these tests', () => {
    const stages = new Set<string>();
    for (const [{ x, m, n }, asked] of [[flatCompressed, options(3, { tolerance: 1e-4 })], [compressed, options(5, { tolerance: 1e-14 })]] as const) {
      for (const stage of stagesOf(Factorizer.of(x, m, n, 5), asked).stages) stages.add(stage);
    }
    expect([...stages]).toEqual(['warm-up', 'finalists', 'more', 'rest', 'hops', 'refine', 'finish']);
  });

  it('bytes of another format are not a checkpoint', () => {
    expect(decodeCheckpoint(new TextEncoder().encode('{"format":"sulcus/checkpoint/0"}\n'))).toBeNull();
  });
});

describe('threads share a prepared matrix', () => {
  it('two problems on one memory do not disturb each other, and nothing is copied', () => {
    const { x, m, n } = compressed, matrix = prepare(x, m, n, 6);
    const before = matrix.memory.buffer.byteLength;
    const a = Factorizer.sharing(matrix), b = Factorizer.sharing(matrix);
    expect(matrix.memory.buffer.byteLength - before).toBeLessThan(2 * (3 * 65536 + 8 * 6 * (2 * m + 2 * n + 100)));
    const alone = Factorizer.of(x, m, n, 6).factorize(options(4));
    let other: ReturnType<Factorizer['factorize']> | null = null;
    const disturbed = a.factorize({ ...options(4), onPass: ({ passes }) => { if (passes === 30) other = b.factorize(options(6)); return true; } });
    expect(disturbed).toEqual(alone);
    expect(other).toEqual(Factorizer.of(x, m, n, 6).factorize(options(6)));
  });
});
