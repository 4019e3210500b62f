/** Steps in containers of real engines: what they see, what they leave, and that nothing of them lives on. Where an engine is not there, its tests are skipped and say so. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { findPrograms } from '../../activities/imaging/programs.js';
import type { ProgramImage } from '../../contracts/pipelines.js';
import { imageFolder, startEngine, type Engine } from './engines.js';
import { Lab, step } from './lab.js';
import { living, until } from './programs.js';

const LONG = 600_000;
const A = 'TKY_0012', B = 'TKY_0013';
const WORKER = (lab: Lab, command: readonly string[], image: ProgramImage, aside: string): string => `
  const { knownImage, runInside } = await import(${JSON.stringify(new URL('../../dist/activities/imaging/container/index.js', import.meta.url).href)});
  const aside = ${JSON.stringify(aside)}, cwd = aside + '/outputs';
  await runInside({ image: await knownImage(${JSON.stringify(image)}, ${JSON.stringify(lab.study)}), reads: [], writes: aside }, {
    command: ${JSON.stringify(command)}, cwd, env: { HOME: aside + '/scratch', PATH: process.env.PATH }, limits: { memory: 4096, seconds: 500, silence: null },
    stdout: aside + '/out.txt', stderr: aside + '/err.txt', progress: null, signal: new AbortController().signal, onProgress() {},
  });
`;

describe.skipIf(process.env['SULCUS_IMAGING'] !== '1').each(['apptainer', 'docker', 'podman'])('a step in a container of %s', (name) => {
  let engine: Engine | string, lab: Lab, folders: string[];
  beforeAll(async () => {
    folders = [imageFolder('1.2.3'), imageFolder('1.2.4')];
    engine = await startEngine(name);
  }, LONG);
  afterAll(async () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    if (typeof engine !== 'string') await engine.end();
  }, LONG);
  beforeEach(async ({ skip }: TestContext) => {
    lab = new Lab([A, B]);
    if (typeof engine === 'string') return skip(engine);
    lab.pipeline.programs = { tool: { version: ['tool', '--version'], pattern: '^tool (\\S+)', accept: '>=1 <3', image: engine.image(folders[0] ?? '', 'one', lab.study) } };
    lab.images = (await findPrograms(lab.pipeline, lab.study)).images ?? null;
  });
  afterEach(() => {
    try {
      if (typeof engine !== 'string') expect(engine.containers()).toEqual([]);
    } finally {
      lab.end();
    }
  });

  const image = (): ProgramImage => lab.pipeline.programs['tool']!.image!;
  const only = (command: string[], change: Parameters<typeof step>[2] = {}): void => {
    lab.list([A]);
    lab.pipeline.steps = [step('first', command, change)];
  };
  const outcome = async () => (await lab.everything()).outcomes[0]!;

  it('runs the same command under the same paths, and its record tells the image', async () => {
    lab.pipeline.steps[0]!.command[1] = 'say';
    lab.pipeline.steps[0]!.stdin = 'of {input:dwi}\n';
    expect((await lab.everything()).outcomes.map(({ steps, failure }) => [steps, failure])).toEqual(Array(2).fill([{ ran: 2, reused: 0 }, null]));
    expect(readFileSync(lab.of(A, 'second', 'second.txt'), 'utf8')).toBe(`of ${join(lab.study, 'tokyo', 'dwi', `${A}_dwi.txt`)}\nend`);
    const { engine: kind, name: called } = image();
    expect(lab.record(A, 'second')).toMatchObject({
      program: { name: 'tool', version: '1.2.3', image: { engine: kind, name: called, id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) } }, exit: 0,
      command: ['tool', 'copy', `derivatives/letters/${A}/first/first.txt`, 'second.txt', 'end'],
    });
    expect(lab.record(A, 'second').program.image?.id).toBe(lab.images?.['tool']);
    expect(lab.names(A, 'second')).toEqual(['second.txt', 'stderr.txt', 'stdout.txt', 'step.json']);
    expect(readFileSync(lab.of(A, 'second', 'stdout.txt'), 'utf8')).toBe('copied\n');
    expect(lab.takeRuns()).toEqual([]); // the tool of that name on this machine was not run
    expect((await lab.plan()).pending).toBe(0);
  }, LONG);

  it('sees what it reads and nothing else of the machine, and has the environment it was promised', async () => {
    process.env['SULCUS_TEST_SECRET'] = 'secret';
    process.env['SULCUS_TEST_PASSED'] = 'pass, "$HOME" and\nmore';
    process.env['APPTAINERENV_LEAKED'] = process.env['SINGULARITYENV_LEAKED'] = 'leaked';
    process.env['APPTAINER_BIND'] = '/etc';
    try {
      only(['look', '{input:dwi}', '{output:out}', join(lab.study, 'tokyo', 'dwi', `${B}_dwi.txt`)], { environment: { pass: ['SULCUS_TEST_PASSED'], set: { MODE: '$(id) `id`, quiet' } }, needs: { threads: 3, memory: 512, seconds: 60, silence: null } });
      expect((await outcome()).failure).toBeNull();
      const text = readFileSync(lab.of(A, 'first', 'first.txt'), 'utf8'), lines = text.split('\n');
      expect(lines).toEqual(expect.arrayContaining(['LANG=C.UTF-8', 'OMP_NUM_THREADS=3', 'MODE=$(id) `id`, quiet', 'SULCUS_TEST_PASSED=pass, "$HOME" and', `id=${process.getuid?.()}:${process.getgid?.()}`]));
      expect(text).not.toMatch(/SECRET|LEAKED|seen/);
      const value = (what: string): string => lines.find((line) => line.startsWith(`${what}=`))?.slice(what.length + 1) ?? '';
      expect([value('HOME'), value('TMPDIR'), value('PWD')]).toEqual([expect.stringMatching(/\/scratch$/), value('HOME'), expect.stringContaining(`derivatives/letters/${A}/.first.`)]);
      expect(value('PATH')).not.toContain(lab.tools);
    } finally {
      for (const one of ['SULCUS_TEST_SECRET', 'SULCUS_TEST_PASSED', 'APPTAINERENV_LEAKED', 'SINGULARITYENV_LEAKED', 'APPTAINER_BIND']) delete process.env[one];
    }
  }, LONG);

  it('reads through links, whatever characters paths have, and cannot change what it reads', async () => {
    const real = join(lab.study, 'tokyo', 'raw, "all" of them');
    mkdirSync(real);
    renameSync(join(lab.study, 'tokyo', 'dwi', `${A}_dwi.txt`), join(real, 'scan one.txt'));
    symlinkSync(join(real, 'scan one.txt'), join(lab.study, 'tokyo', 'dwi', `${A}_dwi.txt`));
    only(['copy', '{input:dwi}', '{output:out}']);
    expect((await outcome()).failure).toBeNull();
    if (name !== 'podman') { // whose older versions take no comma in --mount
      lab.pipeline.inputs = { dwi: 'raw, "all" of them/scan one.txt' };
      only(['copy', '{input:dwi}', '{output:out}', 'again']);
      expect((await outcome()).failure).toBeNull();
    }
    lab.pipeline.inputs = { dwi: 'dwi/{id}_dwi.txt' };
    only(['rewrite', '{input:dwi}', '{output:out}']);
    expect((await outcome()).failure).toMatchObject({ code: 'STEP_FAILED', message: expect.stringMatching(/Read-only file system/i) });
    expect(readFileSync(join(real, 'scan one.txt'), 'utf8')).toContain('scan of');
  }, LONG);

  it('is another step with another image, and a worker that has another one than the run began with says so', async () => {
    only(['copy', '{input:dwi}', '{output:out}']);
    await lab.everything();
    const plan = await lab.plan();
    expect(plan.pending).toBe(0);
    lab.pipeline.programs['tool']!.image = (engine as Engine).image(folders[1] ?? '', 'one', lab.study); // by the same name
    await expect(lab.run({ ...(await lab.plan()) }, 0, 'first')).resolves.toMatchObject({ reused: true });
    only(['copy', '{input:dwi}', '{output:out}', 'more']);
    await expect(lab.run(await lab.plan(), 0, 'first')).rejects.toMatchObject({ code: 'PROGRAM_VERSION', message: `the image ${image().name} is not the one here that the run began with` });
    const found = await findPrograms(lab.pipeline, lab.study);
    expect(found).toEqual({ versions: { tool: '1.2.4' }, images: { tool: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) } });
    expect(found.images).not.toEqual(lab.images);
    lab.images = found.images ?? null;
    only(['copy', '{input:dwi}', '{output:out}']);
    expect((await lab.plan('1.2.3')).pending).toBe(1);
  }, LONG);

  it('fails as its program does', async () => {
    only(['fail', '{input:dwi}', '{output:out}', '7']);
    expect((await outcome()).failure).toMatchObject({ code: 'STEP_REFUSED', message: 'first: tool ended with exit code 7; it printed last: cannot read "<input:dwi>"' });
    lab.pipeline.steps = [{ ...step('first', []), command: ['no-such-tool'] }];
    expect((await outcome()).failure).toMatchObject({ code: 'PROGRAM_MISSING', message: `no-such-tool is not in the image ${image().name}` });
    lab.pipeline.programs['tool']!.version = ['no-such-tool', '--version'];
    await expect(findPrograms(lab.pipeline, lab.study)).rejects.toMatchObject({ code: 'PROGRAM_MISSING', message: `no-such-tool is not in the image ${image().name}` });
  }, LONG);

  it('keeps to its limits, and ends when it is cancelled', async () => {
    only(['hog', '{input:dwi}', '{output:out}'], { needs: { threads: 1, memory: 64, seconds: 120, silence: null } });
    // Podman 4 does not always tell why a container was killed.
    expect((await outcome()).failure).toMatchObject(name === 'podman' ? { code: expect.stringMatching(/^STEP_(MEMORY|FAILED)$/) } : { code: 'STEP_MEMORY', message: expect.stringContaining('it may take 64 MiB') });
    only(['deaf', '{input:dwi}', '{output:out}'], { needs: { threads: 1, memory: 512, seconds: 3, silence: null } });
    expect((await outcome()).failure).toMatchObject({ code: 'STEP_TIME' });
    expect((engine as Engine).containers()).toEqual([]);
    only(['hang', '{input:dwi}', '{output:out}']);
    const plan = await lab.plan(), cancelled = new AbortController(), running = lab.run(plan, 0, 'first', cancelled.signal);
    running.catch(() => undefined);
    await until(() => lab.beats.some(({ state, bytes }) => state === 'running' && bytes > 6), 'what it prints and writes');
    cancelled.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    expect(lab.names(A).filter((one) => one !== '.failed')).toEqual([]);
  }, LONG);

  it('ends when its worker is killed; when the guard is killed with it, the next attempt ends it', async () => {
    const asideOf = (digits: string): string => {
      const aside = lab.of(A, `.first.${digits}`);
      for (const folder of ['outputs', 'scratch']) mkdirSync(join(aside, folder), { recursive: true });
      return aside;
    };
    const start = async (aside: string) => {
      const worker = spawn(process.execPath, ['--input-type=module', '-e', WORKER(lab, ['tool', 'deaf', '-', 'half.txt'], image(), aside)], { stdio: ['ignore', 'ignore', 'inherit'] });
      await until(() => existsSync(join(aside, 'outputs', 'half.txt')) && readFileSync(join(aside, 'out.txt'), 'utf8') !== '', 'the program');
      return worker;
    };
    const one = asideOf('0123456789ab'), worker = await start(one);
    const programs = inFolder(one);
    expect(programs.length).toBeGreaterThan(0);
    worker.kill('SIGKILL');
    await until(() => living(programs).length === 0 && (engine as Engine).containers().length === 0, 'the end of the container');
    if (image().engine === 'docker') {
      const two = asideOf('ba9876543210'), another = await start(two), guard = guardOf(another.pid!);
      process.kill(guard, 'SIGKILL');
      another.kill('SIGKILL');
      await until(() => living([guard, another.pid!]).length === 0, 'the end of worker and guard');
      const left = (engine as Engine).containers();
      expect(left).toHaveLength(1);
      rmSync(two, { recursive: true, force: true });
    }
    only(['copy', '{input:dwi}', '{output:out}']);
    expect((await outcome()).failure).toBeNull();
    expect((engine as Engine).containers()).toEqual([]);
  }, LONG);
});

const pids = (): number[] => readdirSync('/proc').map(Number).filter((pid) => pid > 1);

/** Processes that run in a folder of this machine, in whatever container. */
function inFolder(folder: string): number[] {
  return pids().filter((pid) => { try { return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(folder) && pid !== process.pid; } catch { return false; } });
}

const guardOf = (worker: number): number => pids().find((pid) => { try { return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(worker) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('guard'); } catch { return false; } }) ?? 0;
