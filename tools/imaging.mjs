/** Runs the tests with real imaging programs (test/imaging): finds or installs the programs, then the tests. Arguments go to vitest. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensurePackages, ensureSimpleItk } from './imaging/programs.mjs';
import { say, SetupError } from './setup/say.mjs';
import { root } from './stamp.mjs';

try {
  ensurePackages();
  const python = await ensureSimpleItk(), tests = process.argv.slice(2);
  const env = { ...process.env, SULCUS_IMAGING: '1', SULCUS_IMAGING_PYTHON: python };
  process.exitCode = spawnSync(process.execPath, [join(root, 'tools', 'run-tests.mjs'), ...(tests.length > 0 ? tests : ['test/imaging'])], { env, stdio: 'inherit' }).status ?? 1;
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`${error.message}; ${error.remedy}`);
  process.exitCode = 1;
}
