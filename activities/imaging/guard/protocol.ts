/** What a worker and its guard tell one another, as JSON over the guard's IPC channel. */
import type { ProgramEnd } from '../program.js';

export interface GuardedProgram {
  /** Absolute path of what is run. */
  file: string;
  command: string[];
  cwd: string;
  env: Record<string, string>;
  /** A file that it reads as its standard input; null: nothing. */
  stdin: string | null;
  limits: { memory: number; seconds: number; silence: number | null };
  /** Arguments with which the same program ends what is not among its processes, such as a container: run once it was stopped or the worker is gone; null: none. */
  closing: string[] | null;
  stdout: string;
  stderr: string;
  progress: { source: string; flags: string } | null;
  /** Folders whose growth is progress. */
  watch: string[];
}

export type ToGuard = { type: 'start'; id: number; program: GuardedProgram } | { type: 'cancel'; id: number };

export type FromGuard =
  | { type: 'started'; id: number; pid: number }
  | { type: 'progress'; id: number; percent: number | null; bytes: number }
  | { type: 'ended'; id: number; end: ProgramEnd }
  /** It was not started. `program`: because of the program, with the system's code (ENOENT); else something else was not possible. No paths in it. */
  | { type: 'failed'; id: number; program: boolean; what: string };
