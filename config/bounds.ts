/** How far a study reaches: its own folder, and the folders that its file names under `outside`. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

export class Bounds {
  private readonly roots: Promise<string[]>;

  /** `directory`: absolute; `outside`: absolute or relative to it. */
  constructor(directory: string, outside: readonly string[] = []) {
    this.roots = Promise.all([directory, ...outside].map((root) => realpath(resolve(directory, root)).catch(() => resolve(directory, root))));
  }

  /** Whether a path stays within when every link is followed. True for what does not exist: whoever reads it says so. */
  async hold(path: string): Promise<boolean> {
    const real = await realpath(path).catch(() => null);
    return real === null || (await this.roots).some((root) => isWithin(root, real));
  }
}

/** Whether a path is the folder `root` or lies below it, by their spelling. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
