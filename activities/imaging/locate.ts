/** A participant's files for a pipeline: its inputs, and what a laboratory has of its outputs already. */
import type { PipelineSpec } from '../../contracts/pipelines.js';
import type { Exclusion } from '../../contracts/results.js';
import { locateInput, type Reach } from '../ingest/locate.js';
import type { PipelineSubject } from './documents.js';

/** Paths relative to the study's folder; or why there are none to use: one is missing, there are two, or it is out of bounds. */
export async function locateParticipant(id: string, spec: Pick<PipelineSpec, 'name' | 'inputs' | 'existing'>, reach: Reach): Promise<PipelineSubject | Exclusion> {
  const inputs: Record<string, string> = {};
  for (const [name, template] of Object.entries(spec.inputs)) {
    const { file, problem } = await locateInput(id, template, `${spec.name}: input ${name}`, reach);
    if (problem !== null) return problem.code === 'MISSING_FILE' ? { ...problem, code: 'INPUT_MISSING' } : problem;
    inputs[name] = file.name;
  }
  const existing = await locateExisting(id, spec, reach);
  if (!Array.isArray(existing)) return existing;
  const whole = existing.filter(({ missing }) => missing.length === 0);
  return { id, inputs, ...(whole.length === 0 ? {} : { existing: Object.fromEntries(whole.map(({ step, files }) => [step, files])) }), problem: null };
}

/** What of a step's outputs is there already. */
export interface ExistingFiles {
  step: string;
  /** File by output, relative to the study's folder. */
  files: Record<string, string>;
  /** Names of the outputs that are not there: the step runs then. */
  missing: string[];
}

/** Of every step that `existing` names; or why a person has to look: two files fit a template, or one leads elsewhere. */
export async function locateExisting(id: string, { name: pipeline, existing = {} }: Pick<PipelineSpec, 'name' | 'existing'>, reach: Reach): Promise<ExistingFiles[] | Exclusion> {
  const found: ExistingFiles[] = [];
  for (const [step, templates] of Object.entries(existing)) {
    const one: ExistingFiles = { step, files: {}, missing: [] };
    for (const [name, template] of Object.entries(templates)) {
      const { file, problem } = await locateInput(id, template, `${pipeline}: existing ${step}:${name}`, reach);
      if (problem === null) one.files[name] = file.name;
      else if (problem.code === 'MISSING_FILE' || problem.code === 'NO_CORRESPONDENCE') one.missing.push(name);
      else return problem;
    }
    found.push(one);
  }
  return found;
}
