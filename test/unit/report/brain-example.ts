/** Results folders in memory with a surface in them: a simulated hemisphere, its medial arc cut into as many components as asked for. */
import { decimate } from '../../../analysis/surface/decimate.js';
import { foldDepth } from '../../../analysis/surface/index.js';
import type { StudyResults } from '../../../contracts/results.js';
import type { Hemisphere } from '../../../contracts/study.js';
import { writeLabelText } from '../../../formats/index.js';
import { labelPath, surfaceFiles } from '../../../report/brain/files.js';
import { hemisphereSurface, icosphere } from '../../../simulate/mesh.js';
import { cingulateRegion } from '../../../simulate/region.js';
import { completeStudy } from './example.js';

export interface BrainExample {
  cohorts?: readonly string[];
  sides?: readonly Hemisphere[];
  rank?: number;
  /** Icosphere level: 10 * 4^level + 2 vertices. */
  level?: 4 | 5 | 6;
  surface?: boolean;
}

export interface Folder {
  results: StudyResults;
  files: Map<string, Uint8Array>;
  lookUp: (path: string) => Uint8Array | null;
}

/** Components are strips along the arc, shifted from cohort to cohort. */
export async function brainFolder({ cohorts = ['tokyo', 'toronto'], sides = ['left', 'right'], rank = 4, level = 5, surface = true }: BrainExample = {}): Promise<Folder> {
  const sphere = icosphere(level), region = cingulateRegion(sphere), n = sphere.points.length / 3;
  const example = completeStudy().results, model = Object.values(example.cohorts)[0]!;
  const files = new Map<string, Uint8Array>(), sizes = cohorts.map(() => new Array<number>(rank).fill(0));
  for (const side of sides) {
    cohorts.forEach((name, c) => {
      const labels = new Int32Array(n);
      region.vertices.forEach((v, i) => {
        const k = Math.min(rank, Math.max(1, 1 + Math.floor(((region.along[i]! + 1.1 + 0.03 * c) / 2.2) * rank)));
        labels[v] = k;
        sizes[c]![k - 1]!++;
      });
      files.set(labelPath(name, side), writeLabelText(labels));
    });
    if (!surface) continue;
    const mesh = hemisphereSurface(sphere, side), depth = foldDepth(mesh);
    const { vertices, ...few } = await decimate(mesh, { keep: region.vertices, rest: level === 6 ? 20_000 : 3000, most: 60_000, shade: depth });
    for (const [path, bytes] of surfaceFiles(side, { ...few, vertices, depth: Float64Array.from(vertices, (v) => depth[v]!) })) files.set(path, bytes);
  }
  const results: StudyResults = { ...example, cohorts: Object.fromEntries(cohorts.map((name, c) => [name, { ...model, subjects: 70 + c, parcellation: { ...model.parcellation!, rank, sizes: sizes[c]! } }])) };
  return { results, files, lookUp: (path) => files.get(path) ?? null };
}
