/**
 * The Python peers' environment: made once in the user's cache folder from bench/peers/requirements.txt, ready-built packages only. What
 * cannot be had is said, and those peers are missing.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, runJson } from './process.js';

export interface Python {
  command: string;
  numpy: string;
  blas: string;
  python: string;
  opnmf: string;
}

const SCRIPTS = fileURLToPath(new URL('../../bench/peers/', import.meta.url));

export const peerScript = (name: string): string => join(SCRIPTS, name);

let known: Promise<Python | { missing: string }> | null = null;

export function findPython(note: (line: string) => void): Promise<Python | { missing: string }> {
  known ??= prepare(note);
  return known;
}

async function prepare(note: (line: string) => void): Promise<Python | { missing: string }> {
  const set = process.env['XDG_CACHE_HOME'];
  const cache = join(set !== undefined && isAbsolute(set) ? set : join(homedir(), '.cache'), 'sulcus');
  const requirements = peerScript('requirements.txt');
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cache, `bench-python-${version}`), ready = join(folder, 'ready'), command = join(folder, 'bin', 'python');
  if (!existsSync(ready)) {
    note(`making a Python environment in ${folder}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    for (const [what, args] of [['python3', ['-m', 'venv', folder]], [command, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:', '-r', requirements]]] as const) {
      const done = await run(what, args, { capSeconds: 600 });
      if ('failed' in done) return { missing: `${what === command ? 'pip install' : 'python3 -m venv'}: ${done.failed}` };
    }
    await mkdir(ready);
  }
  const about = await runJson<Omit<Python, 'command'>>(command, [peerScript('about.py')], { capSeconds: 60 });
  return 'failed' in about ? { missing: about.failed } : { command, ...about.ok };
}
