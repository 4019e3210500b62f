/** The table of subjects by inputs: what is there, what is not, and what looks odd. */
import type { Problem } from '../../config/index.js';

/** pending: a pipeline of the study makes it. */
export type InputState = 'present' | 'pending' | 'missing' | 'unreadable' | 'suspicious';

export interface InputsTable {
  columns: string[];
  rows: { cohort: string; subject: string; states: InputState[] }[];
}

/** The state of an input that no problem tells. */
export interface TableMark {
  cohort: string;
  subject: string;
  input: string;
  state: InputState;
}

const MISSING = new Set(['MISSING_FILE', 'INPUT_MISSING', 'NO_CORRESPONDENCE', 'TISSUE_MISSING', 'GROUP_MISSING']);
const WORSE: InputState[] = ['present', 'pending', 'suspicious', 'unreadable', 'missing'];

/** States from the problems of each subject's inputs; a problem of the whole subject (no `input`) marks the participant's row. */
export function inputsTable(columns: string[], subjects: readonly { cohort: string; subject: string }[], problems: readonly Problem[], others: readonly TableMark[] = []): InputsTable {
  const marks = new Map<string, Map<string, InputState>>();
  const mark = ({ cohort, subject, input, state }: TableMark): void => {
    const key = `${cohort}/${subject}`, mine = marks.get(key) ?? new Map<string, InputState>();
    if (WORSE.indexOf(state) > WORSE.indexOf(mine.get(input) ?? 'present')) mine.set(input, state);
    marks.set(key, mine);
  };
  others.forEach(mark);
  for (const problem of problems) {
    if (problem.subject === null) continue;
    const state: InputState = problem.severity === 'warning' ? 'suspicious' : MISSING.has(problem.code) ? 'missing' : 'unreadable';
    mark({ cohort: problem.cohort ?? '', subject: problem.subject, input: problem.input ?? 'participant', state });
  }
  return { columns, rows: subjects.map(({ cohort, subject }) => ({ cohort, subject, states: columns.map((c) => marks.get(`${cohort}/${subject}`)?.get(c) ?? 'present') })) };
}

const SIGNS: Record<InputState, string> = { present: '.', pending: '-', missing: 'M', unreadable: 'U', suspicious: '?' };

/** Lines for a terminal: subjects with something to look at, at most `most` of them. */
export function tableLines({ columns, rows }: InputsTable, most: number): string[] {
  const odd = rows.filter((r) => r.states.some((s) => s !== 'present' && s !== 'pending'));
  if (odd.length === 0) return [];
  const shown = odd.slice(0, most);
  const names = shown.map((r) => `${r.cohort}/${r.subject}`);
  const width = Math.max(...names.map((n) => n.length));
  const line = (name: string, cells: string[]): string => `  ${name.padEnd(width)}  ${cells.map((c, i) => c.padEnd(columns[i]?.length ?? 1)).join('  ')}`.trimEnd();
  const rest = odd.length - shown.length, complete = rows.length - odd.length;
  const pending = shown.some((r) => r.states.includes('pending')) ? ' - made by a pipeline,' : '';
  return [
    `inputs (. present,${pending} M missing, U unreadable, ? look at it)`, line('', columns), ...shown.map((r, i) => line(names[i] ?? '', r.states.map((s) => SIGNS[s]))),
    ...(rest > 0 ? [`  and ${rest} more subject${rest === 1 ? '' : 's'} with something to look at (--all shows every one)`] : []),
    ...(complete > 0 ? [`  ${complete} subject${complete === 1 ? ' has' : 's have'} every input and nothing odd`] : []),
  ];
}
