/** The programs of the rehearsal: Debian's PostgreSQL, and the Temporal server with its SQL tool, built once from the Go module proxy. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canInstall, installPackages } from '../setup/apt.mjs';
import { goPrograms as build } from '../temporal/go-programs.mjs';
import { RehearsalError, say } from './say.mjs';

/** What is pinned. */
export const versions = JSON.parse(readFileSync(new URL('./versions.json', import.meta.url), 'utf8'));

/**
 * Programs from Go packages of one module version.
 * @param name of the folder in the cache, without the version
 * @param packages program name -> package path; Go names a program after the last part of its path
 * @returns {Promise<{ paths: Record<string, string>, seconds: number | null }>} seconds of building, null when it was there
 */
export async function goPrograms(name, { version, packages }) {
  const programs = Object.keys(packages);
  const options = {
    name: `${name}-${version}`, programs, what: name, building: `${name} ${version} with Go, once`, say,
    packages: Object.values(packages).map((path) => `${path}@v${version}`),
  };
  const { folder, seconds } = await build(options).catch((error) => { throw new RehearsalError(error.message); });
  return { paths: Object.fromEntries(programs.map((program) => [program, join(folder, program)])), seconds };
}

/** The folder of PostgreSQL's programs; installed with apt-get where that can be done without asking. */
export function postgresqlPrograms() {
  const { major } = versions.postgresql, folder = `/usr/lib/postgresql/${major}/bin`;
  if (existsSync(join(folder, 'postgres'))) return folder;
  if (canInstall()) {
    say(`installing PostgreSQL ${major} (apt-get install postgresql-${major})`);
    // Without its own cluster: the rehearsal makes one in a scratch folder.
    installPackages(`postgresql-${major}`);
  }
  if (!existsSync(join(folder, 'postgres'))) throw new RehearsalError(`PostgreSQL ${major} is missing: apt-get install postgresql-${major}`);
  return folder;
}
