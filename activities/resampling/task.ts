/** What a task thread computes: pure functions with progress. Runs in the thread; the activities only describe the task. */
import { randNull, regionModes, stabilityNull, surrogateBasis, type NullOptions, type RankHalves, type RegionMesh, type SurrogateBasis } from '../../analysis/parcellation/nulls/index.js';
import { bootstrapCohort, type CohortBootstrap } from '../../analysis/statistics/study/bootstrap.js';
import type { CohortInput } from '../../analysis/statistics/study/index.js';
import type { ReplicatedIndex } from '../../contracts/results.js';
import type { StatisticsSpec } from '../../contracts/study.js';
import type { SurrogateNull } from '../../contracts/uncertainty.js';

type Nulls = Omit<NullOptions, 'onProgress'>;

export type Task =
  | { kind: 'modes'; region: RegionMesh }
  | { kind: 'stability-null'; basis: SurrogateBasis; ranks: RankHalves[]; options: Nulls }
  | { kind: 'rand-null'; basis: SurrogateBasis; ranks: { k: number; a: Int32Array; b: Int32Array; observed: number }[]; options: Nulls }
  | { kind: 'bootstrap'; input: CohortInput; spec: StatisticsSpec; replicated: ReplicatedIndex[]; options: { resamples: number; seed: number; confidence: number } };

export interface TaskResults {
  modes: SurrogateBasis;
  'stability-null': SurrogateNull[];
  'rand-null': SurrogateNull[];
  bootstrap: CohortBootstrap;
}

/** The result, or null when `onProgress` said to stop. */
export function computeTask(task: Task, onProgress: (done: number) => boolean): TaskResults[Task['kind']] | null {
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
