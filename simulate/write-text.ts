/** Vertex files by splicing: the whole hemisphere is prepared once as text, and each subject's region is written over it as bytes. */
import type { MetricName } from './design.js';

/** How a metric is written: scaled to digits, `suffix` after them. Inside the region 9 or 10 significant digits, 4 to 6 outside. */
const FORMATS: Record<MetricName, { scale: number; inside: number; outside: number; suffix: string }> = {
  thickness: { scale: 1, inside: 8, outside: 5, suffix: '' },
  area: { scale: 1, inside: 9, outside: 5, suffix: '' },
  md: { scale: 1e4, inside: 8, outside: 3, suffix: 'e-04' },
  fa: { scale: 1, inside: 9, outside: 5, suffix: '' },
};

/** Text of one metric on one hemisphere with room for the region's values. */
export interface Template {
  bytes: Uint8Array;
  /** Byte offset of each region vertex's number. */
  offsets: Int32Array;
  decimals: number;
  scale: number;
}

/**
 * The template from the values outside the region (`values`, one per mesh vertex; those of the region are ignored).
 * @param region ascending vertex indices
 */
export function makeTemplate(metric: MetricName, values: Float64Array, region: Int32Array): Template {
  const { scale, inside, outside, suffix } = FORMATS[metric];
  const widths = { inside: inside + 2 + suffix.length + 1, outside: outside + 2 + suffix.length + 1 };
  const bytes = Buffer.alloc(widths.outside * (values.length - region.length) + widths.inside * region.length);
  const offsets = new Int32Array(region.length);
  let at = 0, next = 0;
  for (let v = 0; v < values.length; v++) {
    const isInside = region[next] === v;
    if (isInside) offsets[next++] = at;
    const decimals = isInside ? inside : outside;
    putFixed(bytes, at, isInside ? 1 : values[v]! * scale, decimals);
    at += decimals + 2;
    at += bytes.write(suffix, at, 'latin1');
    bytes[at++] = 10;
  }
  return { bytes, offsets, decimals: inside, scale };
}

/** The bytes of one subject's file. `values`: one per region vertex, within 0 and 10 after scaling. */
export function splice(template: Template, values: Float64Array): Uint8Array {
  const out = Uint8Array.from(template.bytes);
  for (let i = 0; i < values.length; i++) putFixed(out, template.offsets[i]!, values[i]! * template.scale, template.decimals);
  return out;
}

/** Writes `d.ddd` with the given decimals; the value must be within 0 and 10, exclusive after rounding. */
function putFixed(bytes: Uint8Array, at: number, value: number, decimals: number): void {
  let digits = Math.round(value * 10 ** decimals);
  if (!(digits >= 0 && digits < 10 ** (decimals + 1))) throw new RangeError(`${value} does not fit one digit before the point`);
  for (let i = at + decimals + 1; i > at + 1; i--) {
    const rest = Math.floor(digits / 10);
    bytes[i] = 48 + digits - 10 * rest;
    digits = rest;
  }
  bytes[at + 1] = 46;
  bytes[at] = 48 + digits;
}
