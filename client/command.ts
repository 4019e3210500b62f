/** What every command has in common: options, one place where errors become a line and an exit code, and Ctrl-C. */
import type { Command } from 'commander';
import { formatProblem, StudyFileError } from '../config/index.js';
import { SulcusError } from '../contracts/errors.js';
import { createConsole, EXIT, type Console } from './console.js';

/** Codes of errors that are about what the user gave: exit 2. */
const USAGE = new Set(['BAD_STORE', 'UNKNOWN_COHORT', 'OUT_NOT_EMPTY', 'BAD_OPTION', 'NO_STATE', 'UNKNOWN_SUBJECT', 'UNKNOWN_STEP', 'STUDY_RUNS', 'NOTHING_DONE', 'NO_REASON', 'NO_SCHEDULE', 'SCHEDULE_EXISTS', 'NO_RESULTS', 'NO_RUN', 'AMBIGUOUS_RUN', 'temporal-settings', 'STUDY_EXISTS', 'NO_FOLDER', 'NO_SUBJECTS', 'NOTHING_FOUND', 'TOO_MANY_FILES', 'BAD_LABEL', 'KEYS_TWICE', 'KEY_FILE_MISSING', 'KEY_FILE_OPEN', 'KEY_FILE_EXISTS', 'BAD_KEY', 'NO_KEYS', 'ENCRYPTION_REQUIRED', 'KEY_MISSING', 'WEAK_TOKEN', 'BAD_PSEUDONYM_KEY', 'KEY_TABLE_INSIDE', 'KEY_TABLE_EXISTS', 'BAD_ORIGIN', 'NO_ORIGIN', 'NOT_REVIEWED', 'RATINGS_REFUSED']);

export interface Run {
  console: Console;
  json: boolean;
  /** Aborts at the first Ctrl-C (or SIGTERM); a second one ends the process at once. */
  interrupted: AbortSignal;
}

/** Wraps a command's body: prints every error as one line and sets the exit code. */
export function action<A extends unknown[]>(body: (run: Run, ...args: A) => Promise<number>): (...args: [...A, Command]) => Promise<void> {
  return async (...all) => {
    const command = all[all.length - 1] as Command;
    const json = Boolean(command.optsWithGlobals<{ json?: boolean }>().json);
    const console = createConsole(json);
    const interrupt = new AbortController();
    const stop = (): void => { if (interrupt.signal.aborted) process.exit(EXIT.interrupted); interrupt.abort(); };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    try {
      process.exitCode = await body({ console, json, interrupted: interrupt.signal }, ...(all.slice(0, -1) as A));
    } catch (error) {
      process.exitCode = report(error, console);
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
  };
}

function report(error: unknown, console: Console): number {
  console.status('');
  if (error instanceof StudyFileError) {
    for (const problem of error.problems) console.note(formatProblem(problem));
    console.answer({ status: 'failed', error: { code: error.code, message: error.message }, problems: error.problems });
    return EXIT.usage;
  }
  const code = error instanceof SulcusError ? error.code : 'UNEXPECTED';
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof SulcusError ? error.remedy : null;
  console.note(`sulcus: ${message}${remedy === null ? '' : ` (${remedy})`}`);
  if (code === 'UNEXPECTED' && process.env['SULCUS_DEBUG'] !== undefined && error instanceof Error) console.note(error.stack ?? '');
  console.answer({ status: 'failed', error: { code, message, remedy } });
  return USAGE.has(code) ? EXIT.usage : EXIT.failed;
}

/** A whole number from an option's text. Throws BAD_OPTION. */
export function wholeNumber(name: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || text.trim() === '') throw new SulcusError('BAD_OPTION', `${name} "${text}" is not a whole number of at least ${least}`);
    return value;
  };
}
