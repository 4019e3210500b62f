/** What of a pipeline's programs is on this machine, all of it at once: for whoever asks before anything starts. */
import { isAbsolute } from 'node:path';
import { replacePlaceholders } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { PipelineSpec, PipelineStep, ProgramImage } from '../../contracts/pipelines.js';
import { findProgram } from './find-program.js';
import { findPrograms, ownEnvironment } from './programs.js';

export interface ProgramFound {
  /** Key of `programs`. */
  program: string;
  /** Null: it was not found, or not in a version that may run. */
  version: string | null;
  /** The image it runs in. Absent: none. */
  image?: ProgramImage;
  /** Names of the steps that run it. */
  steps: string[];
  /** PROGRAM_MISSING, PROGRAM_VERSION, IMAGE_MISSING, or that it could not be started; none: all that the steps run is there. */
  problems: SulcusError[];
}

type StepCommand = Pick<PipelineStep, 'name' | 'program' | 'command' | 'environment'>;

/**
 * Every program that steps use, in the order of the steps. A version may be right and a command of a step still not be there; in an image only the version is asked for.
 * @param directory of the study: where names of image files begin
 */
export async function examinePrograms({ programs, steps, parameters }: Pick<PipelineSpec, 'programs' | 'parameters'> & { steps: readonly StepCommand[] }, directory: string): Promise<ProgramFound[]> {
  const names = [...new Set(steps.map((step) => step.program))];
  return Promise.all(names.map(async (program) => {
    const mine = steps.filter((step) => step.program === program), { image } = programs[program] ?? {};
    const found: ProgramFound = { program, version: null, ...(image === undefined ? {} : { image }), steps: mine.map((step) => step.name), problems: [] };
    try {
      found.version = (await findPrograms({ programs, steps: mine }, directory)).versions[program] ?? null;
    } catch (error) {
      if (!(error instanceof SulcusError)) throw error;
      found.problems.push(error);
    }
    // Where the program is not there at all, its commands are not told one by one.
    if (image === undefined && found.problems.every((problem) => problem.code !== 'PROGRAM_MISSING')) found.problems.push(...missingCommands(mine, parameters));
    return found;
  }));
}

function missingCommands(steps: readonly StepCommand[], parameters: PipelineSpec['parameters']): SulcusError[] {
  const byCommand = new Map<string, string[]>();
  for (const { name, command: [first = ''] } of steps) {
    const command = replacePlaceholders(first, (found, written) => (found.kind === 'parameter' ? String(parameters[found.name] ?? written) : written));
    // What is made by the run, or lies in a step's folder, cannot be looked for now.
    if (/[{}]/.test(command) || (command.includes('/') && !isAbsolute(command))) continue;
    byCommand.set(command, [...(byCommand.get(command) ?? []), name]);
  }
  return [...byCommand].flatMap(([command, names]) => {
    try {
      findProgram(command, ownEnvironment()['PATH'], '/');
      return [];
    } catch (error) {
      if (!(error instanceof SulcusError)) throw error;
      return [new SulcusError(error.code, `${names.length === 1 ? 'step' : 'steps'} ${names.join(', ')}: ${error.message}`, error.remedy === null ? {} : { remedy: error.remedy })];
    }
  });
}
