/** Step 5, first half: which spectra are used. */
import type { NearLimit, SpectrumExclusion } from '../../../contracts/glx-rows.js';
import { failedLimits, fwhmStep, nearLimits } from '../../spectroscopy/index.js';
import type { Cohort } from './cohort.js';
import type { SpectraInput, SpectrumRow } from './types.js';

/** Reasons against one spectrum; none: it is used. A quality figure or concentration that is absent cannot vouch for it. */
function reasonsAgainst(row: SpectrumRow | undefined, limits: SpectraInput['quality']): string[] {
  if (row === undefined) return ['missing'];
  const reasons = new Set<string>(failedLimits(row, limits));
  for (const problem of row.problems) reasons.add(problem);
  const absent = [row.snr, row.fwhmHz, row.sdPercent, row.concentration].some((v) => v === null);
  const explained = row.problems.length > 0 || (row.concentration === null && reasons.size > 0);
  if (absent && !explained) reasons.add(row.concentration === null ? 'missing' : 'unreadable');
  if (reasons.size === 0 && !Number.isFinite(row.concentration)) reasons.add('unreadable');
  return [...reasons];
}

export interface UsableSpectra {
  /** Glx of each participant, in the order of the table; null: not used. */
  values: (number | null)[];
  excluded: SpectrumExclusion[];
  /** Spectra, used or not, of which one step of a printed figure would change the verdict. */
  near: NearLimit[];
}

/** Hz per ppm of 3 T: only for the step of FWHM when a row does not say. */
const TYPICAL_HZPPPM = 123;

export function usableSpectra(cohort: Cohort, spectra: SpectraInput): UsableSpectra {
  const byId = new Map(spectra.rows.map((row) => [row.id, row]));
  const excluded: SpectrumExclusion[] = [], near: NearLimit[] = [];
  const group = cohort.participants['group']!;
  const values = (cohort.participants['id'] ?? []).map((id, i) => {
    if (group[i] === null) return null;
    const row = byId.get(String(id));
    const reasons = reasonsAgainst(row, spectra.quality);
    const about = { id: String(id), group: String(group[i]), snr: row?.snr ?? null, fwhmHz: row?.fwhmHz ?? null, sdPercent: row?.sdPercent ?? null };
    const measures = row === undefined ? [] : nearLimits(row, spectra.quality, row.fwhmStepHz ?? fwhmStep(TYPICAL_HZPPPM, { nunfil: null, deltat: null }));
    if (measures.length > 0) near.push({ ...about, measures, used: reasons.length === 0 });
    if (reasons.length === 0) return row!.concentration;
    excluded.push({ ...about, reasons });
    return null;
  });
  return { values, excluded, near };
}
