/** The tissue correction of a study's spectra: fractions by participant, and the formula with its constants. */
import { join } from 'node:path';
import {
  csfCorrected, fractionProblem, gasparovic, LCMODEL_WATER, METABOLITE_RELAXATION_3T, WATER_CONTENT, WATER_RELAXATION_3T, type Acquisition, type GasparovicConstants, type Relaxation,
  type TissueFractions, type WaterScaling,
} from '../../analysis/spectroscopy/index.js';
import type { TissueCorrection } from '../../contracts/results.js';
import type { CohortSpec, SpectroscopySpec, StudySpec } from '../../contracts/study.js';
import { controlFlag, controlNumber, readParticipants } from '../../formats/index.js';
import { readInput } from './read-input.js';

export interface TissueRow {
  /** Line of the table. */
  line: number;
  fractions: TissueFractions | null;
  /** Why there are none to use. */
  problem: string | null;
}

export type TissueTable = ReadonlyMap<string, TissueRow>;

export function correctionMethod(spec: SpectroscopySpec): NonNullable<SpectroscopySpec['correction']> {
  return spec.correction ?? (spec.tissue === null ? 'none' : 'csf');
}

/** Name of the tissue table relative to the study's folder. */
export const tissueFile = (spec: SpectroscopySpec, cohort: CohortSpec): string | null => (spec.tissue === null ? null : join(cohort.directory, spec.tissue.file));

/** Fractions by participant; null when the study has none. Throws MISSING_FILE and the table reader's errors. */
export async function readTissue(study: StudySpec, spec: SpectroscopySpec, cohort: CohortSpec, directory: string): Promise<TissueTable | null> {
  const file = tissueFile(spec, cohort), method = correctionMethod(spec);
  if (file === null || spec.tissue === null || method === 'none') return null;
  const { gm, wm, csf } = spec.tissue.columns;
  const bytes = await readInput(directory, file, 'check spectroscopy: tissue: file, or remove tissue: to go without correction');
  const table = readParticipants(bytes, { file, id: study.columns.id, required: method === 'csf' ? [csf] : [gm, wm, csf] });
  return new Map(table.rows.map((row) => {
    const value = (name: string): number | null => { const text = row.text[name]; return text === null || text === undefined ? null : Number(text); };
    const read = { gm: value(gm), wm: value(wm), csf: value(csf) };
    const problem = fractionProblem(read, method === 'csf' ? 'csf' : 'all');
    return [row.id, { line: row.line, problem, fractions: problem === null ? { gm: read.gm ?? 0, wm: read.wm ?? 0, csf: read.csf ?? 0 } : null }];
  }));
}

/** Constants of a correction by Gasparovic's method: the study's own before the tabulated ones of 3 T. */
function constantsOf(spec: SpectroscopySpec): GasparovicConstants | null {
  const own = spec.relaxation ?? null;
  const metabolite: Relaxation | undefined = own?.metabolite ?? METABOLITE_RELAXATION_3T[spec.metabolite];
  if (metabolite === undefined) return null;
  return { waterContent: WATER_CONTENT, water: { gm: own?.gm ?? WATER_RELAXATION_3T.gm, wm: own?.wm ?? WATER_RELAXATION_3T.wm, csf: own?.csf ?? WATER_RELAXATION_3T.csf }, metabolite };
}

/** What a fit assumed of water, or why its concentrations are not scaled to water. */
export function waterScaling(control: ReadonlyMap<string, string>): WaterScaling | null {
  if (controlFlag(control, 'dows') !== true) return null;
  return {
    wconc: controlNumber(control, 'wconc') ?? LCMODEL_WATER.wconc, atth2o: controlNumber(control, 'atth2o') ?? LCMODEL_WATER.atth2o, attmet: controlNumber(control, 'attmet') ?? LCMODEL_WATER.attmet,
  };
}

/** Corrects one concentration; a string says why it cannot be. */
export function correct(spec: SpectroscopySpec, concentration: number, row: TissueRow | undefined, control: ReadonlyMap<string, string>): number | 'tissue' | 'not water-scaled' {
  const method = correctionMethod(spec);
  if (method === 'none') return concentration;
  if (row?.fractions == null) return 'tissue';
  if (method === 'csf') return csfCorrected(concentration, row.fractions.csf);
  const scaling = waterScaling(control), constants = constantsOf(spec);
  if (scaling === null) return 'not water-scaled';
  return constants === null || spec.acquisition == null ? 'tissue' : gasparovic(concentration, row.fractions, spec.acquisition, scaling, constants);
}

/** The correction with every constant in it, for the results. */
export function describeCorrection(spec: SpectroscopySpec): TissueCorrection {
  const method = correctionMethod(spec);
  if (method === 'none') return { method, formula: 'none', unit: 'as fitted', reference: null, constants: {} };
  if (method === 'csf') return { method, formula: 'concentration / (1 - CSF fraction)', unit: 'as fitted, per volume without CSF', reference: null, constants: {} };
  const constants = constantsOf(spec), acquisition: Acquisition | null = spec.acquisition ?? null;
  return {
    method, unit: 'mmol per kg of tissue water', reference: 'Gasparovic et al. 2006, Magn Reson Med 55:1219-1226',
    formula: 'concentration * ATTMET / (WCONC * ATTH2O) * 55510 * (f_gm R_gm + f_wm R_wm + f_csf R_csf) / ((1 - f_csf) R_metabolite); f: fractions of the voxel\'s water; R = (1 - exp(-TR/T1)) exp(-TE/T2)',
    constants: {
      'water of 1 kg (mmol)': 55510, 'WCONC where the table does not state it (mM)': LCMODEL_WATER.wconc, 'ATTH2O where the table does not state it': LCMODEL_WATER.atth2o, 'ATTMET where the table does not state it': LCMODEL_WATER.attmet,
      ...(acquisition === null ? {} : { 'TE (ms)': acquisition.te, 'TR (ms)': acquisition.tr, 'TE of water (ms)': acquisition.waterTe, 'TR of water (ms)': acquisition.waterTr }),
      ...(constants === null ? {} : namedConstants(constants)),
    },
  };
}

function namedConstants({ waterContent, water, metabolite }: GasparovicConstants): Record<string, number> {
  const names = { gm: 'grey matter', wm: 'white matter', csf: 'CSF' } as const;
  const tissues = (['gm', 'wm', 'csf'] as const).flatMap((t) => [
    [`water content of ${names[t]}`, waterContent[t]], [`T1 of water in ${names[t]} (ms)`, water[t].t1], [`T2 of water in ${names[t]} (ms)`, water[t].t2],
  ] as const);
  return { ...Object.fromEntries(tissues), 'T1 of the metabolite (ms)': metabolite.t1, 'T2 of the metabolite (ms)': metabolite.t2 };
}
