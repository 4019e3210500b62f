/** Plausible numbers for the example: a seeded generator, a normal tail good enough to look like p, Benjamini-Hochberg. */

/** Uniform and normal draws, the same for the same seed (mulberry32, Box-Muller). */
export function generator(seed: number): { uniform(): number; normal(): number } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

/** About the two-sided p of t: fine for pictures, not for statistics. */
export function roughP(t: number): number {
  const size = Math.abs(t);
  return Math.exp(-0.717 * size - 0.416 * size * size);
}

/** Adjusted p in place, by Benjamini and Hochberg. */
export function adjust<Row extends { p: number | null; pAdjusted: number | null; familySize: number }>(rows: Row[]): Row[] {
  const present = rows.filter((row) => row.p !== null).sort((a, b) => (b.p ?? 0) - (a.p ?? 0));
  let least = 1;
  present.forEach((row, index) => {
    least = Math.min(least, ((row.p ?? 1) * present.length) / (present.length - index));
    row.pAdjusted = least;
  });
  for (const row of rows) row.familySize = present.length;
  return rows;
}
