/** The texts of a step with their placeholders filled in: as its program gets them, and as the record tells them. */
import { join } from 'node:path';
import { replacePlaceholders, type Placeholder } from '../../config/pipeline-placeholders.js';
import { SulcusError } from '../../contracts/errors.js';
import type { PipelineStep } from '../../contracts/pipelines.js';
import type { Source } from './files.js';
import type { Aside } from './folder.js';

export interface Filled {
  /** Inputs by their whole paths, outputs by their names: it runs in their folder. */
  run: string[];
  /** With paths relative to the cohort's folder. */
  told: string[];
  /** What it reads from standard input, likewise; null: nothing. */
  stdin: { run: string; told: string } | null;
}

/** Throws BAD_COMMAND for a placeholder that stands for nothing. */
export function fillCommand(step: PipelineStep, sources: readonly Source[], parameters: Readonly<Record<string, string | number>>, aside: Aside): Filled {
  const bySource = new Map(sources.map((source) => [source.name, source]));
  const value = (found: Placeholder, written: string, told: boolean): string => {
    const source = (name: string): string | undefined => (told ? bySource.get(name)?.path : bySource.get(name)?.file);
    const given = ((): string | number | undefined => {
      switch (found.kind) {
        case 'input': return source(`input:${found.name}`);
        case 'step': return source(`${found.step}:${found.name}`);
        case 'output': return step.outputs[found.name];
        case 'parameter': return parameters[found.name];
        case 'threads': return step.needs.threads;
        case 'scratch': return told ? '{scratch}' : aside.scratch;
        case 'folder': return told ? '{folder}' : aside.outputs;
      }
    })();
    if (given === undefined) throw new SulcusError('BAD_COMMAND', `step ${step.name}: ${written} stands for nothing`, { remedy: 'correct the step in the pipeline' });
    return String(given);
  };
  const fill = (text: string, told: boolean): string => replacePlaceholders(text, (found, written) => value(found, written, told));
  const filled = (told: boolean): string[] => step.command.map((argument) => fill(argument, told));
  return { run: filled(false), told: filled(true), stdin: step.stdin === undefined ? null : { run: fill(step.stdin, false), told: fill(step.stdin, true) } };
}

/** All that the program sees of the environment. */
export function environmentOf({ environment, needs }: PipelineStep, aside: Aside): Record<string, string> {
  const passed = environment.pass.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return {
    PATH: process.env['PATH'] ?? '', HOME: aside.scratch, TMPDIR: aside.scratch, LANG: 'C.UTF-8', OMP_NUM_THREADS: String(needs.threads),
    ...Object.fromEntries(passed), ...environment.set,
  };
}

/** What it prints goes into the folder of its outputs. */
export const printed = (aside: Aside, name: string): string => join(aside.outputs, name);
