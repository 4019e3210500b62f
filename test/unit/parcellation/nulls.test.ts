/** Spatial surrogates: the modes they are made of, what they keep, and that their p is right where free permutation is wrong. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { adjustedRandIndex } from '../../../analysis/parcellation/labels.js';
import { bandedCholesky, solveBanded } from '../../../analysis/parcellation/nulls/banded.js';
import { denseRand, limitOf, randNull, regionMesh, regionModes, stabilityNull, surrogateBasis, type RegionMesh, type SurrogateBasis } from '../../../analysis/parcellation/nulls/index.js';
import { largestEigenpairs } from '../../../analysis/parcellation/nulls/lanczos.js';
import { bandsOf, drawRotations } from '../../../analysis/parcellation/nulls/rotations.js';
import { labelVariogram, mirrorAgreement } from '../../../analysis/parcellation/nulls/sample.js';
import { meanSimilarity, unitRowsOf } from '../../../analysis/parcellation/nulls/similarity.js';
import { bandsOfBasis, createSurrogateMaker, drawRotationSet, matchFilter, parcelSpectrum } from '../../../analysis/parcellation/nulls/surrogate.js';
import { stability } from '../../../analysis/parcellation/stability.js';
import { createRandom, type Random } from '../../../analysis/random.js';
import type { Mesh } from '../../../analysis/surface/index.js';
import { hemisphereSurface, icosphere } from '../../../simulate/mesh.js';
import { cingulateRegion } from '../../../simulate/region.js';

/** A flat rectangle of nx by ny vertices, `h` mm apart, at x0. */
function sheet(nx: number, ny: number, h: number, x0 = 0): Mesh {
  const points: number[] = [], triangles: number[] = [];
  for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) {
    points.push(x0 + i * h, j * h, 0);
    if (i + 1 < nx && j + 1 < ny) { const a = j * nx + i; triangles.push(a, a + 1, a + nx + 1, a, a + nx + 1, a + nx); }
  }
  return { points: Float64Array.from(points), triangles: Int32Array.from(triangles) };
}
const all = (mesh: Mesh): number[] => Array.from({ length: mesh.points.length / 3 }, (_, i) => i);
const basisOf = (region: RegionMesh): SurrogateBasis => surrogateBasis(region, regionModes(region)!);

const sphere = icosphere(5), cingulate = cingulateRegion(sphere), side = cingulate.vertices.length;
const region = regionMesh((['left', 'right'] as const).map((hemisphere) => ({ mesh: hemisphereSurface(sphere, hemisphere), vertices: cingulate.vertices })));
const basis = basisOf(region);

/** A tiling of both hemispheres by the nearest of k random vertices of the left, the right its mirror image. */
function tiling(random: Random, k: number): Int32Array {
  const p = region.sides[0]!.mesh.points, seeds = Array.from({ length: k }, () => 3 * random.integer(side));
  const half = Array.from({ length: side }, (_, i) => {
    const d = seeds.map((s) => (p[3 * i]! - p[s]!) ** 2 + (p[3 * i + 1]! - p[s + 1]!) ** 2 + (p[3 * i + 2]! - p[s + 2]!) ** 2);
    return d.indexOf(Math.min(...d)) + 1;
  });
  return Int32Array.from([...half, ...half]);
}

/** Weights that fall with the distance from k random vertices. */
function softTiling(random: Random, k: number): Float64Array {
  const p = region.sides[0]!.mesh.points, seeds = Array.from({ length: k }, () => 3 * random.integer(side)), W = new Float64Array(2 * side * k);
  for (let i = 0; i < 2 * side; i++) for (let j = 0; j < k; j++) {
    const v = 3 * (i % side), s = seeds[j]!;
    W[i * k + j] = Math.exp(-((p[v]! - p[s]!) ** 2 + (p[v + 1]! - p[s + 1]!) ** 2 + (p[v + 2]! - p[s + 2]!) ** 2) / 60) * (1 + 0.2 * random.uniform());
  }
  return W;
}

describe('modes of a region', () => {
  it('of a rectangle are cosines: frequencies pi2 (i2 / a2 + j2 / b2) to 2 %', () => {
    const mesh = sheet(40, 25, 1), flat = regionModes(regionMesh([{ mesh, vertices: all(mesh) }]))!;
    const exact = Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (_x, j) => Math.PI ** 2 * ((i / 39) ** 2 + (j / 24) ** 2))).flat().sort((a, b) => a - b);
    for (let q = 0; q < 12; q++) expect(Math.abs(flat.frequency[q]! - exact[q]!)).toBeLessThan(0.02 * exact[q]! + 1e-9);
  });

  it('are orthonormal in the mass, the constant first, and mirror images of each other', () => {
    const { modes } = basis, [left, right] = modes.sides as [typeof modes.sides[number], typeof modes.sides[number]];
    for (const { values, mass } of modes.sides) for (const [p, q] of [[0, 0], [3, 3], [40, 40], [0, 5], [7, 8]] as const) {
      let s = 0;
      for (let i = 0; i < mass.length; i++) s += mass[i]! * values[i * modes.count + p]! * values[i * modes.count + q]!;
      expect(s).toBeCloseTo(p === q ? 1 : 0, 9);
    }
    expect(modes.mirrored).toBe(true);
    for (const q of [1, 2, 5, 20]) {
      let s = 0;
      for (let i = 0; i < side; i++) s += left.mass[i]! * left.values[i * modes.count + q]! * right.values[i * modes.count + q]!;
      expect(s, `mode ${q}`).toBeGreaterThan(0.95);
    }
    expect([...modes.frequency]).toEqual([...modes.frequency].sort((a, b) => a - b));
  });

  it('two hemispheres on one common mesh are images of each other; far apart they are not, and turn by themselves', () => {
    const mesh = sheet(12, 8, 1), vertices = all(mesh);
    expect(regionMesh([{ mesh, vertices }, { mesh, vertices }]).mirrored).toHaveLength(vertices.length);
    const apart = regionMesh([{ mesh, vertices }, { mesh: sheet(12, 8, 1, 300), vertices }]);
    expect(apart.mirrored).toEqual([]);
    const set = drawRotationSet(basisOf(apart), bandsOf(20), createRandom(1));
    expect(set[0]).not.toBe(set[1]);
  });

  it('stop when told', () => {
    let calls = 0;
    expect(regionModes(region, () => ++calls < 5)).toBeNull();
    expect(calls).toBe(5);
  });

  it('a region in pieces, with a vertex that has no triangle, has modes and surrogates', () => {
    const mesh = sheet(30, 10, 1), pieces = all(mesh).filter((v) => (v % 30 < 12 || v % 30 > 17) || v === 15);
    const broken = basisOf(regionMesh([{ mesh, vertices: pieces }]));
    const labels = pieces.map((v) => (v % 30 < 6 ? 1 : v % 30 < 20 ? 2 : 3));
    const [found] = randNull(broken, [{ k: 3, a: labels, b: labels, observed: 1 }], { nulls: 99, stream: 'pieces' })!;
    expect(found!.p).toBeLessThan(0.05);
    expect(Number.isFinite(found!.mean)).toBe(true);
  });

  it('a region too small or too large says so', () => {
    expect(limitOf([847, 847])).toBeNull();
    expect(limitOf([300, 20])).toBe('the region has 20 vertices in a hemisphere; surrogates need 24');
    expect(limitOf([15_000, 15_000])).toContain('surrogates are made for up to 20000');
  });
});

describe('linear algebra', () => {
  const n = 60, random = createRandom('band'), dense = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) for (const j of [(i + 1) % n, (i * 7 + 3) % n]) if (i !== j) { const w = random.uniform(); dense.set(i, j, dense.get(i, j) - w); dense.set(j, i, dense.get(j, i) - w); dense.set(i, i, dense.get(i, i) + w); dense.set(j, j, dense.get(j, j) + w); }
  for (let i = 0; i < n; i++) dense.set(i, i, dense.get(i, i) + 0.01);
  const rows = [0], columns: number[] = [], values: number[] = [];
  for (let i = 0; i < n; i++) { for (let j = 0; j < n; j++) if (i !== j && dense.get(i, j) !== 0) { columns.push(j); values.push(dense.get(i, j)); } rows.push(columns.length); }
  const sparse = { rows: Int32Array.from(rows), columns: Int32Array.from(columns), values: Float64Array.from(values), diagonal: Float64Array.from({ length: n }, (_, i) => dense.get(i, i)) };

  it('banded Cholesky solves', () => {
    const b = Float64Array.from({ length: n }, () => random.normal()), x = new Float64Array(n);
    solveBanded(bandedCholesky(sparse), b, x);
    const again = dense.mmul(Matrix.columnVector(x)).to1DArray();
    again.forEach((v, i) => expect(v).toBeCloseTo(b[i]!, 10));
    expect(() => bandedCholesky({ ...sparse, diagonal: sparse.diagonal.map(() => -1) })).toThrow(/not positive definite/);
  });

  it('Lanczos finds the largest eigenvalues, repeated ones too', () => {
    const exact = new EigenvalueDecomposition(dense, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => b - a);
    const found = largestEigenpairs((x, y) => { y.set(dense.mmul(Matrix.columnVector(x)).to1DArray()); return true; }, n, 12, createRandom(4))!;
    found.values.forEach((v, i) => expect(v).toBeCloseTo(exact[i]!, 8));
    const twins = largestEigenpairs((x, y) => { x.forEach((v, i) => { y[i] = v * (i < 3 ? 5 : 1 / (i + 1)); }); return true; }, 50, 6, createRandom(4))!;
    expect([...twins.values.slice(0, 4)]).toEqual([expect.closeTo(5, 8), expect.closeTo(5, 8), expect.closeTo(5, 8), expect.closeTo(0.25, 8)]);
  });

  it('rotations are orthonormal, and bands cover every mode but the constant', () => {
    const bands = bandsOf(64);
    expect(bands.flatMap(({ first, size }) => Array.from({ length: size }, (_, i) => first + i))).toEqual(Array.from({ length: 63 }, (_, i) => i + 1));
    drawRotations(bands, createRandom(2)).forEach((q, b) => {
      const { size } = bands[b]!;
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) {
        let s = 0;
        for (let c = 0; c < size; c++) s += q[i * size + c]! * q[j * size + c]!;
        expect(s).toBeCloseTo(i === j ? 1 : 0, 10);
      }
    });
  });
});

describe('surrogates', () => {
  const k = 5, labels = tiling(createRandom('one'), k), spectrum = parcelSpectrum(basis, labels, k), maker = createSurrogateMaker(basis, k);
  const sets = Array.from({ length: 60 }, (_, r) => drawRotationSet(basis, bandsOfBasis(basis), createRandom(`set/${r}`)));
  const filter = matchFilter(basis, maker, [{ spectrum, labels }], sets.slice(0, 10));

  it('keep the sizes of the parcels in each hemisphere', () => {
    for (const set of sets) {
      const found = maker.make(spectrum, set, filter).labels;
      let at = 0;
      spectrum.sides.forEach(({ sizes }, s) => {
        const counts = new Float64Array(k), n = basis.counts[s]!;
        for (let i = 0; i < n; i++) counts[found[at + i]! - 1]!++;
        at += n;
        expect(sizes.reduce((sum, v, j) => sum + Math.abs(v - counts[j]!), 0) / (2 * n)).toBeLessThan(0.06);
      });
    }
  });

  it('are as smooth as the parcellation, and as alike in the two hemispheres; free permutations are neither', () => {
    const points = Array.from(basis.points, (v) => labels[v]!), target = labelVariogram(basis, points);
    const mean = new Float64Array(target.length);
    let alike = 0;
    for (const set of sets) { const found = maker.make(spectrum, set, filter).labels; labelVariogram(basis, found).forEach((v, b) => { mean[b]! += v / sets.length; }); alike += mirrorAgreement(basis, found)! / sets.length; }
    mean.forEach((v, b) => expect(Math.abs(v - target[b]!), `distance ${b}`).toBeLessThan(0.13));
    expect(Math.abs(alike - mirrorAgreement(basis, points)!)).toBeLessThan(0.08);
    const shuffled = createRandom(3).shuffle([...points]);
    expect(labelVariogram(basis, shuffled)[0]! - target[0]!).toBeGreaterThan(0.4);
  });

  it('are elsewhere', () => {
    const points = Array.from(basis.points, (v) => labels[v]!), agreement = sets.map((set) => adjustedRandIndex(points, maker.make(spectrum, set, filter).labels));
    expect(agreement.reduce((s, v) => s + v, 0) / sets.length).toBeLessThan(0.75);
    expect(Math.min(...agreement)).toBeLessThan(0.35);
  });
});

describe('statistics of surrogates', () => {
  it('the dense Rand index is the Rand index', () => {
    const random = createRandom(9);
    for (let t = 0; t < 50; t++) {
      const k = 1 + random.integer(6), a = Uint8Array.from({ length: 40 }, () => random.integer(k + 1)), b = Uint8Array.from({ length: 40 }, () => random.integer(k + 1));
      expect(denseRand(a, b, k)).toBeCloseTo(adjustedRandIndex(a, b), 12);
    }
  });

  it('the similarity is the stability', () => {
    const random = createRandom(10), n = 2 * side, k = 4, A = softTiling(random, k), B = softTiling(random, k);
    expect(meanSimilarity(unitRowsOf(A.slice(), n, k), unitRowsOf(B.slice(), n, k), n, k)).toBeCloseTo(stability(A, B, n, k).mean!, 10);
    A.fill(0, 0, k);
    expect(meanSimilarity(unitRowsOf(A.slice(), n, k), unitRowsOf(B.slice(), n, k), n, k)).toBeCloseTo(stability(A, B, n, k).mean!, 10);
  });
});

describe('nulls', () => {
  it('do not depend on the ranks computed beside, and differ with the stream', () => {
    const random = createRandom('beside'), one = (k: number) => { const a = tiling(random, k), b = tiling(random, k); return { k, a, b, observed: adjustedRandIndex(a, b) }; };
    const three = one(3), five = one(5), options = { nulls: 99, stream: 's' };
    expect(randNull(basis, [three, five], options)![1]).toEqual(randNull(basis, [five], options)![0]);
    expect(randNull(basis, [five], { ...options, stream: 't' })).not.toEqual(randNull(basis, [five], options));
  });

  it('find agreement that is there: p is the least possible', () => {
    const a = tiling(createRandom('same'), 6), W = softTiling(createRandom('same'), 6);
    expect(randNull(basis, [{ k: 6, a, b: a, observed: 1 }], { nulls: 99, stream: 'x' })![0]).toMatchObject({ nulls: 99, p: 0.01 });
    expect(stabilityNull(basis, [{ k: 6, observed: 1, splits: [{ A: W, B: W }] }], { nulls: 99, stream: 'x' })![0]!.p).toBe(0.01);
  });

  it('stop when told, and say what cannot be told', () => {
    const a = tiling(createRandom('a'), 3), W = softTiling(createRandom('a'), 3);
    expect(randNull(basis, [{ k: 3, a, b: a, observed: 1 }], { nulls: 99, stream: 'x', onProgress: (done) => done < 7 })).toBeNull();
    expect(stabilityNull(basis, [{ k: 3, observed: 1, splits: [{ A: W, B: W }] }], { nulls: 99, stream: 'x', onProgress: () => false })).toBeNull();
    expect(stabilityNull(basis, [{ k: 3, observed: null, splits: [{ A: W, B: W }] }], { nulls: 99, stream: 'x' })![0]).toMatchObject({ p: null, reason: 'there is no stability at this rank' });
  });

  it('hold their level about where free permutation of the same maps finds something every time: 60 pairs of independent tilings', () => {
    const random = createRandom('level'), n = 2 * side, p = { free: 0, rand: 0, stability: 0, half: 0 }, reps = 60;
    for (let rep = 0; rep < reps; rep++) {
      const a = tiling(random, 5), b = tiling(random, 5), observed = adjustedRandIndex(a, b), shuffled = [...b];
      let above = 0;
      for (let t = 0; t < 19; t++) if (adjustedRandIndex(a, random.shuffle(shuffled)) >= observed) above++;
      if (above === 0) p.free++;
      const rand = randNull(basis, [{ k: 5, a, b, observed }], { nulls: 99, stream: `${rep}` })![0]!.p!;
      if (rand <= 0.05) p.rand++;
      if (rand <= 0.5) p.half++;
      const A = softTiling(random, 5), B = softTiling(random, 5);
      if (stabilityNull(basis, [{ k: 5, observed: stability(A, B, n, 5).mean, splits: [{ A, B }] }], { nulls: 99, stream: `${rep}` })![0]!.p! <= 0.05) p.stability++;
    }
    expect(p.free / reps).toBeGreaterThan(0.9);
    expect(p.rand / reps).toBeLessThan(0.2);
    expect(p.stability / reps).toBeLessThan(0.25);
    expect(p.half / reps).toBeGreaterThan(0.25);
    expect(p.half / reps).toBeLessThan(0.75);
  }, 120_000);
});
