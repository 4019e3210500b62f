/**
 * The table beside a label file: lines `1 CaudalMiddleFrontal.L` (CIVET's DKTatlas40.labels; numbers are CIVET's own: look regions up by name),
 * commas for blanks, or FreeSurfer's colour table (`1002 ctx-lh-caudalanteriorcingulate 125 100 160 0`).
 */
import type { Hemisphere } from '../contracts/study.js';
import { FormatError, excerpt, mismatch } from './format-error.js';
import { decodeText } from './text.js';

export interface LabelEntry {
  number: number;
  /** As written, e.g. `CaudalAnteriorCingulate.L`. */
  name: string;
  /** From the ending .L or .R (also _L, _lh, .left ...) or the beginning (ctx-lh-, L_); null when the name does not say. */
  hemisphere: Hemisphere | null;
  /** Red, green, blue, alpha from 0 to 1, where the format has colours. */
  rgba?: readonly [number, number, number, number];
}

const SIDE = /[._ -](l|r|lh|rh|left|right)$/i;
/** FreeSurfer's `ctx-lh-`, the Human Connectome Project's `L_`. */
const SIDE_FIRST = /^(?:ctx[-_])?(lh|rh|left|right|l|r)[._ -]/i;
const COLOURED = /^(-?\d{1,9})\s+(\S+)\s+(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})$/;

/**
 * Entries in file order. Blank lines and lines starting with # are skipped.
 * @throws FormatError BAD_LABEL_LINE, DUPLICATE_LABEL, EMPTY_FILE, POINTER_FILE
 */
export function readLabelTable(input: Uint8Array | string, options: { file: string }): LabelEntry[] {
  const { file } = options;
  const entries: LabelEntry[] = [];
  const seen = new Map<number, number>();
  decodeText(input, file).split('\n').forEach((raw, index) => {
    const text = raw.trim(), line = index + 1;
    if (text === '' || text.startsWith('#')) return;
    const coloured = COLOURED.exec(text);
    const match = coloured ?? /^(-?\d{1,9})[\s,]+([^\s,].*)$/.exec(text);
    if (!match) {
      throw mismatch('BAD_LABEL_LINE', { file, line }, `"${excerpt(text)}"`, 'a number and a name', 'Write lines such as `25 CaudalAnteriorCingulate.L`.');
    }
    const number = Number(match[1]), name = match[2] as string;
    const before = seen.get(number);
    if (before !== undefined) {
      throw mismatch('DUPLICATE_LABEL', { file, line }, `the label ${number} of line ${before} again`, 'one name per number', 'Keep one of the lines.');
    }
    seen.set(number, line);
    const entry: LabelEntry = { number, name, hemisphere: hemisphereOfName(name) };
    if (coloured) {
      const [red, green, blue, transparency] = coloured.slice(3).map((c) => Math.min(255, Number(c)) / 255) as [number, number, number, number];
      entry.rgba = [red, green, blue, 1 - transparency];
    }
    entries.push(entry);
  });
  return entries;
}

/** The side that the ending or the beginning of a region's name says. */
export function hemisphereOfName(name: string): Hemisphere | null {
  const side = (SIDE.exec(name) ?? SIDE_FIRST.exec(name))?.[1]?.toLowerCase();
  return side === undefined ? null : side.startsWith('l') ? 'left' : 'right';
}

/** Text of a label table, one entry a line. */
export function writeLabelTable(entries: readonly Pick<LabelEntry, 'number' | 'name'>[]): string {
  return entries.map((e) => `${e.number} ${e.name}\n`).join('');
}

function bareName(name: string): string {
  return name.trim().replace(SIDE, '').replace(SIDE_FIRST, '');
}

/** A region name without case, blanks, underscores, hyphens, dots and side. */
export function normalizeRegionName(name: string): string {
  return bareName(name).replace(/[\s_.-]/g, '').toLowerCase();
}

/**
 * The entries of the named regions, both hemispheres, in table order.
 * @throws FormatError UNKNOWN_REGION naming the closest names of the table
 */
export function findRegion(table: readonly LabelEntry[], names: readonly string[], options: { file?: string } = {}): LabelEntry[] {
  const file = options.file ?? 'label table';
  const known = new Map<string, string>();
  for (const entry of table) {
    const key = normalizeRegionName(entry.name);
    if (!known.has(key)) known.set(key, bareName(entry.name));
  }
  const wanted = new Set<string>();
  for (const name of names) {
    const key = normalizeRegionName(name);
    if (!known.has(key)) {
      const close = closest(key, known);
      throw new FormatError('UNKNOWN_REGION', `${file}: no region "${name}" in the label table; ${close.length > 0 ? `close names: ${close.join(', ')}` : `it has ${known.size} regions`}`, {
        file: options.file ?? null, remedy: close.length > 0 ? `Write ${close[0]} in region.include, or give the table that has the region.` : 'Take a name from the table.',
      });
    }
    wanted.add(key);
  }
  return table.filter((entry) => wanted.has(normalizeRegionName(entry.name)));
}

function closest(key: string, known: Map<string, string>): string[] {
  const scored = [...known].filter(([k]) => k.length <= 200 && key.length <= 200).map(([k, name]) => {
    const contains = key.length >= 4 && (k.includes(key) || key.includes(k));
    return { name, score: contains ? 0.5 : distance(key, k) / Math.max(key.length, k.length) };
  });
  return scored.filter((s) => s.score <= 0.6).sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1)).slice(0, 3).map((s) => s.name);
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] as number;
}
