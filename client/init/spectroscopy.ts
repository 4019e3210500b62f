/** LCModel tables and tissue fractions of a cohort. */
import { readLcmodel } from '../../activities/ingest/spectra.js';
import { detectFormat, FormatError, readDelimited } from '../../formats/index.js';
import type { Pattern } from './patterns.js';
import { readSmall } from './walk.js';

export interface SpectraFound {
  template: string;
  metabolite: string;
  /** The tables do not state Hz per ppm. */
  needsHzpppm: boolean;
  subjects: number;
  errors: string[];
}

/** The pattern of most subjects whose files are LCModel tables; null without any. */
export async function findSpectra(directory: string, cohortFolder: string, patterns: readonly Pattern[]): Promise<SpectraFound | null> {
  for (const pattern of patterns.filter((p) => p.sides.size === 0 && /table|coord/i.test(p.template))) {
    const bytes = await readSmall(directory, join(cohortFolder, pattern.example));
    if (bytes === null || !['lcmodel-table', 'lcmodel-coord'].includes(detectFormat(bytes))) continue;
    try {
      const { concentrations, hzpppm, diagnostics } = readLcmodel(bytes, pattern.example);
      const metabolite = ['Glu+Gln', 'Glx', 'Glu'].find((name) => concentrations.has(name)) ?? [...concentrations.keys()][0] ?? 'Glu+Gln';
      return { template: pattern.template, metabolite, needsHzpppm: hzpppm === null, subjects: pattern.subjects.size, errors: diagnostics.filter((d) => d.kind === 'ERROR').map((d) => d.code) };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return null;
}

export interface TissueFound {
  /** Relative to the cohort's folder. */
  file: string;
  columns: { gm: string; wm: string; csf: string };
}

/** A table with the id column and a column of CSF fractions. `files` are relative to the cohort's folder. */
export async function findTissue(directory: string, cohortFolder: string, files: readonly string[], id: string): Promise<TissueFound | null> {
  for (const file of files.filter((f) => /(tissue|fraction|segment|voxel)[^/]*\.(tsv|csv)$/i.test(f))) {
    const bytes = await readSmall(directory, join(cohortFolder, file), 4 * 1024 * 1024);
    if (bytes === null) continue;
    try {
      const { columns } = readDelimited(bytes, { file });
      const of = (tissue: string): string | undefined => columns.find((c) => new RegExp(`(^|[^a-z])f?_?${tissue}($|[^a-z])`, 'i').test(c));
      const csf = of('csf');
      if (csf !== undefined && columns.includes(id)) return { file, columns: { gm: of('gm') ?? 'f_gm', wm: of('wm') ?? 'f_wm', csf } };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return null;
}

const join = (folder: string, file: string): string => (folder === '.' ? file : `${folder}/${file}`);
