import { describe, expect, it } from 'vitest';
import { readSurfaceMesh } from '../../../activities/ingest/surface-mesh.js';
import { SulcusError } from '../../../contracts/errors.js';
import { writeFreesurferSurface, writeGiftiSurface, writeObj } from '../../../formats/index.js';
import { nifti } from '../surface/files.js';
import { sphere } from '../surface/support.js';

const mesh = sphere(1, 8), file = 'mid_left', options = { file, placed: true };
const near = (a: Float64Array, b: ArrayLike<number>): void => { a.forEach((x, i) => { expect(Math.abs(x - b[i]!)).toBeLessThan(1e-4); }); };
const shifted = Float64Array.from(mesh.points, (x, i) => x + [10, -20, 5][i % 3]!);
const failure = (bytes: Uint8Array, placed = true): string => { try { readSurfaceMesh(bytes, { file, placed }); } catch (e) { if (e instanceof SulcusError) return `${e.code} ${e.file} ${e.message}`; throw e; } return 'none'; };
/** A GIFTI surface with FreeSurfer's geometry among the metadata of its points. */
const gifti = (space: string): Buffer => {
  const text = Buffer.from(writeGiftiSurface(mesh)).toString('utf8');
  const centre = [['R', '10'], ['A', '-20'], ['S', '5']].map(([axis, value]) => `<MD><Name>VolGeomC_${axis}</Name><Value>${value}</Value></MD>`).join('');
  return Buffer.from(text.replace(/<DataArray([^>]*POINTSET[^>]*)>\s*(<MetaData>)?/, (_, attributes: string, open: string | undefined) => `<DataArray${attributes}><MetaData>${centre}${open === undefined ? '</MetaData>' : ''}`).replace(/<DataSpace>.*?<\/DataSpace>/, `<DataSpace>${space}</DataSpace>`));
};

describe('surfaces in the coordinates of volumes', () => {
  it('are MNI .obj and GIFTI as they are', () => {
    for (const bytes of [writeObj(mesh), writeGiftiSurface(mesh)]) {
      const read = readSurfaceMesh(bytes, options);
      near(read.points, mesh.points);
      expect(read.triangles).toEqual(mesh.triangles);
    }
  });
  it('are FreeSurfer\'s moved by the centre of its volume', () => {
    const tail = Buffer.concat([Buffer.from([0, 0, 0, 20]), Buffer.from('valid = 1  # volume info valid\nfilename = x.mgz\nvolume = 256 256 256\nvoxelsize = 1 1 1\nxras   = -1 0 0\nyras   = 0 0 -1\nzras   = 0 1 0\ncras   = 1.0e+01 -2.0e+01 5.0e+00\n')]);
    near(readSurfaceMesh(Buffer.concat([writeFreesurferSurface(mesh), tail]), options).points, shifted);
    expect(failure(writeFreesurferSurface(mesh))).toMatch(/^NO_CENTRE mid_left .*does not tell where the centre/);
    expect(failure(writeFreesurferSurface(mesh), false)).toBe('none');
  });
  it('are FreeSurfer\'s GIFTI moved too, unless in scanner coordinates', () => {
    near(readSurfaceMesh(gifti('NIFTI_XFORM_UNKNOWN'), options).points, shifted);
    near(readSurfaceMesh(gifti('NIFTI_XFORM_SCANNER_ANAT'), options).points, mesh.points);
  });
  it('are refused where there is no surface', () => {
    expect(failure(nifti([2, 2, 2], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], () => 1))).toMatch(/^WRONG_KIND mid_left .*found a NIfTI volume, expected a surface/);
    expect(failure(Buffer.from('1\n2\n3\n'))).toMatch(/^WRONG_KIND/);
    expect(failure(Buffer.alloc(0))).toMatch(/^WRONG_KIND .*an empty file/);
    expect(failure(Buffer.from('version https://git-lfs.github.com/spec/v1\n'))).toMatch(/^POINTER_FILE/);
    const text = Buffer.from(writeGiftiSurface(mesh)).toString('utf8');
    expect(failure(Buffer.from(text.replace(/NIFTI_INTENT_TRIANGLE/, 'NIFTI_INTENT_SHAPE')))).toMatch(/^WRONG_KIND .*0 arrays of triangles/);
    expect(failure(Buffer.from(writeGiftiSurface({ points: mesh.points, triangles: Int32Array.of(0, 1, 99) })))).toMatch(/^BAD_GIFTI .*vertex 99 in triangle 0, expected 0 to 41/);
  });
});
