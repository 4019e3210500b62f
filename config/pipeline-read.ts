/** Reads a pipeline file: what it holds, and every problem with it by line. Nothing is opened or run. */
import type { z } from 'zod';
import { parseStudyDocument } from './document.js';
import { reporter, reportIssues, reportUnknownKey, type Report } from './issues.js';
import { checkPipeline } from './pipeline-checks.js';
import { MOST_NAMES, MOST_STEPS, parts, pipelineKeys, pipelineName, placeable, settable, stepName, type InputEntry, type ParameterEntry, type ProgramEntry, type StepEntry } from './pipeline-schema.js';
import type { Problem } from './problem.js';

/** A pipeline file as it was read, before a study says what it is for. */
export interface PipelineDefinition {
  name: string;
  about: string;
  programs: Map<string, ProgramEntry>;
  inputs: Map<string, InputEntry>;
  /** Default by name; null: the study must give it. */
  parameters: Map<string, ParameterEntry>;
  /** In the order of the file. */
  steps: Map<string, StepEntry>;
}

type Raw = Record<string, unknown>;
const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The pipeline in `text`; null when there are problems. `file` is the name they are told under. */
export function readPipeline(text: string, file: string): { definition: PipelineDefinition | null; problems: Problem[] } {
  const document = parseStudyDocument(text, file), problems = document.problems.map(inPipelineTerms);
  if (problems.length > 0) return { definition: null, problems };
  const definition = readDefinition(document.value, reporter(file, (path) => document.locate(path), problems));
  const told = problems.map(inPipelineTerms).sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { definition: told.length > 0 ? null : definition, problems: told };
}

/** The study file and a pipeline file are read the same way; codes and the page to read differ. */
function inPipelineTerms(problem: Problem): Problem {
  return { ...problem, code: problem.code.replace(/^study-/, 'pipeline-'), cohort: null, remedy: problem.remedy?.replace('docs/study-file.md', 'docs/pipelines.md') ?? null };
}

function readDefinition(value: unknown, report: Report): PipelineDefinition | null {
  if (!isRecord(value)) {
    report([], { code: 'study-yaml', message: 'a pipeline file is a list of keys and values', remedy: 'see docs/study-file.md for an example' });
    return null;
  }
  for (const key of Object.keys(value)) if (!(pipelineKeys as readonly string[]).includes(key)) reportUnknownKey(report, [], key, pipelineKeys);
  const name = parse(pipelineName, value['pipeline'] ?? undefined, ['pipeline'], report);
  const about = parse(parts.about, value['about'] ?? undefined, ['about'], report);
  const programs = readNamed(value, 'programs', pipelineName, parts.program, MOST_NAMES, report);
  const inputs = readNamed(value, 'inputs', pipelineName, parts.input, MOST_NAMES, report);
  const parameters = readNamed(value['parameters'] == null ? { ...value, parameters: {} } : value, 'parameters', pipelineName, parts.parameter, MOST_NAMES, report);
  const steps = readNamed(value, 'steps', stepName, parts.step, MOST_STEPS, report);
  for (const [step, given] of Object.entries(isRecord(value['steps']) ? value['steps'] : {})) if (isRecord(given)) checkNames(given, ['steps', step], report);
  const definition = { name: name ?? '', about: about ?? '', programs, inputs, parameters, steps };
  const namesOf = (key: string): string[] => Object.keys(isRecord(value[key]) ? value[key] : {});
  checkPipeline(definition, { programs: namesOf('programs'), inputs: namesOf('inputs'), parameters: namesOf('parameters'), steps: namesOf('steps') }, report);
  return definition;
}

function parse<T>(schema: z.ZodType<T>, value: unknown, path: (string | number)[], report: Report): T | null {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  reportIssues(report, path, schema, result.error.issues);
  return null;
}

/** Entries by name, each read by itself, so that one bad entry hides nothing about the others. Those that could not be read are left out, and reported. */
function readNamed<T>(file: Raw, key: string, names: z.ZodType<string>, schema: z.ZodType<T>, most: number, report: Report): Map<string, T> {
  const value = file[key], result = new Map<string, T>();
  if (!isRecord(value) || (Object.keys(value).length === 0 && key !== 'parameters')) {
    report([key], value == null ? { code: 'study-key-missing', message: `${key} is missing`, remedy: 'docs/study-file.md says what it means' } : { code: 'study-value', message: `${key}: expected at least one \`name: ...\`` });
    return result;
  }
  const given = Object.entries(value);
  if (given.length > most) {
    report([key], { code: 'study-value', message: `${key}: found ${given.length}, there may be ${most}` });
    return result;
  }
  for (const [name, entry] of given) {
    const safe = names.safeParse(name);
    if (!safe.success) report([key, name], { code: 'study-name', message: `${key}: the name \`${name}\` ${safe.error.issues[0]?.message ?? 'is not usable'}` });
    const parsed = schema.safeParse(entry);
    if (!parsed.success) reportIssues(report, [key, name], schema, parsed.error.issues);
    else if (safe.success) result.set(name, parsed.data);
  }
  return result;
}

/** Names within a step, looked at as they are written. */
function checkNames(step: Raw, path: string[], report: Report): void {
  for (const key of ['outputs', 'otherwise']) {
    const names = Object.keys(isRecord(step[key]) ? step[key] : {});
    if (names.length > MOST_NAMES) report([...path, key], { code: 'study-value', message: `${[...path, key].join('.')}: found ${names.length}, there may be ${MOST_NAMES}` });
    for (const name of names) refuse(pipelineName, name, [...path, key], report);
  }
  const places = Object.keys(isRecord(step['place']) ? step['place'] : {});
  if (places.length > MOST_NAMES) report([...path, 'place'], { code: 'study-value', message: `${[...path, 'place'].join('.')}: found ${places.length}, there may be ${MOST_NAMES}` });
  for (const name of places) refuse(placeable, name, [...path, 'place'], report);
  const variables = isRecord(step['environment']) ? step['environment']['set'] : null;
  for (const name of Object.keys(isRecord(variables) ? variables : {})) refuse(settable, name, [...path, 'environment', 'set'], report);
}

function refuse(schema: z.ZodType<string>, name: string, path: string[], report: Report): void {
  const found = schema.safeParse(name);
  if (!found.success) report([...path, name], { code: 'study-name', message: `${path.join('.')}: the name \`${name}\` ${found.error.issues[0]?.message ?? 'is not usable'}` });
}
