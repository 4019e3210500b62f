/** What is drawn, out of the files of a results folder. */
import type { StudyResults } from '../../contracts/results.js';
import type { Hemisphere } from '../../contracts/study.js';
import { readLabelText } from '../../formats/index.js';
import { labelPath, readSurfaceFiles, shapePath, surfacePath, type DrawnSurface } from './files.js';

/** Looks a file of the results folder up by its path in it; null when there is none. */
export type Files = (path: string) => Uint8Array | null;

export interface DrawnCohort {
  name: string;
  /** Participants analysed. */
  n: number;
  /** By hemisphere in the order of `sides`: component (from 1) of each vertex of the drawn surface, 0 outside the region. */
  labels: Uint16Array[];
  /** Vertices of each component in the study's mesh, both hemispheres together. */
  sizes: number[];
}

export interface Brain {
  sides: (DrawnSurface & { side: Hemisphere })[];
  cohorts: DrawnCohort[];
  rank: number;
}

const LINE_FEED = 10;
const SIDES: readonly Hemisphere[] = ['left', 'right'];

/** Null when nothing can be drawn: no surface in the folder, or no parcellation. Throws FormatError where a file is not what it should be. */
export function readBrain(results: StudyResults, files: Files): Brain | null {
  const names = Object.keys(results.cohorts).filter((name) => results.cohorts[name]?.parcellation != null);
  const rank = Math.max(0, ...names.map((name) => results.cohorts[name]?.parcellation?.rank ?? 0));
  const sides = SIDES.flatMap((side) => {
    const surface = files(surfacePath(side)), shape = files(shapePath(side));
    return surface === null || shape === null ? [] : [{ side, ...readSurfaceFiles(side, surface, shape) }];
  });
  const cohorts = names.flatMap((name): DrawnCohort[] => {
    const labels = sides.map(({ side, vertices }) => {
      const bytes = files(labelPath(name, side));
      if (bytes === null) return null;
      const mesh = readLabelText(bytes, { file: labelPath(name, side), vertices: bytes.reduce((lines, byte) => lines + (byte === LINE_FEED ? 1 : 0), 0) });
      return Uint16Array.from(vertices, (v) => mesh[v] ?? 0);
    });
    if (labels.some((l) => l === null)) return [];
    return [{ name, n: results.cohorts[name]?.subjects ?? 0, labels: labels as Uint16Array[], sizes: results.cohorts[name]?.parcellation?.sizes ?? [] }];
  });
  return sides.length === 0 || cohorts.length === 0 || rank === 0 ? null : { sides, cohorts, rank };
}
