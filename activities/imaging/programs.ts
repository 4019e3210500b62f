/** The programs of a pipeline on this machine: whether they are there, and in a version that may run. */
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { SulcusError } from '../../contracts/errors.js';
import type { FindProgramsOutput } from '../../contracts/pipeline-activities.js';
import type { PipelineSpec, PipelineStep, ProgramSpec } from '../../contracts/pipelines.js';
import { canonicalJson } from '../../storage/keys.js';
import { knownImage, type KnownImage } from './container/index.js';
import { findProgram } from './find-program.js';
import { programVersion } from './version.js';
import { lastLines } from './words.js';

type Environment = PipelineStep['environment'];

/**
 * Version by program, of those that steps use, and what is known of the images they run in. A program sees what its steps may see of the environment: some do not
 * start without it (CIVET's PERL5LIB).
 * @param directory of the study: where names of image files begin
 * @throws SulcusError PROGRAM_MISSING, PROGRAM_VERSION, IMAGE_MISSING, DOCKER_UNAVAILABLE
 */
export async function findPrograms(spec: Pick<PipelineSpec, 'programs'> & { steps: readonly Pick<PipelineStep, 'program' | 'environment'>[] }, directory: string): Promise<FindProgramsOutput> {
  const versions: Record<string, string> = {}, images: Record<string, string> = {};
  for (const name of [...new Set(spec.steps.map((step) => step.program))].sort()) {
    const program = spec.programs[name];
    if (program === undefined) throw new SulcusError('PROGRAM_MISSING', `the pipeline declares no program ${name}`, { remedy: 'declare it under `programs`' });
    const image = program.image === undefined ? null : await knownImage(program.image, directory);
    const version = await versionOf(name, program, spec.steps.filter((step) => step.program === name).map((step) => step.environment), image);
    if (program.accept !== null && !accepts(version, program.accept)) {
      throw new SulcusError('PROGRAM_VERSION', `${name} is version ${version}${image === null ? '' : ` in the image ${image.name}`}, and the pipeline accepts ${program.accept}`, {
        remedy: image === null ? `install a version of ${name} that it accepts where the workers run` : `name an image that has one under \`images\` in the study file`,
      });
    }
    versions[name] = version;
    if (image !== null) images[name] = image.id;
  }
  return { versions, ...(Object.keys(images).length === 0 ? {} : { images }) };
}

/** What a program says of itself. Throws PROGRAM_MISSING, and PROGRAM_VERSION when it says nothing of the kind. */
async function versionOf(name: string, program: ProgramSpec, environments: readonly Environment[], image: KnownImage | null = null): Promise<string> {
  const { version, end } = await programVersion(program, { ...ownEnvironment(), ...Object.assign({}, ...environments.map(givenBy)) as Record<string, string> }, image);
  if (version !== null) return version;
  const where = image === null ? '' : ` in the image ${image.name}`, last = lastLines(end.tail, 200), said = image === null || last === '' ? '' : `; it printed last: ${last}`;
  throw new SulcusError('PROGRAM_VERSION', `\`${program.version.join(' ')}\`${where} does not say which version of ${name} it is: nothing like ${program.pattern}${said}`, { remedy: 'run it by hand, and correct `version` and `pattern` of the program in the pipeline' });
}

/** What a program that was not replaced says is asked for again after so long. */
const REMEMBERED_MS = 60_000;
const remembered = new Map<string, { at: number; version: Promise<string> }>();

/** What the run was planned with, which is in the keys of its steps. */
export interface Planned {
  version: string;
  /** What its image is known by; absent: it runs in none. */
  image?: string | undefined;
}

/** The image that a step's program runs in; null: none. Throws PROGRAM_VERSION when this machine has another version or image than planned; IMAGE_MISSING, DOCKER_UNAVAILABLE. */
export async function assertProgram(name: string, program: ProgramSpec, planned: Planned, environment: Environment, directory: string): Promise<KnownImage | null> {
  if (program.image === undefined) {
    await assertVersion(name, program, planned.version, environment);
    return null;
  }
  // The same content says the same of itself.
  const image = await knownImage(program.image, directory);
  if (image.id === planned.image) return image;
  throw new SulcusError('PROGRAM_VERSION', `the image ${image.name} is not the one here that the run began with`, { remedy: 'give all workers the same image, and launch again' });
}

async function assertVersion(name: string, program: ProgramSpec, planned: string, environment: Environment): Promise<void> {
  const { PATH } = ownEnvironment(), { mtimeMs, ino } = await stat(findProgram(program.version[0] ?? '', PATH, tmpdir()));
  const key = canonicalJson([name, program, PATH, mtimeMs, ino, environment]), known = remembered.get(key);
  if (known !== undefined && Date.now() - known.at < REMEMBERED_MS && (await known.version) === planned) return;
  const asked = { at: Date.now(), version: versionOf(name, program, [environment]) };
  remembered.set(key, asked);
  const version = await asked.version.catch((error: unknown) => { remembered.delete(key); throw error; });
  if (version === planned) return;
  throw new SulcusError('PROGRAM_VERSION', `this worker has ${name} ${version}, and the run began with ${planned}`, { remedy: 'give all workers the same version, and launch again' });
}

/** What a step lets its program see besides. */
export function givenBy({ pass, set }: Environment): Record<string, string> {
  const passed = pass.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return { ...Object.fromEntries(passed), ...set };
}

/** What every program sees of the environment. */
export function ownEnvironment(): { PATH: string; HOME: string; LANG: string } {
  return { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), LANG: 'C.UTF-8' };
}

/**
 * Whether a version satisfies every comparison of `accept` (`>=3.0.3 <4`). Numbers are compared part by part, missing parts are 0; what follows the
 * numbers (`3.0.4-12-g1a2b`, `6.0.7.4:b6cd1dc3`) is not looked at.
 */
export function accepts(version: string, accept: string): boolean {
  const parts = numbersOf(version);
  if (parts === null) return false;
  return accept.trim().split(/\s+/).every((comparison) => {
    const [, operator = '', limit = ''] = /^(>=|<=|>|<|=)(.*)$/.exec(comparison) ?? [], order = compare(parts, numbersOf(limit) ?? []);
    switch (operator) {
      case '>=': return order >= 0;
      case '<=': return order <= 0;
      case '>': return order > 0;
      case '<': return order < 0;
      default: return operator === '=' && order === 0;
    }
  });
}

function numbersOf(version: string): number[] | null {
  const found = /\d+(?:\.\d+)*/.exec(version)?.[0];
  return found === undefined ? null : found.split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}
