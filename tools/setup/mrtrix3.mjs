import { spawnSync } from 'node:child_process';
import { canInstall, installPackages } from './apt.mjs';
import { say } from './say.mjs';

/** True when the programs of MRtrix3 are not on PATH. */
export const noMrtrix3InSight = () => spawnSync('mrinfo', ['--version'], { stdio: 'ignore' }).status !== 0;

/** Installs MRtrix3 where that can be done without asking: as root, with apt-get. Else the test of a pipeline of real programs is left out, and says why. */
export function ensureMrtrix3ForTests() {
  if (!noMrtrix3InSight()) return;
  if (!canInstall()) {
    say('no MRtrix3: the test of a pipeline of real programs will be left out; install it (Debian: apt-get install mrtrix3)');
    return;
  }
  const started = Date.now();
  say('installing MRtrix3 for the test of a pipeline (apt-get install mrtrix3)');
  const problem = installPackages('mrtrix3');
  if (problem === null) say(`installed MRtrix3 in ${Math.round((Date.now() - started) / 1000)} s`);
  else say(`MRtrix3 could not be installed, so the test of a pipeline of real programs will be left out: ${problem}`);
}
