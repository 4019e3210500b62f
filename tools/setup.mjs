/**
 * Makes a fresh clone ready, and a ready one stays as it is without a word: installs the dependencies, builds dist/, and finds (or
 * fetches, or builds) a Temporal server; for tests a browser and MRtrix3 too. Run by `npm run demo`, `npm run bench` and `npm test` (with --test). Plain Node: nothing is
 * installed when it starts. Everything it says goes to stderr; exit 1 with one line and a remedy when something cannot be done.
 */
import { say, SetupError } from './setup/say.mjs';
import { ensureBrowser, noBrowserInSight } from './setup/browser.mjs';
import { ensureInstalled, isInstalled } from './setup/install.mjs';
import { ensureMrtrix3ForTests, noMrtrix3InSight } from './setup/mrtrix3.mjs';
import { ensureServer, noServerInSight, startEarlyBuild } from './setup/server.mjs';
import { build, isBuilt } from './build.mjs';

const OLDEST_NODE = [20, 3];

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupError(`Node ${process.versions.node} is too old`, `use Node ${OLDEST_NODE.join('.')} or newer`);
}

/** Says beforehand what will be done and how long that takes on a small machine. */
function announce(todo) {
  const steps = [];
  if (todo.install) steps.push('install the dependencies (about 1 minute)');
  if (todo.build) steps.push('build (about 20 seconds)');
  if (todo.browser) steps.push('get Chromium for the tests of the report (about 1 minute)');
  if (todo.mrtrix3) steps.push('get MRtrix3 for the test of a pipeline (about 1 minute)');
  if (todo.server) steps.push('get a Temporal server (seconds by download; else built with Go: 3 to 7 minutes, once)');
  if (steps.length > 0) say(`first: ${steps.join('; ')}`);
}

async function ensureBuilt() {
  if (isBuilt()) return;
  const started = Date.now();
  say('building');
  try {
    await build();
  } catch (error) {
    throw new SetupError(`the build failed: ${error.message}`, 'see the messages above; `npm run build` repeats it', error);
  }
  say(`built in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function main() {
  checkNode();
  const forTests = process.argv.includes('--test');
  const todo = { install: !isInstalled(), server: noServerInSight(forTests), browser: forTests && noBrowserInSight(), mrtrix3: forTests && noMrtrix3InSight() };
  announce({ ...todo, build: todo.install || !isBuilt() });
  // The server takes longest, so its build runs beside the rest; where the SDK can download one, it is stopped again.
  const early = todo.install && todo.server ? startEarlyBuild() : null;
  try {
    await ensureInstalled();
    await ensureBuilt();
    if (forTests) {
      ensureBrowser();
      ensureMrtrix3ForTests();
    }
    await ensureServer(early, forTests);
  } finally {
    early?.stop();
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`${error.message}${error.remedy ? `; ${error.remedy}` : ''}`);
  process.exitCode = 1;
}
