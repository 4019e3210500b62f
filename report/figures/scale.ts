/** Domains of axes, and the common power of ten of one of very small or large values. */

/** Smallest and largest value with `pad` of the span on each side; a single value gets room around it; none gives 0 .. 1. */
export function extent(values: Iterable<number>, pad = 0.06): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const room = high > low ? (high - low) * pad : Math.abs(low) * 0.05 || 0.5;
  return [low - room, high + room];
}

/** The exponent to take out of an axis (a multiple of three; 0 when the values read well as they are). */
export function commonExponent([low, high]: [number, number]): number {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size === 0 || (size >= 0.05 && size < 1e4)) return 0;
  return Math.floor(Math.log10(size) / 3) * 3;
}

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** "10⁻³" for -3. */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT[Number(digit)] ?? digit).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}
