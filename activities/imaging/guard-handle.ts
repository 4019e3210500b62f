/**
 * The guard of this process: a small process of its own that starts programs, samples them, and ends them all when its channel to us closes, which it does
 * however we die. One guard serves all programs of a worker. It is in a session of its own: what a terminal sends to us does not reach it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SulcusError } from '../../contracts/errors.js';
import { missing } from './find-program.js';
import { clear, endFamily } from './guard/ending.js';
import { Family } from './guard/family.js';
import type { FromGuard, GuardedProgram, ToGuard } from './guard/protocol.js';
import type { ProgramEnd } from './program.js';

/** Run from its sources, by tests, this takes the guard that was built: Node runs no TypeScript. */
const GUARD = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/activities/imaging/guard/main.js' : './guard/main.js', import.meta.url));

interface Pending {
  program: GuardedProgram;
  pid: number | null;
  onProgress: (progress: { percent: number | null; bytes: number }) => void;
  resolve: (end: ProgramEnd) => void;
  reject: (error: Error) => void;
}

let guard: GuardHandle | null = null;

/** The guard of this process, started when it is first needed and again when it died. */
export function sharedGuard(): GuardHandle {
  if (guard === null || guard.died) guard = new GuardHandle();
  return guard;
}

class GuardHandle {
  died = false;
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private next = 1;

  constructor() {
    const { PATH, TMPDIR } = process.env;
    this.child = fork(GUARD, [], {
      detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { ...(PATH === undefined ? {} : { PATH }), ...(TMPDIR === undefined ? {} : { TMPDIR }) },
    });
    this.child.on('message', (message) => this.hear(message as FromGuard));
    this.child.on('error', (cause) => this.lose(cause));
    this.child.on('exit', (code, signal) => this.lose(new Error(`its guard ended with ${signal ?? `exit code ${code}`}`)));
    this.hold();
  }

  /** Runs one program; `signal` cancels it. */
  async run(program: GuardedProgram, signal: AbortSignal, onProgress: Pending['onProgress']): Promise<ProgramEnd> {
    const id = this.next++;
    const cancel = (): void => this.tell({ type: 'cancel', id });
    try {
      return await new Promise<ProgramEnd>((resolve, reject) => {
        this.pending.set(id, { program, pid: null, onProgress, resolve, reject });
        this.hold();
        this.tell({ type: 'start', id, program });
        signal.addEventListener('abort', cancel, { once: true });
      });
    } finally {
      signal.removeEventListener('abort', cancel);
      this.pending.delete(id);
      this.hold();
    }
  }

  private tell(message: ToGuard): void {
    if (this.died || !this.child.connected) return;
    this.child.send(message, (error) => { if (error) this.lose(error); });
  }

  private hear(message: FromGuard): void {
    const run = this.pending.get(message.id);
    if (run === undefined) return;
    if (message.type === 'started') run.pid = message.pid;
    else if (message.type === 'progress') run.onProgress({ percent: message.percent, bytes: message.bytes });
    else if (message.type === 'ended') run.resolve(message.end);
    else run.reject(notStarted(run.program, message));
  }

  /** The guard is gone, and its programs have nobody to sample them: they end. Processes that left the group and have lost their parent were known to the guard alone. */
  private lose(cause: Error): void {
    if (this.died) return;
    this.died = true;
    for (const { pid, reject } of this.pending.values()) {
      const error = new SulcusError('PROGRAM_GUARD_DIED', `a program was ended because what watches over it died: ${cause.message}`, { remedy: 'it is tried again', cause });
      void endProgram(pid).catch(() => undefined).then(() => reject(error));
    }
  }

  /** An idle guard keeps nobody from ending. */
  private hold(): void {
    const busy = this.pending.size > 0;
    if (busy) { this.child.ref(); this.child.channel?.ref(); }
    else { this.child.unref(); this.child.channel?.unref(); }
  }
}

async function endProgram(root: number | null): Promise<void> {
  if (root === null) return;
  const family = new Family(root), find = family.update.bind(family);
  await clear(find, 0, () => endFamily(find, 'SIGKILL'));
}

/** Codes that mean that the machine has no room just now. */
const NO_ROOM = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE']);
const REASONS: Record<string, string> = {
  ENOENT: 'the interpreter in its first line, or the folder to run in, is not there',
  ENOEXEC: 'it is made for another kind of machine',
  EACCES: 'the system does not allow it',
  EPERM: 'the system does not allow it',
};

function notStarted({ command, file }: GuardedProgram, failure: { program: boolean; what: string }): SulcusError {
  const name = command[0] ?? file;
  if (failure.program && !NO_ROOM.has(failure.what)) return missing(`${name} cannot be started: ${REASONS[failure.what] ?? failure.what}`);
  return new SulcusError('PROGRAM_NOT_STARTED', `${name} could not be started: ${failure.what}`, { remedy: 'look for free memory, processes and disk on this machine; it is tried again' });
}
