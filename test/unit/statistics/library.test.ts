/**
 * `sulcus/statistics` as another project sees it: installed without Temporal, imported by its name, typed. The project is made in a temporary
 * folder from the sources; what it runs is the example of docs/statistics.md.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const project = mkdtempSync(join(tmpdir(), 'sulcus-library-'));
const installed = join(project, 'node_modules', 'sulcus');

function node(args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const chapter = readFileSync(join(root, 'docs', 'statistics.md'), 'utf8').split('## The library')[1]!;
const block = (kind: string): string => new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``).exec(chapter)![1]!;

beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  copyFileSync(join(root, 'package.json'), join(installed, 'package.json'));
  const options = ['--outDir', join(installed, 'dist'), '--rootDir', root, '--module', 'NodeNext', '--target', 'ES2022', '--strict', '--declaration', '--skipLibCheck', '--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')];
  const built = spawnSync(process.execPath, [tsc, ...options, ...['statistics', 'parcellation'].map((room) => join(root, 'analysis', room, 'index.ts'))], { cwd: project, encoding: 'utf8' });
  expect(built.stdout + built.stderr).toBe('');
  for (const dependency of ['@stdlib', 'ml-matrix']) symlinkSync(join(root, 'node_modules', dependency), join(project, 'node_modules', dependency));
  writeFileSync(join(project, 'package.json'), '{ "name": "a-lab", "type": "module" }');
  writeFileSync(join(project, 'example.mts'), block('ts'));
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('sulcus/statistics', () => {
  it('the documented example compiles under strict types, runs without Temporal, and prints what the page says', () => {
    expect(readdirSync(join(project, 'node_modules')).sort()).toEqual(['@stdlib', 'ml-matrix', 'sulcus']);
    const compiled = node([tsc, '--module', 'NodeNext', '--target', 'ES2022', '--strict', '--skipLibCheck', '--types', 'node', '--typeRoots', join(root, 'node_modules', '@types'), 'example.mts']);
    expect(compiled).toEqual({ status: 0, stdout: '', stderr: '' });
    const { status, stdout, stderr } = node(['example.mjs']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(block('text'));
  }, 60_000);

  it('its results are plain: JSON gives them back', () => {
    const script = `import * as s from 'sulcus/statistics';
      const t = { g: ['a','a','a','b','b','b','c','c','c'], h: ['x','y','x','y','x','y','x','x','y'], x: [1,4,2,5,3,6,2,9,4], y: [1.5,2,4,3,6,5,9,7,null] };
      const f = { response: 'y', terms: ['g', 'x'] };
      const all = [s.ancova(t, f), s.estimatedMarginalMeans(t, f, 'g'), s.linearModel(t, f), s.pairwisePooled(t, { response: 'y', group: 'g', covariates: ['x'], adjust: 'bh' }),
        s.pairwiseSubset(t, { response: 'y', group: 'g', covariates: ['x'] }), s.partialCorrelation(t, 'y', 'x', ['g']), s.oneWayAnova(t, 'y', 'g'), s.chiSquare(t, 'g', 'h'), s.adjustPValues([0.1])];
      const { isDeepStrictEqual } = await import('node:util');
      console.log(all.map((r) => isDeepStrictEqual(JSON.parse(JSON.stringify(r)), r)).join());`;
    expect(node(['--input-type=module', '-e', script])).toEqual({ status: 0, stdout: `${Array.from({ length: 9 }, () => 'true').join()}\n`, stderr: '' });
  });

  it('sulcus/parcellation is there too; what is not exported is not', () => {
    const script = `import { adjustedRandIndex, optimalAssignment } from 'sulcus/parcellation';
      console.log(adjustedRandIndex([1, 1, 2, 2], [5, 5, 4, 4]), optimalAssignment([[1, 9], [9, 1]], 'maximise').join());
      await import('sulcus/analysis/statistics/qr.js').catch((e) => console.log(e.code));`;
    expect(node(['--input-type=module', '-e', script])).toEqual({ status: 0, stdout: '1 1,0\nERR_PACKAGE_PATH_NOT_EXPORTED\n', stderr: '' });
  });
});
