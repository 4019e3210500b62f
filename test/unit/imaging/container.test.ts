/** How engines are asked, and what is said when something of them is not there; with real engines: test/imaging/container.test.ts. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toFailure } from '../../../activities/failures.js';
import { knownImage, runInside } from '../../../activities/imaging/container/index.js';
import { mountArguments } from '../../../activities/imaging/container/mount.js';
import { findPrograms } from '../../../activities/imaging/programs.js';
import type { ProgramEnd, ProgramRun } from '../../../activities/imaging/program.js';
import type { ProgramImage } from '../../../contracts/pipelines.js';
import { FakeEngines } from './fake-engine.js';

const DOCKER: ProgramImage = { engine: 'docker', name: 'lab/tool:1' }, SIF: ProgramImage = { engine: 'apptainer', name: 'tool.sif' };
const ID = `sha256:${'ab'.repeat(32)}`;
let engines: FakeEngines, study: string, aside: string;
beforeEach(() => {
  engines = new FakeEngines();
  study = mkdtempSync(join(tmpdir(), 'sulcus-containers-'));
  aside = join(study, '.first.0123456789ab');
  for (const name of ['outputs', 'scratch']) mkdirSync(join(aside, name), { recursive: true });
  writeFileSync(join(study, 'scan.nii'), 'voxels');
  engines.sif(join(study, 'tool.sif'), 'one');
});
afterEach(() => {
  engines.remove();
  rmSync(study, { recursive: true, force: true });
});

async function run(image: ProgramImage, command: string[], change: Partial<ProgramRun> = {}): Promise<ProgramEnd> {
  return runInside({ image: await knownImage(image, study), reads: [join(study, 'scan.nii')], writes: aside }, {
    command, cwd: join(aside, 'outputs'), env: { PATH: process.env['PATH'] ?? '', HOME: join(aside, 'scratch'), LANG: 'C.UTF-8', MODE: 'a=b' }, limits: { memory: 300, seconds: 60, silence: null },
    stdout: join(aside, 'out.txt'), stderr: join(aside, 'err.txt'), progress: null, signal: new AbortController().signal, onProgress: () => undefined, ...change,
  });
}

describe('a program in a container', () => {
  it('of Docker: is given its image by id, its files, its user and its memory; the container is removed', async () => {
    process.env['SULCUS_TEST_LICENCE'] = 'secret';
    try {
      expect(await run(DOCKER, ['cat', join(study, 'scan.nii')], { env: { HOME: join(aside, 'scratch'), MODE: 'a=b', SULCUS_TEST_LICENCE: 'secret' } })).toMatchObject({ code: 0, stopped: null, tail: 'voxels' });
    } finally {
      delete process.env['SULCUS_TEST_LICENCE'];
    }
    const [{ options, image, command, env }] = engines.runs as [FakeEngines['runs'][number]], all = (name: string) => options.filter(([one]) => one === name).map(([, value]) => value);
    expect([image, command]).toEqual([ID, ['cat', join(study, 'scan.nii')]]);
    expect(all('mount')).toEqual([`type=bind,source=${aside},target=${aside}`, `type=bind,source=${join(study, 'scan.nii')},target=${join(study, 'scan.nii')},readonly`]);
    expect([all('pull'), all('network'), all('memory'), all('memory-swap'), all('user'), all('workdir')]).toEqual([['never'], ['none'], ['300m'], ['300m'], [`${process.getuid?.()}:${process.getgid?.()}`], [join(aside, 'outputs')]]);
    // The worker's own values are on no command line.
    expect(all('env')).toEqual([`HOME=${join(aside, 'scratch')}`, 'MODE=a=b', 'SULCUS_TEST_LICENCE']);
    expect(env).toMatchObject({ SULCUS_TEST_LICENCE: 'secret' });
    expect(readdirSync(join(engines.folder, 'containers'))).toEqual([]);
  });

  it('of Apptainer: is given its file, its files and its environment, which no shell looks at', async () => {
    expect(await run(SIF, ['cat', join(study, 'scan.nii')])).toMatchObject({ code: 0, tail: 'voxels' });
    const [{ options, image, env }] = engines.runs as [FakeEngines['runs'][number]];
    expect(image).toBe(join(study, 'tool.sif'));
    expect(options.map(([name]) => name)).toEqual(['containall', 'no-eval', 'home', 'workdir', 'pwd', 'mount', 'mount']);
    expect(env).toEqual({ HOME: join(aside, 'scratch'), LANG: 'C.UTF-8', MODE: 'a=b' });
  });

  it('has paths with any character in them', () => {
    expect(mountArguments([{ source: '/a, "b"', target: '/a, "b"', readonly: true }])).toEqual(['--mount', 'type=bind,"source=/a, ""b""","target=/a, ""b""",readonly']);
  });

  it('is stopped at its limits with what Docker runs for it, and what Docker killed for its memory counts as that', async () => {
    expect(await run(DOCKER, ['sleep', '600'], { limits: { memory: 300, seconds: 1, silence: null } })).toMatchObject({ stopped: 'time' });
    engines.mode = 'out of memory';
    expect(await run(DOCKER, ['sh', '-c', 'exit 9'])).toMatchObject({ stopped: 'memory', peakMemory: 300 });
    expect(readdirSync(join(engines.folder, 'containers'))).toEqual([]);
  });

  it('that Docker lost is tried again, which costs the participant nothing', async () => {
    engines.mode = 'lost';
    const error: unknown = await run(DOCKER, ['sh', '-c', 'exit 1']).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'DOCKER_UNAVAILABLE' });
    expect(toFailure(error)).toMatchObject({ nonRetryable: false });
  });

  it('finds and removes what an earlier attempt left, and leaves alone who works at the same', async () => {
    await run(DOCKER, ['true']);
    const name = String(engines.runs[0]?.options.find(([option]) => option === 'name')?.[1]), other = (digits: string): string => join(engines.folder, 'containers', name.replace(/[^-]+$/, digits));
    mkdirSync(join(study, '.first.bbbbbbbbbbbb'));
    for (const digits of ['aaaaaaaaaaaa', 'bbbbbbbbbbbb']) writeFileSync(other(digits), '999999999');
    await run(DOCKER, ['true']);
    expect([existsSync(other('aaaaaaaaaaaa')), existsSync(other('bbbbbbbbbbbb'))]).toEqual([false, true]);
  });
});

describe('an image', () => {
  const problem = (image: ProgramImage) => knownImage(image, study).then(() => null, (error: { code: string; message: string; remedy: string }) => [error.code, error.message, error.remedy]);

  it('is known by its content', async () => {
    const one = await knownImage(SIF, study);
    expect(one).toMatchObject({ id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), source: join(study, 'tool.sif') });
    engines.sif(join(study, 'tool.sif'), 'another');
    expect((await knownImage(SIF, study)).id).not.toBe(one.id);
    expect((await knownImage(DOCKER, study)).id).toBe(ID);
  });

  it('that is not there, or is none, is told in a line', async () => {
    expect(await problem({ ...DOCKER, name: 'lab/other:2' })).toEqual(['IMAGE_MISSING', 'Docker has no image lab/other:2', expect.stringContaining('docker pull lab/other:2')]);
    expect(await problem({ ...SIF, name: 'images/none.sif' })).toEqual(['IMAGE_MISSING', 'the image images/none.sif is not there', expect.stringContaining('apptainer pull')]);
    mkdirSync(join(study, 'folder'));
    expect(await problem({ ...SIF, name: 'folder' })).toEqual(['IMAGE_MISSING', 'the image folder is a folder, expected a .sif file, which is known by its checksum', expect.stringContaining('apptainer build')]);
    writeFileSync(join(study, 'pointer.sif'), '/annex/objects/SHA256E-s1073741824--0123456789.sif');
    expect(await problem({ ...SIF, name: 'pointer.sif' })).toEqual(['IMAGE_MISSING', "the image pointer.sif is no image of Apptainer's (SIF)", expect.any(String)]);
  });

  it('needs its engine, and Docker its daemon', async () => {
    engines.mode = 'no daemon';
    expect(await problem(DOCKER)).toEqual(['DOCKER_UNAVAILABLE', expect.stringContaining('Cannot connect to the Docker daemon'), expect.any(String)]);
    engines.without('docker');
    engines.without('apptainer');
    expect(await problem(DOCKER)).toEqual(['IMAGE_MISSING', expect.stringContaining('Docker is not installed: neither docker nor podman is on PATH'), expect.stringContaining('install Docker')]);
    expect(await problem(SIF)).toEqual(['IMAGE_MISSING', expect.stringContaining('neither apptainer nor singularity is on PATH'), expect.any(String)]);
  });

  it('is asked for the version of what is in it', async () => {
    const program = { version: ['sh', '-c', 'echo tool 3.1; cat /dev/null'], pattern: '^tool (\\S+)', accept: '>=3 <4', image: DOCKER }, steps = [{ program: 'tool', environment: { pass: [], set: {} } }];
    expect(await findPrograms({ programs: { tool: program }, steps }, study)).toEqual({ versions: { tool: '3.1' }, images: { tool: ID } });
    await expect(findPrograms({ programs: { tool: { ...program, accept: '>=4' } }, steps }, study)).rejects.toMatchObject({ code: 'PROGRAM_VERSION', message: 'tool is version 3.1 in the image lab/tool:1, and the pipeline accepts >=4' });
    await expect(findPrograms({ programs: { tool: { ...program, version: ['sh', '-c', 'echo no such thing >&2; exit 127'] } }, steps }, study)).rejects.toMatchObject({ message: expect.stringContaining('in the image lab/tool:1 does not say which version of tool it is: nothing like ^tool (\\S+); it printed last: no such thing') });
  });
});
