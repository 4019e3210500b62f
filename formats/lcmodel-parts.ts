/** The parts that LCModel's .table and .coord share: concentrations, line width and signal-to-noise ratio, diagnostics, input changes. */
import { excerpt, mismatch } from './format-error.js';
import type { LcmodelConcentration, LcmodelDiagnostic } from './lcmodel.js';

/** Lines of a file from index `start` to before `end`; `line` of the block's heading, 1-based. */
export interface Block {
  line: number;
  start: number;
  end: number;
  /** Lines that the heading announces; null when it does not say. */
  count: number | null;
}

/** A Fortran number. No part of it can match in two ways, so that long digits cost no time. */
const NUMBER = '[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[EeDd]?[-+]\\d{2,3}|[EeDd]\\d{2,3})?';
const ROW = new RegExp(`^\\s*(${NUMBER})\\s+(\\d{1,4})%\\s*(${NUMBER})\\s+(\\S+)\\s*$`);
const QUALITY = new RegExp(`FWHM\\s*=\\s*(${NUMBER})\\s*ppm\\s+S/N\\s*=\\s*(${NUMBER})`, 'i');
/** Longer lines are not LCModel's (it writes at most 132 columns). */
const LONGEST = 1000;

/** Fortran may write D for E, and drop it before exponents of three digits (`1.234-101`). */
export function fortranNumber(text: string): number {
  return Number(text.replace(/[Dd]/, 'E').replace(/^([-+]?[\d.]+)([-+]\d+)$/, '$1E$2'));
}

/** Throws BAD_TABLE_LINE when a line is longer than any program writes: the patterns below are for short lines. */
export function checkLines(lines: readonly string[], file: string): void {
  const bad = lines.findIndex((l) => l.length > LONGEST);
  if (bad >= 0) throw mismatch('BAD_TABLE_LINE', { file, line: bad + 1 }, `a line of ${(lines[bad] as string).length} characters`, `at most ${LONGEST}`, 'This is no LCModel output.');
}

export function readConcentrations(lines: readonly string[], block: Block, file: string): { concentrations: Map<string, LcmodelConcentration>; ratioTo: string } {
  const concentrations = new Map<string, LcmodelConcentration>();
  let ratioTo = '', rows = 0, line = block.line;
  for (let i = block.start; i < block.end; i++) {
    const text = lines[i] as string;
    line = i + 1;
    if (text.trim() === '') break;
    if (ratioTo === '' && /Conc\.\s+%SD/.test(text)) { ratioTo = /%SD\s+\/(\S+)/.exec(text)?.[1] ?? '?'; continue; }
    const match = ROW.exec(text);
    if (!match) throw mismatch('BAD_TABLE_LINE', { file, line }, `"${excerpt(text.trim())}"`, 'concentration, %SD, ratio and metabolite', 'Copy the file again; do not edit it by hand.');
    const row = { value: fortranNumber(match[1] as string), sdPercent: Number(match[2]), ratio: fortranNumber(match[3] as string) };
    const name = match[4] as string;
    const before = concentrations.get(name);
    if (before && (before.value !== row.value || before.sdPercent !== row.sdPercent)) {
      throw mismatch('DUPLICATE_METABOLITE', { file, line }, `${excerpt(name)} twice with different values`, 'one row per metabolite', 'The file holds two tables: keep one voxel per file.');
    }
    concentrations.set(name, row);
    rows++;
  }
  if (block.count !== null && rows !== block.count - 1) {
    throw mismatch('TRUNCATED_TABLE', { file, line }, `${rows} metabolites`, `${block.count - 1}, as the heading announces`, 'The file is cut short: copy it again.');
  }
  return { concentrations, ratioTo };
}

/** `FWHM = 0.084 ppm    S/N =  21` of the misc. output. */
export function readQuality(lines: readonly string[], block: Block | undefined, file: string): { fwhmPpm: number; snr: number } {
  for (let i = block?.start ?? 0; i < (block?.end ?? 0); i++) {
    const match = QUALITY.exec(lines[i] as string);
    if (match) return { fwhmPpm: fortranNumber(match[1] as string), snr: fortranNumber(match[2] as string) };
  }
  const at = block === undefined ? { file } : { file, line: block.line };
  throw mismatch('MISSING_QUALITY', at, 'no line width and signal-to-noise ratio', 'the line "FWHM = ... ppm  S/N = ..." of the misc. output', 'The file is cut short, or the fit failed: run LCModel again or copy the file again.');
}

/**
 * Diagnostics, e.g. `1 ERROR     WSCALE  1` or `2 info's    RFALSI 11`. A line of another form is kept under its own text, as an ERROR when
 * it speaks of one: nothing that LCModel complains of is lost.
 */
export function readDiagnostics(lines: readonly string[], block: Block | undefined, file: string): LcmodelDiagnostic[] {
  const found: LcmodelDiagnostic[] = [];
  if (block === undefined) return found;
  for (let i = block.start; i < block.end; i++) {
    const text = (lines[i] as string).trim();
    if (text === '') { if (block.count === null || found.length >= block.count) break; continue; }
    const match = /^(\d+)\s+(info|warning|error|fatal)\S*\s+(?:error\S*\s+)?(\S+)\s+(\d+)/i.exec(text);
    const routine = match?.[3] ?? excerpt(text), number = match ? Number(match[4]) : 0;
    found.push({ count: match ? Number(match[1]) : 1, kind: kindOf(match?.[2] ?? text), code: match ? `${routine} ${number}` : routine, routine, number });
    if (found.length === block.count) break;
  }
  if (block.count !== null && found.length < block.count) {
    throw mismatch('TRUNCATED_TABLE', { file, line: block.line }, `${found.length} diagnostics`, `${block.count}, as the heading announces`, 'The file is cut short: copy it again.');
  }
  return found;
}

function kindOf(text: string): LcmodelDiagnostic['kind'] {
  if (/fatal/i.test(text)) return 'FATAL';
  if (/error/i.test(text)) return 'ERROR';
  return /info/i.test(text) ? 'info' : 'warning';
}

/** Hz per ppm from the input changes, where several parameters may share a line; null when it was not set. */
export function readHzpppm(lines: readonly string[], block: Block | undefined, file: string): number | null {
  for (let i = block?.start ?? 0; i < (block?.end ?? 0); i++) {
    const match = /(?:^|[\s,])hzpppm\s*=\s*([-+.\dEeDd]+)/i.exec(lines[i] as string);
    if (!match) continue;
    const value = fortranNumber(match[1] as string);
    if (!(value > 0 && value < 2000)) throw mismatch('BAD_TABLE_LINE', { file, line: i + 1 }, `hzpppm = ${excerpt(match[1] as string)}`, 'the scanner\'s frequency in MHz', 'Correct the control file and run LCModel again.');
    return value;
  }
  return null;
}
