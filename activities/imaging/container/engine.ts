/** The programs that run containers: which is there, what it says of itself, and what they see of the worker's environment. */
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { SulcusError } from '../../../contracts/errors.js';
import type { ProgramImage } from '../../../contracts/pipelines.js';
import { findProgram } from '../find-program.js';

/** In the order in which they are looked for: the second of each takes the same commands. */
const COMMANDS: Record<ProgramImage['engine'], readonly string[]> = { apptainer: ['apptainer', 'singularity'], docker: ['docker', 'podman'] };
const TITLES: Record<ProgramImage['engine'], string> = { apptainer: 'Apptainer', docker: 'Docker' };

/** What they need of the worker's environment to find their settings and their daemon. Variables that would reach into containers (APPTAINERENV_, APPTAINER_BIND) are not among them. */
const OWN = /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|DOCKER_\w+|CONTAINERS?_\w+|(?:APPTAINER|SINGULARITY)_(?:CONFIGDIR|CACHEDIR|TMPDIR))$/;
/** An engine that does not answer a question within so long hangs. */
const ANSWER_MS = 60_000;

/** Whatever is missing of what a container needs; `title`: of what. */
export const imageMissing = (what: string, remedy: string, cause?: unknown): SulcusError => new SulcusError('IMAGE_MISSING', what, { remedy, ...(cause === undefined ? {} : { cause }) });

/** The command of an engine on this machine, such as `docker`. Throws IMAGE_MISSING. */
export function findEngine(engine: ProgramImage['engine']): string {
  const { PATH } = process.env, commands = COMMANDS[engine];
  for (const command of commands) {
    try {
      findProgram(command, PATH, tmpdir());
      return command;
    } catch { /* the next one */ }
  }
  throw imageMissing(`${TITLES[engine]} is not installed: neither ${commands.join(' nor ')} is on PATH (${PATH ?? ''})`, `install ${TITLES[engine]} where the workers run, or take \`images\` out of the study file and install the program itself`);
}

/** What an engine itself sees. */
export function engineEnvironment(): Record<string, string> {
  return { ...Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => OWN.test(entry[0]) && entry[1] !== undefined)), LANG: 'C.UTF-8' };
}

export interface Answer {
  ok: boolean;
  stdout: string;
  /** The last line of what it complains about. */
  complaint: string;
}

/** Asks an engine something that it answers at once. It does not throw. */
export async function ask(command: string, args: readonly string[]): Promise<Answer> {
  const last = (text: string): string => text.trim().split('\n').at(-1) ?? '';
  try {
    const { stdout, stderr } = await promisify(execFile)(command, [...args], { env: engineEnvironment(), timeout: ANSWER_MS, killSignal: 'SIGKILL' });
    return { ok: true, stdout: stdout.trim(), complaint: last(stderr) };
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    return { ok: false, stdout: stdout.trim(), complaint: last(stderr) || last(message) };
  }
}

/** What the engine says of itself: `apptainer version 1.3.4`, `Docker version 28.2.2, build e6534b4`. */
export async function engineVersion(command: string): Promise<string> {
  return (await ask(command, ['--version'])).stdout.split('\n')[0] ?? '';
}
