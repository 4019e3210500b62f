/** Whether the quality of the spectra differs between groups: it could pass for a difference of the metabolite, or hide one. */
import type { GlxResults, SpectralQualityRow } from '../../../contracts/glx-rows.js';
import { adjustPValues } from '../adjust.js';
import type { Cell } from '../table.js';
import { betweenGroups } from './demographics.js';
import type { Cohort } from './cohort.js';
import type { SpectraInput, SpectrumRow } from './types.js';

const FIGURES = { snr: 'snr', fwhm: 'fwhmHz', sd: 'sdPercent', csf: 'csf' } as const satisfies Record<string, keyof SpectrumRow>;

/** S/N, FWHM and %SD (ANOVA) of all spectra that were read and of those used, the CSF fraction of those used, and exclusions (chi-square). `values`: null where not used. */
export function spectralQuality(cohort: Cohort, spectra: SpectraInput, values: readonly (number | null)[]): SpectralQualityRow[] {
  const byId = new Map(spectra.rows.map((row) => [row.id, row]));
  const ids = cohort.participants['id'] ?? [];
  const test = (measure: SpectralQualityRow['measure'], of: SpectralQualityRow['spectra'], column: Cell[]): SpectralQualityRow => {
    const name = measure === 'excluded' ? 'exclusion of spectra' : `${NAMES[measure]} of the spectra ${of}`;
    // Figures that do not vary are no doubt: their rows say why there is no test.
    const { variable: _, ...row } = betweenGroups({ ...cohort, participants: { ...cohort.participants, [name]: column }, failures: new Map() }, name, 'spectral quality');
    return { measure, spectra: of, ...row };
  };
  const figure = (measure: keyof typeof FIGURES, of: SpectralQualityRow['spectra']): SpectralQualityRow[] => {
    const column = ids.map((id, i): Cell => (of === 'used' && values[i] === null ? null : byId.get(String(id))?.[FIGURES[measure]] ?? null));
    return column.every((v) => v === null) ? [] : [test(measure, of, column)];
  };
  const group = cohort.participants['group'] ?? [];
  const excluded = ids.map((_, i): Cell => (group[i] === null ? null : values[i] === null ? 'excluded' : 'used'));
  const all = [
    ...(['snr', 'fwhm', 'sd'] as const).flatMap((measure) => [...figure(measure, 'read'), ...figure(measure, 'used')]), ...figure('csf', 'used'),
  ];
  return new Set(excluded.filter((v) => v !== null)).size < 2 ? all : [...all, test('excluded', 'read', excluded)];
}

const NAMES: Record<string, string> = { snr: 'S/N', fwhm: 'FWHM', sd: '%SD', csf: 'the CSF fraction' };

/** What a careful reader should doubt in a cohort's spectra, without ids. */
export function spectralDoubts(name: string, glx: GlxResults, alpha: number): string[] {
  const out: string[] = [];
  // Adjusted over the cohort's figures: five tests would otherwise find something in every fifth cohort.
  const tested = (glx.quality ?? []).filter((row) => row.spectra === 'used' || row.measure === 'excluded');
  const { adjusted } = adjustPValues(tested.map((row) => row.fisherP ?? row.p));
  tested.forEach((row, i) => {
    const p = adjusted[i] ?? 1;
    if (p >= alpha) return;
    const text = `adjusted p = ${p.toPrecision(2)}`;
    if (row.measure === 'excluded') out.push(`${name}: the groups lost different shares of their spectra (${text}).`);
    else out.push(`${name}: ${NAMES[row.measure]} of the spectra used differs between groups (${text}): a difference of ${glx.metabolite} may be one of data quality.`);
  });
  const near = glx.nearLimit ?? [], used = near.filter((n) => n.used).length;
  if (near.length > 0) out.push(`${name}: ${near.length} ${near.length === 1 ? 'spectrum lies' : 'spectra lie'} within one printed step of a quality limit (${used} used, ${near.length - used} not).`);
  return out;
}
