/** Tissue fractions by participant: from a table, or from a segmentation and the mask of the voxel. */
import { join, resolve } from 'node:path';
import { fractionProblem, fractionsInVoxel, labelShare, type TissueFractions } from '../../analysis/spectroscopy/index.js';
import { Bounds } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { CohortSpec, SpectroscopySpec, StudySpec, TissueSegmentation, TissueTable } from '../../contracts/study.js';
import { readNifti, readParticipants, type NiftiVolume } from '../../formats/index.js';
import { readWithin } from './data-file.js';
import { readInput } from './read-input.js';
import { fillTemplate } from './templates.js';

export interface TissueRow {
  /** Where the fractions are from, relative to the study's folder. */
  file: string;
  /** Line of the table. */
  line: number | null;
  fractions: TissueFractions | null;
  /** Why there are none to use. */
  problem: string | null;
}

export type TissueRows = ReadonlyMap<string, TissueRow>;

/** Name of the tissue table relative to the study's folder; of a segmentation, its template. */
export function tissueFile({ tissue }: SpectroscopySpec, cohort: CohortSpec): string | null {
  if (tissue === null) return null;
  return join(cohort.directory, 'file' in tissue ? tissue.file : tissue.voxel);
}

/** Fractions by participant. Throws MISSING_FILE and the reader's errors for a table; what is wrong with one participant is in their row. */
export async function readFractions(study: StudySpec, spec: SpectroscopySpec, cohort: CohortSpec, directory: string, ids: readonly string[], need: 'csf' | 'all'): Promise<TissueRows> {
  const { tissue } = spec;
  if (tissue === null) return new Map();
  if ('file' in tissue) return fromTable(study, tissue, cohort, directory, need);
  const rows = new Map<string, TissueRow>(), bounds = new Bounds(directory, study.outside);
  for (const id of ids) rows.set(id, await fromSegmentation(id, tissue, cohort, directory, bounds, need));
  return rows;
}

async function fromTable(study: StudySpec, tissue: TissueTable, cohort: CohortSpec, directory: string, need: 'csf' | 'all'): Promise<TissueRows> {
  const { gm, wm, csf } = tissue.columns, file = join(cohort.directory, tissue.file);
  const bytes = await readInput(directory, file, 'check spectroscopy: tissue: file, or remove tissue: to go without correction');
  const table = readParticipants(bytes, { file, id: study.columns.id, required: need === 'csf' ? [csf] : [gm, wm, csf] });
  return new Map(table.rows.map((row) => {
    const value = (name: string): number | null => { const text = row.text[name]; return text === null || text === undefined ? null : Number(text); };
    return [row.id, rowOf(file, row.line, { gm: value(gm), wm: value(wm), csf: value(csf) }, need)];
  }));
}

function rowOf(file: string, line: number | null, read: { gm: number | null; wm: number | null; csf: number | null }, need: 'csf' | 'all'): TissueRow {
  const problem = fractionProblem(read, need);
  return { file, line, problem, fractions: problem === null ? { gm: read.gm ?? 0, wm: read.wm ?? 0, csf: read.csf ?? 0 } : null };
}

async function fromSegmentation(id: string, tissue: TissueSegmentation, cohort: CohortSpec, directory: string, bounds: Bounds, need: 'csf' | 'all'): Promise<TissueRow> {
  const nameOf = (template: string): string => join(cohort.directory, fillTemplate(template, { id, prefix: cohort.prefix }));
  const file = nameOf(tissue.voxel);
  try {
    const volumes = new Map<string, NiftiVolume>();
    const volume = async (template: string): Promise<NiftiVolume> => {
      const name = nameOf(template);
      const found = volumes.get(name) ?? readNifti(await readWithin(bounds, directory, name), { file: name });
      volumes.set(name, found);
      if (volumes.size > 1) sameGrid(found, name, volumes.get(file) as NiftiVolume, file);
      return found;
    };
    const mask = await volume(tissue.voxel), { segmentation: s, classes } = tissue;
    const share = async (tissueClass: 'gm' | 'wm' | 'csf'): Promise<(i: number) => number> => {
      const v = await volume(typeof s === 'string' ? s : s[tissueClass]);
      return typeof s === 'string' ? labelShare((i) => v.at(i), classes[tissueClass]) : (i) => v.at(i);
    };
    const found = fractionsInVoxel(mask.shape[0] * mask.shape[1] * mask.shape[2], (i) => mask.at(i), { gm: await share('gm'), wm: await share('wm'), csf: await share('csf') });
    if (found === null) return { file, line: null, fractions: null, problem: 'the voxel mask is empty' };
    return rowOf(file, null, found, need);
  } catch (error) {
    if (error instanceof SulcusError) return { file: error.file ?? file, line: null, fractions: null, problem: error.message };
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') return { file, line: null, fractions: null, problem: `${path === undefined ? file : path.slice(resolve(directory).length + 1)} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}` };
    throw error;
  }
}

/** Farther apart than this, in mm or its share of a voxel, two grids are not the same. */
const SAME_GRID = 1e-3;

function sameGrid(a: NiftiVolume, nameA: string, b: NiftiVolume, nameB: string): void {
  const apart = a.shape.some((n, i) => n !== b.shape[i]) || a.affine.some((v, i) => Math.abs(v - (b.affine[i] as number)) > SAME_GRID);
  if (apart) {
    throw new SulcusError('OTHER_GRID', `${nameA}: found a grid of ${a.shape.join(' x ')} voxels, expected that of ${nameB} (${b.shape.join(' x ')}, in the same place)`, { file: nameA, remedy: 'resample the voxel mask to the grid of the segmentation' });
  }
}
