/** Tissue fractions of spectroscopy voxels: one row a participant, fractions of grey matter, white matter and cerebrospinal fluid (CSV or TSV). */
import { excerpt, mismatch } from './format-error.js';
import { readParticipants } from './participants.js';

export interface TissueColumns {
  /** Default `participant_id`. */
  id?: string | undefined;
  gm?: string | undefined;
  wm?: string | undefined;
  csf: string;
}

export interface TissueRow {
  id: string;
  /** In the file, 1-based. */
  line: number;
  /** Fractions from 0 to 1; null where missing, or where the column is not named. */
  gm: number | null;
  wm: number | null;
  csf: number | null;
}

/**
 * Reads the fractions. Whether they can be used (all CSF, a sum far from 1) is for the analysis to say.
 * @throws FormatError BAD_FRACTION (no number, below 0, above 1: percent), and the codes of readParticipants, with the line
 */
export function readTissueFractions(input: Uint8Array | string, options: { file: string; columns: TissueColumns }): TissueRow[] {
  const { file, columns: { id = 'participant_id', gm, wm, csf } } = options;
  const wanted = [gm, wm, csf].filter((c) => c !== undefined);
  const table = readParticipants(input, { file, id, required: wanted });
  return table.rows.map((row) => {
    const read = (column: string | undefined): number | null => {
      const text = column === undefined ? null : row.text[column] ?? null;
      if (text === null) return null;
      const value = Number(text);
      if (value >= 0 && value <= 1) return value;
      const percent = value > 1 && value <= 100;
      throw mismatch('BAD_FRACTION', { file, line: row.line }, `${excerpt(column as string)} = "${excerpt(text)}"`, 'a fraction from 0 to 1', percent ? 'It looks like percent: divide by 100.' : 'Correct the value, or write n/a.');
    };
    return { id: row.id, line: row.line, gm: read(gm), wm: read(wm), csf: read(csf) };
  });
}
