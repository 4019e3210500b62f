/** Runs the tests and ends with one line, `N passed, N failed[, N skipped]`. Arguments go to vitest: `node tools/run-tests.mjs test/unit`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './stamp.mjs';

const folder = mkdtempSync(join(tmpdir(), 'sulcus-tests-'));
const report = join(folder, 'report.json');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const result = spawnSync(process.execPath, [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });

/** A test file that could not be loaded fails without a failed test: it counts as one; so does an error outside every test. */
function count() {
  const { testResults, numPassedTests, numFailedTests, numPendingTests, numTodoTests = 0 } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
  const failed = numFailedTests + broken;
  return { passed: numPassedTests, failed: failed === 0 && result.status !== 0 ? 1 : failed, skipped: numPendingTests + numTodoTests };
}

let counts = { passed: 0, failed: 1, skipped: 0 };
try {
  counts = count();
} catch (error) {
  process.stderr.write(`vitest ended without a report: ${result.error?.message ?? result.signal ?? error.message}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;
