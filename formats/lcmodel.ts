/**
 * LCModel 6.3 `.table` output (Provencher 1993, 2021): blocks `$$CONC n`, `$$MISC`, `$$DIAG n`, `$$INPU n`. Glx is named `Glu+Gln`.
 * FWHM is stated in ppm: multiply by hzpppm (Hz per ppm, the scanner's frequency in MHz) for Hz. The `.csv` has neither FWHM nor S/N.
 */
import { FormatError, excerpt } from './format-error.js';
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

const NUMBER = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[EeDd][-+]?\\d{2,3})?';
const ROW = new RegExp(`^\\s*(${NUMBER})\\s+(\\d+)%\\s*(${NUMBER})\\s+(\\S+)\\s*$`);

/**
 * Reads one `.table`. Rows may come in any order, column widths differ between builds, CRLF is accepted.
 * @throws FormatError NOT_LCMODEL_TABLE, NO_CONCENTRATIONS, TRUNCATED_TABLE, BAD_TABLE_LINE, DUPLICATE_METABOLITE, MISSING_QUALITY, EMPTY_FILE, POINTER_FILE
 */
export function readLcmodelTable(input: Uint8Array | string, options: { file: string }): LcmodelTable {
  const { file } = options;
  const lines = decodeText(input, file).split(/\r?\n/);
  const blocks = new Map<string, { line: number; count: number | null; start: number }>();
  lines.forEach((text, index) => {
    const match = /^\s*\$\$(CONC|MISC|DIAG|INPU)\b\s*(\d+)?/.exec(text);
    if (match) blocks.set(match[1] as string, { line: index + 1, start: index + 1, count: match[2] === undefined ? null : Number(match[2]) });
  });
  if (blocks.size === 0) {
    const csv = /^\s*"?Row"?\s*,/i.test(lines[0] ?? '');
    throw new FormatError('NOT_LCMODEL_TABLE', `${file}: no $$CONC, $$MISC or $$DIAG block found${csv ? '; this is LCModel\'s .csv, which has neither FWHM nor S/N' : ''}`, {
      file, line: 1, remedy: 'Give LCModel\'s .table output (ltable = 7 in the control file).',
    });
  }
  const diagnostics = readDiagnostics(lines, blocks.get('DIAG'));
  const conc = blocks.get('CONC');
  if (!conc) {
    const said = diagnostics.map((d) => `${d.kind} ${d.code}`).join(', ');
    throw new FormatError('NO_CONCENTRATIONS', `${file}: LCModel wrote no concentrations${said ? ` (diagnostics: ${said})` : ''}`, { file, remedy: 'Look up the diagnostics in the LCModel manual and fit the spectrum again.' });
  }
  const { concentrations, ratioTo } = readConcentrations(lines, conc, file);
  const misc = lines.join('\n');
  const fwhm = new RegExp(`FWHM\\s*=\\s*(${NUMBER})\\s*ppm`, 'i').exec(misc);
  const snr = new RegExp(`S/N\\s*=\\s*(${NUMBER})`, 'i').exec(misc);
  if (!fwhm || !snr) {
    throw new FormatError('MISSING_QUALITY', `${file}: the line "FWHM = ... ppm  S/N = ..." of $$MISC is missing`, {
      file, line: blocks.get('MISC')?.line ?? null, remedy: 'The file is cut short: run LCModel again or copy the file again.',
    });
  }
  const input1 = blocks.get('INPU');
  const hz = input1 ? /(?:^|[\s,])hzpppm\s*=\s*([-+.\dEeDd]+)/im.exec(lines.slice(input1.start).join('\n')) : null;
  const hzpppm = hz ? toNumber(hz[1] as string) : null;
  return {
    title: (lines.slice(0, conc.start - 1).filter((l) => l.trim() !== '')[1] ?? '').trim(), concentrations, ratioTo,
    fwhmPpm: toNumber(fwhm[1] as string), snr: toNumber(snr[1] as string),
    hzpppm: hzpppm !== null && Number.isFinite(hzpppm) ? hzpppm : null, diagnostics,
  };
}

function readConcentrations(lines: string[], block: { line: number; count: number | null; start: number }, file: string): { concentrations: LcmodelTable['concentrations']; ratioTo: string } {
  const concentrations: LcmodelTable['concentrations'] = new Map();
  let ratioTo = '';
  let rows = 0, line = block.start + 1;
  for (let i = block.start; i < lines.length; i++) {
    const text = lines[i] as string;
    line = i + 1;
    if (text.trim() === '' || text.trimStart().startsWith('$$')) break;
    if (ratioTo === '' && /Conc\.\s+%SD/.test(text)) { ratioTo = /%SD\s+\/(\S+)/.exec(text)?.[1] ?? '?'; continue; }
    const match = ROW.exec(text);
    if (!match) {
      throw new FormatError('BAD_TABLE_LINE', `${file} line ${line}: found "${excerpt(text.trim())}", expected concentration, %SD, ratio and metabolite`, { file, line, remedy: 'Copy the file again; do not edit it by hand.' });
    }
    const row = { value: toNumber(match[1] as string), sdPercent: Number(match[2]), ratio: toNumber(match[3] as string) };
    const name = match[4] as string;
    const before = concentrations.get(name);
    if (before && (before.value !== row.value || before.sdPercent !== row.sdPercent)) {
      throw new FormatError('DUPLICATE_METABOLITE', `${file} line ${line}: ${name} appears twice with different values`, { file, line, remedy: 'The file holds two tables: keep one voxel per file.' });
    }
    concentrations.set(name, row);
    rows++;
  }
  if (block.count !== null && rows !== block.count - 1) {
    throw new FormatError('TRUNCATED_TABLE', `${file} line ${line}: $$CONC announces ${block.count - 1} metabolites, found ${rows}`, { file, line, remedy: 'The file is cut short: copy it again.' });
  }
  return { concentrations, ratioTo };
}

function readDiagnostics(lines: string[], block: { start: number } | undefined): LcmodelDiagnostic[] {
  const found: LcmodelDiagnostic[] = [];
  for (let i = block?.start ?? lines.length; i < lines.length; i++) {
    const text = lines[i] as string;
    if (text.trimStart().startsWith('$$')) break;
    const match = /^\s*(\d+)\s+(info|warning|error|fatal)\w*\s+(\S+)\s+(\d+)/i.exec(text);
    if (!match) continue;
    const kind = (match[2] as string).toLowerCase();
    found.push({
      count: Number(match[1]), kind: kind === 'error' ? 'ERROR' : kind === 'fatal' ? 'FATAL' : kind === 'info' ? 'info' : 'warning',
      code: `${match[3]} ${match[4]}`, routine: match[3] as string, number: Number(match[4]),
    });
  }
  return found;
}

/** Fortran may write D for E. */
function toNumber(text: string): number {
  return Number(text.replace(/[Dd]/, 'E'));
}

