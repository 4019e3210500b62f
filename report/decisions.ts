/** What persons decided about the run: who, when, what, why. */
import type { Exclusion, OperatorDecision } from '../contracts/results.js';
import { formatInstant } from './format.js';
import type { Child } from './html.js';
import type { RunContext } from './page.js';
import { table } from './table.js';

const WORDS: Record<OperatorDecision['what'], string> = {
  approve: 'approved', pause: 'paused the fits', resume: 'let the fits go on', exclude: 'left out', readmit: 'took in again', rerun: 'asked to compute again',
};

/** A table; null when nobody decided anything. */
export function decisionsTable({ results, pseudonyms }: RunContext): Child {
  const rows = results.decisions ?? [];
  if (rows.length === 0) return null;
  return table({
    caption: 'Decisions of persons',
    rows,
    columns: [
      { head: 'when', cell: (row) => formatInstant(row.at), header: true },
      { head: 'who', cell: (row) => pseudonyms.redact(row.by ?? 'not told') },
      { head: 'what', text: true, cell: (row) => WORDS[row.what] },
      { head: 'about', text: true, cell: (row) => row.about },
      { head: 'note', text: true, cell: (row) => pseudonyms.redact(row.note ?? '') },
    ],
  });
}

/** ` (A. Reviewer, 22 Nov 2026)`, where a person left a participant out. */
export function decidedBy({ by, at }: Exclusion): string {
  return at === undefined ? '' : ` (${by === undefined ? '' : `${by}, `}${formatInstant(at)})`;
}
