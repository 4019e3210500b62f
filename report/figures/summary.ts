/** Descriptive figures of a set of values, as the boxes of figures and their descriptions give them. */

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sample standard deviation; 0 for fewer than two values. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** Linear interpolation between order statistics (Hyndman and Fan's type 7) of values in rising order. */
export function quantile(sorted: readonly number[], q: number): number {
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] ?? NaN;
  return low + (place % 1) * ((sorted[Math.ceil(place)] ?? low) - low);
}

export interface Box {
  n: number;
  mean: number;
  low: number;
  median: number;
  high: number;
}

/** Quartiles, median and mean; null for no values. */
export function boxOf(values: readonly number[]): Box | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return { n: values.length, mean: mean(values), low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) };
}

/** Ordinary least squares through the points; null when x does not vary. */
export function leastSquares(points: readonly { x: number; y: number }[]): { slope: number; intercept: number } | null {
  const [x0, y0] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const sxx = points.reduce((sum, point) => sum + (point.x - x0) ** 2, 0);
  if (points.length < 3 || !(sxx > 0)) return null;
  const slope = points.reduce((sum, point) => sum + (point.x - x0) * (point.y - y0), 0) / sxx;
  return { slope, intercept: y0 - slope * x0 };
}
