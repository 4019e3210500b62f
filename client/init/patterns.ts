/** File templates from file names: where a name repeats with another subject and another hemisphere, those are its {id} and {side}. */
import type { Hemisphere } from '../../contracts/study.js';

export interface Pattern {
  /** Under the cohort's folder, with {id} or {label}, {prefix}, and {side}, {hemi} or {h}. */
  template: string;
  /** Subjects that have it. */
  subjects: Set<string>;
  sides: Set<Hemisphere>;
  /** One of the files. */
  example: string;
  prefix: string | null;
  files: number;
}

const SIDES: [RegExp, string, (found: string) => Hemisphere][] = [
  [/(?<![A-Za-z])(left|right)(?![A-Za-z])/, '{side}', (s) => s as Hemisphere],
  [/(?<![A-Za-z])(lh|rh)(?![A-Za-z])/, '{hemi}', (s) => (s === 'lh' ? 'left' : 'right')],
  [/(?<=hemi-|[._])(L|R)(?![A-Za-z0-9])/, '{h}', (s) => (s === 'L' ? 'left' : 'right')],
];

/** The part of a name that is a subject's id: the longest stretch between its separators that is one. */
function idIn(segment: string, ids: ReadonlySet<string>): string | null {
  if (ids.has(segment)) return segment;
  const edges = [0];
  for (let i = 1; i < segment.length; i++) if (/[^A-Za-z0-9]/.test(segment[i] as string) !== /[^A-Za-z0-9]/.test(segment[i - 1] as string)) edges.push(i);
  edges.push(segment.length);
  let best: string | null = null;
  for (let a = 0; a < edges.length; a++) for (let b = a + 1; b < edges.length; b++) {
    const part = segment.slice(edges[a], edges[b]);
    if (part.length > (best?.length ?? 0) && ids.has(part)) best = part;
  }
  return best;
}

/** Replaces `part` where it stands by itself: `1` is not replaced in `11`. */
function replaceWhole(text: string, part: string, by: string): string {
  const escaped = part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, 'g'), by);
}

/** Patterns of a cohort's files. `files` are relative to its folder; `ids` as in its participants table. Files of nobody are left out. */
export function findPatterns(files: readonly string[], ids: readonly string[]): Pattern[] {
  const byId = new Map<string, string>(), known = new Set<string>();
  for (const id of ids) {
    for (const name of [id.replace(/^sub-/, ''), id]) { byId.set(name, id); known.add(name); }
  }
  const patterns = new Map<string, Pattern>();
  for (const file of files) {
    const found = file.split('/').map((s) => idIn(s, known)).find((name) => name !== null);
    if (found == null) continue;
    const id = byId.get(found) as string, label = id.replace(/^sub-/, '');
    let template = replaceWhole(file, id, '{id}');
    if (label !== id) template = replaceWhole(template, label, '{label}');
    const sides = SIDES.flatMap(([pattern, name, side]) => { const m = pattern.exec(template); return m ? [{ m, name, side: side(m[1] as string) }] : []; })[0];
    if (sides !== undefined) template = template.replaceAll(new RegExp(`(?<![A-Za-z])${sides.m[1]}(?![A-Za-z0-9])`, 'g'), sides.name);
    const prefix = /(?:^|\/)([A-Za-z0-9-]+)_\{(?:id|label)\}[^/]*$/.exec(template)?.[1] ?? null;
    if (prefix !== null) template = template.replace(new RegExp(`${prefix}_(?=\\{(?:id|label)\\}[^/]*$)`), '{prefix}_');
    const key = `${prefix} ${template}`;
    const pattern = patterns.get(key) ?? { template, subjects: new Set(), sides: new Set(), example: file, prefix, files: 0 };
    pattern.subjects.add(id);
    if (sides !== undefined) pattern.sides.add(sides.side);
    pattern.files++;
    patterns.set(key, pattern);
  }
  return [...patterns.values()].sort((a, b) => b.subjects.size - a.subjects.size || (a.template < b.template ? -1 : 1));
}

/** Ids from the layout alone: CIVET's and FreeSurfer's folders, BIDS's `sub-`, CIVET's names, or what stands before a side in the largest family of names. */
export function guessIds(files: readonly string[]): string[] {
  for (const pattern of [/(?:^|\/)([^/]+)\/(?:thickness|surfaces|surf)\/[^/]+$/, /(?:^|\/)(sub-[A-Za-z0-9]+)(?=[_/])/, /(?:^|\/)([^/]+?)_native_rms_[^/]*$/]) {
    const ids = [...new Set(files.flatMap((file) => pattern.exec(file)?.[1] ?? []))].sort();
    // A folder of a study rather than of a subject, such as `data/thickness/`, gives one id for everything.
    if (ids.length >= 2) return ids;
  }
  const families = new Map<string, Set<string>>();
  for (const file of files) {
    const match = /^(.*\/)?([^/]+?)([._-])(?:left|right|lh|rh)([._-][^/]*)$/.exec(file);
    if (match === null) continue;
    const key = `${match[1] ?? ''} ${match[4]}`;
    families.set(key, (families.get(key) ?? new Set()).add(match[2] as string));
  }
  const largest = [...families.values()].sort((a, b) => b.size - a.size)[0];
  return largest === undefined || largest.size < 2 ? [] : withoutCommonEnd([...largest].sort());
}

/** `S1_thickness`, `S2_thickness` -> `S1`, `S2`. */
function withoutCommonEnd(names: readonly string[]): string[] {
  const first = names[0] ?? '';
  for (let at = 1; at < first.length; at++) {
    const end = first.slice(at);
    if (/^[._-]/.test(end) && names.every((n) => n.length > end.length && n.endsWith(end))) return names.map((n) => n.slice(0, -end.length));
  }
  return [...names];
}
