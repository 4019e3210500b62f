/** What results.json says of the spectra: their quality, the correction for tissue, and the relations of Glx. */
import type { Adjusted, ClinicalRow, DemographicsRow, PairRow, Reasoned, TermResult } from './statistic-rows.js';
import type { BootstrapInterval } from './uncertainty.js';

export interface GlxModelRow extends Reasoned {
  component: number;
  metric: string;
  n: number;
  type: 'II' | 'III';
  glx: TermResult;
  interaction: TermResult;
}

export interface PartialRow extends Reasoned, Adjusted {
  component: number;
  metric: string;
  n: number;
  r: number | null;
  df: number | null;
  t: number | null;
  p: number | null;
  /** Whether the Glx term of this index's model was significant: the paper's condition for the follow-up. */
  glxTermSignificant: boolean;
  /** Interval of `r`. */
  bootstrap?: BootstrapInterval;
}

export interface SpectrumExclusion {
  id: string;
  group: string;
  /** snr, fwhm, sd, missing, unreadable, diagnostic, tissue */
  reasons: string[];
  snr: number | null;
  fwhmHz: number | null;
  sdPercent: number | null;
}

/** A spectrum of which one step of a printed figure (S/N 1, %SD 1, FWHM one point of the spectrum) would change the verdict. */
export interface NearLimit {
  id: string;
  group: string;
  /** snr, fwhm, sd */
  measures: string[];
  used: boolean;
  snr: number | null;
  fwhmHz: number | null;
  sdPercent: number | null;
}

/** How concentrations were corrected for the tissue in the voxel. */
export interface TissueCorrection {
  method: 'none' | 'csf' | 'gasparovic';
  formula: string;
  /** Unit of the corrected concentrations. */
  unit: string;
  reference: string | null;
  /** By name with their unit, e.g. `water T1 grey matter (ms)`. */
  constants: Record<string, number>;
}

/** A quality figure of the spectra between groups, before (`read`) or after (`used`) exclusions. p is not adjusted: it asks whether data quality itself differs. */
export interface SpectralQualityRow extends Omit<DemographicsRow, 'variable'> {
  /** snr, fwhm (Hz), sd (%), csf (fraction); excluded: how many spectra of each group are not used. */
  measure: 'snr' | 'fwhm' | 'sd' | 'csf' | 'excluded';
  spectra: 'read' | 'used';
}

export interface GlxResults {
  metabolite: string;
  correction: string;
  /** Formula, constants and source of the correction; absent in results of earlier versions. */
  tissue?: TissueCorrection;
  n: number;
  excluded: SpectrumExclusion[];
  nearLimit?: NearLimit[];
  /** Quality figures between groups. */
  quality?: SpectralQualityRow[];
  /** Overall group effect on Glx. */
  group: (TermResult & Reasoned) | null;
  groupPairs: PairRow[];
  models: GlxModelRow[];
  partial: PartialRow[];
  clinical: ClinicalRow[];
}
