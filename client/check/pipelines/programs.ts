/** Whether the programs of the study's pipelines are on this machine; told as what it means for where they will run. */
import { examinePrograms } from '../../../activities/imaging/examine.js';
import { createProblem, type Problem, type StudyFile } from '../../../config/index.js';
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
export async function checkPrograms(study: StudyFile, where: StepsRun): Promise<{ problems: Problem[]; programs: ProgramReport[] }> {
  const problems: Problem[] = [], programs: ProgramReport[] = [];
  for (const [i, pipeline] of (study.spec.pipelines ?? []).entries()) {
    const place = { file: study.file, line: study.locate(['pipelines', i, 'use']) };
    for (const { program, version, problems: found } of await examinePrograms(pipeline)) {
      programs.push({ pipeline: pipeline.name, program, version, accept: pipeline.programs[program]?.accept ?? null });
      for (const { code, message } of found) {
        problems.push(createProblem(where === 'here'
          ? { ...place, code, message: `pipeline ${pipeline.name} needs ${program} on this machine: ${message}`, remedy: remedyOf(code, program) }
          : {
            ...place, severity: 'warning', code, message: `pipeline ${pipeline.name} needs ${program}, and on this machine ${message}`,
            remedy: 'its steps run where workers of your Temporal server run programs (`sulcus worker --role tools`, or all): see that it is there; no error unless they run here',
          }));
      }
    }
  }
  return { problems, programs };
}

function remedyOf(code: string, program: string): string {
  const hint = installHint(program), which = code === 'PROGRAM_VERSION' ? 'install another version' : 'install it';
  return `${which}${hint === null ? '' : ` (${hint})`}, with its folder on PATH where \`sulcus run\` is typed`;
}
