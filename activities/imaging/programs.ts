/** The programs of a pipeline on this machine: whether they are there, and in a version that may run. */
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { SulcusError } from '../../contracts/errors.js';
import type { FindProgramsOutput } from '../../contracts/pipeline-activities.js';
import type { PipelineSpec, PipelineStep, ProgramSpec } from '../../contracts/pipelines.js';
import { canonicalJson } from '../../storage/keys.js';
import { findProgram } from './find-program.js';
import { programVersion } from './program.js';

type Environment = PipelineStep['environment'];

/**
 * Version by program, of those that steps use. A program sees what its steps may see of the environment: some do not start without it (CIVET's PERL5LIB).
 * @throws SulcusError PROGRAM_MISSING, PROGRAM_VERSION
 */
export async function findVersions(spec: Pick<PipelineSpec, 'programs'> & { steps: readonly Pick<PipelineStep, 'program' | 'environment'>[] }): Promise<FindProgramsOutput['versions']> {
  const versions: Record<string, string> = {};
  for (const name of [...new Set(spec.steps.map((step) => step.program))].sort()) {
    const program = spec.programs[name];
    if (program === undefined) throw new SulcusError('PROGRAM_MISSING', `the pipeline declares no program ${name}`, { remedy: 'declare it under `programs`' });
    const version = await versionOf(name, program, spec.steps.filter((step) => step.program === name).map((step) => step.environment));
    if (program.accept !== null && !accepts(version, program.accept)) {
      throw new SulcusError('PROGRAM_VERSION', `${name} is version ${version}, and the pipeline accepts ${program.accept}`, { remedy: `install a version of ${name} that it accepts where the workers run` });
    }
    versions[name] = version;
  }
  return versions;
}

/** What a program says of itself. Throws PROGRAM_MISSING, and PROGRAM_VERSION when it says nothing of the kind. */
async function versionOf(name: string, program: ProgramSpec, environments: readonly Environment[]): Promise<string> {
  const version = await programVersion(program, { ...ownEnvironment(), ...Object.assign({}, ...environments.map(givenBy)) as Record<string, string> });
  if (version === null) throw new SulcusError('PROGRAM_VERSION', `\`${program.version.join(' ')}\` does not say which version of ${name} it is: nothing like ${program.pattern}`, { remedy: 'run it by hand, and correct `version` and `pattern` of the program in the pipeline' });
  return version;
}

/** What a program that was not replaced says is asked for again after so long. */
const REMEMBERED_MS = 60_000;
const remembered = new Map<string, { at: number; version: Promise<string> }>();

/** Throws PROGRAM_VERSION when this machine has another version than the run was planned with, which is in the keys of its steps. */
export async function assertVersion(name: string, program: ProgramSpec, planned: string, environment: Environment = { pass: [], set: {} }): Promise<void> {
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
