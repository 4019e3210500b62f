/** What pipelines did for the participants who were analysed, out of the records beside their outputs: rows of the results, and a table of every step of everybody. */
import { basename, join, resolve } from 'node:path';
import type { PublishInput } from '../../contracts/activities.js';
import type { PipelineResults } from '../../contracts/pipeline-results.js';
import type { PipelineSpec, StepRecord } from '../../contracts/pipelines.js';
import { writeTsv } from '../../formats/index.js';
import { mapAtOnce } from '../at-once.js';
import type { DatasetDocument } from '../ingest/documents.js';
import { readRecord } from '../imaging/record.js';
import { countRatings, givenRatings, RATING_COLUMNS, RATING_TABLE, type GivenRating } from './ratings.js';
import type { CohortMaterial } from './results.js';
import type { ResultFile } from './tables.js';

/** In the results folder. */
export const STEP_TABLE = 'tables/pipeline_steps.tsv';
const COLUMNS = ['cohort', 'participant', 'pipeline', 'step', 'program', 'version', 'started_at', 'seconds', 'exit', 'reused', 'system', 'cores', 'node', 'key', 'inputs', 'outputs'];
/** Participants whose records are read at the same time. */
const AT_ONCE = 16;

export interface PipelineWork {
  results: PipelineResults[];
  files: ResultFile[];
}

/** Nothing for a study without pipelines. Throws what the disk throws. */
export async function pipelineWork({ spec, directory, run }: Pick<PublishInput, 'spec' | 'directory' | 'run'>, cohorts: readonly Pick<CohortMaterial, 'cohort' | 'dataset'>[]): Promise<PipelineWork> {
  const { pipelines } = spec, results: PipelineResults[] = [], rows: (string | number | boolean | null)[][] = [], ratings: (string | null)[][] = [];
  if (pipelines === undefined || directory === undefined) return { results, files: [] };
  for (const { cohort, dataset } of cohorts) {
    const folder = resolve(directory, spec.cohorts.find(({ name }) => name === cohort)?.directory ?? ''), ids = dataset.subjects.map(({ id }) => id);
    for (const pipeline of pipelines) {
      const records = await recordsOf(folder, pipeline, ids), isOurs = (record: StepRecord): boolean => record.by.runId === run.runId;
      const given = await givenRatings(folder, pipeline, ids, dataset.excluded);
      results.push(summary(cohort, pipeline, { ids, records }, dataset, given, isOurs));
      for (const { id, step, rating } of given) ratings.push([cohort, id, pipeline.name, step, rating.rating, rating.by, rating.at, rating.note]);
      for (const [i, mine] of records.entries()) {
        for (const { step, program, startedAt, seconds, exit, machine, key, inputs, existing, outputs, by } of mine) {
          rows.push([cohort, ids[i] ?? '', pipeline.name, step, program.name, program.version, startedAt, seconds, exit, by.runId !== run.runId, machine.system, machine.cores, machine.node, key, checksums(existing?.map((one) => ({ ...one, name: `existing:${one.name}` })) ?? inputs), checksums(outputs)]);
        }
      }
    }
  }
  const reviewed = pipelines.some(({ review }) => review !== undefined);
  return { results, files: [[STEP_TABLE, writeTsv(COLUMNS, rows)], ...(reviewed ? [[RATING_TABLE, writeTsv(RATING_COLUMNS, ratings)] satisfies ResultFile] : [])] };
}

const checksums = (files: StepRecord['inputs']): string => files.map(({ name, sha256 }) => `${name}=${sha256}`).join(' ');

/** By participant, in the order of `ids`: the records that are there, in the order of the steps. */
async function recordsOf(folder: string, { outputs, steps }: PipelineSpec, ids: readonly string[]): Promise<StepRecord[][]> {
  return mapAtOnce(ids, AT_ONCE, async (id) => (await Promise.all(steps.map(({ name }) => readRecord(join(folder, outputs, id, name))))).filter((record) => record !== null));
}

/** Images that a step ran in, each once; a file by its name alone, since whole paths are nobody's business. */
function imagesOf(records: readonly StepRecord[]): Pick<PipelineResults['steps'][number], 'images'> {
  const found = new Map(records.flatMap(({ program: { image } }) => (image === undefined ? [] : [[image.id, { ...image, name: image.engine === 'apptainer' ? basename(image.name) : image.name }]])));
  return found.size === 0 ? {} : { images: [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

function summary(cohort: string, { name, steps, review = [] }: PipelineSpec, { ids, records: all }: { ids: readonly string[]; records: readonly StepRecord[][] }, { excluded, unfinished = [] }: Pick<DatasetDocument, 'excluded' | 'unfinished'>, given: readonly GivenRating[], isOurs: (record: StepRecord) => boolean): PipelineResults {
  const kept = unfinished.filter(({ pipeline }) => pipeline === name), without = new Set(kept.map(({ id }) => id)), records = all.filter((_, i) => !without.has(ids[i] ?? ''));
  const byStep = new Map<string, StepRecord[]>(steps.map((step) => [step.name, []]));
  for (const record of records.flat()) byStep.get(record.step)?.push(record);
  return {
    pipeline: name, cohort, participants: records.filter((mine) => mine.length === steps.length).length,
    excluded: excluded.filter(({ pipeline }) => pipeline === name).length, ...(kept.length === 0 ? {} : { unfinished: kept }),
    steps: steps.map((step) => {
      const mine = byStep.get(step.name) ?? [], ran = mine.filter(isOurs).length, made = mine.filter((record) => record.existing === undefined), existing = mine.length - made.length;
      return {
        step: step.name, program: step.program, versions: [...new Set(made.map((record) => record.program.version))].sort(), command: step.command,
        ran, reused: mine.length - ran, seconds: made.reduce((sum, record) => sum + record.seconds, 0), ...(existing === 0 ? {} : { existing }), ...imagesOf(made),
        ...(review.includes(step.name) ? { ratings: countRatings(given, step.name) } : {}),
      };
    }),
  };
}
