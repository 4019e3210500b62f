/** The table of subjects by inputs: what is there, what is not, and what looks odd. */
import type { Problem } from '../../config/index.js';

export type InputState = 'present' | 'missing' | 'unreadable' | 'suspicious';

export interface InputsTable {
  columns: string[];
  rows: { cohort: string; subject: string; states: InputState[] }[];
}

const MISSING = new Set(['MISSING_FILE', 'NO_CORRESPONDENCE', 'TISSUE_MISSING', 'GROUP_MISSING']);
const WORSE: InputState[] = ['present', 'suspicious', 'unreadable', 'missing'];

/** States from the problems of each subject's inputs; a problem of the whole subject (no `input`) marks the participant's row. */
export function inputsTable(columns: string[], subjects: readonly { cohort: string; subject: string }[], problems: readonly Problem[]): InputsTable {
  const marks = new Map<string, Map<string, InputState>>();
  for (const problem of problems) {
    if (problem.subject === null) continue;
    const key = `${problem.cohort}/${problem.subject}`, input = problem.input ?? 'participant';
    const mine = marks.get(key) ?? new Map<string, InputState>();
    const state: InputState = problem.severity === 'warning' ? 'suspicious' : MISSING.has(problem.code) ? 'missing' : 'unreadable';
    if (WORSE.indexOf(state) > WORSE.indexOf(mine.get(input) ?? 'present')) mine.set(input, state);
    marks.set(key, mine);
  }
  return { columns, rows: subjects.map(({ cohort, subject }) => ({ cohort, subject, states: columns.map((c) => marks.get(`${cohort}/${subject}`)?.get(c) ?? 'present') })) };
}

const SIGNS: Record<InputState, string> = { present: '.', missing: 'M', unreadable: 'U', suspicious: '?' };

/** Lines for a terminal: subjects with something to look at, at most `most` of them. */
export function tableLines({ columns, rows }: InputsTable, most: number): string[] {
  const odd = rows.filter((r) => r.states.some((s) => s !== 'present'));
  if (odd.length === 0) return [];
  const shown = odd.slice(0, most);
  const names = shown.map((r) => `${r.cohort}/${r.subject}`);
  const width = Math.max(...names.map((n) => n.length));
  const line = (name: string, cells: string[]): string => `  ${name.padEnd(width)}  ${cells.map((c, i) => c.padEnd(columns[i]?.length ?? 1)).join('  ')}`.trimEnd();
  const rest = odd.length - shown.length, complete = rows.length - odd.length;
  return [
    'inputs (. present, M missing, U unreadable, ? look at it)', line('', columns), ...shown.map((r, i) => line(names[i] ?? '', r.states.map((s) => SIGNS[s]))),
    ...(rest > 0 ? [`  and ${rest} more subject${rest === 1 ? '' : 's'} with something to look at (--all shows every one)`] : []),
    ...(complete > 0 ? [`  ${complete} subject${complete === 1 ? ' has' : 's have'} every input and nothing odd`] : []),
  ];
}
