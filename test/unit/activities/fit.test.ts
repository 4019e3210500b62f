import { describe, expect, it } from 'vitest';
import { decodeDoubles, encodeDoubles } from '../../../activities/doubles.js';
import { decodeFit, encodeFit, type FitDocument } from '../../../activities/fit.js';

const fit: FitDocument = {
  rank: 2, vertices: 3, solver: 'accelerated', error: 338.124, residual: 9.9e-5, converged: true, stopped: 'residual', iterations: 41, passes: 81, spread: 0.0123, flat: false,
  W: Float64Array.of(0.1, 1e-16, 1 / 3, 0, Number.MIN_VALUE, Number.MAX_VALUE),
};

describe('the fit artifact', () => {
  it('comes back bit by bit', () => {
    const back = decodeFit(encodeFit(fit));
    expect(back).toEqual(fit);
    expect(Buffer.compare(encodeFit(back), encodeFit(fit))).toBe(0);
  });

  it('is a line of JSON without W, then little-endian doubles', () => {
    const bytes = Buffer.from(encodeFit(fit)), end = bytes.indexOf(10);
    const { W, ...certificate } = fit;
    expect(JSON.parse(bytes.subarray(0, end).toString())).toEqual(certificate);
    expect(bytes.length).toBe(end + 1 + 8 * W.length);
    expect(bytes.readDoubleLE(end + 1 + 16)).toBe(1 / 3);
  });

  it('bears weights whose bytes are line ends', () => {
    const W = new Float64Array(new Uint8Array(48).fill(10).buffer);
    expect(decodeFit(encodeFit({ ...fit, W })).W).toEqual(W);
  });

  it('with a weight too few or too many is corrupt', () => {
    const bytes = encodeFit(fit);
    for (const wrong of [bytes.subarray(0, bytes.length - 8), Buffer.concat([bytes, new Uint8Array(8)])]) {
      expect(() => decodeFit(wrong)).toThrow(expect.objectContaining({ code: 'ARTIFACT_CORRUPT', message: expect.stringContaining('3 x 2') }));
    }
  });
});

describe('doubles', () => {
  it('decode from any offset, as a copy', () => {
    const values = Float64Array.of(1.5, -0, NaN, Infinity), shifted = new Uint8Array(33);
    shifted.set(encodeDoubles(values), 1);
    const back = decodeDoubles(shifted.subarray(1));
    expect(back).toEqual(values);
    shifted.fill(0);
    expect(back[0]).toBe(1.5);
  });

  it('encode only the array\'s own part of its buffer', () => {
    expect(decodeDoubles(encodeDoubles(Float64Array.of(1, 2, 3, 4).subarray(1, 3)))).toEqual(Float64Array.of(2, 3));
  });
});
