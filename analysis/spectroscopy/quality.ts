/**
 * Which spectra may be used: the three limits of the paper, and how near a spectrum lies to one of them. LCModel prints its figures in steps
 * (S/N and %SD as whole numbers, FWHM in points of the spectrum), so a figure within a step of a limit could as well have fallen on its other side.
 */

export type QualityMeasure = 'snr' | 'fwhm' | 'sd';

export interface QualityLimits {
  /** Excluded at or below this signal-to-noise ratio. */
  snr: number;
  /** Excluded at or above this FWHM, Hz. */
  fwhm: number;
  /** Excluded at or above this %SD (Cramer-Rao lower bound in percent of the concentration). */
  sd: number;
}

export interface QualityFigures {
  snr: number | null;
  fwhmHz: number | null;
  sdPercent: number | null;
}

/** Steps of the printed figures. */
const SNR_STEP = 1, SD_STEP = 1;
/** Of FWHM when the table does not state the spectrum's resolution, ppm: about that of a 3 T acquisition (0.0099 ppm, 1.2 Hz, in real tables). */
const TYPICAL_FWHM_STEP_PPM = 0.01;

/** Limits a spectrum fails, in a fixed order. A figure that is null fails none: its absence is a problem of its own. */
export function failedLimits({ snr, fwhmHz, sdPercent }: QualityFigures, limits: QualityLimits): QualityMeasure[] {
  const failed: QualityMeasure[] = [];
  if (snr !== null && !(snr > limits.snr)) failed.push('snr');
  if (fwhmHz !== null && !(fwhmHz < limits.fwhm)) failed.push('fwhm');
  if (sdPercent !== null && !(sdPercent < limits.sd)) failed.push('sd');
  return failed;
}

/** Measures whose verdict one step of their printed resolution would change. `fwhmStepHz`: see fwhmStep. */
export function nearLimits(figures: QualityFigures, limits: QualityLimits, fwhmStepHz: number): QualityMeasure[] {
  const steps: [QualityMeasure, keyof QualityFigures, number][] = [['snr', 'snr', SNR_STEP], ['fwhm', 'fwhmHz', fwhmStepHz], ['sd', 'sdPercent', SD_STEP]];
  return steps.flatMap(([measure, key, step]) => {
    const value = figures[key];
    if (value === null) return [];
    const verdicts = [value - step, value, value + step].map((v) => failedLimits({ ...NONE, [key]: v }, limits).length);
    return verdicts.every((v) => v === verdicts[1]) ? [] : [measure];
  });
}

const NONE: QualityFigures = { snr: null, fwhmHz: null, sdPercent: null };

/**
 * Step in which LCModel states FWHM, in Hz: the resolution of the zero-filled spectrum, 1 / (2 nunfil deltat), with `nunfil` complex points and
 * dwell time `deltat` in s (the real tables' FWHM are whole multiples of it). When either is unknown, 0.01 ppm.
 */
export function fwhmStep(hzpppm: number, acquisition: { nunfil: number | null; deltat: number | null }): number {
  const { nunfil, deltat } = acquisition;
  if (nunfil === null || deltat === null || !(nunfil > 0) || !(deltat > 0)) return TYPICAL_FWHM_STEP_PPM * hzpppm;
  return 1 / (2 * nunfil * deltat);
}
