/** Every view of every hemisphere: the grey anatomy as a PNG that all cohorts share, and the outlines of each cohort's components. */
import { encode } from 'fast-png';
import type { Hemisphere } from '../../contracts/study.js';
import { ASPECT, boxOf, cameraOf, dot, heightFor, type Camera, type View } from './camera.js';
import { labelAt, normalsOf } from './geometry.js';
import { coverage, innermost, outline, type Inside, type Window } from './outline.js';
import { rasterize, type Raster } from './raster.js';
import type { Brain } from './read.js';
import { greys, lit } from './shade.js';

/** Cells of a picture: 300 a inch when four of them stand side by side on a page. */
export const HEIGHT = 440;
export const WIDTH = Math.round(ASPECT * HEIGHT);
/** Cells are drawn as FINE x FINE and averaged. */
const FINE = 2;
/** Lightness of the region under its colours: no folds, only the light. */
const REGION = 0.94;
/** Steps of grey: fewer make a smaller file, more are not seen. */
const STEPS = 48;

export interface Parcel {
  component: number;
  /** SVG path data; empty where the component is not seen from here. */
  path: string;
  /** Place of its number. */
  inside: Inside | null;
  /** Cells of it that are seen. */
  seen: number;
}

export interface Scene {
  side: Hemisphere;
  view: View;
  /** Grey and alpha, WIDTH x HEIGHT, Base64. */
  png: string;
  /** In the order of the cohorts. */
  parcels: Parcel[][];
  /** Window around what is seen of the region in any cohort; null: nothing. */
  box: Window | null;
}

/** mm from the top to the bottom of every view. */
export function spanOf({ sides }: Brain): number {
  return heightFor(sides.map(({ points }) => boxOf(points)));
}

export function scenes(brain: Brain): Scene[] {
  const span = spanOf(brain);
  return brain.sides.flatMap((surface, s) => (['lateral', 'medial'] as const).map((view): Scene => {
    const camera = cameraOf(surface.side, view);
    const raster = rasterize(surface, camera, { centre: boxOf(surface.points).centre, span, width: WIDTH * FINE, height: HEIGHT * FINE });
    const labels = brain.cohorts.map((cohort) => labelsSeen(raster, surface.triangles, cohort.labels[s] as Uint16Array));
    const windows = labels.map((own) => windowsOf(own, brain.rank));
    const parcels = labels.map((own, c) => Array.from({ length: brain.rank }, (_, k): Parcel => {
      const window = windows[c]?.[k] ?? null;
      if (window === null) return { component: k + 1, path: '', inside: null, seen: 0 };
      const values = coverage(own, k + 1, window, FINE, raster.width);
      return { component: k + 1, path: outline(values, window), inside: innermost(values, window), seen: values.reduce((s, v) => s + v, 0) };
    }));
    return { side: surface.side, view, png: anatomy(raster, surface, camera, labels), parcels, box: joined(windows.flat()) };
  }));
}

/** Label of every fine cell. */
function labelsSeen({ triangle, first, second }: Raster, triangles: Int32Array, labels: Uint16Array): Uint16Array {
  const out = new Uint16Array(triangle.length);
  for (let i = 0; i < out.length; i++) {
    const t = 3 * (triangle[i] as number);
    if (t < 0) continue;
    const a = labels[triangles[t] as number] as number, b = labels[triangles[t + 1] as number] as number, c = labels[triangles[t + 2] as number] as number;
    if (a !== 0 || b !== 0 || c !== 0) out[i] = labelAt(a, b, c, first[i] as number, second[i] as number);
  }
  return out;
}

function anatomy(raster: Raster, { points, triangles, depth }: Brain['sides'][number], { out }: Camera, labels: readonly Uint16Array[]): string {
  const normals = normalsOf(points, triangles), grey = greys(depth), data = new Uint8Array(2 * WIDTH * HEIGHT);
  const facing = grey.map((_, v) => dot(out, normals[3 * v] as number, normals[3 * v + 1] as number, normals[3 * v + 2] as number));
  const inRegion = (fine: number): boolean => { for (const own of labels) if ((own[fine] as number) > 0) return true; return false; };
  const light = new Float64Array(WIDTH * HEIGHT), filled = new Uint8Array(WIDTH * HEIGHT);
  for (let fine = 0; fine < raster.triangle.length; fine++) {
    const t = 3 * (raster.triangle[fine] as number);
    if (t < 0) continue;
    const u = raster.first[fine] as number, v = raster.second[fine] as number, w = 1 - u - v;
    const a = triangles[t] as number, b = triangles[t + 1] as number, c = triangles[t + 2] as number;
    const folds = inRegion(fine) ? REGION : u * (grey[a] as number) + v * (grey[b] as number) + w * (grey[c] as number);
    const cell = Math.floor(Math.floor(fine / raster.width) / FINE) * WIDTH + Math.floor((fine % raster.width) / FINE);
    light[cell] = (light[cell] as number) + folds * lit(u * (facing[a] as number) + v * (facing[b] as number) + w * (facing[c] as number));
    filled[cell] = (filled[cell] as number) + 1;
  }
  for (let cell = 0; cell < light.length; cell++) {
    const n = filled[cell] as number;
    if (n === 0) continue;
    data[2 * cell] = Math.round((Math.round((STEPS - 1) * Math.min(1, (light[cell] as number) / n)) * 255) / (STEPS - 1));
    data[2 * cell + 1] = Math.round((255 * n) / (FINE * FINE));
  }
  return Buffer.from(encode({ width: WIDTH, height: HEIGHT, data, channels: 2, depth: 8 }, { zlib: { level: 9 } })).toString('base64');
}

/** Of every component the window around what is seen of it, with an empty cell on each side where there is room. */
function windowsOf(labels: Uint16Array, rank: number): (Window | null)[] {
  const left = new Float64Array(rank + 1).fill(Infinity), top = left.slice(), right = new Float64Array(rank + 1).fill(-1), bottom = right.slice();
  for (let y = 0, fine = 0; y < HEIGHT * FINE; y++) for (let x = 0; x < WIDTH * FINE; x++, fine++) {
    const k = labels[fine] as number;
    if (k === 0) continue;
    if (x < (left[k] as number)) left[k] = x;
    if (x > (right[k] as number)) right[k] = x;
    if (y < (top[k] as number)) top[k] = y;
    bottom[k] = y;
  }
  return Array.from({ length: rank }, (_, k) => {
    if ((right[k + 1] as number) < 0) return null;
    const x = Math.max(0, Math.floor((left[k + 1] as number) / FINE) - 1), y = Math.max(0, Math.floor((top[k + 1] as number) / FINE) - 1);
    return { x, y, width: Math.min(WIDTH, Math.floor((right[k + 1] as number) / FINE) + 2) - x, height: Math.min(HEIGHT, Math.floor((bottom[k + 1] as number) / FINE) + 2) - y };
  });
}

function joined(windows: readonly (Window | null)[]): Window | null {
  const some = windows.filter((w) => w !== null);
  if (some.length === 0) return null;
  const x = Math.min(...some.map((w) => w.x)), y = Math.min(...some.map((w) => w.y));
  return { x, y, width: Math.max(...some.map((w) => w.x + w.width)) - x, height: Math.max(...some.map((w) => w.y + w.height)) - y };
}
