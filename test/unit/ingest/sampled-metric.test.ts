import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeDoubles } from '../../../activities/doubles.js';
import type { RegionDocument } from '../../../activities/ingest/documents.js';
import { ingestSubject, type SubjectResult } from '../../../activities/ingest/subject.js';
import { surveyManifest } from '../../../activities/ingest/survey.js';
import { checkStudyMesh } from '../../../activities/ingest/study-mesh.js';
import { invert, prepareSmoothing, smoothOnSurface, transformPoints, type Mesh } from '../../../analysis/surface/index.js';
import { checkStudy } from '../../../client/check/index.js';
import { loadStudy, parseStudy } from '../../../config/index.js';
import { writeGiftiShape } from '../../../formats/gifti-write.js';
import { readObj } from '../../../formats/obj.js';
import { FileStore } from '../../../storage/file-store.js';
import { nifti, obj, xfm } from '../surface/files.js';
import { sphere } from '../surface/support.js';

const run = { workflowId: 'w', runId: 'r' };
const VERTICES = 642, region: RegionDocument = { hemispheres: [{ side: 'left', vertices: [0, 5, 17, 100, 641] }], meshVertices: VERTICES, midlineDropped: 0 };
/** A point of the surface's space to one of the volume's, and the scanner's field: linear in space, so that sampling is exact. */
const TAL = [1.05, 0.02, 0, 4, -0.03, 0.98, 0.05, -6, 0, 0.04, 1.1, 3];
const field = (x: number, y: number, z: number): number => 1e-3 + 2e-6 * x - 3e-6 * y + 1e-6 * z;
const affine = [-2, 0, 0, 40, 0, 2, 0, -40, 0, 0, 2, -40];
const METRIC = '{ volume: "dwi/{id}_MD.nii.gz", surface: "civet/{id}/mid_rsl_{side}.obj", transform: { file: "civet/{id}/t1_tal.xfm", invert: true } }';

let directory: string, store: FileStore;
const put = (name: string, content: string | Uint8Array): void => { mkdirSync(dirname(join(directory, name)), { recursive: true }); writeFileSync(join(directory, name), content); };
const study = (metric = METRIC, more = ''): string => `study: s\nsurface: { vertices: ${VERTICES}, hemispheres: [left]${more} }\nregion: { vertices: { left: [0, 5, 17, 100, 641] } }\nmetrics:\n  md: ${metric}\ncohorts:\n  a: { groups: [HC] }\n`;
const volume = (value = field, shape: [number, number, number] = [41, 41, 41]): Buffer => gzipSync(nifti(shape, affine, value, 'MD'));
const mesh = (): Mesh => readObj(obj(sphere(3, 25)), { file: 'm' });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sulcus-sampling-'));
  store = new FileStore(join(directory, 'store'));
  put('a/participants.tsv', 'participant_id\tgroup\tage\tsex\nS1\tHC\t30\tF\n');
  put('a/dwi/S1_MD.nii.gz', volume());
  put('a/civet/S1/mid_rsl_left.obj', obj(sphere(3, 25)));
  put('a/civet/S1/t1_tal.xfm', xfm(TAL));
});
afterEach(() => { rmSync(directory, { recursive: true, force: true }); });

async function ingest(text = study()): Promise<SubjectResult & { values: Float64Array }> {
  const { spec } = parseStudy(text, 'study.yaml');
  const [subject] = (await surveyManifest(spec, directory, 'a')).subjects;
  const result = await ingestSubject(store, run, subject!, region, 'region');
  const found = result.key === null ? null : await store.find({ kind: 'subject', key: result.key });
  return { ...result, values: found === null ? new Float64Array(0) : decodeDoubles(found.bytes) };
}
const excluded = async (text?: string): Promise<string> => { const { excluded: e } = await ingest(text); return e === null ? 'none' : `${e.code} ${e.file}: ${e.reason}; ${e.remedy}`; };

describe('a volume on a surface', () => {
  it('is sampled at the vertices, through the transform from the surface to the volume', async () => {
    const native = transformPoints(invert(TAL), mesh().points), { values, reused } = await ingest();
    expect(reused).toBe(false);
    region.hemispheres[0]!.vertices.forEach((v, i) => { expect(Math.abs(values[i]! / field(native[3 * v]!, native[3 * v + 1]!, native[3 * v + 2]!) - 1)).toBeLessThan(1e-5); });
    put('a/t.txt', '# RAS mm\n1 0 0 1\n0 1 0 2\n0 0 1 3\n0 0 0 1\n');
    const chained = await ingest(study(METRIC.replace('transform: { file: "civet/{id}/t1_tal.xfm", invert: true }', 'transform: [ { file: "civet/{id}/t1_tal.xfm", invert: true }, "t.txt" ]')));
    chained.values.forEach((x, i) => { expect(x - values[i]!).toBeCloseTo(2e-6 * 1 - 3e-6 * 2 + 1e-6 * 3, 9); });
  });

  it('is smoothed over the whole surface before the region is taken', async () => {
    const plain = await ingest(), smooth = await ingest(study(METRIC.replace(/}$/, ', smooth: 20 }')));
    const native = transformPoints(invert(TAL), mesh().points);
    const map = Float64Array.from({ length: VERTICES }, (_, v) => field(native[3 * v]!, native[3 * v + 1]!, native[3 * v + 2]!));
    const expected = smoothOnSurface(prepareSmoothing(mesh()), map, 20);
    region.hemispheres[0]!.vertices.forEach((v, i) => { expect(Math.abs(smooth.values[i]! / expected[v]! - 1)).toBeLessThan(1e-5); });
    expect(smooth.key).not.toBe(plain.key);
  });

  it('is not needed for smoothing: a vertex file can be smoothed too, along the subject\'s or the study\'s mesh', async () => {
    const map = Float64Array.from({ length: VERTICES }, (_, v) => 2 + Math.sin(v));
    put('a/ct/S1_left.txt', `${Array.from(map).join('\n')}\n`);
    put('average_left.obj', obj(sphere(3, 25)));
    const own = await ingest(study('{ file: "ct/{id}_{side}.txt", surface: "civet/{id}/mid_rsl_{side}.obj", smooth: 15 }'));
    const shared = await ingest(study('{ file: "ct/{id}_{side}.txt", smooth: 15 }', ', mesh: { left: average_left.obj }'));
    const expected = smoothOnSurface(prepareSmoothing(mesh()), map, 15);
    region.hemispheres[0]!.vertices.forEach((v, i) => { expect(own.values[i]).toBe(expected[v]); });
    expect(shared.values).toEqual(own.values);
    expect(Array.from((await ingest(study('{ file: "ct/{id}_{side}.txt" }'))).values)).toEqual(region.hemispheres[0]!.vertices.map((v) => map[v]));
  });

  it('smooths around vertices without a value outside of the region, and refuses them within', async () => {
    const map = Float64Array.from({ length: VERTICES }, (_, v) => 2 + Math.sin(v)), text = study('{ file: "ct/{id}_{side}.shape.gii", surface: "civet/{id}/mid_rsl_{side}.obj", smooth: 15 }');
    map.fill(NaN, 300, 320);
    put('a/ct/S1_left.shape.gii', writeGiftiShape([{ name: 'thickness', values: map }]));
    const { values } = await ingest(text), expected = smoothOnSurface(prepareSmoothing(mesh()), Float64Array.from(Float32Array.from(map)), 15);
    region.hemispheres[0]!.vertices.forEach((v, i) => { expect(values[i]).toBe(expected[v]); });
    map[17] = NaN;
    put('a/ct/S1_left.shape.gii', writeGiftiShape([{ name: 'thickness', values: map }]));
    expect(await excluded(text)).toMatch(/^NOT_FINITE a\/ct\/S1_left\.shape\.gii: .*found NaN at vertex 17/);
  });

  it('is computed again when volume, surface, transform or a parameter changed, and only then', async () => {
    const first = await ingest();
    await pause(150); // until the files count as settled
    expect(await ingest()).toMatchObject({ key: first.key });
    expect(await ingest()).toMatchObject({ key: first.key, reused: true });
    put('a/civet/S1/t1_tal.xfm', xfm(TAL)); // touched, not changed
    expect((await ingest()).key).toBe(first.key);
    const keys = new Set([first.key]);
    const changes: [string, () => string | undefined][] = [
      ['volume', () => { put('a/dwi/S1_MD.nii.gz', volume((x, y, z) => field(x, y, z) + 1e-5)); return undefined; }],
      ['transform', () => { put('a/civet/S1/t1_tal.xfm', xfm(TAL.map((x, i) => (i === 3 ? x + 1 : x)))); return undefined; }],
      ['surface', () => { put('a/civet/S1/mid_rsl_left.obj', obj(sphere(3, 24))); return undefined; }],
      ['direction', () => study(METRIC.replace('invert: true', 'invert: false'))],
      ['smoothing', () => study(METRIC.replace(/}$/, ', smooth: 10 }'))],
      ['another width', () => study(METRIC.replace(/}$/, ', smooth: 11 }'))],
      ['background', () => study(METRIC.replace(/}$/, ', background: -1 }'))],
    ];
    for (const [what, change] of changes) {
      const text = change(), result = await ingest(text);
      expect([what, result.excluded, keys.has(result.key)]).toEqual([what, null, false]);
      keys.add(result.key);
      expect([what, (await ingest(text)).key]).toEqual([what, result.key]);
    }
  });

  it('excludes the subject, with a line, for whatever is wrong with its files', async () => {
    const good = { 'a/dwi/S1_MD.nii.gz': volume(), 'a/civet/S1/t1_tal.xfm': xfm(TAL), 'a/civet/S1/mid_rsl_left.obj': obj(sphere(3, 25)) };
    const two = sphere(3, 25), torn = sphere(3, 25), flat = sphere(3, 25), lost = sphere(3, 25);
    torn.triangles.set([0, 0, 1]);
    flat.points.fill(1);
    lost.points[7] = NaN;
    const cases: [keyof typeof good, string | Uint8Array, RegExp][] = [
      ['a/dwi/S1_MD.nii.gz', volume().subarray(0, -200), /^BAD_COMPRESSION a\/dwi\/S1_MD\.nii\.gz: /],
      ['a/dwi/S1_MD.nii.gz', 'text', /^NOT_NIFTI /],
      ['a/dwi/S1_MD.nii.gz', volume(field, [22, 41, 41]), /^NO_VALUE_AT_VERTICES a\/dwi\/S1_MD.nii.gz: .*: [1-4] of the 5 vertices of the region \(left\) have no value: [1-4] outside the volume; check the registration/],
      ['a/dwi/S1_MD.nii.gz', volume(field, [2, 2, 2]), /5 outside the volume; the surface does not lie in the volume: check transform, and whether it must be inverted \(invert: true\)/],
      ['a/dwi/S1_MD.nii.gz', volume((x, y, z) => (z > 0 ? NaN : field(x, y, z))), /^NO_VALUE_AT_VERTICES .* at voxels without data; check/],
      ['a/dwi/S1_MD.nii.gz', nifti([3, 3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0], field), /^SINGULAR_TRANSFORM a\/dwi\/S1_MD.nii.gz: a\/dwi.*cannot be inverted/],
      ['a/civet/S1/t1_tal.xfm', xfm([1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0]), /^SINGULAR_TRANSFORM a\/civet\/S1\/t1_tal\.xfm: .*cannot be inverted/],
      ['a/civet/S1/t1_tal.xfm', 'MNI Transform File\nTransform_Type = Grid_Transform;\nDisplacement_Volume = g.mnc;\n', /^UNSUPPORTED_TRANSFORM .*nonlinear/],
      ['a/civet/S1/mid_rsl_left.obj', obj(sphere(2, 25)), /^VERTEX_COUNT a\/civet\/S1\/mid_rsl_left\.obj: .*found a surface of 162 vertices, expected 642/],
      ['a/civet/S1/mid_rsl_left.obj', obj(torn), /^MESH_DEGENERATE .*triangle 0 names a vertex twice/],
      ['a/civet/S1/mid_rsl_left.obj', obj({ ...two, triangles: two.triangles.map((v, i) => (i < 900 ? v : two.triangles[i % 900]!)) }), /^MESH_(DISCONNECTED|NON_MANIFOLD) a\/civet/],
      ['a/civet/S1/mid_rsl_left.obj', obj(lost), /^(MESH_NOT_FINITE|NOT_FINITE|NOT_A_NUMBER|BAD_OBJ|NOT_OBJ) a\/civet/],
      ['a/civet/S1/mid_rsl_left.obj', Buffer.from(obj(two)).subarray(0, 9000), /^SHORT_FILE a\/civet/],
    ];
    for (const [name, content, message] of cases) {
      put(name, content);
      const line = await excluded();
      expect(line).toMatch(message);
      expect(line).not.toContain('\n');
      put(name, good[name]);
    }
    put('a/civet/S1/mid_rsl_left.obj', obj(flat));
    expect(await excluded(study(METRIC.replace(/}$/, ', smooth: 10 }')))).toMatch(/^MESH_DEGENERATE a\/civet.*no area/);
    expect(await excluded(study(METRIC.replace('mid_rsl_', 'gone_')))).toMatch(/^MISSING_FILE a\/civet\/S1\/gone_left\.obj: md left: its surface does not exist/);
    expect(await excluded(study(METRIC.replace('t1_tal', 'gone')))).toMatch(/^MISSING_FILE a\/civet\/S1\/gone\.xfm: md: its transform does not exist/);
    expect(await excluded(study(METRIC.replace('_MD', '_FA')))).toMatch(/^MISSING_FILE a\/dwi\/S1_FA\.nii\.gz: md does not exist/);
    put('a/civet/S1/surfaces/P_S1_mid_surface_left_81920.obj', obj(two));
    const rsl = study(METRIC.replace('mid_rsl_{side}.obj', 'surfaces/P_{id}_mid_surface_rsl_{side}_81920.obj'));
    expect(await excluded(rsl)).toMatch(/^NO_CORRESPONDENCE .*only the native-mesh file P_S1_mid_surface_left_81920\.obj exists/);
    expect(await excluded(rsl.replace('_rsl', ''))).toMatch(/^NO_CORRESPONDENCE .*is on the subject's own mesh/);
  });

  it('has no value where masked voxels are named as background', async () => {
    put('a/dwi/S1_MD.nii.gz', volume((x, y, z) => (x > 10 ? 0 : field(x, y, z))));
    expect((await ingest()).excluded).toBeNull();
    expect(await excluded(study(METRIC.replace(/}$/, ', background: 0 }')))).toMatch(/^NO_VALUE_AT_VERTICES .*\d at voxels without data/);
  });
});

describe('check of a sampled metric', () => {
  const check = async (text: string): Promise<string[]> => {
    put('study.yaml', text);
    return (await checkStudy(await loadStudy(join(directory, 'study.yaml')))).problems.map((p) => `${p.severity} ${p.code} ${p.subject} ${p.file}: ${p.message}`);
  };
  it('reads all of its files and names what is wrong', async () => {
    expect((await check(study())).filter((p) => p.startsWith('error'))).toEqual([]);
    put('a/dwi/S1_MD.nii.gz', gzipSync(nifti([41, 41, 41], affine, (x, y, z) => -field(x, y, z), 'patient name: X')));
    const problems = await check(study(METRIC.replace(/}$/, ', smooth: 10 }')));
    expect(problems).toContainEqual(expect.stringMatching(/PERSONAL_HEADER S1 a\/dwi\/S1_MD\.nii\.gz: the header seems to hold a patient name/));
    expect(problems).toContainEqual(expect.stringMatching(/^warning NEGATIVE_VALUES S1 a\/dwi\/S1_MD\.nii\.gz: .*5 of 5 vertices/));
    put('a/civet/S1/t1_tal.xfm', 'x');
    expect(await check(study())).toContainEqual(expect.stringMatching(/^error NOT_TRANSFORM S1 a\/civet\/S1\/t1_tal\.xfm/));
  });
  it('warns where a volume\'s two orientations differ', async () => {
    const raw = nifti([41, 41, 41], affine, field);
    raw.writeInt16LE(1, 252); // a qform of no rotation, voxels of 1 mm, from the origin
    put('a/dwi/S1_MD.nii.gz', gzipSync(raw));
    expect(await check(study())).toContainEqual(expect.stringMatching(/^warning TWO_ORIENTATIONS S1 a\/dwi\/S1_MD\.nii\.gz: found an sform and a qform .* up to \d+\.\d mm apart/));
  });
  it('names what is wrong with the study\'s own surface once', async () => {
    put('a/ct/S1_left.txt', '1\n'.repeat(VERTICES));
    const text = study('{ file: "ct/{id}_{side}.txt", smooth: 15 }', ', mesh: { left: average_left.obj }');
    expect((await check(text)).filter((p) => p.startsWith('error'))).toEqual([expect.stringMatching(/^error MISSING_FILE null .*study\.yaml: average_left\.obj does not exist/)]);
    put('average_left.obj', obj(sphere(2)));
    expect((await check(text)).filter((p) => p.startsWith('error'))).toEqual([expect.stringMatching(/^error VERTEX_COUNT null average_left\.obj: .*162 vertices, expected 642/)]);
    await expect(checkStudyMesh(parseStudy(text, 'study.yaml').spec, directory)).rejects.toMatchObject({ code: 'VERTEX_COUNT', file: 'average_left.obj' });
  });
});
