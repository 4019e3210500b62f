import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegionDocument } from '../../../activities/ingest/documents.js';
import { checkStudyMesh } from '../../../activities/ingest/study-mesh.js';
import { drawnSurface } from '../../../activities/publish/surface.js';
import { parseStudy } from '../../../config/index.js';
import type { StudySpec } from '../../../contracts/study.js';
import { writeFreesurferSurface, writeGiftiSurface, writeObj } from '../../../formats/index.js';
import { readSurfaceFiles } from '../../../report/brain/files.js';
import { hemisphereSurface, icosphere } from '../../../simulate/mesh.js';
import { FileStore } from '../../../storage/file-store.js';

const sphere = icosphere(3), N = sphere.points.length / 3, left = hemisphereSurface(sphere, 'left');
const region: RegionDocument = { hemispheres: [{ side: 'left', vertices: [0, 5, 17, 100, 641] }, { side: 'right', vertices: [2, 641] }], meshVertices: N, midlineDropped: 0 };
let directory: string;
const put = (name: string, content: string | Uint8Array): void => { writeFileSync(join(directory, name), content); };
const spec = (mesh: string, more = ''): StudySpec => parseStudy(`study: s\nsurface: { vertices: ${N}, hemispheres: [left, right]${mesh} }\nregion: { vertices: { left: [0, 5, 17, 100, 641], right: [2, 641] } }\nmetrics:\n  t: { file: "{id}_{side}.txt" }\ncohorts:\n  a: { groups: [HC] }\n${more}`, 'study.yaml').spec;
const both = ', mesh: { left: left.mesh, right: right.mesh }';
const run = { workflowId: 'w', runId: 'r' };
let store: FileStore;
const drawn = (of: StudySpec, folder: string | undefined, at: RegionDocument): ReturnType<typeof drawnSurface> => drawnSurface(store, { run, spec: of, ...(folder === undefined ? {} : { directory: folder }) }, at);
const paths = ({ files }: { files: [string, unknown][] }): string[] => files.map(([path]) => path);

beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'sulcus-drawn-')); store = new FileStore(join(directory, 'store')); });
afterEach(() => { rmSync(directory, { recursive: true, force: true }); });

describe('the surface in the results folder', () => {
  it.each<[string, (side: 'left' | 'right') => Uint8Array, number]>([
    ['MNI .obj', (side) => writeObj(hemisphereSurface(sphere, side)), 3],
    ['GIFTI', (side) => writeGiftiSurface(hemisphereSurface(sphere, side)), 4],
    ['FreeSurfer', (side) => writeFreesurferSurface(hemisphereSurface(sphere, side)), 4],
  ])('comes from %s, at the places of the study’s vertices', async (_, write, digits) => {
    for (const side of ['left', 'right'] as const) put(`${side}.mesh`, write(side));
    const found = await drawn(spec(both), directory, region);
    expect(found.problems).toEqual([]);
    expect(paths(found)).toEqual(['surface/left.surf.gii', 'surface/left.shape.gii', 'surface/right.surf.gii', 'surface/right.shape.gii']);
    const surface = readSurfaceFiles('left', found.files[0]![1] as Uint8Array, found.files[1]![1] as Uint8Array);
    for (const v of region.hemispheres[0]!.vertices) {
      const i = surface.vertices.indexOf(v);
      for (let k = 0; k < 3; k++) expect(surface.points[3 * i + k]).toBeCloseTo(left.points[3 * v + k]!, digits - 1);
    }
    expect(surface.depth.some((d) => d < -0.5) && surface.depth.some((d) => d > 0.5)).toBe(true);
  });

  it('is not there where the study names none, and holds one hemisphere where it names one', async () => {
    put('left.mesh', writeObj(left));
    expect(await drawn(spec(''), directory, region)).toEqual({ files: [], problems: [] });
    expect(await drawn(spec(both), undefined, region)).toEqual({ files: [], problems: [] });
    const one: RegionDocument = { ...region, hemispheres: region.hemispheres.slice(0, 1) };
    expect(paths(await drawn(spec(both), directory, one))).toEqual(['surface/left.surf.gii', 'surface/left.shape.gii']);
  });

  it('draws a common mesh as its mirror image on the other side, facing outwards', async () => {
    put('common.mesh', writeObj(left));
    const { files } = await drawn(spec(', mesh: { left: common.mesh, right: common.mesh }'), directory, region);
    const [l, r] = [readSurfaceFiles('left', files[0]![1] as Uint8Array, files[1]![1] as Uint8Array), readSurfaceFiles('right', files[2]![1] as Uint8Array, files[3]![1] as Uint8Array)];
    expect([...r.points]).toEqual([...l.points].map((v, i) => (i % 3 === 0 ? -v : v)));
    const volume = ({ points: p, triangles: t }: typeof l): number => {
      let sum = 0;
      for (let i = 0; i < t.length; i += 3) {
        const [a, b, c] = [0, 1, 2].map((k) => [0, 1, 2].map((d) => p[3 * t[i + k]! + d]!)) as [number[], number[], number[]];
        sum += (a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) - a[1]! * (b[0]! * c[2]! - b[2]! * c[0]!) + a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!)) / 6;
      }
      return sum;
    };
    expect(volume(r)).toBeCloseTo(volume(l), 3);
    expect(volume(l)).toBeGreaterThan(1e5);
  });

  it('is looked for by check, which needs no more of it than can be drawn; a run that has no other use for it goes on', async () => {
    put('left.mesh', writeObj(left));
    await expect(checkStudyMesh(spec(both), directory, true)).rejects.toMatchObject({ code: 'MISSING_FILE' });
    await expect(checkStudyMesh(spec(both), directory)).resolves.toBeUndefined();
    // Two spheres in one file: no single surface, as surrogates need, but a picture.
    const twice = { points: Float64Array.from([...icosphere(2).points.map((v) => 10 * v), ...icosphere(2).points.map((v) => 10 * v + 50), ...left.points].slice(0, 3 * N)), triangles: Int32Array.from([...icosphere(2).triangles, ...icosphere(2).triangles.map((v) => v + 162)]) };
    put('left.mesh', writeObj(twice));
    put('right.mesh', writeObj(twice));
    await expect(checkStudyMesh(spec(both), directory, true)).rejects.toMatchObject({ code: 'MESH_DISCONNECTED' });
    await expect(checkStudyMesh(spec(both, 'statistics: { nulls: 0 }\n'), directory, true)).resolves.toBeUndefined();
    expect((await drawn(spec(both), directory, { ...region, hemispheres: [{ side: 'left', vertices: [0, 5] }] })).problems).toEqual([]);
  });

  it('is found again as long as mesh and region are the same, and made anew when a byte of the mesh differs', async () => {
    const points = left.points.slice(), meshes = (): void => { put('left.mesh', writeObj({ ...left, points })); put('right.mesh', writeObj(hemisphereSurface(sphere, 'right'))); };
    meshes();
    const first = await drawn(spec(both), directory, region), kept = readdirSync(join(directory, 'store', 'artifacts', 'drawn'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    expect(kept).toHaveLength(2);
    const again = await drawn(spec(both), directory, region);
    expect(again.files.map(([path, bytes]) => [path, Buffer.from(bytes).toString('hex')])).toEqual(first.files.map(([path, bytes]) => [path, Buffer.from(bytes).toString('hex')]));
    points[0] = (points[0] as number) + 1;
    meshes();
    const moved = await drawn(spec(both), directory, region);
    expect(Buffer.from(moved.files[0]![1]).equals(Buffer.from(first.files[0]![1]))).toBe(false);
    expect(Buffer.from(moved.files[2]![1]).equals(Buffer.from(first.files[2]![1]))).toBe(true);
    expect(paths(await drawn(spec(both), directory, { ...region, hemispheres: [{ side: 'left', vertices: [1, 5] }] }))).toHaveLength(2);
  });

  it('costs a sentence, not the study, when a mesh cannot be read any more', async () => {
    put('left.mesh', writeObj(left));
    put('right.mesh', writeObj(hemisphereSurface(icosphere(4), 'right')));
    const wrong = await drawn(spec(both), directory, region);
    expect(paths(wrong)).toEqual(['surface/left.surf.gii', 'surface/left.shape.gii']);
    expect(wrong.problems).toEqual(['The right surface is not drawn: right.mesh: found a surface of 2562 vertices, expected 642.']);
    rmSync(join(directory, 'right.mesh'));
    expect((await drawn(spec(both), directory, region)).problems[0]).toMatch(/^The right surface is not drawn: .*right\.mesh/);
    put('right.mesh', 'no mesh at all');
    expect((await drawn(spec(both), directory, region)).problems).toHaveLength(1);
  });
});
