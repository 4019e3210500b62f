/**
 * Runs the suite of faults (test/faults) and writes what it measured into the table of docs/reliability.md. Arguments go to vitest: the rows of tests
 * that are left out stay as they are, with their date.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root } from './stamp.mjs';

const PAGE = join(root, 'docs', 'reliability.md');
const BEGIN = '<!-- figures: written by npm run test:faults -->', END = '<!-- /figures -->';
const HEAD = '| promise | test | measured | when |\n|---|---|---|---|';

const cell = (text) => text.replaceAll('\n', ' ').replaceAll('|', '\\|');

/** Rows of the table by the text of their second cell. */
function rowsOf(page) {
  const table = page.slice(page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END));
  return new Map(table.split('\n').filter((line) => line.startsWith('| ') && !HEAD.includes(line)).map((line) => {
    const [, promise, test, measured, when] = line.split(/ ?(?<!\\)\| ?/);
    return [test, { promise, test, measured, when }];
  }));
}

const folder = mkdtempSync(join(tmpdir(), 'sulcus-faults-')), report = join(folder, 'report.json');
const result = spawnSync(process.execPath, [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', 'test/faults/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2),
], { cwd: root, stdio: 'inherit' });

let passed = 0, failed = result.status === 0 ? 0 : 1;
try {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const page = readFileSync(PAGE, 'utf8'), rows = rowsOf(page), when = new Date().toISOString().slice(0, 10);
  for (const { name, assertionResults } of testResults) {
    const file = relative(root, name);
    for (const { title, status, meta } of assertionResults) {
      if (status !== 'passed' && status !== 'failed') continue;
      const test = cell(`[${file.split('/').pop()}](../${file}): ${title}`), before = rows.get(test);
      if (status === 'passed' && meta?.figure !== undefined) rows.set(test, { promise: cell(meta.promise), test, measured: cell(meta.figure), when });
      else if (status === 'failed') rows.set(test, { promise: before?.promise ?? '', test, measured: '**failed**', when });
    }
  }
  const ran = testResults.flatMap((t) => t.assertionResults);
  passed = ran.filter((t) => t.status === 'passed').length;
  failed = Math.max(failed, ran.filter((t) => t.status === 'failed').length);
  const lines = [...rows.values()].sort((a, b) => (a.test < b.test ? -1 : 1)).map((r) => `| ${r.promise} | ${r.test} | ${r.measured} | ${r.when} |`);
  writeFileSync(PAGE, `${page.slice(0, page.indexOf(BEGIN))}${BEGIN}\n${HEAD}\n${lines.join('\n')}\n${page.slice(page.indexOf(END))}`);
} catch (error) {
  process.stderr.write(`the figures could not be written: ${error.message}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
