/** One measurement in a process of its own: ended at its cap, its last line of output read as JSON. */
import { spawn } from 'node:child_process';

/** Threads of the linear algebra beneath numpy, Octave and R. */
const THREADS = ['OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'VECLIB_MAXIMUM_THREADS'];

export type Outcome<T> = { ok: T } | { failed: string };

export interface RunOptions {
  /** Ended after this many seconds. */
  capSeconds: number;
  /** null: as many threads as the library likes. */
  threads?: number | null;
}

/** Never throws: a program that is not there, fails or takes too long is an outcome. */
export async function runJson<T>(command: string, args: readonly string[], { capSeconds, threads = null }: RunOptions): Promise<Outcome<T>> {
  const done = await run(command, args, { capSeconds, threads });
  if ('failed' in done) return done;
  try {
    return { ok: JSON.parse(done.ok.trim().split('\n').at(-1) ?? '') as T };
  } catch {
    return { failed: `${command} answered no figures` };
  }
}

/** What a program prints. */
export async function run(command: string, args: readonly string[], { capSeconds, threads = null }: RunOptions): Promise<Outcome<string>> {
  const limit = threads === null ? {} : Object.fromEntries(THREADS.map((name) => [name, String(threads)]));
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: { ...process.env, ...limit }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', said = '', late = false;
    const timer = setTimeout(() => { late = true; child.kill('SIGKILL'); }, capSeconds * 1000);
    child.stdout.setEncoding('utf8').on('data', (part: string) => { out += part; });
    child.stderr.setEncoding('utf8').on('data', (part: string) => { said = (said + part).slice(-2000); });
    child.once('error', (error: NodeJS.ErrnoException) => { clearTimeout(timer); resolve({ failed: error.code === 'ENOENT' ? 'not installed' : error.message }); });
    child.once('close', (code) => {
      clearTimeout(timer);
      if (late) resolve({ failed: `more than ${capSeconds} s` });
      else if (code !== 0) resolve({ failed: said.trim().split('\n').at(-1) ?? `exit code ${code}` });
      else resolve({ ok: out });
    });
  });
}
