/** What a program says of itself. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProgramSpec } from '../../contracts/pipelines.js';
import { runInside, type KnownImage } from './container/index.js';
import type { ProgramEnd } from './program.js';

/** A version is told at once; this is for programs that first load much over a slow network. */
const LIMITS = { memory: 4096, seconds: 60, silence: null };

export interface Told {
  /** Null: it told none within a minute, or nothing like the pattern. Its exit code does not matter. */
  version: string | null;
  end: ProgramEnd;
}

/**
 * The version that a program tells, in either stream. In a container its scratch folder is its home.
 * @throws SulcusError PROGRAM_MISSING
 */
export async function programVersion(spec: ProgramSpec, env: Record<string, string>, image: KnownImage | null = null): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), 'sulcus-version-'));
  try {
    const stdout = join(folder, 'stdout.txt'), stderr = join(folder, 'stderr.txt');
    const end = await runInside(image && { image, reads: [], writes: folder }, {
      command: spec.version, cwd: folder, env: image === null ? env : { ...env, HOME: folder }, limits: LIMITS, stdout, stderr, progress: null, signal: new AbortController().signal, onProgress: () => undefined,
    });
    const pattern = new RegExp(spec.pattern, 'm');
    for (const stream of [stdout, stderr]) {
      const found = pattern.exec((await readFile(stream, 'utf8')).slice(0, 65_536));
      if (found) return { version: found[1] ?? found[0], end };
    }
    return { version: null, end };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
