/** Small programs for tests, and what becomes of their processes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram, type ProgramEnd, type ProgramRun } from '../../activities/imaging/program.js';

/** What programs of these tests see: node itself, and `env` for first lines of scripts. */
export const ENV = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
const LIMITS = { memory: 4096, seconds: 100, silence: null };

export interface Place {
  folder: string;
  cwd: string;
  read(name: string): string;
  /** Runs JavaScript as a program in `cwd`; it finds the folder in `process.argv[1]`. */
  run(code: string, options?: Partial<Omit<ProgramRun, 'limits'>> & { limits?: Partial<ProgramRun['limits']> }): Promise<ProgramEnd>;
  /** Pids that its processes wrote down. */
  pids(): number[];
  /** Waits until so many have. */
  pidsOf(count: number): Promise<number[]>;
  remove(): void;
}

export function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'sulcus-program-test-')), cwd = join(folder, 'cwd');
  mkdirSync(cwd);
  mkdirSync(join(folder, 'pids'));
  const pids = (): number[] => readdirSync(join(folder, 'pids')).map(Number);
  return {
    folder, cwd, pids,
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    run: (code, { limits, ...options } = {}) => runProgram({
      command: [process.execPath, '-e', code, folder], cwd, env: ENV, limits: { ...LIMITS, ...limits }, stdout: join(folder, 'stdout.txt'), stderr: join(folder, 'stderr.txt'),
      progress: null, signal: new AbortController().signal, onProgress: () => undefined, ...options,
    }),
    async pidsOf(count) {
      await until(() => pids().length >= count, `${count} processes`);
      return pids();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Code that writes down its pid. */
export const NOTE = "require('fs').writeFileSync(process.argv[1] + '/pids/' + process.pid, '');";
/** Code that stays for as long as nobody ends it. */
export const STAY = 'setInterval(() => 0, 1000);';
/** Code that goes on when so many have. */
export const untilNoted = (count: number): string => `const noted = setInterval(() => { if (require('fs').readdirSync(process.argv[1] + '/pids').length >= ${count}) clearInterval(noted); }, 20);`;
/** Code that starts `code` as another process; `options` of spawn as text. */
export const startOf = (code: string, options: string): string => `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(code)}, process.argv[1]], ${options})`;

/** Pids that still live; one that has ended and whom nobody asked does not. */
export function living(pids: readonly number[]): number[] {
  if (pids.length === 0) return [];
  let rows = '';
  try { rows = execFileSync('ps', ['-o', 'pid=,stat=', '-p', pids.join(',')], { encoding: 'utf8' }); } catch { /* none of them is there */ }
  return rows.split('\n').filter((row) => /^\s*\d+\s+[^Z\s]/.test(row)).map((row) => parseInt(row, 10));
}

export const parentOf = (pid: number): number => Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));

/** Waits for long before it gives up: machines differ. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + 60_000; !holds(); await sleep(50)) if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
}

