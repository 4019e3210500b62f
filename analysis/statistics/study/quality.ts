/** Step 5, first half: which spectra are used. */
import type { SpectrumExclusion } from '../../../contracts/results.js';
import type { Cohort } from './cohort.js';
import type { SpectraInput, SpectrumRow } from './types.js';

/** Reasons against one spectrum; none: it is used. A quality figure or concentration that is absent cannot vouch for it. */
export function reasonsAgainst(row: SpectrumRow | undefined, limits: SpectraInput['quality']): string[] {
  if (row === undefined) return ['missing'];
  const reasons = new Set<string>();
  if (row.snr !== null && !(row.snr > limits.snr)) reasons.add('snr');
  if (row.fwhmHz !== null && !(row.fwhmHz < limits.fwhm)) reasons.add('fwhm');
  if (row.sdPercent !== null && !(row.sdPercent < limits.sd)) reasons.add('sd');
  for (const problem of row.problems) reasons.add(problem);
  const absent = [row.snr, row.fwhmHz, row.sdPercent, row.concentration].some((v) => v === null);
  const explained = row.problems.length > 0 || (row.concentration === null && reasons.size > 0);
  if (absent && !explained) reasons.add(row.concentration === null ? 'missing' : 'unreadable');
  if (reasons.size === 0 && !Number.isFinite(row.concentration)) reasons.add('unreadable');
  return [...reasons];
}

/** Glx of each participant (null: not used) and the exclusions, participants in the order of the table. */
export function usableSpectra(cohort: Cohort, spectra: SpectraInput): { values: (number | null)[]; excluded: SpectrumExclusion[] } {
  const byId = new Map(spectra.rows.map((row) => [row.id, row]));
  const excluded: SpectrumExclusion[] = [];
  const group = cohort.participants['group']!;
  const values = (cohort.participants['id'] ?? []).map((id, i) => {
    if (group[i] === null) return null;
    const row = byId.get(String(id));
    const reasons = reasonsAgainst(row, spectra.quality);
    if (reasons.length === 0) return row!.concentration;
    excluded.push({ id: String(id), group: String(group[i]), reasons, snr: row?.snr ?? null, fwhmHz: row?.fwhmHz ?? null, sdPercent: row?.sdPercent ?? null });
    return null;
  });
  return { values, excluded };
}
