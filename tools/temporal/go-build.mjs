/**
 * Builds the pinned Temporal CLI through the Go module proxy into the user's cache folder and prints its path on stdout.
 * Progress goes to stderr, a line every 15 s. Run by client/temporal (as a child) and by tools/setup.mjs (beside `npm ci`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import { cachedBinary, pinned } from './cache.mjs';
import { goPrograms } from './go-programs.mjs';

const say = (line) => process.stderr.write(`${line}\n`);
const older = (a, b) => a.localeCompare(b, 'en', { numeric: true }) < 0;

/** Throws one line: what is wrong and what to do. */
function requireGo() {
  const go = spawnSync('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], { encoding: 'utf8', cwd: tmpdir() });
  const install = `install Go ${pinned.minimumGo} or newer (on Debian or Ubuntu: apt-get install golang-go, if recent enough), or put a \`temporal\` binary on PATH`;
  if (go.error || go.status !== 0) throw new Error(`go is not on PATH: ${install}`);
  const [version = '', toolchain = ''] = go.stdout.trim().split('\n');
  const number = version.replace(/^go/, '').replace(/[^0-9.].*$/, '');
  if (older(number, pinned.minimumGo) && toolchain === 'local') throw new Error(`${version} is too old and GOTOOLCHAIN=local forbids a newer one: ${install}`);
}

const target = cachedBinary();
try {
  if (!existsSync(target)) {
    requireGo();
    await goPrograms({
      name: basename(dirname(target)), programs: [basename(target)], what: 'the Temporal server', building: `the Temporal server (CLI ${pinned.version}) with Go: 3 to 7 minutes, once`,
      packages: [`${pinned.module}@v${pinned.version}`], ldflags: `-X ${pinned.versionVariable}=${pinned.version}`, say,
    });
  }
  process.stdout.write(`${target}\n`);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
