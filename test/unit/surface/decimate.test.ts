import { describe, expect, it } from 'vitest';
import { decimate } from '../../../analysis/surface/decimate.js';
import { adjacencyOf, foldDepth, type Mesh } from '../../../analysis/surface/index.js';
import { hemisphereSurface, icosphere } from '../../../simulate/mesh.js';
import { cingulateRegion } from '../../../simulate/region.js';

const sphere = icosphere(5), mesh = hemisphereSurface(sphere, 'left'), region = [...cingulateRegion(sphere).vertices];
const keysOf = ({ triangles }: { triangles: Int32Array }, name: (v: number) => number = (v) => v): string[] => Array.from({ length: triangles.length / 3 }, (_, t) => {
  const [a, b, c] = [0, 1, 2].map((k) => name(triangles[3 * t + k]!)) as [number, number, number];
  // The same triangle whichever corner comes first; turned over it is another.
  return a < b && a < c ? `${a} ${b} ${c}` : b < c ? `${b} ${c} ${a}` : `${c} ${a} ${b}`;
});
/** A flat sheet with a boundary. */
function sheet(side: number): Mesh {
  const points: number[] = [], triangles: number[] = [];
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) points.push(x, y, 0);
  for (let y = 0; y + 1 < side; y++) for (let x = 0; x + 1 < side; x++) { const v = y * side + x; triangles.push(v, v + 1, v + side, v + 1, v + side + 1, v + side); }
  return { points: Float64Array.from(points), triangles: Int32Array.from(triangles) };
}
const area = ({ points: p, triangles: t }: Mesh): number => {
  let sum = 0;
  for (let i = 0; i < t.length; i += 3) { const [a, b, c] = [t[i]! * 3, t[i + 1]! * 3, t[i + 2]! * 3]; sum += ((p[b]! - p[a]!) * (p[c + 1]! - p[a + 1]!) - (p[c]! - p[a]!) * (p[b + 1]! - p[a + 1]!)) / 2; }
  return sum;
};

describe('decimate', () => {
  it('keeps every triangle of the region, moves no vertex, and stays one closed surface', async () => {
    const few = await decimate(mesh, { keep: region, rest: 3000, most: 60_000, shade: foldDepth(mesh) });
    const inside = new Set(region), whole = keysOf(mesh).filter((key) => key.split(' ').some((v) => inside.has(Number(v))));
    const kept = new Set(keysOf(few, (v) => few.vertices[v]!));
    expect(whole.length).toBeGreaterThan(400);
    expect(whole.filter((key) => !kept.has(key))).toEqual([]);
    few.vertices.forEach((v, i) => { for (let k = 0; k < 3; k++) expect(few.points[3 * i + k]).toBe(mesh.points[3 * v + k]); });
    const triangles = few.triangles.length / 3;
    expect(triangles).toBeLessThan(whole.length + 3300);
    expect(triangles).toBeGreaterThan(whole.length + 2000);
    const { neighbours } = adjacencyOf(few);
    expect(few.points.length / 3 - neighbours.length / 2 + triangles).toBe(2);
  });

  it('is the same again', async () => {
    const options = { keep: region, rest: 2000, most: 60_000 };
    expect(await decimate(mesh, options)).toEqual(await decimate(mesh, options));
  });

  it('makes a region that is too large coarser too', async () => {
    const few = await decimate(mesh, { keep: Array.from({ length: mesh.points.length / 3 }, (_, v) => v), rest: 20_000, most: 5000 });
    expect(few.triangles.length / 3).toBeLessThanOrEqual(5000);
    expect(few.triangles.length / 3).toBeGreaterThan(4000);
  });

  it('leaves a small mesh as it is', async () => {
    const few = await decimate(mesh, { keep: [], rest: 100_000, most: 60_000 });
    expect(keysOf(few)).toEqual(keysOf(mesh));
    expect([...few.vertices.keys()].every((v) => few.vertices[v] === v)).toBe(true);
  });

  it('takes sheets: what is flat needs few triangles, and the outline stays', async () => {
    const few = await decimate(sheet(30), { keep: [], rest: 200, most: 60_000 });
    expect(few.triangles.length / 3).toBeLessThanOrEqual(200);
    expect(area(few)).toBeCloseTo(29 * 29, 6);
  });
});

describe('depth in the folds', () => {
  it('is the same everywhere on a sphere', () => {
    const depth = foldDepth(sphere), mean = depth.reduce((s, v) => s + v, 0) / depth.length;
    expect(Math.max(...depth.map((v) => Math.abs(v - mean)))).toBeLessThan(0.01);
  });

  it('is negative where the surface was pressed in, positive where it was raised, and has the unit of the points', () => {
    const points = sphere.points.map((v) => 70 * v), at = (i: number, r: number): void => { for (let k = 0; k < 3; k++) points[3 * i + k] = r * sphere.points[3 * i + k]!; };
    const near = (v: number, target: number): boolean => [0, 1, 2].reduce((s, k) => s + sphere.points[3 * v + k]! * sphere.points[3 * target + k]!, 0) > 0.997;
    const pressed: number[] = [], raised: number[] = [];
    for (let v = 0; v < points.length / 3; v++) { if (near(v, 100)) { at(v, 64); pressed.push(v); } else if (near(v, 5000)) { at(v, 76); raised.push(v); } }
    expect(Math.min(pressed.length, raised.length)).toBeGreaterThan(5);
    const depth = foldDepth({ points, triangles: sphere.triangles }), rest = [...depth].filter((_, v) => !near(v, 100) && !near(v, 5000)).sort((a, b) => a - b), usual = rest[Math.floor(rest.length / 2)]!;
    expect(Math.max(...pressed.map((v) => depth[v]! - usual))).toBeLessThan(-2);
    expect(Math.min(...raised.map((v) => depth[v]! - usual))).toBeGreaterThan(2);
    const large = foldDepth({ points: points.map((v) => 10 * v), triangles: sphere.triangles });
    large.forEach((v, i) => expect(v).toBeCloseTo(10 * depth[i]!, 6));
  });

  it('takes sheets and lone vertices', () => {
    const flat = sheet(12), lone = { points: Float64Array.from([...flat.points, 5, 5, 9]), triangles: flat.triangles };
    expect([...foldDepth(lone)].every((v) => v === 0)).toBe(true);
    expect([...foldDepth({ points: new Float64Array(9), triangles: Int32Array.from([0, 1, 2]) })].every((v) => v === 0)).toBe(true);
  });
});
