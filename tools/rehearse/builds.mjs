/** The programs of the rehearsal: Debian's PostgreSQL, and the Temporal server with its SQL tool, built once from the Go module proxy. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../temporal/cache.mjs';
import { lockFile } from '../temporal/lock.mjs';
import { RehearsalError, say } from './say.mjs';

/** What is pinned. */
export const versions = JSON.parse(readFileSync(new URL('./versions.json', import.meta.url), 'utf8'));

const PROGRESS_MS = 30_000;

/**
 * Programs from Go packages of one module version, kept in the user's cache folder; built into a folder aside and renamed, so that an interrupted build leaves nothing.
 * @param name of the folder in the cache
 * @param packages program name -> package path; Go names a program after the last part of its path
 * @returns {Promise<{ paths: Record<string, string>, seconds: number | null }>} seconds of building, null when it was there
 */
export async function goPrograms(name, version, packages) {
  const folder = join(cacheFolder(), `${name}-${version}`);
  const paths = Object.fromEntries(Object.keys(packages).map((program) => [program, join(folder, program)]));
  if (existsSync(folder)) return { paths, seconds: null };
  if (spawnSync('go', ['version']).status !== 0) throw new RehearsalError(`${name} ${version} has to be built, and go is not on PATH: install Go`);
  const unlock = await lockFile(`${folder}.lock`, (pid) => say(`waiting for ${name}, which process ${pid} is building`));
  const started = Date.now(), seconds = () => Math.round((Date.now() - started) / 1000);
  const aside = (mkdirSync(cacheFolder(), { recursive: true }), mkdtempSync(join(cacheFolder(), 'building-')));
  try {
    if (existsSync(folder)) return { paths, seconds: null };
    say(`building ${name} ${version} with Go, once; kept in ${cacheFolder()}`);
    await goInstall(aside, Object.values(packages).map((path) => `${path}@v${version}`), () => say(`still building ${name}: ${seconds()} s`));
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(aside, folder);
    say(`built ${name} in ${seconds()} s`);
    return { paths, seconds: seconds() };
  } finally {
    rmSync(aside, { recursive: true, force: true });
    unlock();
  }
}

function goInstall(folder, packages, tick) {
  const child = spawn('go', ['install', '-trimpath', '-ldflags', '-s -w', ...packages], { cwd: folder, env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '' }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => { said = (said + text).slice(-4000); });
  const timer = setInterval(tick, PROGRESS_MS);
  const stop = () => child.kill('SIGTERM');
  process.once('exit', stop);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(timer);
      process.removeListener('exit', stop);
      if (code === 0) resolve();
      else reject(new RehearsalError(`go install failed: ${said.split('\n').filter((line) => line && !line.startsWith('go: downloading')).slice(-4).join(' | ')}`));
    });
  });
}

/** The folder of PostgreSQL's programs; installed with apt-get where that can be done without asking. */
export function postgresqlPrograms() {
  const { major } = versions.postgresql, folder = `/usr/lib/postgresql/${major}/bin`;
  if (existsSync(join(folder, 'postgres'))) return folder;
  if (process.getuid?.() === 0) {
    say(`installing PostgreSQL ${major} (apt-get install postgresql-${major})`);
    // Without its own cluster: the rehearsal makes one in a scratch folder.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = () => spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '-q', '--no-install-recommends', `postgresql-${major}`], { env, stdio: 'ignore' });
    if (install().status !== 0) { spawnSync('apt-get', ['update', '-q'], { env, stdio: 'ignore' }); install(); }
  }
  if (!existsSync(join(folder, 'postgres'))) throw new RehearsalError(`PostgreSQL ${major} is missing: apt-get install postgresql-${major}`);
  return folder;
}
