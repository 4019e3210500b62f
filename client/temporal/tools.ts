import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of sulcus' package.json, from the sources as from dist/. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the package.json of sulcus is missing');
    folder = parent;
  }
  return folder;
}

/** A script under tools/temporal: plain Node, so that it also runs before anything is installed or built. */
export function temporalTool(name: string): string {
  return join(packageRoot(), 'tools', 'temporal', name);
}

/** The version of the Temporal command line that is built, and what it needs (tools/temporal/version.json). */
export function pinned(): { version: string; minimumGo: string; minimumServer: string } {
  return JSON.parse(readFileSync(temporalTool('version.json'), 'utf8')) as { version: string; minimumGo: string; minimumServer: string };
}

/** Where tools/temporal/go-build.mjs puts the binary: the same rule as in tools/temporal/cache.mjs. */
export function cachedBinary(env: NodeJS.ProcessEnv): string {
  const set = env['XDG_CACHE_HOME'];
  const base = set !== undefined && isAbsolute(set) ? set : join(env['HOME'] ?? homedir(), '.cache');
  return join(base, 'sulcus', `temporal-cli-${pinned().version}`, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
}
