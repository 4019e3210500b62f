/** Volume fractions of grey matter, white matter and cerebrospinal fluid in the voxel, and the simple correction by them. */

export interface TissueFractions {
  gm: number;
  wm: number;
  csf: number;
}

/** Segmentations leave a little of a voxel unclassified; more than this is another quantity, or percent. */
const SUM_TOLERANCE = 0.05;

/** What is wrong with fractions that were read; null when they can be used. Absent gm and wm are allowed where only csf is needed. */
export function fractionProblem({ gm, wm, csf }: { gm: number | null; wm: number | null; csf: number | null }, need: 'csf' | 'all'): string | null {
  if (csf === null) return 'no CSF fraction';
  if (need === 'all' && (gm === null || wm === null)) return 'no grey or white matter fraction';
  const given = [['grey matter', gm], ['white matter', wm], ['CSF', csf]] as const;
  for (const [name, value] of given) {
    if (value === null) continue;
    if (!Number.isFinite(value) || value < 0) return `${name} fraction ${value} is not between 0 and 1`;
    if (value > 1) return `${name} fraction ${value} is above 1${value <= 100 ? ': it looks like percent' : ''}`;
  }
  if (csf === 1) return 'the voxel is all CSF';
  if (gm === null || wm === null) return null;
  const sum = gm + wm + csf;
  return Math.abs(sum - 1) > SUM_TOLERANCE ? `the fractions add up to ${Number(sum.toPrecision(4))} instead of 1` : null;
}

/** Concentration per volume of tissue that is not CSF: concentration / (1 - csf), csf in [0, 1). */
export function csfCorrected(concentration: number, csf: number): number {
  return concentration / (1 - csf);
}
