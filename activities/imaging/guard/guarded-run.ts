/** One program under guard: started, sampled, stopped at its limits, and ended with all that it started. */
import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ProgramEnd } from '../program.js';
import { clear, endFamily, signalTo } from './ending.js';
import { Family } from './family.js';
import { memoryOf } from './memory.js';
import { Motion } from './motion.js';
import { Output, tailOf } from './output.js';
import { closeWriters, holdersOf, makePipes, type Pipe } from './pipes.js';
import { HAS_PROC, listProcesses, type ProcessRow } from './processes.js';
import type { FromGuard, GuardedProgram } from './protocol.js';

/** Seconds between asking a program to end and making it. */
const GRACE = 5;
/** Seconds that processes may outlive the program, such as the end of a pipeline of processes that still writes. */
const LINGER = 3;
/** Milliseconds that the end of what is not among its processes may take. */
const CLOSING_MS = 20_000;
/** Milliseconds in which the last of what was printed arrives, once nobody holds a pipe. */
const DRAIN_MS = 200;

interface Exit { code: number | null; signal: string | null }

const now = (): number => performance.now() / 1000;

export class GuardedRun {
  readonly startedAt = now();
  private readonly family: Family;
  private stopped: ProgramEnd['stopped'] = null;
  private killAt = Infinity;
  private endedAt: number | null = null;
  private peak = 0;
  private closed: Promise<void> | null = null;

  /** Starts a program. Throws what the system answers when it cannot be started. */
  static async start(id: number, program: GuardedProgram, send: (message: FromGuard) => void): Promise<GuardedRun> {
    const pipes = makePipes(), outputs: Output[] = [];
    let stdin: number | 'ignore' = 'ignore';
    try {
      // A file, not a pipe: a program that reads none of it, or half, is not disturbed, and nothing of it waits here.
      if (program.stdin !== null) stdin = openSync(program.stdin, 'r');
      outputs.push(await Output.to(program.stdout, pipes[0].reader));
      outputs.push(await Output.to(program.stderr, pipes[1].reader));
      const motion = await Motion.of(program, outputs);
      const child = spawn(program.file, program.command.slice(1), {
        argv0: program.command[0] ?? program.file, cwd: program.cwd, env: program.env, detached: true, stdio: [stdin, pipes[0].writer, pipes[1].writer],
      });
      const exit = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
      await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
      send({ type: 'started', id, pid: child.pid as number });
      offerToSystem(child.pid as number);
      return new GuardedRun(id, program, child.pid as number, exit, pipes, outputs, motion, send);
    } catch (error) {
      for (const { reader } of pipes) reader.destroy();
      for (const output of outputs) await output.close();
      throw error;
    } finally {
      if (stdin !== 'ignore') closeSync(stdin);
      closeWriters(pipes);
    }
  }

  private constructor(
    private readonly id: number, private readonly program: GuardedProgram, private readonly root: number, private readonly exit: Promise<Exit>, private readonly pipes: readonly Pipe[],
    private readonly outputs: readonly Output[], private readonly motion: Motion, private readonly send: (message: FromGuard) => void,
  ) {
    this.family = new Family(root);
  }

  /** Until the program and all that it started have ended, and what they printed is in its files. */
  async end(): Promise<ProgramEnd> {
    const copied = Promise.all(this.outputs.map((output) => output.copy()));
    const { code, signal } = await this.exit;
    this.endedAt = now();
    await clear(this.find, this.stopped === null ? this.endedAt + LINGER : Math.min(this.killAt, this.endedAt + GRACE), () => endFamily(this.find, 'SIGKILL'));
    // Open pipes now: a process left the family unseen. It is found by them, on Linux; elsewhere only the reading ends.
    const done = copied.then(() => true);
    if (!(await Promise.race([done, sleep(DRAIN_MS, false)]))) {
      await clear((rows) => holdersOf(this.pipes, rows), this.endedAt + LINGER, (found) => signalTo(found, 'SIGKILL'));
      if (!(await Promise.race([done, sleep(DRAIN_MS, false)]))) for (const { reader } of this.pipes) reader.destroy();
    }
    await copied;
    if (this.stopped !== null) await this.close();
    const tail = tailOf(...(this.outputs.map((output) => output.recent()) as [string, string]));
    return { code, signal, stopped: this.stopped, seconds: this.endedAt - this.startedAt, peakMemory: this.peak, tail };
  }

  /** Looks at its processes in a sample of all, tells what moved, and stops it where a limit is passed. */
  sample(rows: readonly ProcessRow[]): void {
    if (this.endedAt !== null) return;
    const members = this.family.update(rows), { limits } = this.program, time = now();
    if (time >= this.killAt) void endFamily(this.find, 'SIGKILL');
    const memory = memoryOf(members, limits.memory);
    this.peak = Math.max(this.peak, memory);
    const moved = this.motion.look();
    if (moved !== null) this.send({ type: 'progress', id: this.id, ...moved });
    if (memory > limits.memory) this.stop('memory');
    else if (time - this.startedAt > limits.seconds) this.stop('time');
    else if (this.motion.silent) this.stop('silence');
  }

  /** Asks all its processes to end, and makes them after five seconds; one that takes too much memory at once. */
  stop(why: NonNullable<ProgramEnd['stopped']>): void {
    if (this.stopped !== null || this.endedAt !== null) return;
    this.stopped = why;
    this.killAt = why === 'memory' ? now() : now() + GRACE;
    void endFamily(this.find, why === 'memory' ? 'SIGKILL' : 'SIGTERM');
  }

  /** Kills all that is found of it. False: something was found. */
  async destroy(): Promise<boolean> {
    await endFamily(this.find, 'SIGKILL').catch(() => { if (this.endedAt === null) signalTo([{ pid: -this.root }], 'SIGKILL'); });
    const rows = await listProcesses().catch(() => []), holders = holdersOf(this.pipes, rows);
    signalTo(holders, 'SIGKILL');
    await (this.closed ??= this.close());
    return holders.length + this.find(rows).length === 0;
  }

  private async close(): Promise<void> {
    const { closing, file, env } = this.program;
    if (closing !== null) await promisify(execFile)(file, closing, { env, timeout: CLOSING_MS, killSignal: 'SIGKILL' }).catch(() => undefined); // it is gone already, or nobody answers
  }

  private readonly find = (rows: readonly ProcessRow[]): ProcessRow[] => this.family.update(rows);
}

/** When memory of the machine runs out, Linux shall end this program and its children rather than the worker or a server. */
function offerToSystem(pid: number): void {
  if (HAS_PROC) try { writeFileSync(`/proc/${pid}/oom_score_adj`, '500'); } catch { /* it has ended, or may not be changed */ }
}
