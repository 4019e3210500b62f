/**
 * FreeSurfer annotations (.annot), big-endian int32: vertex count, pairs (vertex, colour), a tag, a colour table of version 1 or 2. A vertex
 * belongs to the structure whose red + 256 green + 65536 blue is its value; 0 stands for none. Alpha is stored as transparency.
 */
import { FormatError, mismatch, refusePointer } from './format-error.js';
import { ByteReader } from './byte-reader.js';
import { hemisphereOfName, type LabelEntry } from './label-table.js';

export interface Annotation {
  /** Index of each vertex's structure in the colour table (`number` of `table`); -1: none. */
  labels: Int32Array;
  table: LabelEntry[];
  /** The vertices whose value is no colour of the table, ascending; they are -1. */
  unnamed: Int32Array;
}

/** Big enough for every colour table in use (FreeSurfer's largest has about 14,000 entries). */
const MOST_STRUCTURES = 2 ** 20;

/** True when the first numbers fit an annotation: a count, its pairs with ascending vertices, and a colour table. */
export function isAnnot(bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vertices = view.getInt32(0);
  if (vertices < 1 || bytes.length < 4 + 8 * vertices) return false;
  const index = view.getInt32(4), last = view.getInt32(4 + 8 * (vertices - 1));
  return index >= 0 && index < vertices && last >= 0 && last < vertices && (bytes.length === 4 + 8 * vertices || (bytes.length >= 8 + 8 * vertices && view.getInt32(4 + 8 * vertices) <= 1));
}

/**
 * Reads an annotation.
 * @throws FormatError NOT_FREESURFER, BAD_FREESURFER (no colour table, vertices out of range or twice, two structures of one colour), UNSUPPORTED_FREESURFER,
 * SHORT_FILE, POINTER_FILE, EMPTY_FILE
 */
export function readAnnot(bytes: Uint8Array, options: { file: string }): Annotation {
  const { file } = options;
  refusePointer(bytes, file);
  if (bytes.length === 0) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Export the file again.' });
  const reader = new ByteReader(bytes, file);
  const vertices = reader.i32('the number of vertices');
  if (vertices < 1) throw mismatch('NOT_FREESURFER', { file, offset: 0 }, `${vertices} vertices`, 'a FreeSurfer annotation, which begins with their number', 'Give an .annot file.');
  reader.need(vertices * 8, `${vertices} vertices`);
  const values = new Int32Array(vertices), seen = new Uint8Array(vertices);
  for (let i = 0; i < vertices; i++) {
    const offset = reader.offset, index = reader.i32('a vertex');
    if (index < 0 || index >= vertices || seen[index] === 1) {
      throw mismatch('BAD_FREESURFER', { file, offset }, `vertex ${index}${seen[index] === 1 ? ' a second time' : ''}`, `each of 0 to ${vertices - 1} once`, 'The file is damaged, or is no annotation: export it again.');
    }
    seen[index] = 1;
    values[index] = reader.i32('an annotation value');
  }
  if (reader.left === 0 || reader.i32('the colour table\'s tag') === 0) {
    throw mismatch('BAD_FREESURFER', { file, offset: 4 + 8 * vertices }, 'no colour table', 'the names of the structures', 'Write the annotation with its colour table (`mris_label2annot --ctab`).');
  }
  const table = readColourTable(reader);
  const byColour = new Map<number, number>(), double = new Map<number, string>();
  for (const { number, name, colour } of table) {
    const before = byColour.get(colour);
    if (before === undefined) byColour.set(colour, number);
    else double.set(colour, name);
  }
  const labels = new Int32Array(vertices);
  const unnamed: number[] = [];
  for (let i = 0; i < vertices; i++) {
    const value = values[i] as number, index = byColour.get(value);
    if (double.has(value)) throw mismatch('BAD_FREESURFER', { file, offset: 4 + 8 * i }, `a vertex whose colour belongs to two structures (one is ${double.get(value)})`, 'one colour per structure', 'Give each structure a colour of its own.');
    labels[i] = index ?? -1;
    if (index === undefined && value !== 0) unnamed.push(i);
  }
  return { labels, table: table.map(({ colour: _colour, ...entry }) => entry), unnamed: Int32Array.from(unnamed) };
}

function readColourTable(reader: ByteReader): (LabelEntry & { colour: number })[] {
  const { file } = reader;
  const at = reader.offset;
  const version = reader.i32('the colour table\'s version');
  if (version < 0 && version !== -2) throw mismatch('UNSUPPORTED_FREESURFER', { file, offset: at }, `colour table version ${-version}`, '1 or 2', 'Write the annotation with a current FreeSurfer.');
  const count = version < 0 ? reader.i32('the number of structures') : version;
  reader.skip(reader.i32('a length'), 'the name of the colour table');
  const entries = version < 0 ? reader.i32('the number of entries') : count;
  if (entries < 0 || entries > MOST_STRUCTURES || entries * 20 > reader.left) throw reader.short(entries * 20, `${entries} structures`);
  const table: (LabelEntry & { colour: number })[] = [];
  const seen = new Set<number>();
  for (let i = 0; i < entries; i++) {
    const offset = reader.offset;
    const number = version < 0 ? reader.i32('a structure\'s index') : i;
    if (number < 0 || number >= MOST_STRUCTURES || seen.has(number)) throw mismatch('BAD_FREESURFER', { file, offset }, `structure index ${number}`, 'each index once', 'The file is damaged: export it again.');
    seen.add(number);
    const name = reader.text(reader.i32('a length'), 'a structure\'s name');
    const [red, green, blue, transparency] = ['red', 'green', 'blue', 'transparency'].map((what) => reader.i32(what)) as [number, number, number, number];
    const part = (v: number): number => Math.min(255, Math.max(0, v)) / 255;
    table.push({ number, name, hemisphere: hemisphereOfName(name), rgba: [part(red), part(green), part(blue), 1 - part(transparency)], colour: red + (green << 8) + (blue << 16) });
  }
  return table;
}

/**
 * Bytes of an annotation with a colour table of version 2. `labels`: a `number` of the table per vertex, or -1. Each structure needs a colour
 * of its own; black is FreeSurfer's "none" and at most one structure's.
 * @throws FormatError INVALID_VALUE
 */
export function writeAnnot(labels: ArrayLike<number>, table: readonly Pick<LabelEntry, 'number' | 'name' | 'rgba'>[]): Uint8Array {
  const colours = new Map<number, number>(), taken = new Map<number, string>();
  const int = (...values: number[]): Buffer => { const b = Buffer.alloc(values.length * 4); values.forEach((v, i) => b.writeInt32BE(v, i * 4)); return b; };
  const text = (value: string): Buffer => { const raw = Buffer.from(`${value}\0`, 'utf8'); return Buffer.concat([int(raw.length), raw]); };
  const entries = table.map(({ number, name, rgba }) => {
    const [red, green, blue, alpha] = (rgba ?? [0, 0, 0, 0]).map((v) => Math.round(v * 255)) as [number, number, number, number];
    const colour = red + (green << 8) + (blue << 16);
    const other = taken.get(colour);
    if (other !== undefined) throw new FormatError('INVALID_VALUE', `structures "${other}" and "${name}" have the same colour ${red} ${green} ${blue}`, { remedy: 'Give each structure a colour of its own: annotations tell structures apart by it.' });
    taken.set(colour, name);
    colours.set(number, colour);
    return Buffer.concat([int(number), text(name), int(red, green, blue, 255 - alpha)]);
  });
  const pairs = Buffer.alloc(labels.length * 8);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number, colour = label === -1 ? 0 : colours.get(label);
    if (colour === undefined) throw new FormatError('INVALID_VALUE', `vertex ${i}: label ${label} is not in the table`, { remedy: 'Add the label to the table, or write -1.' });
    pairs.writeInt32BE(i, i * 8);
    pairs.writeInt32BE(colour, i * 8 + 4);
  }
  const highest = table.reduce((m, t) => Math.max(m, t.number), -1);
  return Buffer.concat([int(labels.length), pairs, int(1, -2, highest + 1), text('NOFILE'), int(table.length), ...entries]);
}
