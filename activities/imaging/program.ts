/** Runs one declared program, within limits, so that nothing of it is left when it ends, is stopped, or this process dies. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProgramSpec } from '../../contracts/pipelines.js';
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

/** A version is told at once; this is for programs that first load much over a slow network. */
const VERSION_SECONDS = 60;
const VERSION_MEMORY = 4096;

/**
 * Runs a program to its end. How it ended is the answer, also when it failed or was stopped.
 * @throws SulcusError PROGRAM_MISSING when it cannot be started; PROGRAM_GUARD_DIED when its guard died, which another try may mend.
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const file = findProgram(run.command[0] ?? '', run.env.PATH, run.cwd);
  if (run.signal.aborted) return { code: null, signal: null, stopped: 'cancelled', seconds: 0, peakMemory: 0, tail: '' };
  const { command, cwd, env, stdin = null, limits, stdout, stderr, progress } = run;
  return sharedGuard().run(
    { file, command: [...command], cwd, env, stdin, limits, stdout, stderr, progress: progress && { source: progress.source, flags: progress.flags }, watch: [cwd, ...(run.watch ?? [])] },
    run.signal,
    (moved) => run.onProgress(moved),
  );
}

/**
 * The version that a program tells, in either stream; null: it told none within a minute, or nothing like the pattern. Its exit code does not matter.
 * @throws SulcusError PROGRAM_MISSING
 */
export async function programVersion(spec: ProgramSpec, env: Record<string, string>): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'sulcus-version-'));
  try {
    const stdout = join(folder, 'stdout.txt'), stderr = join(folder, 'stderr.txt');
    const limits = { memory: VERSION_MEMORY, seconds: VERSION_SECONDS, silence: null };
    await runProgram({ command: spec.version, cwd: folder, env, limits, stdout, stderr, progress: null, signal: new AbortController().signal, onProgress: () => undefined });
    const pattern = new RegExp(spec.pattern, 'm');
    for (const stream of [stdout, stderr]) {
      const found = pattern.exec((await readFile(stream, 'utf8')).slice(0, 65_536));
      if (found) return found[1] ?? found[0];
    }
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
