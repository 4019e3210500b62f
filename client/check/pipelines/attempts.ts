/** What earlier runs left of a participant's pipeline: a step that failed, or a number beyond its limit. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ParticipantFolder } from '../../../activities/imaging/folder.js';
import { REMEDY } from '../../../activities/imaging/problem.js';
import { judge } from '../../../activities/imaging/quality.js';
import { readRecord, STDERR } from '../../../activities/imaging/record.js';
import type { Reach } from '../../../activities/ingest/locate.js';
import { createProblem, type Problem } from '../../../config/index.js';
import { isParticipantFailure } from '../../../contracts/pipeline-failures.js';
import type { PipelineSpec } from '../../../contracts/pipelines.js';

/** Of what a program printed. */
const SHOWN = 300;

/** Warnings: a run tries what failed again, and makes again what was made of other inputs. */
export async function checkAttempts(pipeline: PipelineSpec, ids: readonly string[], { cohort, directory }: Reach): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const id of ids) {
    const name = join(cohort.directory, pipeline.outputs, id), folder = new ParticipantFolder(join(directory, name));
    const warn = (code: string, message: string, file: string, remedy: string): void => {
      problems.push(createProblem({ severity: 'warning', code, cohort: cohort.name, subject: id, file: join(name, file), message, remedy }));
    };
    for (const step of pipeline.steps) {
      const failure = await lastFailure(folder, step.name);
      if (failure !== null) warn('FAILED_BEFORE', `${pipeline.name}: step ${step.name} failed in the last run (${failure.code}): ${failure.message}`, join(ParticipantFolder.failed(step.name), STDERR), failure.remedy);
      if (failure !== null || step.quality.length === 0 || (await readRecord(folder.of(step.name))) === null) continue;
      const { problem } = await judge(folder.of(step.name), step);
      if (problem !== null) warn('QUALITY_LIMIT', `${pipeline.name}: step ${step.name}: ${problem.text}; a run leaves the participant out`, join(step.name, problem.file), REMEDY.QUALITY_LIMIT);
    }
  }
  return problems;
}

async function lastFailure(folder: ParticipantFolder, step: string): Promise<{ code: string; message: string; remedy: string } | null> {
  const place = join(folder.path, ParticipantFolder.failed(step));
  if ((await readdir(place).catch(() => [])).length === 0) return null;
  try {
    const { code, message } = JSON.parse(await readFile(join(place, 'failure.json'), 'utf8')) as { code?: unknown; message?: unknown };
    if (typeof code !== 'string' || typeof message !== 'string') return null;
    const line = message.replace(/\s*[\r\n]+\s*/g, ' / ');
    return { code, message: line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line, remedy: isParticipantFailure(code) ? REMEDY[code] : 'launch again' };
  } catch {
    return null; // being written, or damaged: the next attempt replaces it
  }
}
