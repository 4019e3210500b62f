/** Where each slice of a sheet comes: as large as a page of bounded size allows, all at one scale. */
import { GLYPH } from './canvas.js';
import type { Cut } from './cut.js';
import type { Plane } from './orientation.js';

/** Pixels. A sheet is never wider, and higher only when slices would become smaller than SMALLEST. */
export const MOST_WIDE = 1600, MOST_HIGH = 1200;
const LEAST_WIDE = 640, SMALLEST = 40, LARGEST = 480;
export const GAP = 6, LETTER = 2, CAPTION = GLYPH.height * LETTER + 6;
const MOST_COLUMNS = 24;
/** A voxel is drawn at most this large. */
const MOST_ZOOM = 8;

export interface Placed {
  cut: Cut;
  left: number;
  top: number;
  /** Pixels of the slice; its caption is below. */
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  /** Of the slices; what is written about all of them comes below. */
  height: number;
  /** Pixels a millimetre. */
  scale: number;
  placed: Placed[];
  /** Headings of planes. */
  titles: { plane: Plane; top: number }[];
}

interface Group {
  plane: Plane;
  cuts: Cut[];
  /** Of a slice, mm. */
  width: number;
  height: number;
}

/** `cuts`: at least one. */
export function layOut(cuts: readonly Cut[]): Layout {
  const groups = groupsOf(cuts), sides = groups.flatMap(({ width, height }) => [width, height]), most = Math.max(...groups.map((group) => group.cuts.length));
  const voxel = Math.min(...cuts.map(({ slice: { pixel } }) => Math.min(...pixel)));
  const cap = Math.min(LARGEST / Math.max(...sides), MOST_ZOOM / voxel), least = SMALLEST / Math.max(...sides);
  let columns = 1, scale = 0;
  for (let n = 1; n <= Math.min(most, MOST_COLUMNS); n++) {
    const fits = Math.min(cap, ...groups.map(({ width }) => (MOST_WIDE - GAP * (n + 1)) / n / width), heightLeft(groups, n));
    const same = Math.abs(fits - scale) < 1e-9 * scale;
    if (same ? emptyCells(groups, n) <= emptyCells(groups, columns) : fits > scale) [columns, scale] = [n, fits];
  }
  return place(groups, columns, Math.max(scale, Math.min(least, cap)));
}

function groupsOf(cuts: readonly Cut[]): Group[] {
  const groups: Group[] = [];
  for (const cut of cuts) {
    const { plane, slice: { width, height, pixel } } = cut, group = groups.find((one) => one.plane === plane);
    if (group === undefined) groups.push({ plane, cuts: [cut], width: width * pixel[0], height: height * pixel[1] });
    else group.cuts.push(cut);
  }
  return groups;
}

const emptyCells = (groups: readonly Group[], columns: number): number => groups.reduce((sum, { cuts }) => sum + Math.ceil(cuts.length / columns) * columns - cuts.length, 0);

/** The scale at which all rows fit on the page. */
function heightLeft(groups: readonly Group[], columns: number): number {
  const rows = groups.map(({ cuts }) => Math.ceil(cuts.length / columns)), fixed = groups.length * (CAPTION + GAP) + rows.reduce((sum, n) => sum + n * (CAPTION + GAP), GAP);
  return (MOST_HIGH - fixed) / rows.reduce((sum, n, at) => sum + n * groups[at]!.height, 0);
}

function place(groups: readonly Group[], columns: number, scale: number): Layout {
  const placed: Placed[] = [], titles: Layout['titles'] = [];
  let top = GAP, right = 0;
  for (const { plane, cuts, ...mm } of groups) {
    const width = Math.max(1, Math.round(mm.width * scale)), height = Math.max(1, Math.round(mm.height * scale));
    titles.push({ plane, top });
    top += CAPTION;
    for (const [n, cut] of cuts.entries()) {
      const left = GAP + (n % columns) * (width + GAP);
      placed.push({ cut, left, top: top + Math.floor(n / columns) * (height + CAPTION + GAP), width, height });
      right = Math.max(right, left + width + GAP);
    }
    top += Math.ceil(cuts.length / columns) * (height + CAPTION + GAP) + GAP;
  }
  return { width: Math.min(MOST_WIDE, Math.max(LEAST_WIDE, right)), height: top, scale, placed, titles };
}
