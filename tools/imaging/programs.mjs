/** Imaging programs for `npm run test:imaging`: Debian's MRtrix3, minc-tools and Ghostscript, and SimpleITK (its N4) in a Python environment of its own in the user's cache folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../temporal/cache.mjs';
import { lockFile } from '../temporal/lock.mjs';
import { canInstall, installPackages } from '../setup/apt.mjs';
import { say, SetupError } from '../setup/say.mjs';

/** The package on PyPI that is installed. */
export const SIMPLEITK = '2.5.7';
const ENVIRONMENT = () => join(cacheFolder(), `simpleitk-${SIMPLEITK}`);

const runs = (program, args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** Debian's packages that the tests run: what asks whether one is there, and where else it is had. */
const PACKAGES = [
  { name: 'mrtrix3', called: 'MRtrix3', ask: ['mrinfo', '--version'], others: 'mrtrix.org' },
  { name: 'minc-tools', called: 'minc-tools', ask: ['mincinfo', '-version'], others: 'bic-mni.github.io' },
  { name: 'ghostscript', called: 'Ghostscript', ask: ['gs', '--version'], others: 'ghostscript.com' },
];

/** Their programs are on PATH afterwards: installed with apt-get where that can be done without asking. */
export function ensurePackages() {
  for (const { name, called, ask: [program, ...args], others } of PACKAGES) {
    const there = () => runs(program, args);
    if (there()) continue;
    if (canInstall()) {
      say(`installing ${called} (apt-get install ${name})`);
      installPackages(name);
    }
    if (!there()) throw new SetupError(`${called} is not installed`, `apt-get install ${name}, or see ${others}; its programs must be on PATH`);
  }
}

/** Python of the environment with SimpleITK; made aside and renamed, so that what is there is whole. */
export async function ensureSimpleItk() {
  const folder = ENVIRONMENT(), python = join(folder, 'bin', 'python');
  const there = () => existsSync(python) && runs(python, ['-c', 'import SimpleITK']);
  if (there()) return python;
  const unlock = await lockFile(`${folder}.lock`, (pid) => say(`waiting for SimpleITK that process ${pid} is installing`));
  try {
    if (there()) return python;
    say(`installing SimpleITK ${SIMPLEITK} from PyPI; kept in ${cacheFolder()}`);
    mkdirSync(cacheFolder(), { recursive: true });
    const aside = mkdtempSync(join(cacheFolder(), 'installing-'));
    try {
      // The environment finds its packages beside its own python, so it may be renamed; its scripts (pip) may not, and are not used again.
      for (const [program, ...args] of [['python3', '-m', 'venv', aside], [join(aside, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `SimpleITK==${SIMPLEITK}`]]) {
        const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
        if (status !== 0) throw new SetupError(`SimpleITK cannot be installed: ${(error?.message ?? stderr).trim().split('\n').at(-1)}`, 'python3 with venv, and access to PyPI, are needed (Debian: apt-get install python3-venv)');
      }
      rmSync(folder, { recursive: true, force: true });
      renameSync(aside, folder);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
  return python;
}
