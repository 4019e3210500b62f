/** Dates that cannot be, in columns that hold dates; and ages that do not fit a date of birth. */
import type { CohortSurvey } from '../../../activities/ingest/survey.js';
import { createProblem, type Problem } from '../../../config/index.js';

const EARLIEST = 1900;

interface Read {
  line: number;
  subject: string;
  text: string;
  /** null: it looks like a date and is none. */
  date: Date | null;
}

/** Dates of one column; empty when it does not hold dates. ISO (2021-03-04, with or without a time) and 04/03/2021, whose order of day and month is not told. */
function readDates(column: string, { table, subjects }: CohortSurvey): Read[] {
  const byLine = new Map(subjects.map((s) => [s.line, s.id]));
  const cells = table.rows.flatMap((row) => { const text = row.text[column]; return text == null ? [] : [{ line: row.line, subject: byLine.get(row.line) ?? row.id, text }]; });
  const read = cells.flatMap((cell): Read[] => {
    const date = parseDate(cell.text);
    return date === undefined ? [] : [{ ...cell, date }];
  });
  return read.length > 0 && read.length >= cells.length / 2 ? read : [];
}

/** undefined: not a date's form; null: no such day. */
function parseDate(text: string): Date | null | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(text);
  if (iso) return day(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const other = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text);
  if (other) return day(Number(other[3]), Number(other[2]), Number(other[1])) ?? day(Number(other[3]), Number(other[1]), Number(other[2]));
  return undefined;
}

function day(year: number, month: number, date: number): Date | null {
  const made = new Date(Date.UTC(year, month - 1, date));
  return made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === date ? made : null;
}

export function dateProblems(column: string, survey: CohortSurvey, today: Date): Problem[] {
  const { cohort, file, table } = survey;
  const problems: Problem[] = [];
  const dates = readDates(column, survey);
  const warn = (at: Read, message: string, remedy: string): void => {
    problems.push(createProblem({ severity: 'warning', code: 'IMPOSSIBLE_DATE', cohort: cohort.name, subject: at.subject, input: 'participant', file, line: at.line, message: `column ${column}: ${message}`, remedy }));
  };
  for (const at of dates) {
    if (at.date === null) warn(at, `found "${at.text}", expected a day that exists`, 'correct the date');
    else if (at.date.getUTCFullYear() < EARLIEST) warn(at, `found "${at.text}", expected a date after ${EARLIEST}`, 'correct the date');
    else if (at.date.getTime() > today.getTime()) warn(at, `found "${at.text}", which is in the future, expected a date in the past`, 'correct the date');
  }
  if (!/birth|\bdob\b/i.test(column)) return problems;
  const scan = table.columns.find((name) => name !== column && /scan|exam|visit|acq|assess/i.test(name) && readDates(name, survey).length > 0);
  if (scan === undefined) return problems;
  const scans = new Map(readDates(scan, survey).map((s) => [s.line, s.date]));
  for (const at of dates) {
    const end = scans.get(at.line), subject = survey.subjects.find((s) => s.line === at.line);
    if (at.date === null || end == null || subject?.age == null) continue;
    const years = (end.getTime() - at.date.getTime()) / (365.25 * 86_400_000);
    if (Math.abs(years - subject.age) > 1.5) warn(at, `found an age of ${subject.age}, expected ${years.toFixed(1)} from this date and ${scan}`, 'correct the age or the dates');
  }
  return problems;
}
