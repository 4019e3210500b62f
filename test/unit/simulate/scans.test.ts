/** Simulated diffusion scans, read as a scanner's files and fitted here by ordinary least squares of the logarithm (Basser et al. 1994). */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EigenvalueDecomposition, Matrix, solve } from 'ml-matrix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNifti, readObj, readParticipants, readVertexText } from '../../../formats/index.js';
import { simulateScans, type ScanSimulationSummary } from '../../../simulate/scans/index.js';
import { tissueAt } from '../../../simulate/scans/anatomy.js';

const folders: string[] = [];
const folder = (): string => { const f = mkdtempSync(join(tmpdir(), 'sulcus-scans-')); folders.push(f); return f; };
afterAll(() => { for (const f of folders) rmSync(f, { recursive: true, force: true }); });
const cohorts = [{ name: 'one', size: 6 }, { name: 'two', size: 7 }];
const numbers = (path: string): number[][] => readFileSync(path, 'utf8').trim().split('\n').map((line) => line.split(' ').map(Number));

describe('simulated scans', () => {
  let root: string, summary: ScanSimulationSummary;
  beforeAll(async () => { root = folder(); summary = await simulateScans(root, { seed: 3, cohorts }); });

  it('are the same bytes for the same seed, and others for another', async () => {
    const digests = (at: string): Record<string, string> => Object.fromEntries(readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((f) => statSync(join(at, f)).isFile()).map((f) => [f, createHash('sha256').update(readFileSync(join(at, f))).digest('hex')]));
    const [again, other] = [folder(), folder()];
    await simulateScans(again, { seed: 3, cohorts: cohorts.slice(0, 1) });
    await simulateScans(other, { seed: 4, cohorts: cohorts.slice(0, 1) });
    const first = digests(root), scan = join('one', 'dwi', 'sub-one001_dwi.nii.gz');
    // A cohort does not depend on the others; the study file names them.
    const one = (all: Record<string, string>): [string, string][] => Object.entries(all).filter(([name]) => !name.includes('two') && name !== 'study.yaml');
    expect(one(digests(again))).toEqual(one(first));
    expect(one(first)).toHaveLength(2 + 1 + 6 * (3 + 4));
    expect(digests(other)[scan]).not.toBe(first[scan]);
    expect(Object.keys(first)).toHaveLength(summary.files);
  });

  it('come with a table of people in two groups alike in age and sex, and with a surface', () => {
    for (const { name, people } of summary.cohorts) {
      const { rows } = readParticipants(readFileSync(join(root, name, 'participants.tsv')), { file: 'participants.tsv' });
      expect(rows).toHaveLength(people.length);
      expect(new Set(people.map((p) => `${p.group} ${p.sex}`)).size).toBe(4);
    }
    for (const side of ['left', 'right']) {
      const { points, triangles } = readObj(readFileSync(join(root, 'surface', `mid_${side}.obj`)), { file: side });
      expect([points.length / 3, triangles.length / 3]).toEqual([642, 1280]);
      expect(Math.sign(points[0]!)).toBe(side === 'left' ? -1 : 1);
      // Outside is out: the volume that the triangles enclose is positive.
      let volume = 0;
      for (let t = 0; t < triangles.length; t += 3) {
        const [a, b, c] = [0, 1, 2].map((e) => [0, 1, 2].map((d) => points[3 * triangles[t + e]! + d]!)) as [number[], number[], number[]];
        volume += (a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) + a[1]! * (b[2]! * c[0]! - b[0]! * c[2]!) + a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!)) / 6;
      }
      expect(volume).toBeGreaterThan(40_000);
    }
  });

  it('hold the tensors that the truth tells: FA within 0.05, MD within 6 %, fibres within 6 degrees in every voxel, FA within 0.003 and MD within 0.5 % on average', () => {
    const [{ id, parts }] = summary.cohorts[0]!.people as [ScanSimulationSummary['cohorts'][0]['people'][0]];
    const bytes = readFileSync(join(root, 'one', 'dwi', `${id}_dwi.nii.gz`)), bvec = numbers(join(root, 'one', 'dwi', `${id}.bvec`)), [bval] = numbers(join(root, 'one', 'dwi', `${id}.bval`)) as [number[]];
    const frames = bval.map((_, frame) => readNifti(bytes, { file: 'dwi', frame })), [first] = frames as [(typeof frames)[0]], a = first.affine;
    // FSL's directions are along the voxels' axes of a volume stored from right to left: x turns round on the way to RAS.
    const directions = bval.map((_, i) => [-bvec[0]![i]!, bvec[1]![i]!, bvec[2]![i]!] as const);
    const design = new Matrix(bval.map((b, i) => { const [x, y, z] = directions[i]!; return [1, -b * x * x, -b * y * y, -b * z * z, -2 * b * x * y, -2 * b * x * z, -2 * b * y * z]; }));
    expect(a[0]).toBeLessThan(0);
    const errors: { fa: number; md: number; degrees: number }[] = [];
    for (let k = 8; k < 16; k += 2) for (let j = 4; j < 20; j += 3) for (let i = 7; i < 17; i += 3) {
      const index = i + 24 * (j + 24 * k), [x, y, z] = [0, 1, 2].map((r) => a[4 * r]! * i + a[4 * r + 1]! * j + a[4 * r + 2]! * k + a[4 * r + 3]!) as [number, number, number];
      const [, xx, yy, zz, xy, xz, yz] = solve(design, Matrix.columnVector(frames.map((f) => Math.log(f.at(index))))).to1DArray() as [number, number, number, number, number, number, number];
      const { realEigenvalues: l, eigenvectorMatrix: v } = new EigenvalueDecomposition(new Matrix([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]), { assumeSymmetric: true });
      const md = (l[0]! + l[1]! + l[2]!) / 3, fa = Math.sqrt((1.5 * l.reduce((s, e) => s + (e - md) ** 2, 0)) / l.reduce((s, e) => s + e * e, 0));
      const truth = tissueAt(parts, y, z), largest = l.indexOf(Math.max(...l));
      const cosine = Math.abs(v.get(0, largest) * x + v.get(1, largest) * y + v.get(2, largest) * z) / Math.hypot(x, y, z);
      errors.push({ fa: fa - truth.fa, md: md / truth.md - 1, degrees: (Math.acos(Math.min(1, cosine)) * 180) / Math.PI });
    }
    const mean = (of: (e: (typeof errors)[0]) => number): number => errors.reduce((s, e) => s + of(e), 0) / errors.length;
    expect(errors).toHaveLength(4 * 6 * 4);
    for (const e of errors) {
      expect(Math.abs(e.fa)).toBeLessThan(0.05);
      expect(Math.abs(e.md)).toBeLessThan(0.06);
      expect(e.degrees).toBeLessThan(6);
    }
    expect(Math.abs(mean((e) => e.fa))).toBeLessThan(0.003);
    expect(Math.abs(mean((e) => e.md))).toBeLessThan(0.005);
    process.stdout.write(`OLS: FA bias ${mean((e) => e.fa).toFixed(4)}, worst ${Math.max(...errors.map((e) => Math.abs(e.fa))).toFixed(3)}; MD bias ${(100 * mean((e) => e.md)).toFixed(2)} %, worst ${(100 * Math.max(...errors.map((e) => Math.abs(e.md)))).toFixed(1)} %; worst fibre ${Math.max(...errors.map((e) => e.degrees)).toFixed(1)} degrees\n`);
  });

  it('have the truth at every vertex beside them', () => {
    const { people: [person] } = summary.cohorts[1]!;
    const { points } = readObj(readFileSync(join(root, 'surface', 'mid_right.obj')), { file: 'obj' });
    const truth = (metric: string): ArrayLike<number> => readVertexText(readFileSync(join(root, 'truth', 'two', `${person!.id}_${metric}_right.txt`)), { file: metric, vertices: 642 });
    const [fa, md] = [truth('fa'), truth('md')];
    for (let v = 0; v < 642; v += 20) {
      const expected = tissueAt(person!.parts, points[3 * v + 1]!, points[3 * v + 2]!);
      expect(fa[v]).toBeCloseTo(expected.fa, 5);
      expect(md[v]! * 1000).toBeCloseTo(expected.md * 1000, 5);
    }
  });

  it.each([[[]], [[{ name: 'a', size: 5 }]], [[{ name: 'a', size: 6 }, { name: 'A', size: 6 }]], [[{ name: '../a', size: 6 }]], [[{ name: 'a', size: 6.5 }]]])('are refused for cohorts %j, before anything is written', async (bad) => {
    const at = folder();
    await expect(simulateScans(at, { seed: 0, cohorts: bad })).rejects.toMatchObject({ code: 'BAD_COHORT' });
    expect(readdirSync(at)).toEqual([]);
  });
});
