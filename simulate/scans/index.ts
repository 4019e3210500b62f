/** Writes a small synthetic study that begins with diffusion scans: what a scanner gives, a surface, and the truth at its vertices. See docs/simulation.md. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRandom } from '../../analysis/random.js';
import type { Hemisphere } from '../../contracts/study.js';
import { writeNifti } from '../../formats/nifti-write.js';
import { writeObj } from '../../formats/obj.js';
import { writeParticipants } from '../../formats/participants.js';
import { writeVertexText } from '../../formats/vertex-text-write.js';
import { SimulationError } from '../errors.js';
import { scanSurface, tissueAt } from './anatomy.js';
import { AFFINE, DIRECTIONS, VOXELS, diffusionSeries, fslScheme } from './diffusion.js';
import { SCAN_GROUPS, scannedPeople, type ScannedPerson } from './people.js';
import { scanStudyFile } from './study-file.js';

export type { ScannedPerson } from './people.js';

/** Two small cohorts: a run of them through MRtrix3 takes minutes. */
export const DEFAULT_SCAN_COHORTS: readonly { name: string; size: number }[] = [{ name: 'tokyo', size: 12 }, { name: 'toronto', size: 12 }];
const SIDES: readonly Hemisphere[] = ['left', 'right'];
/** 642 vertices a hemisphere. */
const MESH_LEVEL = 3;

export interface ScanSimulationOptions {
  /** Any integer; the same seed gives the same bytes. */
  seed: number;
  /** Names and sizes, at least 6 each. */
  cohorts?: readonly { name: string; size: number }[];
  onProgress?: (line: string) => void;
}

export interface ScanSimulationSummary {
  /** Path of study.yaml. */
  study: string;
  vertices: number;
  cohorts: { name: string; subjects: number; people: ScannedPerson[] }[];
  files: number;
  bytes: number;
}

/**
 * Simulates a study of scans into `directory` (made when absent; files of the same name are overwritten, others left alone): COHORT/dwi/ID_dwi.nii.gz, ID.bvec,
 * ID.bval, participants.tsv, a surface for all, study.yaml, and in truth/ the FA and MD of everybody at every vertex.
 * @throws SimulationError BAD_COHORT before anything is written; file system errors as they come
 */
export async function simulateScans(directory: string, options: ScanSimulationOptions): Promise<ScanSimulationSummary> {
  const { seed, cohorts = DEFAULT_SCAN_COHORTS, onProgress: report = () => undefined } = options;
  const names = new Set(cohorts.map((c) => c.name.toLowerCase()));
  if (cohorts.length === 0 || names.size !== cohorts.length) throw new SimulationError('BAD_COHORT', 'cohorts are missing, or not all different', { remedy: 'Name every cohort once.' });
  for (const { name, size } of cohorts) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name) || !(Number.isInteger(size) && size >= 6 && size <= 999)) {
      throw new SimulationError('BAD_COHORT', `cohort "${name}" of ${size}`, { remedy: 'Use letters, digits, - and _ in its name, and 6 to 999 people.' });
    }
  }
  const written = { files: 0, bytes: 0 };
  const put = async (path: string, data: string | Uint8Array): Promise<void> => {
    await writeFile(join(directory, path), data);
    written.files++;
    written.bytes += typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
  };
  const surfaces = new Map(SIDES.map((side) => [side, scanSurface(MESH_LEVEL, side)] as const));
  const vertices = surfaces.get('left')!.points.length / 3, scheme = fslScheme();
  for (const folder of ['surface', ...cohorts.flatMap(({ name }) => [`${name}/dwi`, `truth/${name}`])]) await mkdir(join(directory, folder), { recursive: true });
  for (const side of SIDES) await put(`surface/mid_${side}.obj`, writeObj(surfaces.get(side)!));
  const summary: ScanSimulationSummary['cohorts'] = [];
  for (const { name, size } of cohorts) {
    const people = scannedPeople(name, size, seed);
    await put(`${name}/participants.tsv`, writeParticipants(['participant_id', 'group', 'age', 'sex'], people.map(({ id, group, age, sex }) => ({ participant_id: id, group, age, sex }))));
    for (const { id, parts } of people) {
      const values = diffusionSeries(parts, createRandom(`${seed}/scans/${name}/${id}/noise`));
      await put(`${name}/dwi/${id}_dwi.nii.gz`, gzipSync(writeNifti({ shape: [VOXELS, VOXELS, VOXELS, 1 + DIRECTIONS], affine: AFFINE, values, type: 'i2' }), { level: 1 }));
      await put(`${name}/dwi/${id}.bvec`, scheme.bvec);
      await put(`${name}/dwi/${id}.bval`, scheme.bval);
      for (const side of SIDES) {
        const { points } = surfaces.get(side)!;
        const tissue = Array.from({ length: vertices }, (_, v) => tissueAt(parts, points[3 * v + 1]!, points[3 * v + 2]!));
        for (const metric of ['fa', 'md'] as const) await put(`truth/${name}/${id}_${metric}_${side}.txt`, writeVertexText(tissue.map((t) => t[metric])));
      }
    }
    report(`${name}: scans of ${size} people`);
    summary.push({ name, subjects: size, people });
  }
  await put('study.yaml', scanStudyFile(cohorts.map((c) => c.name), vertices, SCAN_GROUPS));
  return { study: join(directory, 'study.yaml'), vertices, cohorts: summary, ...written };
}
