/** Label files, their tables and masks in a folder: what a region can be made of. */
import type { Hemisphere } from '../../contracts/study.js';
import { detectFormat, FormatError, normalizeRegionName, readLabelTable, readVertexLabels, type LabelEntry } from '../../formats/index.js';
import { readSmall } from './walk.js';

type Sides = Partial<Record<Hemisphere, string>>;

export interface RegionFiles {
  labels: { files: Sides; /** null: the files hold their own. */ table: string | null; names: string[] }[];
  masks: Sides[];
  /** Cortex masks: they say which vertices lie outside, not which are studied. */
  midline: Sides[];
  /** Masks or labels of another mesh. */
  otherMesh: string[];
}

const LIKELY = /label|atlas|dkt|aal|aparc|parc|desikan|destrieux|schaefer|yeo|region|mask|midline|medial|cortex|roi/i;
const MIDLINE = /midline|medial|mc_mask|cortex|short_inv/i;
const SIDE: [RegExp, Hemisphere][] = [[/(?<![A-Za-z])(left|lh)(?![A-Za-z])|(?<=hemi-|[._])L(?![A-Za-z0-9])/, 'left'], [/(?<![A-Za-z])(right|rh)(?![A-Za-z])|(?<=hemi-|[._])R(?![A-Za-z0-9])/, 'right']];

interface Labelled {
  path: string;
  side: Hemisphere | null;
  /** The same name without its side. */
  stem: string;
  numbers: Set<number>;
  names: string[] | null;
}

/** Looks into files of nobody in particular. `vertices`: of one hemisphere of the study's mesh. */
export async function findRegions(directory: string, files: readonly string[], vertices: number): Promise<RegionFiles> {
  const tables = await findTables(directory, files);
  const found: RegionFiles = { labels: [], masks: [], midline: [], otherMesh: [] };
  const labelled: Labelled[] = [];
  for (const path of files.filter((f) => LIKELY.test(f) && !/\.(labels|json|yaml|md|obj|png|pdf|html)$/i.test(f))) {
    const bytes = await readSmall(directory, path);
    if (bytes === null || !['numbers', 'gifti', 'annot', 'label', 'mgh', 'curv', 'npy'].includes(detectFormat(bytes))) continue;
    const read = labelsIn(bytes, path, vertices);
    if (read === 'other mesh') found.otherMesh.push(path);
    else if (read !== null) labelled.push(read);
  }
  const stems = new Map<string, Labelled[]>();
  for (const one of labelled) stems.set(one.stem, [...(stems.get(one.stem) ?? []), one]);
  for (const group of stems.values()) {
    const sides: Sides = Object.fromEntries(group.flatMap((g) => (g.side === null ? [['left', g.path], ['right', g.path]] : [[g.side, g.path]])));
    const numbers = new Set(group.flatMap((g) => [...g.numbers]));
    if ([...numbers].every((n) => n === 0 || n === 1)) {
      // A cortex mask of one side is often used for both: the average surfaces are symmetric.
      if (MIDLINE.test(group[0]?.path ?? '')) found.midline.push({ left: sides.left ?? sides.right ?? '', right: sides.right ?? sides.left ?? '' });
      else found.masks.push(sides);
      continue;
    }
    const own = group.every((g) => g.names !== null) ? [...new Set(group.flatMap((g) => g.names ?? []))] : null;
    const table = own === null ? bestTable(tables, numbers) : null;
    if (own !== null || table !== null) found.labels.push({ files: sides, table: own === null ? table?.path ?? null : null, names: own ?? [...new Set(table?.entries.map((e) => e.name) ?? [])] });
  }
  return found;
}

function labelsIn(bytes: Uint8Array, path: string, vertices: number): Labelled | 'other mesh' | null {
  try {
    const format = detectFormat(bytes);
    const { labels, table, hemisphere } = readVertexLabels(bytes, { file: path, ...(format === 'label' ? { vertices } : {}) });
    if (labels.length !== vertices && labels.length !== 2 * vertices) return 'other mesh';
    const numbers = new Set(labels);
    if (numbers.size < 2 || numbers.size > 2000) return null;
    const side = hemisphere ?? SIDE.find(([pattern]) => pattern.test(path))?.[1] ?? null;
    return { path, side, stem: SIDE.reduce((name, [pattern]) => name.replace(new RegExp(pattern, 'g'), '*'), path), numbers, names: table === null ? null : table.filter((t) => numbers.has(t.number)).map((t) => t.name) };
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

async function findTables(directory: string, files: readonly string[]): Promise<{ path: string; entries: LabelEntry[] }[]> {
  const tables = [];
  for (const path of files.filter((f) => /\.labels$|(lut|labels?|regions?|atlas|table)[^/]*\.(txt|tsv|csv|ctab)$/i.test(f))) {
    const bytes = await readSmall(directory, path, 1024 * 1024);
    if (bytes === null) continue;
    try {
      const entries = readLabelTable(bytes, { file: path });
      if (entries.length >= 2 && entries.some((e) => /[A-Za-z]{3}/.test(e.name))) tables.push({ path, entries });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  return tables;
}

/** The table that names most of the numbers. */
function bestTable(tables: readonly { path: string; entries: LabelEntry[] }[], numbers: ReadonlySet<number>): { path: string; entries: LabelEntry[] } | null {
  const named = (entries: readonly LabelEntry[]): number => entries.filter((e) => numbers.has(e.number)).length;
  const best = [...tables].sort((a, b) => named(b.entries) - named(a.entries))[0];
  return best !== undefined && named(best.entries) > numbers.size / 2 ? best : null;
}

/** The paper's region among the names of a table, spelled as the table spells it; null when it lacks one of the two. */
export function anteriorCingulate(names: readonly string[]): string[] | null {
  const find = (wanted: string): string | undefined => names.find((n) => normalizeRegionName(n).endsWith(wanted));
  const parts = [find('caudalanteriorcingulate'), find('rostralanteriorcingulate')];
  return parts.every((p) => p !== undefined) ? parts.map((p) => normalizeRegionName(p)) : null;
}
