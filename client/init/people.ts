/** Participants tables, and which of their columns are the id, the group, the age and the sex. */
import { FormatError, readDelimited, suggestColumns, type DelimitedTable } from '../../formats/index.js';

export interface People {
  /** Path of the table relative to the study's folder. */
  path: string;
  ids: string[];
  columns: { id: string; group: string | null; age: string | null; sex: string | null };
  /** Groups, the likely control first. */
  groups: string[];
  /** Whether the first group is one that controls are called. */
  controlKnown: boolean;
  /** Columns that could be the group, when none is called so. */
  candidates: string[];
  /** Other columns of numbers: possible clinical measures. */
  numeric: string[];
}

const TABLE = /(^|\/)(participants?|subjects?|demographics?|phenotypic?|phenotype)[^/]*\.(tsv|csv)$/i;
const CONTROL = /^(hc|control|controls|con|ctl|ctrl|healthy|healthy[ _]controls?|nc|hv|hcs|td|typical|cn)$/i;
/** A group has few levels. */
const MOST_GROUPS = 10;

export const isParticipantsTable = (path: string): boolean => TABLE.test(path);

/** Tables of one participant a row; null when it is none. */
export function readPeople(bytes: Uint8Array, path: string): People | null {
  const table = tableOf(bytes, path);
  if (table === null || table.rows.length === 0) return null;
  const suggest = (role: string): string[] => suggestColumns(role, table.columns);
  const [id] = suggest('participant_id');
  if (id === undefined) return null;
  const cells = (name: string): (string | null)[] => { const at = table.columns.indexOf(name); return table.rows.map((r) => r.cells[at] ?? null); };
  const levels = (name: string): string[] => [...new Set(cells(name).filter((v) => v !== null))];
  const age = suggest('age').find((c) => isNumeric(cells(c)) && !/onset|group|first_(episode|symptom)/i.test(c)) ?? null;
  const sex = suggest('sex').find((c) => levels(c).length <= 4) ?? null;
  const others = table.columns.filter((c) => ![id, age, sex].includes(c));
  const few = (c: string): boolean => levels(c).length >= 2 && levels(c).length <= Math.min(MOST_GROUPS, table.rows.length / 3);
  const group = suggest('group').find((c) => others.includes(c) && levels(c).length >= 1 && levels(c).length <= MOST_GROUPS) ?? null;
  const named = group === null ? [] : levels(group);
  const control = named.find((g) => CONTROL.test(g));
  return {
    path, ids: cells(id).filter((v) => v !== null), columns: { id, group, age, sex },
    groups: control === undefined ? named : [control, ...named.filter((g) => g !== control)], controlKnown: control !== undefined || named.length < 2,
    candidates: others.filter((c) => c !== group && few(c)), numeric: others.filter((c) => c !== group && isNumeric(cells(c)) && levels(c).length > 5),
  };
}

/** Groups of another column, when a person names it. */
export function groupsIn(bytes: Uint8Array, path: string, column: string): string[] {
  const table = tableOf(bytes, path), at = table?.columns.indexOf(column) ?? -1;
  const found = [...new Set((table?.rows ?? []).map((r) => r.cells[at] ?? null).filter((v) => v !== null))];
  const control = found.find((g) => CONTROL.test(g));
  return control === undefined ? found : [control, ...found.filter((g) => g !== control)];
}

function isNumeric(values: readonly (string | null)[]): boolean {
  const present = values.filter((v) => v !== null);
  return present.length > 0 && present.every((v) => Number.isFinite(Number(v)));
}

function tableOf(bytes: Uint8Array, path: string): DelimitedTable | null {
  try {
    return readDelimited(bytes, { file: path });
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}
