import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heatCoefficients } from '../../../analysis/surface/chebyshev.js';
import { adjacencyOf, diffusionTime, laplacianOf, prepareSmoothing, smoothOnSurface, type SurfaceError, type Mesh } from '../../../analysis/surface/index.js';
import { createRandom } from '../../../analysis/random.js';
import { fixture, scaledError, sphere, square } from './support.js';

const expected = fixture<{
  fwhm: number; points: number[]; triangles: number[]; map: number[]; heat: number[]; missing: number[]; heatWithHoles: number[]; isolated: number[];
  sphere: number[]; sphereTriangles: number[]; sphereMap: number[]; workbench: number[];
}>('smoothing.json');
const mesh = (points: number[], triangles: number[]): Mesh => ({ points: Float64Array.from(points), triangles: Int32Array.from(triangles) });
const folded = mesh(expected.points, expected.triangles);
const massOf = (m: Mesh): Float64Array => laplacianOf(m, adjacencyOf(m)).mass;
const mean = (mass: Float64Array, f: Float64Array): number => f.reduce((s, x, i) => s + x * mass[i]!, 0) / mass.reduce((s, x) => s + x, 0);

describe('the series', () => {
  it('is exp(-z (1 + x)) on [-1, 1], for any z', () => {
    fc.assert(fc.property(fc.double({ min: -3, max: 4, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), (log, x) => {
      const z = 10 ** log, b = heatCoefficients(z, 1e-10), angle = Math.acos(x);
      const sum = b.reduce((s, c, k) => s + (k === 0 ? c : 2 * c * (k % 2 === 0 ? 1 : -1) * Math.cos(k * angle)), 0);
      expect(Math.abs(sum - Math.exp(-z * (1 + x)))).toBeLessThan(3e-10);
    }), { numRuns: 200 });
    expect(Array.from(heatCoefficients(0, 1e-10))).toEqual([1]);
  });
});

describe('heat-kernel smoothing', () => {
  it('is the matrix exponential of libigl\'s Laplacian by scipy, on a folded, uneven mesh', () => {
    const smooth = smoothOnSurface(prepareSmoothing(folded), Float64Array.from(expected.map), expected.fwhm);
    expect(scaledError(smooth, expected.heat)).toBeLessThan(1e-8);
  });

  it('lets nothing flow through missing vertices, and leaves them missing', () => {
    const gone = new Set(expected.missing);
    const map = Float64Array.from(expected.map, (x, i) => (gone.has(i) ? NaN : x));
    const smooth = smoothOnSurface(prepareSmoothing(folded), map, expected.fwhm);
    expect(scaledError(smooth, expected.heatWithHoles.map((x, i) => (gone.has(i) ? null : x)))).toBeLessThan(1e-8);
    expect(expected.missing.length).toBeGreaterThan(10);
    for (const v of expected.missing) expect(smooth[v]).toBeNaN();
    for (const v of expected.isolated) expect(smooth[v]).toBe(expected.map[v]);
    expect(Array.from(smoothOnSurface(prepareSmoothing(folded), map.map(() => NaN), 5)).every(Number.isNaN)).toBe(true);
  });

  it('makes spherical harmonics of degree l decay by exp(-l (l + 1) t / r^2)', () => {
    const radius = 50, ball = sphere(5, radius), surface = prepareSmoothing(ball), fwhm = 30, t = diffusionTime(fwhm) / (radius * radius);
    const harmonics: [number, (x: number, y: number, z: number) => number][] = [[1, (x) => x], [2, (x, y) => x * y], [2, (_x, _y, z) => 3 * z * z - 1], [3, (x, y, z) => x * y * z], [4, (x, y) => x * y * (x * x - y * y)]];
    for (const [l, f] of harmonics) {
      const map = Float64Array.from({ length: ball.points.length / 3 }, (_, i) => f(ball.points[3 * i]! / radius, ball.points[3 * i + 1]! / radius, ball.points[3 * i + 2]! / radius));
      expect(scaledError(smoothOnSurface(surface, map, fwhm), Array.from(map, (x) => x * Math.exp(-l * (l + 1) * t)))).toBeLessThan(2e-3);
    }
  });

  it.each([0, 0.5])('spreads a point on a plane as a Gaussian of that FWHM (jitter %d)', (jitter) => {
    const n = 121, step = 1, fwhm = 20, random = createRandom(1), plane = square(n, step, jitter, () => random.uniform());
    const mass = massOf(plane), centre = (n * n - 1) / 2, point = new Float64Array(n * n);
    point[centre] = 1 / mass[centre]!;
    const smooth = smoothOnSurface(prepareSmoothing(plane), point, fwhm), variance = 2 * diffusionTime(fwhm), peak = 1 / (2 * Math.PI * variance);
    const c = (n - 1) / 2 * step;
    const gauss = Array.from(smooth, (_, v) => { const x = plane.points[3 * v]! - c, y = plane.points[3 * v + 1]! - c; return peak * Math.exp(-(x * x + y * y) / (2 * variance)); });
    expect(scaledError(smooth, gauss)).toBeLessThan(jitter === 0 ? 0.01 : 0.02);
    // The width that its second moment says; the boundary is 7 standard deviations away.
    const spread = smooth.reduce((s, x, v) => s + x * mass[v]! * (plane.points[3 * v]! - c) ** 2, 0);
    expect(Math.abs(Math.sqrt(8 * Math.LN2 * spread) / fwhm - 1)).toBeLessThan(0.001);
  });

  it('keeps constants, the area-weighted mean, and order of magnitude; two kernels in a row are one', () => {
    const surface = prepareSmoothing(folded), mass = massOf(folded), map = Float64Array.from(expected.map);
    smoothOnSurface(surface, map.map(() => 7.5e-4), 30).forEach((x) => { expect(x).toBeCloseTo(7.5e-4, 15); });
    const smooth = smoothOnSurface(surface, map, 30);
    expect(mean(mass, smooth)).toBeCloseTo(mean(mass, map), 11);
    expect(Math.max(...smooth)).toBeLessThan(Math.max(...map));
    expect(Math.min(...smooth)).toBeGreaterThan(Math.min(...map));
    const twice = smoothOnSurface(surface, smoothOnSurface(surface, map, 18), 24);
    expect(scaledError(twice, Array.from(smooth))).toBeLessThan(1e-9);
    expect(Array.from(map)).toEqual(expected.map);
  });

  it('is near Connectome Workbench\'s geodesic Gaussian, another kernel of the same width', () => {
    const smooth = smoothOnSurface(prepareSmoothing(mesh(expected.sphere, expected.sphereTriangles)), Float64Array.from(expected.sphereMap), expected.fwhm);
    const m = (f: ArrayLike<number>): number => Array.from(f).reduce((s, x) => s + x, 0) / f.length;
    const [a, b] = [m(smooth), m(expected.workbench)];
    let ab = 0, aa = 0, bb = 0;
    smooth.forEach((x, i) => { const y = expected.workbench[i]! - b; ab += (x - a) * y; aa += (x - a) ** 2; bb += y * y; });
    expect(ab / Math.sqrt(aa * bb)).toBeGreaterThan(0.998);
    expect(Math.sqrt(aa / bb)).toBeCloseTo(1, 1);
  });

  it('survives slivers: needles, caps and triangles without area', () => {
    const random = createRandom(5), surface = sphere(3, 20);
    const t = surface.triangles;
    // Every 20th triangle: one corner moved onto (or within 1e-9 of) another.
    for (let i = 0; i < t.length; i += 60) for (let k = 0; k < 3; k++) surface.points[3 * t[i]! + k] = surface.points[3 * t[i + 1]! + k]! + (i % 120 === 0 ? 0 : 1e-9 * random.normal());
    const map = Float64Array.from({ length: surface.points.length / 3 }, () => random.normal());
    const smooth = smoothOnSurface(prepareSmoothing(surface), map, 10);
    expect(smooth.every(Number.isFinite)).toBe(true);
    expect(Math.max(...smooth.map(Math.abs))).toBeLessThan(Math.max(...map.map(Math.abs)));
    smoothOnSurface(prepareSmoothing(surface), map.map(() => 3), 10).forEach((x) => { expect(x).toBeCloseTo(3, 9); });
  });

  it('refuses what it cannot do', () => {
    const surface = prepareSmoothing(folded), code = (run: () => unknown): string => { try { run(); } catch (e) { return (e as SurfaceError).code; } return 'none'; };
    expect(code(() => smoothOnSurface(surface, new Float64Array(3), 5))).toBe('UNEQUAL_LENGTHS');
    for (const fwhm of [0, -1, NaN, Infinity]) expect(code(() => smoothOnSurface(surface, Float64Array.from(expected.map), fwhm))).toBe('BAD_SMOOTHING');
    expect(code(() => smoothOnSurface(prepareSmoothing(mesh([0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 2])), new Float64Array(3), 5))).toBe('MESH_DEGENERATE');
  });
});
