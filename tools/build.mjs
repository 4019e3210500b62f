/**
 * Makes dist/: the numerical kernel (AssemblyScript -> WebAssembly, embedded in a TypeScript file), the brain viewer (bundled for
 * browsers, likewise), hashes of the code that makes pages, the compiled sources, and the workflow bundle. The stamp is removed first and written last, so an interrupted build is done again.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashOf, root, stamp } from './stamp.mjs';

const KERNEL_SOURCE = 'analysis/opnmf/kernel/assembly/index.ts';
const KERNEL_TARGET = 'analysis/opnmf/kernel/wasm.ts';
/** No relaxed SIMD: results are the same bits on every machine. The caller brings the memory. */
const KERNEL_FLAGS = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];

/** What the report's pages run. Inlined into them, so it is one classic script with the libraries' licences in it. */
const VIEWER_SOURCE = 'report/brain/viewer/main.ts';
const VIEWER_TARGET = 'report/brain/viewer-script.ts';
/** What pages and tables that the store keeps are made by. */
const CODE_SOURCES = { pages: 'activities/publish/pages.ts', picture: 'report/brain/scene.ts', residuals: 'activities/publish/residuals.ts' };
const CODE_TARGET = 'activities/publish/page-code.ts';
const GENERATED = [KERNEL_TARGET, VIEWER_TARGET, CODE_TARGET];

const BUNDLE = 'workflow-bundle.js';
/** Loaded by Temporal with `require`, which is why it is no TypeScript. */
const FAILURES = join('security', 'failure-converter.cjs');
const PIPELINES = join('config', 'pipelines');
const dist = join(root, 'dist');
/** Written when everything is done; holds the hash of what dist/ was made from. */
export const buildStamp = join(dist, '.stamp');

/** What dist/ is made from. */
export function sourceHash() {
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return hashOf([...include.filter((name) => name !== 'test'), 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'tools/build.mjs'], (name) => !GENERATED.includes(name));
}

/** True when dist/ is what a build would make now. */
export function isBuilt() {
  return existsSync(buildStamp) && GENERATED.every((name) => existsSync(join(root, name))) && readFileSync(buildStamp, 'utf8').trim() === sourceHash();
}

function run(what, script, args) {
  const result = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, encoding: 'utf8' });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout}${result.stderr}`);
  throw new Error(`${what} failed${result.error ? `: ${result.error.message}` : ''}`);
}

function buildKernel() {
  if (!existsSync(join(root, KERNEL_SOURCE))) return;
  const folder = mkdtempSync(join(tmpdir(), 'sulcus-kernel-'));
  try {
    const wasm = join(folder, 'kernel.wasm');
    run('the AssemblyScript compiler', 'node_modules/assemblyscript/bin/asc.js', [KERNEL_SOURCE, ...KERNEL_FLAGS, '--outFile', wasm]);
    const text = `/** Made by tools/build.mjs from assembly/index.ts; not kept in git. */\nexport const KERNEL_WASM_BASE64 = '${readFileSync(wasm).toString('base64')}';\n`;
    replace(KERNEL_TARGET, text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a generated source, unless it is the same already. */
function replace(name, text) {
  const target = join(root, name);
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return;
  writeFileSync(`${target}.new`, text);
  renameSync(`${target}.new`, target);
}

/** The brain viewer and three.js, for the browser. "</" cannot stand in a script of a page. */
async function bundleViewer() {
  const { build: bundle } = await import('esbuild');
  const { outputFiles } = await bundle({
    entryPoints: [join(root, VIEWER_SOURCE)], bundle: true, write: false, minify: true, format: 'iife', platform: 'browser', target: 'es2021', charset: 'utf8', legalComments: 'eof', logLevel: 'error', absWorkingDir: root,
  });
  const code = outputFiles[0].text.replaceAll('</', '<\\/');
  replace(VIEWER_TARGET, `/** Made by tools/build.mjs from viewer/main.ts; not kept in git. */\nexport const VIEWER_SCRIPT = ${JSON.stringify(code)};\n`);
}

/** A hash of all that each of them runs, libraries included: what other code made is not found again. */
async function hashCode() {
  const { build: bundle } = await import('esbuild');
  const { outputFiles } = await bundle({
    entryPoints: CODE_SOURCES, bundle: true, write: false, minify: true, format: 'esm', platform: 'node', legalComments: 'none', logLevel: 'error', absWorkingDir: root, outdir: 'code', external: ['@temporalio/*'],
  });
  const hashes = Object.keys(CODE_SOURCES).map((name) => [name, createHash('sha256').update(outputFiles.find(({ path }) => basename(path) === `${name}.js`).contents).digest('hex').slice(0, 32)]);
  const lines = hashes.map(([name, hash]) => `  ${name}: '${hash}',`).join('\n');
  replace(CODE_TARGET, `/** Made by tools/build.mjs; not kept in git. Hashes of the code, libraries included, that makes what the store keeps of a report. */\nexport const PAGE_CODE = {\n${lines}\n};\n`);
}

async function bundleWorkflows() {
  const workflowsPath = join(dist, 'workflows', 'index.js');
  if (!existsSync(workflowsPath)) return;
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({ workflowsPath, failureConverterPath: join(dist, 'security', 'workflow-failures.js'), logger: new DefaultLogger('WARN') });
  writeFileSync(join(dist, `${BUNDLE}.new`), code);
  renameSync(join(dist, `${BUNDLE}.new`), join(dist, BUNDLE));
}

/** Pipelines are data: they are read as they are. Those that are gone go here too. */
function copyPipelines() {
  const [from, to] = [join(root, PIPELINES), join(dist, PIPELINES)], names = readdirSync(from).filter((name) => name.endsWith('.yaml'));
  mkdirSync(to, { recursive: true });
  for (const name of names) copyFileSync(join(from, name), join(to, name));
  for (const name of readdirSync(to)) if (!names.includes(name)) rmSync(join(to, name));
}

/** Removes what an earlier build made from a source that is gone. Nothing else is removed: a command may be running from dist/. */
function prune(folder) {
  for (const entry of readdirSync(join(dist, folder), { withFileTypes: true })) {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) prune(name);
    const source = name.replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
    const orphan = entry.isDirectory() ? !existsSync(join(root, name)) : source !== name && name !== BUNDLE && !existsSync(join(root, source));
    if (orphan) rmSync(join(dist, name), { recursive: true });
  }
}

/** Builds dist/. */
export async function build() {
  const hash = sourceHash();
  mkdirSync(dist, { recursive: true });
  rmSync(buildStamp, { force: true });
  buildKernel();
  await bundleViewer();
  await hashCode();
  run('the TypeScript compiler', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
  copyFileSync(join(root, FAILURES), join(dist, FAILURES));
  copyPipelines();
  prune('.');
  await bundleWorkflows();
  const cli = join(dist, 'client', 'cli.js');
  if (existsSync(cli)) chmodSync(cli, 0o755);
  stamp(buildStamp, hash);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await build();
  } catch (error) {
    process.stderr.write(`build: ${error.message}\n`);
    process.exitCode = 1;
  }
}
