/**
 * Docker, and Podman, which takes the same commands: what runs in a container belongs to a daemon, and `docker run` only speaks for it. So its memory is limited by
 * Docker, and whoever ends `docker run` removes the container: the guard when it stops it or the worker is gone, the worker afterwards in any case, and the next
 * attempt what both have left.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { SulcusError } from '../../../contracts/errors.js';
import type { ProgramImage } from '../../../contracts/pipelines.js';
import { runProgram, type ProgramEnd, type ProgramRun } from '../program.js';
import { ask, engineEnvironment, findEngine, imageMissing } from './engine.js';
import type { KnownImage, Mount } from './index.js';
import { mountArguments } from './mount.js';

export async function dockerImage({ engine, name }: ProgramImage): Promise<KnownImage> {
  const command = findEngine(engine), { ok, stdout, complaint } = await ask(command, ['image', 'inspect', '--format', '{{.Id}}', name]);
  if (!ok && NOT_THERE.test(complaint)) throw imageMissing(`Docker has no image ${name}`, `${command} pull ${name}, where the workers run; nothing is fetched by itself`);
  if (!ok) throw unavailable(`Docker does not answer: ${complaint}`, `see that \`${command} image inspect ${name}\` works for the user who runs the workers: its daemon runs, and the user may use it`);
  const id = `sha256:${stdout.replace(/^sha256:/, '')}`;
  return { engine, name, id, command, source: id };
}

/** Another try may mend it: a daemon is started again for an update, say. */
const unavailable = (what: string, remedy: string): SulcusError => new SulcusError('DOCKER_UNAVAILABLE', what, { remedy });

const NOT_THERE = /no such (?:image|object|container)|image not known|failed to find image/i;

/** Runs it in a container of the image's id, so that nothing else can have come by that name. */
export async function runInDocker({ command, source }: KnownImage, mounts: readonly Mount[], run: ProgramRun): Promise<ProgramEnd> {
  const folder = mounts.find(({ readonly }) => !readonly)?.target ?? run.cwd, name = nameOf(folder), memory = `${run.limits.memory}m`;
  const remove = ['rm', '--force', '--volumes', name], { handed, env } = environmentFor(run.env), [program = '', ...args] = run.command;
  await removeLeftovers(command, folder);
  try {
    const end = await runProgram({
      ...run, env: { ...engineEnvironment(), ...env }, closing: remove,
      command: [
        command, 'run', '--name', name, '--init', '--interactive', '--pull', 'never', '--network', 'none', '--log-driver', 'none', '--stop-timeout', '0', '--security-opt', 'label=disable', '--security-opt', 'no-new-privileges',
        '--memory', memory, '--memory-swap', memory, ...(await userArguments(command)), '--workdir', run.cwd, ...handed, ...mountArguments(mounts), '--entrypoint', program, source, ...args,
      ],
    });
    return end.stopped === null ? await judged(command, name, end, run) : end;
  } finally {
    await ask(command, remove);
  }
}

/** A container whose `docker run` ended by itself: Docker may have ended it for its memory, or lost it. */
async function judged(command: string, name: string, end: ProgramEnd, { limits }: ProgramRun): Promise<ProgramEnd> {
  const { ok, stdout, complaint } = await ask(command, ['container', 'inspect', '--format', '{{.State.OOMKilled}} {{.State.Running}}', name]);
  // That it could not be made is told by what `docker run` printed.
  const lost = ok ? stdout.endsWith('true') : !NOT_THERE.test(complaint);
  if (lost) throw unavailable(`Docker lost a container: ${ok ? '`docker run` ended and it went on' : 'its daemon does not answer'}`, 'see that its daemon runs; it is tried again');
  return ok && stdout.startsWith('true') ? { ...end, stopped: 'memory', peakMemory: Math.max(end.peakMemory, limits.memory) } : end;
}

/** Tells the step (so that its next attempt finds what this one left) and the attempt. A folder aside is `.STEP.` and twelve digits beside the step's. */
const nameOf = (folder: string): string => `${familyOf(folder)}${extname(folder).slice(1) || 'one'}`;
const familyOf = (folder: string): string => `sulcus-${createHash('sha256').update(join(dirname(folder), basename(folder, extname(folder)))).digest('hex').slice(0, 24)}-`;

/** Containers of earlier attempts whose folder is gone: their worker and its guard were killed together, and they may write still. Who works elsewhere at the same step has a folder. */
async function removeLeftovers(command: string, folder: string): Promise<void> {
  const family = familyOf(folder), { stdout } = await ask(command, ['ps', '--all', '--filter', `name=${family}`, '--format', '{{.Names}}']);
  for (const name of stdout.split('\n').filter((one) => one.startsWith(family) && one !== nameOf(folder))) {
    if (!existsSync(join(dirname(folder), `${basename(folder, extname(folder))}.${name.slice(family.length)}`))) await ask(command, ['rm', '--force', '--volumes', name]);
  }
}

/** Values that are the worker's own (a licence, perhaps) are handed on by name: command lines can be read by everybody on the machine. */
function environmentFor(inside: Readonly<Record<string, string>>): { handed: string[]; env: Record<string, string> } {
  const entries = Object.entries(inside), own = entries.filter(([name, value]) => process.env[name] === value);
  return { handed: entries.flatMap(([name, value]) => ['--env', process.env[name] === value ? name : `${name}=${value}`]), env: Object.fromEntries(own) };
}

const users = new Map<string, Promise<string[]>>();

/** What is written shall be this user's. Where Docker or Podman runs without root, root in the container is this user, or `keep-id` makes it so. */
function userArguments(command: string): Promise<string[]> {
  const key = JSON.stringify([command, process.env['PATH'], process.env['DOCKER_HOST']]), known = users.get(key);
  if (known !== undefined) return known;
  const asked = (async () => {
    const uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0, user = ['--user', `${uid}:${gid}`];
    if (uid === 0) return user;
    if (/podman/i.test((await ask(command, ['--version'])).stdout)) return ['--userns', 'keep-id', ...user];
    return (await ask(command, ['info', '--format', '{{json .SecurityOptions}}'])).stdout.includes('name=rootless') ? ['--user', '0:0'] : user;
  })();
  users.set(key, asked);
  return asked;
}
