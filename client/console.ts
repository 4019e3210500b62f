/** Where words go: results on stdout, progress on stderr; with --json one document on stdout and nothing else there. */

export const EXIT = { done: 0, failed: 1, usage: 2, review: 3, interrupted: 130 } as const;

export interface Console {
  /** A line of the answer (stdout); nothing with --json. */
  readonly say: (line: string) => void;
  /** A line about what is going on (stderr). */
  readonly note: (line: string) => void;
  /** The JSON document (stdout) of --json; nothing without it. */
  readonly answer: (document: unknown) => void;
  /** Replaces the last status line on a terminal; elsewhere does nothing. Empty: clears it. */
  readonly status: (line: string) => void;
}

export function createConsole(json: boolean): Console {
  const terminal = process.stderr.isTTY;
  let shown = false;
  const clear = (): void => { if (shown) process.stderr.write('\r\x1b[2K'); shown = false; };
  return {
    say(line) { clear(); if (!json) process.stdout.write(`${line}\n`); },
    note(line) { clear(); process.stderr.write(`${line}\n`); },
    answer(document) { if (json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`); },
    status(line) {
      if (!terminal) return;
      clear();
      if (line === '') return;
      process.stderr.write(line.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1)));
      shown = true;
    },
  };
}
