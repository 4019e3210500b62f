/**
 * Finds the Temporal binary of the embedded server: a `temporal` on PATH, the SDK's cached download, a build from the Go module
 * proxy (pinned, cached in the user's cache folder). What is there already comes before what must be fetched. What was tried, and
 * why it was not used, is kept a line each.
 */
import { constants, accessSync, existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { runChild } from './child.js';
import { TemporalNotFoundError } from './errors.js';
import { cachedBinary, pinned, temporalTool } from './tools.js';

export interface TemporalBinary {
  path: string;
  source: 'path' | 'sdk-download' | 'go-build';
  /** What `temporal --version` says, e.g. `1.5.1 (Server 1.29.1, UI 2.42.1)`. */
  version: string;
}

export interface FindOptions {
  env?: NodeJS.ProcessEnv;
  /** Told about what takes long, a line at a time. */
  log?: (line: string) => void;
  /** False: do not build. Default true. */
  build?: boolean;
  /** False: only what is there already; neither download nor build. Default true. */
  fetch?: boolean;
}

const SUFFIX = process.platform === 'win32' ? '.exe' : '';
const SDK_NAME = 'sdk-typescript';
const VERSION_TIMEOUT_MS = 30_000;
const DOWNLOAD_TIMEOUT_MS = 180_000;

/** The first usable binary in the order above. Throws a TemporalNotFoundError that lists every attempt. */
export async function findTemporal(options: FindOptions = {}): Promise<TemporalBinary> {
  const { env = process.env, log = () => undefined, fetch = true, build = fetch } = options;
  const attempts: string[] = [];
  const usable = async (path: string, source: TemporalBinary['source']): Promise<TemporalBinary | null> => {
    const version = await versionOf(path, env);
    if (version.ok) return { path, source, version: version.text };
    attempts.push(`${path}: ${version.text}`);
    return null;
  };

  const onPath = lookUp('temporal', env);
  if (onPath === null) attempts.push('temporal on PATH: not there');
  const present = [[onPath, 'path'], [sdkFile(), 'sdk-download'], [builtFile(env), 'go-build']] as const;
  for (const [path, source] of present) {
    const found = path === null ? null : await usable(path, source);
    if (found !== null) return found;
  }
  if (fetch && (await sdkDownload(env, attempts))) {
    const found = await usable(sdkPath, 'sdk-download');
    if (found !== null) return found;
  }
  const built = build ? await goBuild(env, log, attempts) : null;
  if (built !== null) {
    const found = await usable(built, 'go-build');
    if (found !== null) return found;
  }
  throw new TemporalNotFoundError(attempts, 'put a `temporal` binary on PATH, or install Go 1.25 or newer so that one can be built, or set TEMPORAL_ADDRESS to a running server');
}

/** The executable a shell would run; relative entries of PATH are not trusted. */
function lookUp(name: string, env: NodeJS.ProcessEnv): string | null {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)) {
    const file = join(folder, `${name}${SUFFIX}`);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      continue;
    }
  }
  return null;
}

async function versionOf(path: string, env: NodeJS.ProcessEnv): Promise<{ ok: boolean; text: string }> {
  const { minimumServer } = pinned();
  const result = await runChild(path, ['--version'], { env, timeoutMs: VERSION_TIMEOUT_MS });
  if (result.code !== 0) return { ok: false, text: `cannot be run (${result.errors.at(-1) ?? `exit ${result.code ?? 'by a signal'}`})` };
  const match = /^temporal version (.*\(Server ([0-9.]+)[^)]*\))/m.exec(result.stdout);
  if (match === null) return { ok: false, text: 'is not the Temporal command line' };
  const [, version = '', server = ''] = match;
  const older = server.localeCompare(minimumServer, 'en', { numeric: true }) < 0;
  return older ? { ok: false, text: `its server ${server} is older than ${minimumServer}` } : { ok: true, text: version };
}

const sdk = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
/** Where the SDK keeps its download (`EphemeralExe::get_or_download` of its core). */
const sdkPath = join(tmpdir(), `temporal-${SDK_NAME}-${sdk.version}${SUFFIX}`);

const sdkFile = (): string | null => (ours(sdkPath) ? sdkPath : null);

/** Has the SDK fetch its binary; false, with a line in `attempts`, when it could not. */
async function sdkDownload(env: NodeJS.ProcessEnv, attempts: string[]): Promise<boolean> {
  const result = await runChild(process.execPath, [temporalTool('sdk-download.mjs'), SDK_NAME, sdk.version], { env, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  if (result.code === 0 && ours(sdkPath)) return true;
  const why = result.code === 0 ? `${sdkPath} is not there, or others may write to it` : result.errors.at(-1)?.split(': ').slice(-2).join(': ');
  attempts.push(`download by the SDK: ${why ?? 'did not end in time'}`);
  return false;
}

/** An earlier build of the pinned version. */
function builtFile(env: NodeJS.ProcessEnv): string | null {
  const file = cachedBinary(env);
  return existsSync(file) ? file : null;
}

/** The temporary folder is everybody's: only a file of this user's (or root's) that nobody else can change is run. */
function ours(file: string): boolean {
  try {
    const { uid, mode } = statSync(file);
    return (uid === 0 || uid === process.getuid?.()) && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}

async function goBuild(env: NodeJS.ProcessEnv, log: (line: string) => void, attempts: string[]): Promise<string | null> {
  const result = await runChild(process.execPath, [temporalTool('go-build.mjs')], { env, onLine: log });
  const path = result.stdout.trim();
  if (result.code === 0 && path !== '') return path;
  attempts.push(`build with Go: ${result.errors.at(-1) ?? 'interrupted'}`);
  return null;
}
