/**
 * LCModel 6.3 `.table` output (Provencher 1993, 2021): blocks `$$CONC n`, `$$MISC`, `$$DIAG n`, `$$INPU n`. Glx is named `Glu+Gln`.
 * FWHM is stated in ppm: multiply by hzpppm (Hz per ppm, the scanner's frequency in MHz) for Hz. The `.csv` has neither FWHM nor S/N.
 */
import { FormatError, mismatch } from './format-error.js';
import { checkLines, readConcentrations, readDiagnostics, readHzpppm, readQuality, type Block } from './lcmodel-parts.js';
import { decodeText } from './text.js';

export interface LcmodelConcentration {
  /** In the units of the fit (institutional units, or mM after water scaling). 0 with sdPercent 999 means not fitted. */
  value: number;
  /** Cramer-Rao lower bound in percent of the value. */
  sdPercent: number;
  /** Ratio to the reference of the table's header, e.g. /Cr+PCr. */
  ratio: number;
}

export interface LcmodelDiagnostic {
  count: number;
  kind: 'info' | 'warning' | 'ERROR' | 'FATAL';
  /** Routine and number, e.g. `WSCALE 1`. An ERROR of WSCALE concerns water scaling: concentrations are then not absolute. */
  code: string;
  routine: string;
  number: number;
}

export interface LcmodelTable {
  title: string;
  concentrations: Map<string, LcmodelConcentration>;
  /** Reference of the ratio column, e.g. `Cr+PCr`. */
  ratioTo: string;
  /** Full width at half maximum in ppm. */
  fwhmPpm: number;
  /** Signal-to-noise ratio. */
  snr: number;
  /** Hz per ppm from the control file; null when it was not set there. */
  hzpppm: number | null;
  diagnostics: LcmodelDiagnostic[];
}

/**
 * Reads one `.table`. Rows may come in any order, column widths differ between builds, CRLF is accepted.
 * @throws FormatError NOT_LCMODEL_TABLE, NO_CONCENTRATIONS, TRUNCATED_TABLE, BAD_TABLE_LINE, DUPLICATE_METABOLITE, MISSING_QUALITY, EMPTY_FILE, POINTER_FILE, BAD_TEXT
 */
export function readLcmodelTable(input: Uint8Array | string, options: { file: string }): LcmodelTable {
  const { file } = options;
  const lines = decodeText(input, file, { latin1: true }).split(/\r?\n/);
  const blocks = findBlocks(lines, file);
  if (blocks.size === 0) {
    const csv = /^\s*"?Row"?\s*,/i.test(lines[0] ?? '');
    throw mismatch('NOT_LCMODEL_TABLE', { file, line: 1 }, csv ? 'LCModel\'s .csv, which has neither FWHM nor S/N' : 'no $$CONC, $$MISC or $$DIAG block', 'LCModel\'s .table', 'Give LCModel\'s .table output (ltable = 7 in the control file).');
  }
  checkLines(lines, file);
  const diagnostics = readDiagnostics(lines, blocks.get('DIAG'), file);
  const conc = blocks.get('CONC');
  if (!conc) {
    const said = diagnostics.map((d) => `${d.kind} ${d.code}`).join(', ');
    throw new FormatError('NO_CONCENTRATIONS', `${file}: LCModel wrote no concentrations${said ? ` (diagnostics: ${said})` : ''}`, { file, remedy: 'Look up the diagnostics in the LCModel manual and fit the spectrum again.' });
  }
  const { concentrations, ratioTo } = readConcentrations(lines, conc, file);
  const { fwhmPpm, snr } = readQuality(lines, blocks.get('MISC'), file);
  const title = (lines.slice(0, conc.start - 1).filter((l) => l.trim() !== '')[1] ?? '').trim();
  return { title, concentrations, ratioTo, fwhmPpm, snr, hzpppm: readHzpppm(lines, blocks.get('INPU'), file), diagnostics };
}

function findBlocks(lines: readonly string[], file: string): Map<string, Block> {
  const blocks = new Map<string, Block>();
  let last: Block | null = null;
  lines.forEach((text, index) => {
    const match = /^\s*\$\$(CONC|MISC|DIAG|INPU)\b\s*(\d{1,4})?/.exec(text);
    if (!match) return;
    const name = match[1] as string;
    if (blocks.has(name)) throw mismatch('BAD_TABLE_LINE', { file, line: index + 1 }, `a second $$${name}`, 'the output of one spectrum', 'Keep one voxel per file.');
    if (last) last.end = index;
    last = { line: index + 1, start: index + 1, end: lines.length, count: match[2] === undefined ? null : Number(match[2]) };
    blocks.set(name, last);
  });
  return blocks;
}

/**
 * Line width in Hz: FWHM in ppm times Hz per ppm, of the table or else `configured` (the study file's spectroscopy: hzpppm).
 * @throws FormatError MISSING_QUALITY when neither is known
 */
export function fwhmInHz(table: Pick<LcmodelTable, 'fwhmPpm' | 'hzpppm'>, configured: number | null, file: string): number {
  const hzpppm = table.hzpppm ?? configured;
  if (hzpppm === null) throw mismatch('MISSING_QUALITY', { file }, 'no hzpppm', 'the scanner\'s frequency, to turn the line width into Hz', 'Set spectroscopy: hzpppm in the study file.');
  return table.fwhmPpm * hzpppm;
}
