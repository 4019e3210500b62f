/** One thing wrong with the inputs, as `sulcus check --json` lists it. */
export interface Problem {
  /** An error stops the study (or excludes the subject, where `missing: exclude` allows); a warning is for a person to judge. */
  severity: 'error' | 'warning';
  /** Stable, in kebab case; docs/study-file.md lists those of the study file. */
  code: string;
  /** The file at fault; null when no one file is. */
  file: string | null;
  /** Counted from 1. */
  line: number | null;
  cohort: string | null;
  subject: string | null;
  /** Which input of the subject, e.g. `thickness left`; absent when it is about none or several. */
  input?: string;
  message: string;
  /** What to do about it; null when the message says it. */
  remedy: string | null;
}

/** A problem with every field filled in: an error of no cohort or subject unless said otherwise. */
export function createProblem(problem: Pick<Problem, 'code' | 'message'> & Partial<Problem>): Problem {
  return { severity: 'error', file: null, line: null, cohort: null, subject: null, remedy: null, ...problem };
}

/** `study.yaml:12: tokyo: what is wrong. What to do.` on one line, for people. The place is said once, though messages of readers begin with it too. */
export function formatProblem({ file, line, cohort, subject, message, remedy }: Problem): string {
  const place = file === null ? '' : `${file}${line === null ? '' : `:${line}`}: `;
  const who = [cohort, subject].filter((name) => name !== null).join('/');
  const repeated = [`${file} line ${line}: `, `${file}: `].find((start) => file !== null && message.startsWith(start)) ?? '';
  const what = message.slice(repeated.length);
  const text = `${place}${who === '' ? '' : `${who}: `}${remedy === null ? what : `${ended(what)} ${ended(capital(remedy))}`}`;
  return text.replace(/\p{Cc}/gu, '?'); // what files hold does not steer a terminal
}

const ended = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);
/** A word at the beginning gets its capital; a file name, a key or code does not. */
const capital = (text: string): string => (/^[a-z]+([ ,;]|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text);
