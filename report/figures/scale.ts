/** Linear scales with round ticks, and the common power of ten of an axis of very small or large values. */

export interface Scale {
  at(value: number): number;
  domain: [number, number];
  ticks: number[];
}

/** Round steps (1, 2, 5 x 10^n) inside [low, high], about `count` of them. */
export function ticks(low: number, high: number, count = 5): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.85) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

export function linear(domain: [number, number], range: [number, number], count = 5): Scale {
  const [low, high] = domain;
  const slope = (range[1] - range[0]) / (high - low);
  return { at: (value) => range[0] + (value - low) * slope, domain, ticks: ticks(low, high, count) };
}

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

/** Ticks as text, all with the decimals that the finest of them needs. */
export function tickLabels(values: readonly number[], exponent = 0): string[] {
  const scaled = values.map((value) => value / 10 ** exponent);
  const decimals = Math.max(0, ...scaled.map((value) => (String(Number(value.toPrecision(9))).split('.')[1] ?? '').length));
  return scaled.map((value) => value.toFixed(Math.min(decimals, 9)));
}
