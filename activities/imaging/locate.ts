/** A participant's files for a pipeline: its inputs, and what a laboratory has of its outputs already. */
import type { PipelineSpec } from '../../contracts/pipelines.js';
import type { Exclusion } from '../../contracts/results.js';
import { locateInput, type Reach } from '../ingest/locate.js';
import type { PipelineSubject } from './documents.js';

/** Paths relative to the study's folder; or why there are none to use: one is missing, there are two, or it is out of bounds. */
export async function locateParticipant(id: string, { name: pipeline, inputs: templates, existing: steps = {} }: Pick<PipelineSpec, 'name' | 'inputs' | 'existing'>, reach: Reach): Promise<PipelineSubject | Exclusion> {
  const inputs: Record<string, string> = {}, existing: Record<string, Record<string, string>> = {};
  for (const [name, template] of Object.entries(templates)) {
    const { file, problem } = await locateInput(id, template, `${pipeline}: input ${name}`, reach);
    if (problem !== null) return problem.code === 'MISSING_FILE' ? { ...problem, code: 'INPUT_MISSING' } : problem;
    inputs[name] = file.name;
  }
  for (const [step, files] of Object.entries(steps)) {
    const found: Record<string, string> = {};
    for (const [name, template] of Object.entries(files)) {
      const { file, problem } = await locateInput(id, template, `${pipeline}: existing ${step}:${name}`, reach);
      if (problem === null) found[name] = file.name;
      // Where one is not there, the step runs. Two, or one that leads elsewhere, is for a person to look at.
      else if (problem.code !== 'MISSING_FILE' && problem.code !== 'NO_CORRESPONDENCE') return problem;
    }
    if (Object.keys(files).every((name) => Object.hasOwn(found, name))) existing[step] = found;
  }
  return { id, inputs, ...(Object.keys(existing).length === 0 ? {} : { existing }), problem: null };
}
