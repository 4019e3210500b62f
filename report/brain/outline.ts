/** Outlines of what is seen in a raster, as vector paths, and where a number fits inside. */
import { contours } from 'd3-contour';

/** Vector units a cell of the coarse grid: one decimal of a cell is enough for print. */
export const UNIT = 10;
/** How far (cells) a path may leave the outline it stands for. */
const TOLERANCE = 0.18;
/** Pieces smaller than this (cells) are not drawn: a few cells seen between two folds. */
const SMALLEST = 2;

/** A part of the coarse grid, in its cells; everything outside is empty. */
export interface Window {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Share of each coarse cell of the window where the fine grid (`factor` x `factor` in a cell, `across` cells wide) has the label. */
export function coverage(seen: Uint16Array, label: number, { x: left, y: top, width, height }: Window, factor: number, across: number): Float64Array {
  const out = new Float64Array(width * height), part = 1 / (factor * factor);
  for (let y = 0; y < height * factor; y++) {
    const row = (y + top * factor) * across + left * factor, coarse = Math.floor(y / factor) * width;
    for (let x = 0; x < width * factor; x++) {
      if (seen[row + x] !== label) continue;
      const cell = coarse + Math.floor(x / factor);
      out[cell] = (out[cell] as number) + part;
    }
  }
  return out;
}

/** SVG path data of where the coverage is above one half (marching squares, interpolated); empty when nowhere. */
export function outline(values: Float64Array, { x, y, width, height }: Window): string {
  const [shape] = contours().size([width, height]).thresholds([0.5])(values as unknown as number[]);
  return (shape?.coordinates ?? []).map(([outer = [], ...holes]) => {
    const rings = [outer, ...holes].filter((ring) => Math.abs(area(ring)) >= SMALLEST);
    return rings[0] === outer ? rings.map((ring) => path(simplified(ring), x, y)).join('') : '';
  }).join('');
}

type Point = number[];
const at = (ring: Point[], i: number): [number, number] => ring[i] as [number, number];

function area(ring: Point[]): number {
  let sum = 0;
  for (let i = 0; i < ring.length - 1; i++) { const [x, y] = at(ring, i), [u, v] = at(ring, i + 1); sum += x * v - u * y; }
  return sum / 2;
}

/** Douglas & Peucker (1973): points whose loss moves the line by less than the tolerance are left out. */
function simplified(ring: Point[]): Point[] {
  const keep = new Uint8Array(ring.length), last = ring.length - 1, middle = Math.floor(last / 2);
  const stack: [number, number][] = [[0, middle], [middle, last]];
  for (const i of [0, middle, last]) keep[i] = 1;
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    const [from, to] = span, [ax, ay] = at(ring, from), [bx, by] = at(ring, to), length = Math.hypot(bx - ax, by - ay);
    let far = -1, most = TOLERANCE;
    for (let i = from + 1; i < to; i++) {
      const [x, y] = at(ring, i);
      const away = length === 0 ? Math.hypot(x - ax, y - ay) : Math.abs((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / length;
      if (away > most) { most = away; far = i; }
    }
    if (far >= 0) { keep[far] = 1; stack.push([from, far], [far, to]); }
  }
  return ring.filter((_, i) => keep[i] === 1);
}

/** Closed path in whole units, relative steps. */
function path(ring: Point[], left: number, top: number): string {
  let x = 0, y = 0, text = '';
  ring.slice(0, -1).forEach(([px = 0, py = 0], i) => {
    const nx = Math.round((px + left) * UNIT), ny = Math.round((py + top) * UNIT);
    if (i === 0) text += `M${nx} ${ny}l`;
    else if (nx !== x || ny !== y) text += `${i > 1 && nx - x >= 0 ? ' ' : ''}${nx - x}${ny - y < 0 ? '' : ' '}${ny - y}`;
    x = nx; y = ny;
  });
  return `${text}z`;
}

export interface Inside {
  /** Coarse cells. */
  x: number;
  y: number;
  /** Cells to the nearest border. */
  room: number;
}

/** The cell that is farthest from the border of the covered area (two-pass chamfer distance); null when nothing is covered. */
export function innermost(values: Float64Array, { x: left, y: top, width, height }: Window): Inside | null {
  const d = Float64Array.from(values, (v) => (v > 0.5 ? Infinity : 0)), diagonal = Math.SQRT2;
  const near = (x: number, y: number): number => (x < 0 || y < 0 || x >= width || y >= height ? 0 : d[y * width + x] as number);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const i = y * width + x;
    if ((d[i] as number) > 0) d[i] = Math.min(d[i] as number, near(x - 1, y) + 1, near(x, y - 1) + 1, near(x - 1, y - 1) + diagonal, near(x + 1, y - 1) + diagonal);
  }
  let best = -1;
  for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) {
    const i = y * width + x;
    if ((d[i] as number) > 0) d[i] = Math.min(d[i] as number, near(x + 1, y) + 1, near(x, y + 1) + 1, near(x + 1, y + 1) + diagonal, near(x - 1, y + 1) + diagonal);
    if ((d[i] as number) > 0 && (best < 0 || (d[i] as number) > (d[best] as number))) best = i;
  }
  return best < 0 ? null : { x: left + (best % width) + 0.5, y: top + Math.floor(best / width) + 0.5, room: d[best] as number };
}
