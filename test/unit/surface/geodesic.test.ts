import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../analysis/random.js';
import { geodesicDistances, type Mesh } from '../../../analysis/surface/index.js';
import { fixture, sphere, square } from './support.js';

const expected = fixture<{ points: number[]; triangles: number[]; source: number; geodesic: number[] }>('smoothing.json');

describe('geodesic distance', () => {
  it('is straight in the flat, also across uneven triangles', () => {
    const random = createRandom(3), plane = square(31, 1, 0.6, () => random.uniform()), d = geodesicDistances(plane, [15 + 31 * 15]);
    d.forEach((x, v) => {
      const straight = Math.hypot(plane.points[3 * v]! - 15, plane.points[3 * v + 1]! - 15);
      expect(Math.abs(x - straight)).toBeLessThan(0.03 * straight + 0.1);
    });
  });
  it('is the great circle on a sphere', () => {
    const ball = sphere(4, 10), d = geodesicDistances(ball, [0]);
    for (let v = 1; v < d.length; v++) {
      const angle = Math.acos(Math.max(-1, [0, 1, 2].reduce((s, k) => s + ball.points[k]! * ball.points[3 * v + k]!, 0) / 100));
      // Fronts that meet at the far pole are not straight.
      if (angle < 1.75) expect(Math.abs(d[v]! / (10 * angle) - 1)).toBeLessThan(0.025);
      expect(d[v]).toBeLessThan(10.2 * Math.PI);
    }
  });
  it('is near the exact one (pygeodesic) on a folded mesh', () => {
    const folded: Mesh = { points: Float64Array.from(expected.points), triangles: Int32Array.from(expected.triangles) };
    const d = geodesicDistances(folded, [expected.source]);
    const errors = expected.geodesic.flatMap((e, v) => (e === 0 ? [] : [d[v]! / e - 1]));
    expect(errors.reduce((s, e) => s + Math.abs(e), 0) / errors.length).toBeLessThan(0.015);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.06);
  });
  it('is from the nearest of several sources, up to a limit', () => {
    const plane = square(11, 1), both = geodesicDistances(plane, [0, 120]), [a, b] = [geodesicDistances(plane, [0]), geodesicDistances(plane, [120])];
    both.forEach((x, v) => { expect(Math.abs(x - Math.min(a[v]!, b[v]!))).toBeLessThan(0.05 * x + 1e-9); });
    expect(geodesicDistances(plane, [0], 3).filter(Number.isFinite).every((x) => x <= 3)).toBe(true);
    expect(geodesicDistances(plane, [0], 3).filter(Number.isFinite).length).toBe(a.filter((x) => x <= 3).length);
    expect(() => geodesicDistances(plane, [121])).toThrow(/no vertex 121 on a surface of 121/);
  });
});
