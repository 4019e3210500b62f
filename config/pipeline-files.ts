/** Where pipelines come from: those that are shipped, by their names, and a lab's own, as files in the study's folder. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bounds } from './bounds.js';
import { nearest } from './nearest.js';
import { pipelineName } from './pipeline-schema.js';
import type { Problem } from './problem.js';

const SHIPPED = fileURLToPath(new URL('pipelines/', import.meta.url));
const MOST_BYTES = 64 * 1024;

/** A pipeline file's text and the name its problems are told under; or why there is none, to be told at the study's `use`. */
export type PipelineSource = { text: string; file: string } | Pick<Problem, 'message' | 'remedy'>;

/** Names of the pipelines that are shipped. */
export async function shippedPipelines(): Promise<string[]> {
  return (await readdir(SHIPPED)).filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -'.yaml'.length)).sort();
}

/** What a study file's `use` names: a shipped pipeline, or a file relative to the study file that does not lead out of the study's folder. */
export async function readPipelineFile(use: string, studyFile: string, outside: readonly string[] = []): Promise<PipelineSource> {
  if (pipelineName.safeParse(use).success) {
    const names = await shippedPipelines();
    if (names.includes(use)) return read(join(SHIPPED, `${use}.yaml`), `${use}.yaml (shipped)`);
    const guess = nearest(use, names);
    return { message: `there is no pipeline ${use}`, remedy: guess === null ? `shipped are: ${names.join(', ')}; a file of your own is named with its ending, e.g. ${use}.yaml` : `did you mean ${guess}?` };
  }
  const directory = dirname(resolve(studyFile)), path = use.replaceAll('\\', '/'), normal = posix.normalize(path);
  const leads = posix.isAbsolute(normal) || /^[A-Za-z]:/.test(normal) || normal === '..' || normal.startsWith('../');
  if (leads || !(await new Bounds(directory, outside).hold(resolve(directory, normal)))) {
    return { message: `the pipeline file ${use} leads out of the study's folder`, remedy: 'keep it beside the study file, or name the folder that a link leads to under `outside`' };
  }
  return read(resolve(directory, normal), join(dirname(studyFile), normal));
}

async function read(path: string, file: string): Promise<PipelineSource> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return { message: `${file} is not a file`, remedy: 'name a pipeline file (YAML)' };
    if (found.size > MOST_BYTES) return { message: `${file} has ${Math.ceil(found.size / 1024)} KiB, a pipeline file has at most ${MOST_BYTES / 1024}`, remedy: 'name a pipeline file (YAML)' };
    return { text: await readFile(path, 'utf8'), file };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    return { message: code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${code ?? String(cause)})`, remedy: 'pipelines are named by their shipped name, or as a file relative to the study file' };
  }
}
