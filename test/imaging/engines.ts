/** Engines of containers for tests: those that are installed, and a small image made from programs of this machine, so that nothing is fetched. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProgramImage } from '../../contracts/pipelines.js';
import { until } from './programs.js';

const PROGRAMS = ['sh', 'cat', 'env', 'sleep', 'sed', 'head', 'tail', 'id', 'mkdir'];

/** The tool of the lab as it lies in the image; `where` tells what it is. */
const TOOL = `#!/bin/sh
what=$1 from=$2 to=$3 text=$4
[ "$what" = --version ] && { echo tool VERSION; exit 0; }
case $what in
  copy) { cat "$from"; printf %s "$text"; } > "$to"; echo copied ;;
  say) cat > "$to" ;;
  deaf) trap '' TERM; printf half > "$to"; echo begun; while :; do sleep 1; done ;;
  hang) printf half > "$to"; echo begun; sleep 600 & wait ;;
  hog) x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done ;;
  fail) echo "cannot read \\"$from\\"" >&2; exit "$text" ;;
  rewrite) echo x > "$to"; printf rewritten > "$from" ;;
  look) { env; echo "id=$(id -u):$(id -g)"; echo "PWD=$PWD"; } > "$to"; cat "$text" && echo seen >> "$to"; true ;;
esac
`;

/** A folder with a few programs, the libraries that they are linked to, and the tool. */
export function imageFolder(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sulcus-image-'));
  for (const name of ['bin', 'etc', 'tmp', 'proc', 'dev', 'sys', 'var/tmp', 'usr/local/bin']) mkdirSync(join(folder, name), { recursive: true });
  const libraries = new Set<string>();
  for (const name of PROGRAMS) {
    const file = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    cpSync(realpathSync(file), join(folder, 'bin', name));
    for (const [, library = ''] of execFileSync('ldd', [file], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)) libraries.add(library);
  }
  for (const library of libraries) {
    mkdirSync(join(folder, dirname(library)), { recursive: true });
    cpSync(realpathSync(library), join(folder, library));
  }
  symlinkSync('/bin', join(folder, 'usr/bin'));
  writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(folder, 'etc/group'), 'root:x:0:\n');
  writeFileSync(join(folder, 'usr/local/bin/tool'), TOOL.replace('VERSION', version), { mode: 0o755 });
  return folder;
}

export interface Engine {
  image(folder: string, tag: string, place: string): ProgramImage;
  /** What there is of it besides processes of this machine: names of containers that were made for steps. */
  containers(): string[];
  end(): Promise<void>;
}

/** Null, and why: it cannot be used on this machine. */
export async function startEngine(command: string): Promise<Engine | string> {
  if (command === 'apptainer') return apptainer();
  return command === 'docker' ? docker() : podman();
}

const works = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;

function apptainer(): Engine | string {
  if (!works('apptainer', '--version')) return 'apptainer is not installed';
  return {
    image: (folder, tag, place) => {
      mkdirSync(join(place, 'images'), { recursive: true });
      execFileSync('apptainer', ['--quiet', 'build', '--force', join(place, 'images', `tool-${tag}.sif`), folder], { stdio: 'ignore' });
      return { engine: 'apptainer', name: `images/tool-${tag}.sif` };
    },
    containers: () => [], end: () => Promise.resolve(),
  };
}

const imported = (command: string): Pick<Engine, 'image' | 'containers'> => ({
  image: (folder, tag) => {
    const name = `sulcus-test-tool:${tag}`;
    execFileSync('sh', ['-c', 'tar -C "$1" -c . | "$2" import - "$3"', 'sh', folder, command, name], { stdio: 'ignore' });
    return { engine: 'docker', name };
  },
  containers: () => execFileSync(command, ['ps', '--all', '--format', '{{.Names}}'], { encoding: 'utf8' }).split('\n').filter((name) => name.startsWith('sulcus-')),
});

/** The daemon that answers; else one of the test's own, which touches neither network nor files of the machine's. */
async function docker(): Promise<Engine | string> {
  if (!works('docker', '--version')) return 'docker is not installed';
  if (works('docker', 'info')) return { ...imported('docker'), end: () => Promise.resolve() };
  if (process.getuid?.() !== 0 || !existsSync('/usr/sbin/dockerd')) return 'no Docker daemon answers';
  const folder = mkdtempSync(join(tmpdir(), 'sulcus-dockerd-')), before = process.env['DOCKER_HOST'];
  const host = `unix://${join(folder, 'docker.sock')}`;
  const daemon = spawn('/usr/sbin/dockerd', [
    '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid'), '--host', host, '--storage-driver', 'vfs', '--bridge', 'none', '--iptables=false', '--ip6tables=false',
  ], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()).once('error', () => resolve()));
  const end = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    await ended;
    if (before === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = before;
    rmSync(folder, { recursive: true, force: true });
  };
  process.env['DOCKER_HOST'] = host;
  try {
    await until(() => daemon.exitCode !== null || works('docker', 'info'), 'a Docker daemon');
    if (daemon.exitCode !== null) throw new Error('it ended');
  } catch {
    await end();
    return 'no Docker daemon can be started';
  }
  return { ...imported('docker'), end };
}

/** Podman as Docker: a link by that name, as the package podman-docker has it, with storage of the test's own. */
function podman(): Engine | string {
  if (!works('podman', '--version')) return 'podman is not installed';
  const folder = mkdtempSync(join(tmpdir(), 'sulcus-podman-')), { PATH, CONTAINERS_CONF, CONTAINERS_STORAGE_CONF } = process.env, hard = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, 'storage.conf'), `[storage]\ndriver = "vfs"\ngraphroot = "${join(folder, 'graph')}"\nrunroot = "${join(folder, 'run')}"\n`);
  writeFileSync(join(folder, 'containers.conf'), `[containers]\ndefault_ulimits = ["nofile=${hard}:${hard}", "nproc=10000:10000"]\n[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n${existsSync('/usr/sbin/runc') ? 'runtime = "runc"\n' : ''}`);
  symlinkSync(execFileSync('sh', ['-c', 'command -v podman'], { encoding: 'utf8' }).trim(), join(folder, 'docker'));
  Object.assign(process.env, { PATH: `${folder}:${PATH}`, CONTAINERS_CONF: join(folder, 'containers.conf'), CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf') });
  return {
    ...imported('docker'),
    end: () => {
      for (const [name, value] of Object.entries({ PATH, CONTAINERS_CONF, CONTAINERS_STORAGE_CONF })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}
