/** Runs one declared program, within limits, so that nothing of it is left when it ends, is stopped, or this process dies. */
import { findProgram } from './find-program.js';
import { sharedGuard } from './guard-handle.js';

export interface ProgramRun {
  /** Program and arguments, as the program gets them: no shell sees them. */
  command: readonly string[];
  cwd: string;
  /** All that the program sees of the environment; its PATH is where the program is looked for. */
  env: Record<string, string>;
  /** A file that it reads as its standard input. Absent: it reads nothing. */
  stdin?: string;
  limits: {
    /** MiB of all its processes together. Approximate: sampled twice a second (guard/memory.ts). */
    memory: number;
    seconds: number;
    /** Seconds without a change of its files, of what it printed, or of the percentage; null: no limit. */
    silence: number | null;
  };
  /** Files that get what it prints: of each the first 64 MiB and, after a line that says what was left out, the last MiB. */
  stdout: string;
  stderr: string;
  /** First group: a percentage in what it prints. */
  progress: RegExp | null;
  /** Folders whose growth counts as progress besides `cwd`, such as its scratch folder. */
  watch?: readonly string[];
  /** Arguments with which the same program ends what is not among its processes (a container that belongs to a daemon), when it was stopped or this process dies. Absent: none. */
  closing?: readonly string[];
  /** Ends all its processes: SIGTERM, after five seconds SIGKILL. */
  signal: AbortSignal;
  /** Called at most twice a second, when something moved. `bytes`: of its files and of what it printed. */
  onProgress(progress: { percent: number | null; bytes: number }): void;
}

export interface ProgramEnd {
  /** Exit code; null: ended by a signal, or never started (cancelled before). */
  code: number | null;
  signal: string | null;
  /** Which limit ended it, or that it was cancelled; null: it ended by itself. */
  stopped: 'time' | 'memory' | 'silence' | 'cancelled' | null;
  seconds: number;
  /** MiB, the highest sample of all its processes together; 0 when it was over before the first sample. */
  peakMemory: number;
  /** The last 2,000 characters of both streams, stderr last. */
  tail: string;
}

/**
 * Runs a program to its end. How it ended is the answer, also when it failed or was stopped.
 * @throws SulcusError PROGRAM_MISSING when it cannot be started; PROGRAM_GUARD_DIED when its guard died, which another try may mend.
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const file = findProgram(run.command[0] ?? '', run.env.PATH, run.cwd);
  if (run.signal.aborted) return { code: null, signal: null, stopped: 'cancelled', seconds: 0, peakMemory: 0, tail: '' };
  const { command, cwd, env, stdin = null, closing = null, limits, stdout, stderr, progress } = run;
  return sharedGuard().run(
    { file, command: [...command], cwd, env, stdin, closing: closing && [...closing], limits, stdout, stderr, progress: progress && { source: progress.source, flags: progress.flags }, watch: [cwd, ...(run.watch ?? [])] },
    run.signal,
    (moved) => run.onProgress(moved),
  );
}
