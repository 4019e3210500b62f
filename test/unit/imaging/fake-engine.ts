/** Stand-ins for engines of containers where none is installed: they take only what the real ones document of what is asked of them, note it, and run the command on the machine. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Options of `docker run` and `apptainer exec`: whether a value follows. Anything else is refused, as the real ones do. */
const FAKE = `#!NODE
const { appendFileSync, existsSync, readFileSync, writeFileSync, rmSync, readdirSync } = require('fs');
const { spawn } = require('child_process');
const { join, basename } = require('path');
const state = STATE, args = process.argv.slice(2), engine = basename(process.argv[1]), mode = existsSync(state + '/mode') ? readFileSync(state + '/mode', 'utf8') : '';
const say = (text) => process.stdout.write(text + '\\n'), fail = (text, code = 1) => { process.stderr.write(text + '\\n'); process.exit(code); };
const OPTIONS = { docker: { name: 1, init: 0, interactive: 0, pull: 1, network: 1, 'log-driver': 1, 'stop-timeout': 1, 'security-opt': 1, memory: 1, 'memory-swap': 1, user: 1, workdir: 1, env: 1, mount: 1, entrypoint: 1, userns: 1 },
  apptainer: { containall: 0, 'no-eval': 0, home: 1, workdir: 1, pwd: 1, mount: 1 } }[engine];
function parse(given) {
  const options = [];
  while (given[0]?.startsWith('--')) {
    const name = given.shift().slice(2);
    if (!(name in OPTIONS)) fail('unknown flag: --' + name, 125);
    options.push([name, OPTIONS[name] ? given.shift() : true]);
  }
  return { options, image: given.shift(), rest: given };
}
const of = ({ options }, name) => options.filter(([one]) => one === name).map(([, value]) => value);
function go(parsed, command, env, after) {
  appendFileSync(state + '/runs.jsonl', JSON.stringify({ ...parsed, command, env }) + '\\n');
  const child = spawn(command[0], command.slice(1), { cwd: of(parsed, 'workdir').concat(of(parsed, 'pwd')).at(-1), env: { PATH: process.env.PATH, ...env }, stdio: 'inherit', detached: engine === 'docker' });
  after?.(child.pid);
  child.on('error', (error) => fail(error.message, 127));
  child.on('exit', (code, signal) => process.exit(code ?? 137));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
}
if (args[0] === '--version') say(engine + ' version 1.0-fake');
else if (engine === 'apptainer') {
  while (args[0] === '--quiet') args.shift();
  if (args.shift() !== 'exec') fail('unknown command', 1);
  const parsed = parse(args);
  go(parsed, parsed.rest, { HOME: of(parsed, 'home')[0], ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('APPTAINERENV_')).map(([name, value]) => [name.slice(13), value])) });
} else {
  if (mode === 'no daemon') fail('Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?');
  const container = (name) => join(state, 'containers', name), verb = args.shift();
  if (verb === 'image') { if (args.at(-1) !== 'lab/tool:1') fail('Error: No such image: ' + args.at(-1)); say('sha256:' + 'ab'.repeat(32)); }
  else if (verb === 'container') {
    if (!existsSync(container(args.at(-1)))) fail('Error: No such container: ' + args.at(-1));
    say((mode === 'out of memory') + ' ' + (mode === 'lost'));
  } else if (verb === 'ps') { const family = args[args.indexOf('--filter') + 1].slice('name='.length); for (const name of readdirSync(state + '/containers')) if (name.includes(family)) say(name); }
  else if (verb === 'info') say('[]');
  else if (verb === 'rm') {
    const name = args.at(-1);
    if (existsSync(container(name))) { try { process.kill(-Number(readFileSync(container(name), 'utf8')), 'SIGKILL'); } catch (error) { if (error.code !== 'ESRCH') throw error; } rmSync(container(name)); say(name); }
  } else if (verb === 'run') {
    const parsed = parse(args), name = of(parsed, 'name')[0];
    if (existsSync(container(name))) fail('docker: Conflict. The container name is already in use', 125);
    const env = Object.fromEntries(of(parsed, 'env').map((one) => one.includes('=') ? [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] : [one, process.env[one]]));
    go(parsed, [of(parsed, 'entrypoint')[0], ...parsed.rest], env, (pid) => writeFileSync(container(name), String(pid)));
  } else fail('unknown command');
}
`;

export interface Ran {
  options: [string, string | true][];
  image: string;
  command: string[];
  env: Record<string, string>;
}

/** Both engines on a PATH of their own, until \`remove\`. */
export class FakeEngines {
  readonly folder = mkdtempSync(join(tmpdir(), 'sulcus-engines-'));
  private readonly path = process.env['PATH'];

  constructor() {
    mkdirSync(join(this.folder, 'bin'));
    mkdirSync(join(this.folder, 'containers'));
    for (const name of ['docker', 'apptainer']) writeFileSync(join(this.folder, 'bin', name), FAKE.replace('NODE', process.execPath).replace('STATE', JSON.stringify(this.folder)), { mode: 0o755 });
    process.env['PATH'] = `${join(this.folder, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`;
  }

  /** What Docker does from now on: `no daemon`, `out of memory`, `lost`. */
  set mode(mode: string) {
    writeFileSync(join(this.folder, 'mode'), mode);
  }

  without(name: string): void {
    rmSync(join(this.folder, 'bin', name));
    process.env['PATH'] = join(this.folder, 'bin');
  }

  /** An image that stands for one of Apptainer's. */
  sif(path: string, content: string): void {
    writeFileSync(path, Buffer.concat([Buffer.alloc(32), Buffer.from(`SIF_MAGIC\0${content}`)]));
  }

  get runs(): Ran[] {
    return readFileSync(join(this.folder, 'runs.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Ran);
  }

  remove(): void {
    if (this.path === undefined) delete process.env['PATH'];
    else process.env['PATH'] = this.path;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
