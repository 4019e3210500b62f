/** Where a program is, and whether it is one: told in a line before anything is started. */
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';

/** First bytes of ELF and Mach-O files (either byte order, both word sizes, several architectures in one). Without one of them, or `#!`, the C library would give the file to a shell. */
const MAGIC = new Set(['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', 'bebafeca', 'cafebabf']);

/**
 * Absolute path of a program: a name is looked for on `path`, anything with a slash is taken from `cwd`.
 * @throws SulcusError PROGRAM_MISSING: not there, not executable, or no program.
 */
export function findProgram(name: string, path: string | undefined, cwd: string): string {
  if (name === '') throw missing('no program is named: the command is empty');
  if (name.includes('/')) {
    const file = resolve(cwd, name), problem = problemOf(file);
    if (problem !== null) throw missing(`${name} ${problem}`);
    return file;
  }
  let problem: string | null = null;
  for (const folder of (path ?? '').split(':')) {
    // An empty entry means the current folder to a shell; a program out of a data folder is nothing to run.
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name), found = problemOf(file);
    if (found === null) return file;
    if (found !== ABSENT) problem ??= `${file} ${found}`;
  }
  throw missing(problem ?? `${name} is not on PATH (${path === undefined || path === '' ? 'which is empty' : path})`);
}

const ABSENT = 'is not there';

function problemOf(file: string): string | null {
  try {
    if (!statSync(file).isFile()) return 'is no file';
  } catch {
    return ABSENT;
  }
  try {
    accessSync(file, constants.X_OK);
  } catch {
    return 'is not executable';
  }
  return isProgram(file) ? null : 'is neither a program for this kind of system nor a script that begins with #!';
}

function isProgram(file: string): boolean {
  const start = Buffer.alloc(4);
  try {
    const fd = openSync(file, 'r');
    try { readSync(fd, start, 0, 4, 0); } finally { closeSync(fd); }
  } catch {
    return true; // executable and unreadable: the system decides
  }
  return start.toString('latin1', 0, 2) === '#!' || MAGIC.has(start.toString('hex'));
}

export function missing(what: string, cause?: unknown): SulcusError {
  return new SulcusError('PROGRAM_MISSING', what, { remedy: 'install it where the workers run, and put its folder on their PATH', ...(cause === undefined ? {} : { cause }) });
}
