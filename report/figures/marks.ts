/** Points as one path a group (small files), in shapes that differ without colour; places that do not overlap. */
import { html, raw, type Html } from '../html.js';

export const SHAPES = ['circle', 'triangle', 'square', 'diamond', 'plus', 'wedge'] as const;
export type Shape = (typeof SHAPES)[number];

/** Colours of the stylesheet (--c0 .. --c6, Okabe and Ito's). With six shapes, 42 groups differ. */
const COLOURS = 7;

export interface GroupStyle {
  colour: number;
  shape: Shape;
}

export function styleOf(place: number): GroupStyle {
  return { colour: place % COLOURS, shape: SHAPES[place % SHAPES.length] ?? 'circle' };
}

export const round = (value: number): number => Math.round(value * 10) / 10;

/** Outline of one mark of about the same area whatever its shape. */
function outline(shape: Shape, x: number, y: number, r: number): string {
  const at = `M${round(x)} ${round(y)}`;
  const half = round(r * 0.89);
  switch (shape) {
    case 'circle':
      return `${at}m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    case 'triangle':
      return `${at}m0 ${round(-1.3 * r)}l${round(1.15 * r)} ${2 * r}h${round(-2.3 * r)}z`;
    case 'wedge':
      return `${at}m0 ${round(1.3 * r)}l${round(1.15 * r)} ${-2 * r}h${round(-2.3 * r)}z`;
    case 'square':
      return `${at}m${-half} ${-half}h${2 * half}v${2 * half}h${-2 * half}z`;
    case 'diamond':
      return `${at}m0 ${round(-1.3 * r)}l${round(1.3 * r)} ${round(1.3 * r)}l${round(-1.3 * r)} ${round(1.3 * r)}l${round(-1.3 * r)} ${round(-1.3 * r)}z`;
    case 'plus': {
      const arm = round(r * 0.45);
      const reach = round(r * 0.85);
      return `${at}m${-arm} ${round(-reach - arm)}h${2 * arm}v${reach}h${reach}v${2 * arm}h${-reach}v${reach}h${-2 * arm}v${-reach}h${-reach}v${-2 * arm}h${reach}z`;
    }
  }
}

export interface Place {
  x: number;
  y: number;
}

/** Marks of one group. `hollow` is for what did not pass a test. */
export function marks(places: readonly Place[], style: GroupStyle, options: { r?: number; hollow?: boolean; kind?: string } = {}): Html | null {
  if (places.length === 0) return null;
  const path = places.map(({ x, y }) => outline(style.shape, x, y, options.r ?? 3.2)).join('');
  return html`<path class="${options.kind ?? 'point'}${options.hollow === true && ' hollow'} c${style.colour}" d="${raw(path)}"/>`;
}

/** One mark alone, for legends beside text. */
export function key(place: number): Html {
  return html`<svg class="key" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">${marks([{ x: 6, y: 6 }], styleOf(place), { r: 4 })}</svg>`;
}

export function line(places: readonly Place[], kind: string): Html | null {
  if (places.length < 2) return null;
  return html`<path class="${kind}" d="${raw(places.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join(''))}"/>`;
}

/**
 * Sideways offsets that keep marks at heights `ys` from covering each other: each takes the nearest free place to the middle,
 * within `reach` on either side (past that they may overlap). Deterministic.
 */
export function swarm(ys: readonly number[], size: number, reach: number): number[] {
  const offsets = new Array<number>(ys.length).fill(0);
  const placed: { y: number; x: number }[] = [];
  const order = ys.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y || a.index - b.index);
  const steps = Math.max(1, Math.floor(reach / (size / 2)));
  for (const { y, index } of order) {
    const near = placed.slice(-400).filter((other) => Math.abs(other.y - y) < size);
    const free = candidates(steps, size / 2, index).find((x) => near.every((other) => (other.x - x) ** 2 + (other.y - y) ** 2 >= size * size * 0.98));
    const x = free ?? ((index * 0.618) % 1) * 2 * reach - reach;
    offsets[index] = x;
    placed.push({ x, y });
  }
  return offsets;
}

function candidates(steps: number, step: number, turn: number): number[] {
  const side = turn % 2 === 0 ? 1 : -1;
  return [0, ...Array.from({ length: steps }, (_, index) => [side * (index + 1) * step, -side * (index + 1) * step]).flat()];
}
