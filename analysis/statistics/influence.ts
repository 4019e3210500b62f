/** What single rows do to a least-squares fit. Software convention: R's hatvalues, rstandard, rstudent and cooks.distance of lm. */
import { fLower } from './distributions.js';
import { centredResponse, type Factorisation } from './least-squares.js';
import { project } from './qr.js';

export interface Influence {
  /** Diagonal of the hat matrix, 1/n .. 1. */
  leverage: Float64Array;
  /** Residuals, in the unit of the response. */
  residuals: Float64Array;
  /** Residuals over their own standard error (internally studentised); null where the row fits itself (leverage 1). */
  standardised: (number | null)[];
  /** Cook's distance (Cook 1977): how far all fitted values move when the row is left out, in p s2; null where leverage is 1. */
  cook: (number | null)[];
  /** Parameters of the model, the intercept included. */
  parameters: number;
}

/** Leverages this near to 1 belong to rows that determine a parameter by themselves. */
const SATURATED = 1 - 1e-10;

/** Throws CONSTANT_RESPONSE, NON_FINITE, OUT_OF_RANGE. */
export function influence(f: Factorisation, y: Float64Array, name: string): Influence {
  const { scale, unit } = centredResponse(y, name), { residuals: e } = project(f.qr, unit);
  const leverage = new Float64Array(unit.length).fill(1 / unit.length);
  for (const q of f.qr.q) for (let i = 0; i < q.length; i++) leverage[i]! += q[i]! * q[i]!;
  const parameters = f.qr.p + 1, variance = e.reduce((s, v) => s + v * v, 0) / f.dfResidual;
  const each = (of: (e: number, free: number, h: number) => number): (number | null)[] => Array.from(e, (v, i) => {
    const h = leverage[i]!;
    return h >= SATURATED ? null : of(v, 1 - h, h);
  });
  return {
    leverage, residuals: e.map((v) => v * scale), parameters,
    standardised: each((v, free) => v / Math.sqrt(variance * free)),
    cook: each((v, free, h) => (v * v * h) / (parameters * variance * free * free)),
  };
}

/**
 * The Cook's distance that deserves attention: the median of F with (parameters, df). A row beyond it moves the estimates to the edge of their own 50 %
 * confidence region (Cook & Weisberg 1982, Residuals and Influence, 3.5).
 */
export function cookThreshold(parameters: number, df: number): number {
  let low = 0, high = 1;
  while (fLower(high, parameters, df) < 0.5) { low = high; high *= 2; }
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (fLower(middle, parameters, df) < 0.5) low = middle; else high = middle;
  }
  return (low + high) / 2;
}

/**
 * F of the last columns of a design (from .. the end), each row left out in turn, without refitting: leaving out row i lowers a model's residual sum of
 * squares by e_i^2 / (1 - h_i), with the columns and without them (Cook & Weisberg 1982, 2.2). Null for a row without which the model cannot be fitted.
 */
export function leaveOneOutF(f: Factorisation, from: number, y: Float64Array, name: string): (number | null)[] {
  const { unit } = centredResponse(y, name), n = unit.length, size = f.qr.p - from, df = f.dfResidual - 1;
  const without = { e: unit.slice(), h: new Float64Array(n).fill(1 / n) };
  project({ ...f.qr, p: from, q: f.qr.q.slice(0, from) }, unit).residuals.forEach((v, i) => { without.e[i] = v; });
  const e = project(f.qr, unit).residuals, h = new Float64Array(n);
  f.qr.q.forEach((q, j) => { for (let i = 0; i < n; i++) { const s = q[i]! * q[i]!; h[i]! += s; if (j < from) without.h[i]! += s; } });
  const sum = (values: Float64Array): number => values.reduce((s, v) => s + v * v, 0), full = sum(e), reduced = sum(without.e);
  return Array.from(e, (v, i) => {
    const free = 1 - h[i]! - 1 / n, freeWithout = 1 - without.h[i]!;
    if (free <= 1 - SATURATED || freeWithout <= 1 - SATURATED || df < 1) return null;
    const residual = full - (v * v) / free, explained = reduced - without.e[i]! ** 2 / freeWithout - residual;
    return residual > 0 ? Math.max(0, explained) / size / (residual / df) : null;
  });
}
