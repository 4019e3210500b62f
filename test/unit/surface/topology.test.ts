import { describe, expect, it } from 'vitest';
import { adjacencyOf, SurfaceError, type Mesh } from '../../../analysis/surface/index.js';
import { sphere, square } from './support.js';

const error = (mesh: Mesh): string => { try { adjacencyOf(mesh); } catch (e) { if (e instanceof SurfaceError) return `${e.code} ${e.message}`; throw e; } return 'none'; };
const flat = (n: number, ...triangles: number[]): Mesh => ({ points: Float64Array.from({ length: 3 * n }, (_, i) => (i * 7) % 5), triangles: Int32Array.from(triangles) });

describe('neighbours', () => {
  it('of a sphere: as many as Euler says, each the other\'s', () => {
    const { rows, neighbours } = adjacencyOf(sphere(2));
    expect(neighbours.length).toBe(2 * (162 + 320 - 2));
    const of = (v: number): number[] => Array.from(neighbours.subarray(rows[v], rows[v + 1]));
    for (let v = 0; v < 162; v++) {
      expect(of(v)).toHaveLength(v < 12 ? 5 : 6);
      expect(of(v)).toEqual([...of(v)].sort((a, b) => a - b));
      for (const w of of(v)) expect(of(w)).toContain(v);
    }
  });
  it('of a patch with a boundary', () => {
    const { rows } = adjacencyOf(square(5, 1));
    expect(rows[25]).toBe(2 * (25 + 32 - 1));
  });
  it('are refused where triangles make no surface', () => {
    expect(error(flat(3, 0, 1, 3))).toMatch(/^MESH_BAD_INDEX triangle 0 names vertex 3, but the surface has 3 vertices/);
    expect(error(flat(3, 0, 1, -1))).toMatch(/^MESH_BAD_INDEX/);
    expect(error(flat(0))).toMatch(/^MESH_BAD_INDEX/);
    expect(error(flat(3, 0, 1))).toMatch(/^MESH_BAD_INDEX/);
    expect(error(flat(4, 0, 1, 2, 1, 2, 2))).toMatch(/^MESH_DEGENERATE triangle 1 names a vertex twice/);
    expect(error(flat(5, 0, 1, 2, 0, 1, 3, 0, 1, 4))).toMatch(/^MESH_NON_MANIFOLD the edge between vertices 0 and 1 belongs to more than two/);
    expect(error(flat(6, 0, 1, 2, 3, 4, 5))).toMatch(/^MESH_DISCONNECTED the surface is not one piece: 3 of its 6 vertices/);
    expect(error(flat(4, 0, 1, 2))).toMatch(/^MESH_DISCONNECTED .*1 of its 4 vertices.*vertex 3/);
    const holed = sphere(1);
    holed.points[100] = NaN;
    expect(error(holed)).toMatch(/^MESH_NOT_FINITE vertex 33 /);
  });
});
