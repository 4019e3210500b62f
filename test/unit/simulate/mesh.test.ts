import { describe, expect, it } from 'vitest';
import { findRegion, readLabelTable, writeLabelTable } from '../../../formats/label-table.js';
import { hemisphereSurface, icosphere } from '../../../simulate/mesh.js';
import { adjustedRand, atlasLabels, atlasTable, cingulateRegion, shiftForRand, trueComponents } from '../../../simulate/region.js';

/** Adjusted Rand index by counting pairs of items one by one. */
function countedRand(a: Int32Array, b: Int32Array): number {
  let both = 0, inA = 0, inB = 0, pairs = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const sa = a[i] === a[j], sb = b[i] === b[j];
      pairs++;
      if (sa) inA++;
      if (sb) inB++;
      if (sa && sb) both++;
    }
  }
  const expected = (inA * inB) / pairs;
  return (both - expected) / ((inA + inB) / 2 - expected);
}

function connected(members: Set<number>, neighbours: (v: number) => Iterable<number>): boolean {
  const [first] = members;
  const seen = new Set([first!]), queue = [first!];
  for (let v = queue.pop(); v !== undefined; v = queue.pop()) for (const w of neighbours(v)) if (members.has(w) && !seen.has(w)) { seen.add(w); queue.push(w); }
  return seen.size === members.size;
}

describe.each([[3, 642, 48], [4, 2562, 96], [5, 10242, 260], [6, 40962, 847]])('mesh level %i', (level, vertices, size) => {
  const sphere = icosphere(level), region = cingulateRegion(sphere);
  const neighbours = (v: number): Int32Array => sphere.neighbours.subarray(sphere.start[v], sphere.start[v + 1]);

  it('is a closed sphere with the right number of vertices', () => {
    expect(sphere.points.length / 3).toBe(vertices);
    expect(sphere.triangles.length / 3).toBe(2 * vertices - 4);
    expect(sphere.neighbours.length / 2).toBe(3 * vertices - 6);
    for (let v = 0; v < vertices; v += 97) for (const w of neighbours(v)) expect(neighbours(w)).toContain(v);
    const left = hemisphereSurface(sphere, 'left'), right = hemisphereSurface(sphere, 'right');
    let low = Infinity, high = -Infinity;
    for (let i = 0; i < left.points.length; i += 3) {
      low = Math.min(low, left.points[i]!); high = Math.max(high, left.points[i]!);
      expect(right.points[i]).toBe(-left.points[i]!);
    }
    expect(high).toBeLessThan(1);
    expect(low).toBeGreaterThan(-80);
  });

  it('holds a connected region of four connected components a hemisphere', () => {
    expect(region.vertices).toHaveLength(size);
    expect(connected(new Set(region.vertices), neighbours)).toBe(true);
    const reference = trueComponents(region, 0), shift = shiftForRand(region, 0.85), shifted = trueComponents(region, shift);
    for (const labels of [reference, shifted]) {
      for (const k of [1, 2, 3, 4]) {
        const members = new Set(Array.from(region.vertices).filter((_, i) => labels[i] === k));
        expect(members.size).toBeGreaterThan(0.12 * size);
        expect(connected(members, neighbours)).toBe(true);
      }
    }
    const share = (k: number): number => reference.filter((v) => v === k).length / size;
    expect(share(1)).toBeGreaterThan(share(2));
    expect(share(2)).toBeGreaterThan(share(3));
    expect(share(3)).toBeGreaterThan(share(4));
    const ari = countedRand(reference, shifted);
    expect(ari).toBeCloseTo(adjustedRand(reference, shifted), 12);
    expect(Math.abs(ari - 0.85)).toBeLessThan(level < 6 ? 0.02 : 0.005);
    expect(adjustedRand(reference, reference)).toBe(1);
  });

  it('is labelled as an atlas labels it', () => {
    const table = readLabelTable(writeLabelTable(atlasTable()), { file: 't' });
    expect(table).toHaveLength(62);
    for (const side of ['left', 'right'] as const) {
      const labels = atlasLabels(sphere, region, side);
      const wanted = new Set(findRegion(table, ['caudal anterior cingulate', 'rostral anterior cingulate']).filter((e) => e.hemisphere === side).map((e) => e.number));
      expect(Array.from(labels.keys()).filter((v) => wanted.has(labels[v]!))).toEqual(Array.from(region.vertices));
      if (level >= 5) expect(new Set(labels).size).toBe(31);
    }
  });
});
