/** Families of tests: Benjamini-Hochberg over the rows of one name. */
import { adjustPValues } from '../adjust.js';

export interface FamilyFields {
  p: number | null;
  pAdjusted: number | null;
  familySize: number;
  family: string;
}

/** What a row has before its family is adjusted. */
export const unadjusted = (family: string): Pick<FamilyFields, 'pAdjusted' | 'familySize' | 'family'> => ({ pAdjusted: null, familySize: 0, family });

/** Fills pAdjusted and familySize, in place, within each family of these rows. */
export function adjustRows(rows: readonly FamilyFields[]): void {
  const families = new Map<string, FamilyFields[]>();
  for (const row of rows) families.set(row.family, [...(families.get(row.family) ?? []), row]);
  for (const [family, members] of families) {
    const { adjusted, size } = adjustPValues(members.map((row) => row.p), { family });
    members.forEach((row, i) => {
      row.pAdjusted = adjusted[i]!;
      row.familySize = size;
    });
  }
}

export const isSignificant = (row: { pAdjusted: number | null }, alpha: number): boolean => row.pAdjusted !== null && row.pAdjusted < alpha;
