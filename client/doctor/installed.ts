/** Programs: what sulcus runs on, what it needs to bring a Temporal server, and what is only useful. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TemporalNotFoundError } from '../temporal/errors.js';
import { runChild } from '../temporal/child.js';
import { findTemporal } from '../temporal/binary.js';
import { packageRoot, pinned } from '../temporal/tools.js';
import { bad, ok, older, warn, type Finding } from './finding.js';

const { version, engines } = createRequire(import.meta.url)(join(packageRoot(), 'package.json')) as { version: string; engines: { node: string } };

/** `foreign`: a server of one's own is configured, so that none has to be brought. */
export async function examineInstalled(foreign: boolean, env: NodeJS.ProcessEnv = process.env): Promise<Finding[]> {
  const [temporal, go] = await Promise.all([temporalBinary(env), versionOf('go', ['env', 'GOVERSION'], /go([\d.]+)/, env)]);
  return [node(), sulcus(), nativeBridge(), ...server(temporal, go, foreign), ...(await optional(env))];
}

function node(): Finding {
  const least = engines.node.replace(/^[^\d]*/, ''), found = process.versions.node;
  return older(found, least)
    ? bad('installed', 'Node', found, 'sulcus does not run reliably', `install Node ${least} or newer`)
    : ok('installed', 'Node', `${found} (${least} or newer is needed), ${process.platform} ${process.arch}`);
}

function sulcus(): Finding {
  return existsSync(join(packageRoot(), 'dist', 'workflow-bundle.js'))
    ? ok('installed', 'sulcus', version)
    : bad('installed', 'sulcus', `${version}, not built`, 'workers cannot start', 'run `npm run build`');
}

/** The SDK's Rust core comes as a library a platform; there is none for musl (Alpine). */
function nativeBridge(): Finding {
  const require = createRequire(import.meta.url);
  try {
    const sdk = createRequire(require.resolve('@temporalio/worker'));
    sdk('@temporalio/core-bridge');
    const { version: of } = require('@temporalio/worker/package.json') as { version: string };
    return ok('installed', 'Temporal SDK', of);
  } catch (error) {
    return bad('installed', 'Temporal SDK', `its native library cannot be loaded: ${firstLine(error)}`, 'workers cannot start', 'run `npm ci` on this machine; on Alpine use an image with glibc (node:20-bookworm-slim)');
  }
}

type Binary = { version: string; source: string } | { attempts: string[] };

async function temporalBinary(env: NodeJS.ProcessEnv): Promise<Binary> {
  try {
    return await findTemporal({ env, fetch: false });
  } catch (error) {
    return { attempts: error instanceof TemporalNotFoundError ? error.attempts : [firstLine(error)] };
  }
}

function server(temporal: Binary, go: string | null, foreign: boolean): Finding[] {
  const { minimumGo } = pinned();
  const goIs = go === null ? 'not installed' : `${go}${older(go, minimumGo) ? `, older than ${minimumGo} (it fetches a newer one itself if it may)` : ''}`;
  if ('version' in temporal) {
    const where = temporal.source === 'path' ? 'on PATH' : temporal.source === 'go-build' ? 'built with Go, kept in the cache folder' : 'the SDK\'s download';
    return [ok('installed', 'Temporal server', `${temporal.version}, ${where}`), ok('installed', 'Go', `${goIs}; not needed`)];
  }
  const tried = temporal.attempts.join('; ');
  if (foreign) return [ok('installed', 'Temporal server', 'none here; not needed with a server of your own')];
  const remedy = `put a \`temporal\` binary on PATH, or install Go ${minimumGo} or newer, or set TEMPORAL_ADDRESS to a running server`;
  return go === null
    ? [bad('installed', 'Temporal server', `none (${tried}), and Go is not installed`, 'no study can run, unless the SDK can download a server at the first run', remedy)]
    : [warn('installed', 'Temporal server', `none yet (${tried}); Go ${goIs}`, 'the first run downloads it, or builds it with Go in 3 to 7 minutes', remedy)];
}

/** First program of each that is there counts. Version texts are the programs' own. */
const OPTIONAL: { name: string; programs: string[]; args: string[]; pattern: RegExp; cost: string; remedy: string }[] = [
  { name: 'Chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'], args: ['--version'], pattern: /([\d.]+)/, cost: 'none for studies (any browser prints the report to PDF); the report\'s tests in a browser cannot run', remedy: 'Debian, Ubuntu: apt-get install chromium' },
  { name: 'R', programs: ['Rscript'], args: ['--version'], pattern: /([\d.]+)/, cost: 'none for studies; only the tests\' expected values cannot be made again', remedy: 'Debian, Ubuntu: apt-get install r-base-core' },
  { name: 'Octave', programs: ['octave-cli', 'octave'], args: ['--version'], pattern: /version ([\d.]+)/, cost: 'none for studies; only the tests\' expected values cannot be made again', remedy: 'Debian, Ubuntu: apt-get install octave' },
  { name: 'promtool', programs: ['promtool'], args: ['--version'], pattern: /version ([\d.]+)/, cost: 'none for studies; alert rules you change cannot be checked', remedy: 'Debian, Ubuntu: apt-get install prometheus' },
];

async function optional(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  return Promise.all(OPTIONAL.map(async ({ name, programs, args, pattern, cost, remedy }) => {
    for (const program of programs) {
      const found = await versionOf(program, args, pattern, env);
      if (found !== null) return ok('installed', name, found);
    }
    // Not a warning: nothing of a study needs it.
    return { ...ok('installed', name, 'not installed (optional)'), cost, remedy };
  }));
}

async function versionOf(program: string, args: string[], pattern: RegExp, env: NodeJS.ProcessEnv): Promise<string | null> {
  const { code, stdout, errors } = await runChild(program, args, { env, timeoutMs: 10_000 });
  return code === 0 ? (pattern.exec(`${stdout}\n${errors.join('\n')}`)?.[1] ?? null) : null;
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
