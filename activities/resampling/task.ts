/** What a task thread computes: pure functions with progress. Runs in the thread; the activities only describe the task. */
import { randNull, regionModes, stabilityNull, surrogateBasis, type NullOptions, type RankHalves, type RegionMesh, type SurrogateBasis } from '../../analysis/parcellation/nulls/index.js';
import { bootstrapCohort, type CohortBootstrap } from '../../analysis/statistics/study/bootstrap.js';
import type { CohortInput, StudyStatisticsInput, StudyStatisticsOutput } from '../../analysis/statistics/study/index.js';
import type { ReplicatedIndex } from '../../contracts/results.js';
import type { StatisticsSpec, StudySpec } from '../../contracts/study.js';
import type { SurrogateNull } from '../../contracts/uncertainty.js';
import type { Scene } from '../../report/index.js';
import type { Body } from '../../report/page.js';
import type { residualFiles } from '../publish/residuals.js';
import type { ResultFile } from '../publish/tables.js';

type Nulls = Omit<NullOptions, 'onProgress'>;

/** Hours on a whole cortex: they tell how far they are, and can be stopped. */
export type LongTask =
  | { kind: 'modes'; region: RegionMesh }
  | { kind: 'stability-null'; basis: SurrogateBasis; ranks: RankHalves[]; options: Nulls }
  | { kind: 'rand-null'; basis: SurrogateBasis; ranks: { k: number; a: Int32Array; b: Int32Array; observed: number }[]; options: Nulls }
  | { kind: 'bootstrap'; input: CohortInput; spec: StatisticsSpec; replicated: ReplicatedIndex[]; options: { resamples: number; seed: number; confidence: number } };

/** Seconds, with thousands of participants. */
export type ShortTask =
  | { kind: 'statistics'; input: StudyStatisticsInput }
  | { kind: 'residuals'; cohorts: Parameters<typeof residualFiles>[0]; spec: StudySpec }
  | { kind: 'pictures'; files: ResultFile[] }
  | { kind: 'body'; files: ResultFile[]; scenes: Scene[] };

export type Task = LongTask | ShortTask;

export interface TaskResults {
  modes: SurrogateBasis;
  'stability-null': SurrogateNull[];
  'rand-null': SurrogateNull[];
  bootstrap: CohortBootstrap;
  statistics: StudyStatisticsOutput;
  residuals: ResultFile[];
  pictures: Scene[];
  body: Body;
}

/** The result, or null when `onProgress` said to stop. */
export function computeTask(task: LongTask, onProgress: (done: number) => boolean): TaskResults[LongTask['kind']] | null {
  switch (task.kind) {
    case 'modes': {
      const modes = regionModes(task.region, onProgress);
      return modes === null ? null : surrogateBasis(task.region, modes);
    }
    case 'stability-null': return stabilityNull(task.basis, task.ranks, { ...task.options, onProgress });
    case 'rand-null': return randNull(task.basis, task.ranks, { ...task.options, onProgress });
    case 'bootstrap': return bootstrapCohort(task.input, task.spec, task.replicated, { ...task.options, onProgress });
  }
}

/** Any task. Modules that only short ones need are loaded with the first of them. */
export async function doTask(task: Task, onProgress: (done: number) => boolean): Promise<TaskResults[Task['kind']] | null> {
  switch (task.kind) {
    case 'statistics': return (await import('../../analysis/statistics/study/index.js')).runStudyStatistics(task.input);
    case 'residuals': return (await import('../publish/residuals.js')).residualFiles(task.cohorts, task.spec);
    case 'pictures': return (await import('../publish/pages.js')).reportPictures(task.files);
    case 'body': return (await import('../publish/pages.js')).reportBody(task.files, task.scenes);
    case 'modes': case 'stability-null': case 'rand-null': case 'bootstrap': return computeTask(task, onProgress);
  }
}
