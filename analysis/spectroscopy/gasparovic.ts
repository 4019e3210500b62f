/**
 * Water-scaled concentrations of voxels with several tissues (Gasparovic et al. 2006, Magn Reson Med 55:1219-1226, equations 3 to 5):
 *
 *   c = S_M / S_W * n_W / n_M * 55510 mmol/kg * (f_gm R_gm + f_wm R_wm + f_csf R_csf) / ((1 - f_csf) R_M)
 *
 * in mmol per kg of tissue water; f are fractions of the voxel's water (volume fractions weighted by water content), R = (1 - exp(-TR/T1)) exp(-TE/T2)
 * the attenuation of water in a tissue, R_M that of the metabolite. LCModel's water-scaled concentration is S_M / S_W * n_W / n_M * WCONC * ATTH2O / ATTMET
 * (LCModel manual, "Absolute concentrations"), from which the ratio of signals is recovered.
 */
import type { TissueFractions } from './tissue.js';

export interface Relaxation {
  /** ms */
  t1: number;
  /** ms */
  t2: number;
}

export interface GasparovicConstants {
  /** Water per volume of tissue, relative to pure water. */
  waterContent: TissueFractions;
  water: { gm: Relaxation; wm: Relaxation; csf: Relaxation };
  metabolite: Relaxation;
}

/** Echo and repetition times in ms, of the metabolite and of the water reference acquisition. */
export interface Acquisition {
  te: number;
  tr: number;
  waterTe: number;
  waterTr: number;
}

/** What the fit itself assumed of water: mM, and attenuations. */
export interface WaterScaling {
  wconc: number;
  atth2o: number;
  attmet: number;
}

/** LCModel 6.3's values where the control file does not set them. */
export const LCMODEL_WATER: WaterScaling = { wconc: 35880, atth2o: 0.7, attmet: 1 };

/** mmol in 1 kg of water. */
const PURE_WATER = 55510;
/** Ernst, Kreis & Ross 1993, J Magn Reson B 102:1-8; as used by Gasparovic et al. */
export const WATER_CONTENT: TissueFractions = { gm: 0.78, wm: 0.65, csf: 0.97 };
/** At 3 T. Grey and white matter: Wansapura et al. 1999, J Magn Reson Imaging 9:531-538. CSF: T1 Lu et al. 2005, J Magn Reson Imaging 22:13-22; T2 Piechnik et al. 2009, Magn Reson Med 61:579-586. */
export const WATER_RELAXATION_3T: GasparovicConstants['water'] = { gm: { t1: 1331, t2: 110 }, wm: { t1: 832, t2: 79.2 }, csf: { t1: 3817, t2: 503 } };
/**
 * At 3 T, mean of grey and white matter. T1: Mlynarik et al. 2001, NMR Biomed 14:325-331; T2: Wyss et al. 2018, Magn Reson Med 80:452-461.
 * Only glutamate, glutamine and their sum: for others the study states its own.
 */
export const METABOLITE_RELAXATION_3T: Record<string, Relaxation> = {
  Glu: { t1: 1220, t2: 126.25 }, Gln: { t1: 1265, t2: 139.25 }, 'Glu+Gln': { t1: 1242.5, t2: 132.75 },
};

function attenuation(tr: number, te: number, { t1, t2 }: Relaxation): number {
  return (1 - Math.exp(-tr / t1)) * Math.exp(-te / t2);
}

/**
 * Molal concentration (mmol per kg of tissue water) from LCModel's water-scaled `concentration` (mM).
 * `fractions` are volume fractions; they need not add up to exactly 1.
 */
export function gasparovic(concentration: number, fractions: TissueFractions, acquisition: Acquisition, scaling: WaterScaling, constants: GasparovicConstants): number {
  const { waterContent, water, metabolite } = constants;
  const { te, tr, waterTe, waterTr } = acquisition;
  const weighted = { gm: fractions.gm * waterContent.gm, wm: fractions.wm * waterContent.wm, csf: fractions.csf * waterContent.csf };
  const total = weighted.gm + weighted.wm + weighted.csf;
  const r = (tissue: Relaxation): number => attenuation(waterTr, waterTe, tissue);
  const visible = (weighted.gm * r(water.gm) + weighted.wm * r(water.wm) + weighted.csf * r(water.csf)) / total;
  const ratio = (concentration * scaling.attmet) / (scaling.wconc * scaling.atth2o);
  return (ratio * PURE_WATER * visible) / ((1 - weighted.csf / total) * attenuation(tr, te, metabolite));
}
