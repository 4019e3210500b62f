/** The tissue correction of a study's spectra: the formula with its constants. */
import {
  csfCorrected, gasparovic, LCMODEL_WATER, METABOLITE_RELAXATION_3T, WATER_CONTENT, WATER_RELAXATION_3T, type Acquisition, type GasparovicConstants, type Relaxation, type WaterScaling,
} from '../../analysis/spectroscopy/index.js';
import type { TissueCorrection } from '../../contracts/glx-rows.js';
import type { SpectroscopySpec } from '../../contracts/study.js';
import { controlFlag, controlNumber } from '../../formats/index.js';
import type { TissueRow } from './fractions.js';

export function correctionMethod(spec: SpectroscopySpec): NonNullable<SpectroscopySpec['correction']> {
  return spec.correction ?? (spec.tissue === null ? 'none' : 'csf');
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
