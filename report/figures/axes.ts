/** Axes as all figures have them: names in the middle, without arrows, a faint grid, and a common power of ten taken out. */
import * as Plot from '@observablehq/plot';
import { commonExponent, powerOfTen } from './scale.js';
import { INK, LINE, MUTED } from './styles.js';

/** An axis of a measured quantity: its values divided by a power of ten that its name tells. */
export function measuredAxis(name: string, unit: string | null, domain: [number, number]): { label: string; scale: Plot.ScaleOptions } {
  const exponent = commonExponent(domain), divide = (value: number): number => value / 10 ** exponent;
  const measure = [exponent === 0 ? '' : powerOfTen(exponent), unit ?? ''].filter((part) => part !== '').join(' ');
  return { label: measure === '' ? name : `${name} (${measure})`, scale: { domain: domain.map(divide), transform: divide as (value: unknown) => number } };
}

const COMMON = { fontSize: 11, color: MUTED, fill: INK, labelAnchor: 'center', labelArrow: 'none' } as const;

export function leftAxis(label: string, options: Plot.AxisYOptions = {}): Plot.Markish[] {
  return [Plot.gridY({ stroke: LINE, strokeOpacity: 1, ticks: 5 }), Plot.axisY({ ...COMMON, anchor: 'left', label, ticks: 5, tickSize: 0, ...options })];
}

export function bottomAxis(label: string | null, options: Plot.AxisXOptions = {}): Plot.Markish[] {
  return [Plot.axisX({ ...COMMON, anchor: 'bottom', label, ticks: 6, tickSize: 4, ...options })];
}

/** An x axis of named places at 0, 1, 2 ... */
export function placesAxis(labels: readonly string[], label: string | null, options: Plot.AxisXOptions = {}): Plot.Markish[] {
  return bottomAxis(label, { ticks: labels.map((_, index) => index), tickFormat: (index: number) => labels[index] ?? '', ...options });
}
