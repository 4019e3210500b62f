/** Programs of others: those that a study's pipelines run are needed, those of shipped pipelines only where a study uses them. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { examinePrograms, type ProgramFound } from '../../activities/imaging/examine.js';
import { loadStudy, readPipeline, readPipelineFile, shippedPipelines, StudyFileError, type PipelineDefinition } from '../../config/index.js';
import { installHint } from '../install-hints.js';
import { bad, ok, warn, type Finding } from './finding.js';

/** The study files that were named; else the one in `directory`, if there is one. */
export function studyFiles(named: readonly string[], directory: string): string[] {
  return named.length > 0 ? [...named] : ['study.yaml', 'study.yml'].map((name) => join(directory, name)).filter((file) => existsSync(file)).slice(0, 1);
}

/** Whether one of the studies has pipelines; a study file that cannot be used says so elsewhere. */
export async function usePipelines(files: readonly string[]): Promise<boolean> {
  const found = await Promise.all(files.map((file) => loadStudy(file).then((study) => (study.spec.pipelines ?? []).length > 0, () => false)));
  return found.includes(true);
}

/** `here`: steps run on this machine, because no Temporal server of one's own is configured. */
export async function examinePipelines(files: readonly string[], here: boolean): Promise<Finding[]> {
  const findings: Finding[] = [], needed = new Set<string>();
  for (const file of files) {
    const pipelines = await loadStudy(file).then((study) => study.spec.pipelines ?? [], (error: unknown) => { if (error instanceof StudyFileError) return error; throw error; });
    if (pipelines instanceof StudyFileError) {
      const { problems } = pipelines;
      findings.push(warn('pipelines', 'study file', problems.length === 1 ? 'cannot be used' : `cannot be used (${problems.length} problems)`, 'which programs its pipelines need is not known', '`sulcus check` with the study file says what is wrong with it'));
      continue;
    }
    for (const pipeline of pipelines) {
      for (const found of await examinePrograms(pipeline, dirname(file))) {
        needed.add(`${pipeline.name} ${found.program}`);
        findings.push(...neededProgram(pipeline.name, found, here));
      }
    }
  }
  for (const name of await shippedPipelines()) {
    const source = await readPipelineFile(name, join('.', 'study.yaml')), definition = 'text' in source ? readPipeline(source.text, source.file).definition : null;
    if (definition !== null) findings.push(...(await optionalPrograms(definition, needed)));
  }
  return findings;
}

function neededProgram(pipeline: string, { program, version, image, problems }: ProgramFound, here: boolean): Finding[] {
  const inImage = image === undefined ? '' : ` in the image ${image.name}`;
  if (problems.length === 0) return [ok('pipelines', program, `${version ?? ''}${inImage}; the study's pipeline ${pipeline} needs it`)];
  const hint = installHint(program), install = `install it${hint === null ? '' : ` (${hint})`}, with its folder on PATH`;
  return problems.map(({ code, message, remedy }) => (here
    ? bad('pipelines', program, withoutPath(message), `the study's pipeline ${pipeline} cannot run`, image === undefined && (code === 'PROGRAM_MISSING' || code === 'PROGRAM_VERSION') ? install : remedy ?? 'try again')
    : warn('pipelines', program, `${withoutPath(message)} on this machine`, `the study's pipeline ${pipeline} cannot run here; it does where workers of your Temporal server have it`, `${image === undefined ? install : remedy ?? 'try again'}, or see that machines with \`sulcus worker --role tools\` have it`)));
}

async function optionalPrograms({ name, programs, steps }: PipelineDefinition, needed: ReadonlySet<string>): Promise<Finding[]> {
  const left = [...steps].filter(([, step]) => !needed.has(`${name} ${step.program}`)).map(([step, { program, run, environment }]) => ({ name: step, program, command: run, environment }));
  const found = await examinePrograms({ programs: Object.fromEntries(programs), steps: left, parameters: {} }, '.');
  return found.map(({ program, version, problems, steps: mine }) => {
    if (problems.length === 0) return ok('pipelines', program, `${version ?? ''}; pipeline ${name} needs it (optional)`);
    const hint = installHint(program), always = mine.some((step) => steps.get(step)?.when === null);
    const absent = problems.every(({ code }) => code === 'PROGRAM_MISSING') && version === null;
    // Not a warning: no study that is looked at uses it.
    return {
      ...ok('pipelines', program, absent ? 'not installed (optional)' : `${problems.map(({ message }) => withoutPath(message)).join('; ')} (optional)`),
      cost: always ? `studies cannot use pipeline ${name}` : `studies can use pipeline ${name} only without its ${mine.length === 1 ? 'step' : 'steps'} ${mine.join(', ')}`, remedy: hint ?? 'install it, with its folder on PATH',
    };
  });
}

/** The whole PATH is said by `sulcus check`. */
const withoutPath = (message: string): string => message.replace(/ is not on PATH \([^)]*\)/, ' is not on PATH');
