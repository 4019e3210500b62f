/** What a metric is, by its name and unit, and what its values can be: enough to notice another unit or an impossible value. */

export type MetricKind = 'thickness' | 'area' | 'volume' | 'diffusivity' | 'anisotropy' | 'signed' | 'other';

const NAMES: [RegExp, MetricKind][] = [
  [/^(fa|fractional[_-]?anisotropy)([_-].*)?$/i, 'anisotropy'],
  [/^(md|adc|rd|ad|trace|.*diffusivity)([_-].*)?$/i, 'diffusivity'],
  [/^(ct|.*thick.*)$/i, 'thickness'],
  [/^(sa|.*area.*)$/i, 'area'],
  [/^(vol|gmv|.*volume.*)$/i, 'volume'],
  [/^(mc|.*curv.*|sulc|.*depth.*|.*asym.*|.*jacob.*|.*diff(erence)?|z|t)$/i, 'signed'],
];

export function metricKind(name: string): MetricKind {
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}

/** Whether a metric of this kind cannot be below 0. */
export const isPositive = (kind: MetricKind): boolean => kind !== 'signed' && kind !== 'other';

/** Values above this cannot be, in a unit that is known; null: no bound. */
export function upperBound(kind: MetricKind, unit: string | null): number | null {
  if (kind === 'anisotropy') return 1;
  if (kind === 'thickness' && scaleOf(kind, unit) === 1) return 15;
  return null;
}

/** Mean values of a region of cortex that occur, in mm, mm2, mm3, mm2/s; a wide margin about what studies report. */
const USUAL: Partial<Record<MetricKind, { low: number; high: number; typical: number; unit: string }>> = {
  thickness: { low: 1, high: 6, typical: 3, unit: 'mm' },
  diffusivity: { low: 2e-4, high: 4e-3, typical: 8e-4, unit: 'mm2/s' },
  anisotropy: { low: 0.02, high: 0.95, typical: 0.2, unit: 'a fraction' },
};

/** How large the base unit is in the unit a study states, by its spelling without carets, superscripts and blanks. */
const SCALES: Partial<Record<MetricKind, Record<string, number>>> = {
  thickness: { mm: 1, um: 1000, cm: 0.1, m: 1e-3 },
  diffusivity: {
    'mm2/s': 1, 'um2/ms': 1000, 'um2/s': 1e6, '1e-3mm2/s': 1000, '10-3mm2/s': 1000, 'x10-3mm2/s': 1000, '1e-6mm2/s': 1e6, '10-6mm2/s': 1e6, 'x10-6mm2/s': 1e6, 'm2/s': 1e-6, 'cm2/s': 0.01,
  },
};

const spelled = (unit: string): string => unit.toLowerCase().replaceAll('²', '2').replaceAll('⁻', '-').replaceAll('³', '3').replace(/[µμ]/g, 'u').replaceAll('×', 'x').replace(/[\s^*·]/g, '');

function scaleOf(kind: MetricKind, unit: string | null): number | null {
  if (kind === 'anisotropy') return 1;
  return unit === null ? null : SCALES[kind]?.[spelled(unit)] ?? null;
}

/** What is odd about a typical value of a metric in its unit; null when nothing is, or nothing is known of the unit. */
export function unitMismatch(kind: MetricKind, unit: string | null, value: number): { expected: string; looksLike: string | null } | null {
  const usual = USUAL[kind], scale = scaleOf(kind, unit);
  if (usual === undefined || scale === null || !(value > 0)) return null;
  if (value >= usual.low * scale && value <= usual.high * scale) return null;
  const others = Object.entries(SCALES[kind] ?? {}).filter(([, s]) => value >= usual.low * s && value <= usual.high * s).map(([name]) => name);
  return { expected: `about ${short(usual.typical * scale)} (${unit ?? usual.unit})`, looksLike: kind === 'anisotropy' && value <= 100 ? 'percent' : others[0] ?? null };
}

export const short = (value: number): string => String(Number(value.toPrecision(3)));
