/**
 * LCModel 6.3 `.coord` output (lcoord = 9): the .table's content under plain headings, and the curves: ppm axis, phased data, fit, background
 * (absent with nobase = T), and the contribution of each metabolite.
 */
import { excerpt, mismatch } from './format-error.js';
import type { LcmodelTable } from './lcmodel.js';
import { checkLines, fortranNumber, readConcentrations, readDiagnostics, readHzpppm, readQuality, type Block } from './lcmodel-parts.js';
import { decodeText } from './text.js';

export interface LcmodelCoord extends LcmodelTable {
  /** Chemical shifts, descending; the other curves have a value for each. */
  ppm: Float64Array;
  data: Float64Array;
  fit: Float64Array;
  background: Float64Array | null;
  metabolites: Map<string, Float64Array>;
}

const HEADINGS: readonly [name: string, pattern: RegExp][] = [
  ['conc', /^\s*(\d{1,4}) lines in following concentration table/],
  ['misc', /^\s*(\d{1,4}) lines in following misc\. output table/],
  ['ppm', /^\s*(\d{1,6}) points on ppm-axis/],
  ['data', /^\s*NY phased data points follow/],
  ['fit', /^\s*NY points of the fit to the data follow/],
  ['background', /^\s*NY background values follow/],
  ['diag', /^\s*(\d{1,4}) lines in following diagnostic table/],
  ['inpu', /^\s*(\d{1,4}) lines in following table of input changes/],
];
const METABOLITE = /^\s*(\S+)\s+Conc\.\s*=/;

/**
 * Reads one `.coord`.
 * @throws FormatError NOT_COORD, BAD_COORD (a curve with too few values), and the codes of readLcmodelTable
 */
export function readLcmodelCoord(input: Uint8Array | string, options: { file: string }): LcmodelCoord {
  const { file } = options;
  const lines = decodeText(input, file, { latin1: true }).split(/\r?\n/);
  const blocks = findBlocks(lines, file);
  const conc = blocks.get('conc'), axis = blocks.get('ppm');
  if (!conc || !axis) {
    throw mismatch(conc ? 'BAD_COORD' : 'NOT_COORD', { file, line: 1 }, conc ? 'no ppm axis' : 'no "lines in following concentration table"', 'LCModel\'s .coord', 'Give LCModel\'s .coord output (lcoord = 9 in the control file).');
  }
  checkLines(lines, file);
  const { concentrations, ratioTo } = readConcentrations(lines, { ...conc, end: Math.min(conc.end, conc.start + (conc.count ?? 0)) }, file);
  const { fwhmPpm, snr } = readQuality(lines, blocks.get('misc'), file);
  const points = axis.count ?? 0;
  const curve = (name: string): Float64Array | null => { const block = blocks.get(name); return block ? readCurve(lines, block, points, file) : null; };
  const required = (name: string): Float64Array => {
    const values = curve(name);
    if (values === null) throw mismatch('BAD_COORD', { file }, `no ${name}`, 'ppm axis, phased data and fit', 'The file is cut short: copy it again.');
    return values;
  };
  const ppm = required('ppm'), data = required('data'), fit = required('fit'), background = curve('background');
  const metabolites = new Map<string, Float64Array>();
  for (const [name, block] of blocks) if (name.startsWith('metabolite ')) metabolites.set(name.slice(11), readCurve(lines, block, points, file));
  return {
    title: (lines[1] ?? '').trim(), concentrations, ratioTo, fwhmPpm, snr, hzpppm: readHzpppm(lines, blocks.get('inpu'), file), diagnostics: readDiagnostics(lines, blocks.get('diag'), file),
    ppm, data, fit, background, metabolites,
  };
}

function findBlocks(lines: readonly string[], file: string): Map<string, Block> {
  const blocks = new Map<string, Block>();
  let last: Block | null = null;
  lines.forEach((text, index) => {
    let name: string | undefined, count: number | null = null;
    for (const [key, pattern] of HEADINGS) {
      const match = pattern.exec(text);
      if (match) { name = key; count = match[1] === undefined ? null : Number(match[1]); break; }
    }
    const metabolite = name === undefined && blocks.has('ppm') ? METABOLITE.exec(text) : null;
    if (metabolite) name = `metabolite ${metabolite[1]}`;
    if (name === undefined) return;
    if (blocks.has(name)) throw mismatch('BAD_COORD', { file, line: index + 1 }, `"${excerpt(text.trim())}" a second time`, 'the output of one spectrum', 'Keep one voxel per file.');
    if (last) last.end = index;
    last = { line: index + 1, start: index + 1, end: lines.length, count };
    blocks.set(name, last);
  });
  return blocks;
}

/** `points` numbers in columns of 13 characters, ten a line. */
function readCurve(lines: readonly string[], block: Block, points: number, file: string): Float64Array {
  const values: number[] = [];
  for (let i = block.start; i < block.end; i++) {
    for (const word of (lines[i] as string).split(/\s+/)) {
      if (word === '') continue;
      const value = fortranNumber(word);
      if (!Number.isFinite(value) || values.length === points) throw mismatch('BAD_COORD', { file, line: i + 1 }, `"${excerpt(word)}"`, values.length === points ? `the end of the curve after ${points} values` : 'a number of the curve', 'The file is damaged: copy it again.');
      values.push(value);
    }
  }
  if (values.length !== points) throw mismatch('BAD_COORD', { file, line: block.line }, `${values.length} values`, `${points}, one for each point of the ppm axis`, 'The file is cut short: copy it again.');
  return Float64Array.from(values);
}
