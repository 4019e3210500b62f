/** Numbers as text. Every function is total: a value that is not finite prints as what it is. */

/**
 * A p value: three decimals from .001 up, scientific with two digits below ("3.1e-12"), never "0.000".
 * A value beside `alpha` gets as many decimals as it takes not to round across it.
 */
export function formatP(p: number, alpha = 0.05): string {
  if (p === 0) return '< 5e-324';
  if (p < 0.001) return p.toExponential(1);
  for (let digits = 3; digits <= 9; digits += 1) {
    const text = p.toFixed(digits);
    const shown = Number(text);
    if (shown === p || (shown !== alpha && shown < alpha === p < alpha)) return text;
  }
  return String(p);
}

/** F, t, chi-square, standardised values: two decimals, more when that would print zero. */
export function formatStatistic(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.005) return formatNumber(value, 2);
  return value.toFixed(2);
}

/** Correlations, stability, Rand index, effect sizes: three decimals. */
export function formatCoefficient(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.0005) return formatNumber(value, 2);
  return value.toFixed(3);
}

/** Degrees of freedom: as they are when whole, else two decimals. */
export function formatDf(df: number): string {
  return Number.isInteger(df) ? String(df) : df.toFixed(2);
}

/** Any measured value at `digits` significant digits; scientific outside 0.001 .. 1,000,000. */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(digits - 1);
  return value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
}

/** 40962 -> "40,962". */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** "0.4 s", "12 s", "3 min 5 s", "2 h 4 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An ISO instant to the minute, in UTC: "2026-03-01 12:30 UTC". Anything else is returned as it is. */
export function formatInstant(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(new Date(Date.parse(text) || 0).toISOString());
  return Number.isNaN(Date.parse(text)) || match === null ? text : `${match[1]} ${match[2]} UTC`;
}

const SUPERSCRIPTS: Record<string, string> = { '2': '²', '3': '³' };

/** "mm2/s" -> "mm²/s". */
export function formatUnit(unit: string): string {
  return unit.replace(/(m)([23])(?![0-9])/g, (_, base: string, power: string) => base + (SUPERSCRIPTS[power] ?? power));
}
