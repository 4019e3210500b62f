/** The JSON artifacts of ingest, as they lie in the store. */
import type { Exclusion } from '../../contracts/results.js';
import type { Split } from '../../analysis/parcellation/halves.js';
import type { Hemisphere } from '../../contracts/study.js';

/** Vertices of the region, ascending mesh indices per hemisphere. */
export interface RegionDocument {
  hemispheres: { side: Hemisphere; vertices: number[] }[];
  meshVertices: number;
  /** Vertices that the midline mask removed. */
  midlineDropped: number;
  /** With a midline mask: vertices of the region, and those of them within the mask, whichever of the two is analysed. */
  counts?: { side: Hemisphere; region: number; cortex: number }[];
}

/** Vertices of the region in all hemispheres: rows of the matrix. */
export function regionSize({ hemispheres }: Pick<RegionDocument, 'hemispheres'>): number {
  return hemispheres.reduce((sum, h) => sum + h.vertices.length, 0);
}

export interface InputFile {
  /** Absolute path as workers see it. */
  path: string;
  /** Path relative to the study's folder: what messages show. */
  name: string;
}

/** A vertex file, or a volume to be sampled at the vertices of a surface. */
export interface SourceFile extends InputFile {
  metric: string;
  side: Hemisphere;
  /** The file holds both hemispheres, left then right. */
  together?: true;
  /** The mesh to sample at, or to smooth along. */
  surface?: InputFile;
  /** Set where the file is a volume. Transforms lead from the surface to the volume's world, in order. */
  sampling?: { transforms: (InputFile & { invert: boolean })[]; frame: number | null; background: number | null };
  /** Full width at half maximum, mm. */
  smooth?: number;
}

export interface ManifestSubject {
  id: string;
  group: string;
  age: number | null;
  sex: string | null;
  /** Every column of participants.tsv by name. */
  values: Record<string, string | number | null>;
  /** Empty when `problem` already excludes the subject. */
  files: SourceFile[];
  problem: Exclusion | null;
}

export interface ManifestDocument {
  cohort: string;
  metrics: string[];
  subjects: ManifestSubject[];
  /** Who stays in the study without what a pipeline makes (`pipeline` of each), and why. Absent: nobody. */
  unfinished?: Exclusion[];
}

/** The manifest without the files of some participants, each with the reason. */
export function leaveOut(manifest: ManifestDocument, reasons: ReadonlyMap<string, Exclusion>): ManifestDocument {
  return { ...manifest, subjects: manifest.subjects.map((s) => { const problem = reasons.get(s.id); return problem === undefined ? s : { ...s, files: [], problem }; }) };
}

export interface ShardDocument {
  /** In manifest order: the key of the subject's artifact, or why it is excluded. */
  subjects: { id: string; key: string | null; excluded: Exclusion | null }[];
}

export interface DatasetDocument {
  cohort: string;
  metrics: string[];
  region: RegionDocument;
  /** The subjects analysed, in matrix order. */
  subjects: Omit<ManifestSubject, 'files' | 'problem'>[];
  /** Keys of the subjects' artifacts, in the same order. */
  keys: string[];
  excluded: Exclusion[];
  /** Of the manifest: those who are analysed. */
  unfinished?: Exclusion[];
  splits: Split[];
}
