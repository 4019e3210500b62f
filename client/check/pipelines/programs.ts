/** Whether the programs of the study's pipelines are on this machine; told as what it means for where they will run. */
import { examinePrograms } from '../../../activities/imaging/examine.js';
import { memoryForPrograms } from '../../../activities/imaging/room.js';
import { createProblem, type Problem, type StudyFile } from '../../../config/index.js';
import type { PipelineSpec, PipelineStep } from '../../../contracts/pipelines.js';
import { installHint } from '../../install-hints.js';
import { foreignServer } from '../../temporal/index.js';

export interface ProgramReport {
  pipeline: string;
  program: string;
  /** Null: not on this machine, or not in a version that may run. */
  version: string | null;
  /** Versions that the pipeline accepts; null: any. */
  accept: string | null;
}

/**
 * Where steps will run. `here`: `sulcus run` brings a worker on this machine. `workers`: a Temporal server of one's own is configured, and steps run where
 * its workers are, which may be elsewhere.
 */
export type StepsRun = 'here' | 'workers';

export function whereStepsRun(env: NodeJS.ProcessEnv = process.env): StepsRun {
  try {
    return foreignServer(env) === null ? 'here' : 'workers';
  } catch {
    return 'workers'; // settings that contradict: whoever connects says so
  }
}

/** Asks every program for its version, as a run does before its first step. */
export async function checkPrograms(study: StudyFile, where: StepsRun, env: NodeJS.ProcessEnv = process.env): Promise<{ problems: Problem[]; programs: ProgramReport[] }> {
  const problems: Problem[] = [], programs: ProgramReport[] = [];
  for (const [i, pipeline] of (study.spec.pipelines ?? []).entries()) {
    const place = { file: study.file, line: study.locate(['pipelines', i, 'use']) };
    problems.push(...tooLarge(pipeline, study, i, where, env));
    for (const { program, version, problems: found } of await examinePrograms(pipeline, study.directory)) {
      programs.push({ pipeline: pipeline.name, program, version, accept: pipeline.programs[program]?.accept ?? null });
      for (const { code, message, remedy } of found) {
        const contained = pipeline.programs[program]?.image !== undefined;
        problems.push(createProblem(where === 'here'
          ? { ...place, code, message: `pipeline ${pipeline.name} needs ${program} on this machine: ${message}`, remedy: (contained ? null : remedyOf(code, program)) ?? remedy }
          : {
            ...place, severity: 'warning', code, message: `pipeline ${pipeline.name} needs ${program}, and on this machine ${message}`,
            remedy: 'its steps run where workers of your Temporal server run programs (`sulcus worker --role tools`, or all): see that it is there; no error unless they run here',
          }));
      }
    }
  }
  return { problems, programs };
}

/** A step that needs more memory than there is would never begin. */
function tooLarge({ name, steps }: PipelineSpec, study: StudyFile, i: number, where: StepsRun, env: NodeJS.ProcessEnv): Problem[] {
  const there = memoryForPrograms(env['SULCUS_TOOL_MEMORY']), most = steps.reduce<PipelineStep | null>((a, b) => (b.needs.memory > (a?.needs.memory ?? there) ? b : a), null);
  if (most === null) return [];
  return [createProblem({
    severity: where === 'here' ? 'error' : 'warning', code: 'TOO_LITTLE_MEMORY', file: study.file, line: study.locate(['pipelines', i, 'use']),
    message: `pipeline ${name}: step ${most.name} may take ${most.needs.memory} MiB of memory, and programs on this machine ${there} MiB`,
    remedy: where === 'here' ? 'run the study on a larger machine, or on a Temporal server of your own with `sulcus worker --role tools` on one; or say in SULCUS_TOOL_MEMORY how many GiB there are' : 'its steps run where workers of your Temporal server run programs (`sulcus worker --role tools`, or all): one of them has to have it',
  })];
}

/** Null: it is not for want of the program. */
function remedyOf(code: string, program: string): string | null {
  if (code !== 'PROGRAM_VERSION' && code !== 'PROGRAM_MISSING') return null;
  const hint = installHint(program), which = code === 'PROGRAM_VERSION' ? 'install another version' : 'install it';
  return `${which}${hint === null ? '' : ` (${hint})`}, with its folder on PATH where \`sulcus run\` is typed`;
}
