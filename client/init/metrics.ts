/** What a pattern's files measure, by their names and the values of one of them. */
import { FormatError, readVertexValues } from '../../formats/index.js';
import type { Pattern } from './patterns.js';

export interface Measure {
  /** Name of the metric. */
  name: string;
  unit: string | null;
  /** What tells this file from others of the same metric: method and kernel; higher is preferred. */
  preference: number;
  note: string | null;
}

/** Names by file name; the most specific first. CIVET: thickness `_native_rms_rsl_tlink_30mm_`, area `_native_area_40mm`, volume `_native_volume_40mm`. */
const NAMES: [RegExp, string, string | null][] = [
  [/_native_area_/, 'area', 'mm2'], [/_native_volume_/, 'volume', 'mm3'], [/_native_mc_rsl_|_mean_curv_/, 'curvature', null], [/_native_rms_rsl_|thick|(?<![A-Za-z])CT(?![A-Za-z])/i, 'thickness', 'mm'],
  [/(?<![A-Za-z])(surface_?area|area|SA)(?![A-Za-z])/, 'area', 'mm2'], [/(?<![A-Za-z])(volume|vol)(?![A-Za-z])/i, 'volume', 'mm3'], [/curv/i, 'curvature', null], [/(?<![A-Za-z])sulc(?![A-Za-z])/i, 'sulc', null],
  [/(?<![A-Za-z])fa(?![A-Za-z])/i, 'fa', null], [/(?<![A-Za-z])(md|adc)(?![A-Za-z])/i, 'md', 'diffusivity'], [/(?<![A-Za-z])rd(?![A-Za-z])/i, 'rd', 'diffusivity'], [/(?<![A-Za-z])ad(?![A-Za-z])/i, 'ad', 'diffusivity'],
  [/t1w?[_-]?t2w?|myelin/i, 'myelin', null],
];
const DERIVED = /_asym|_hemi_|logjac|[._]mask(?!ed)|label|annot|aparc|parc(?![a-z])|atlas|curvature_error/i;
/** Kernels in the order in which labs use them, mm. */
const KERNELS = ['30', '40', '20', '28.28', '10', '5', '0'];

/** null: no vertex-wise measure by its name. `native`: a mesh of the subject's own. */
export function measureOf(template: string): Measure | 'native' | null {
  const base = template.slice(template.lastIndexOf('/') + 1);
  if (!/(\.(txt|asc|csv|mgh|mgz|npy)|\.(shape|func)\.gii|(?<!surf|label)\.gii)(\.gz)?$/i.test(base) || DERIVED.test(base) || /\.(surf|label)\.gii$/.test(base)) return nativeFreesurfer(template);
  if (/_native_rms_(?!rsl)/.test(base) || nativeFreesurfer(template) !== null) return 'native';
  const named = NAMES.find(([pattern]) => pattern.test(base));
  const kernel = /_(\d+(?:\.\d+)?)mm(?=[_.])/.exec(base)?.[1] ?? /fwhm(\d+)/.exec(base)?.[1] ?? null;
  const method = /_(tlink|tlaplace|tfs)_/.exec(base)?.[1] ?? null;
  const preference = (method === 'tlink' ? 100 : method === 'tlaplace' ? 50 : 0) + (kernel === null ? 0 : KERNELS.length - (KERNELS.indexOf(kernel) < 0 ? KERNELS.length : KERNELS.indexOf(kernel)));
  const note = [method, kernel === null ? null : `${kernel} mm`].filter((v) => v !== null).join(', ') || null;
  return { name: named?.[1] ?? otherName(base), unit: named?.[2] ?? null, preference, note };
}

function nativeFreesurfer(template: string): 'native' | null {
  return /\/surf\/\{hemi\}\.(thickness|area|volume|curv|sulc)(\.mgh|\.mgz)?$/.test(template) ? 'native' : null;
}

/** What is left of a name without subject, side and extension. */
function otherName(base: string): string {
  const words = base.replace(/\{[a-z]+\}/g, ' ').replace(/\.(txt|asc|csv|mgh|mgz|npy|gii|shape|func|gz)\b/g, ' ').replace(/[^A-Za-z0-9]+/g, ' ').trim().split(' ').filter((w) => !/^(mid|rsl|hemi|fsaverage|native|surface|space|desc|mm|smooth|clean|\d+mm)$/i.test(w));
  return words.join('_').toLowerCase().slice(0, 40) || 'measure';
}

export interface Sample {
  /** Vertices of one hemisphere. */
  vertices: number;
  /** Both hemispheres are in the file. */
  together: boolean;
  mean: number;
}

/** Reads one file of a pattern; null when it holds no vertex-wise measure. `known`: meshes that a file may hold twice. */
export function sampleOf(bytes: Uint8Array, pattern: Pick<Pattern, 'example' | 'sides'>): Sample | null {
  try {
    const { values } = readVertexValues(bytes, { file: pattern.example });
    let sum = 0;
    for (const v of values) sum += v;
    // Meshes made by subdivision have 10 * 4^n + 2 vertices; a file without a side that holds twice as many holds both.
    const together = pattern.sides.size === 0 && isMesh(values.length / 2);
    return { vertices: together ? values.length / 2 : values.length, together, mean: sum / values.length };
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

export function isMesh(vertices: number): boolean {
  const level = Math.log((vertices - 2) / 10) / Math.log(4);
  return Number.isInteger(vertices) && vertices > 100 && (Math.abs(level - Math.round(level)) < 1e-9 || vertices === 32_492);
}

/** The unit of a diffusivity by its size. */
export function diffusivityUnit(mean: number): string | null {
  if (mean > 1e-4 && mean < 5e-3) return 'mm2/s';
  return mean > 0.1 && mean < 5 ? 'um2/ms' : null;
}
