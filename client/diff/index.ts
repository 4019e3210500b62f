/** Two runs compared: inputs, parameters, code, and then which conclusions changed. Pure. */
import { parameterChanges, type ParameterChange } from '../../contracts/differences.js';
import type { ReplicatedIndex } from '../../contracts/results.js';
import type { StepRow } from '../../contracts/steps.js';
import { inputChanges, isSame, type CohortInputChange } from './inputs.js';
import type { ComparedRun } from './load.js';
import { parcellationChanges, type ParcellationChanges } from './parcellations.js';
import { testChanges, testsOf, type TestChanges } from './tests.js';

export interface RunName {
  name: string;
  /** Results folder it was read from; null: the store. */
  folder: string | null;
  workflowId: string;
  runId: string;
  finishedAt: string;
  version: string;
  partial: boolean;
}

export interface RankChange {
  cohort: string;
  rank: number;
  /** Mean split-half stability; undefined: the rank was not computed. */
  before: number | null | undefined;
  now: number | null | undefined;
  /** It is stable in one run and not in the other. */
  crossed: boolean;
}

/** Why steps of B were computed, together. */
export interface Recomputed {
  step: StepRow['step'];
  cohort: string | null;
  why: string;
  count: number;
}

export interface RunDifference {
  a: RunName;
  b: RunName;
  inputs: CohortInputChange[];
  parameters: ParameterChange[];
  /** Version of sulcus, and of each step's code. */
  code: ParameterChange[];
  /** What B had to compute, and why; what it reused. */
  work: { computed: Recomputed[]; reused: number };
  conclusions: {
    rank: { before: number | null; now: number | null; changed: boolean; doubt: [boolean, boolean] };
    stability: RankChange[];
    rand: { a: string; b: string; before: number | null | undefined; now: number | null | undefined }[];
    parcellations: ParcellationChanges;
    /** Null: ranks differ, so that components are not the same and tests cannot be compared one by one. */
    replicated: { gained: ReplicatedIndex[]; lost: ReplicatedIndex[]; kept: number } | null;
    tests: TestChanges | null;
    /** Significant of all tests, in A and in B. */
    significant: { tests: [number, number]; significant: [number, number] };
  };
  /** Nothing differs that decides on the results. */
  sameInputs: boolean;
  /** Every conclusion above is the same, to the last digit of p. */
  sameConclusions: boolean;
}

export function compareRuns(a: ComparedRun, b: ComparedRun): RunDifference {
  const inputs = inputChanges(a, b), parameters = parameterChanges(a.provenance.spec, b.provenance.spec).map(studyFileName);
  const code = parameterChanges({ sulcus: a.results.run.version, ...a.provenance.code }, { sulcus: b.results.run.version, ...b.provenance.code }).filter((c) => c.before !== undefined && c.now !== undefined);
  const conclusions = conclusionsOf(a, b);
  const { rank, stability, rand, replicated, tests, significant } = conclusions;
  return {
    a: nameOf(a), b: nameOf(b), inputs, parameters, code, work: workOf(b.results.steps), conclusions,
    sameInputs: inputs.every(isSame) && parameters.length === 0 && code.length === 0,
    sameConclusions: !rank.changed && stability.length === 0 && rand.every((r) => r.before === r.now) && replicated !== null && replicated.gained.length + replicated.lost.length === 0
      && tests !== null && tests.appeared.length + tests.disappeared.length + tests.moved.length === 0 && significant.tests[0] === significant.tests[1],
  };
}

function nameOf({ name, folder, results: { run } }: ComparedRun): RunName {
  return { name, folder, workflowId: run.workflowId, runId: run.runId, finishedAt: run.finishedAt, version: run.version, partial: run.partial };
}

/** `factorization.maxIterations` is `max_iterations` in the study file. */
function studyFileName(change: ParameterChange): ParameterChange {
  return { ...change, name: change.name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`) };
}

function workOf(steps: readonly StepRow[]): RunDifference['work'] {
  const computed = new Map<string, Recomputed>();
  for (const { step, cohort, why, computed: done } of steps) {
    if (!done || step === 'report') continue;
    const key = JSON.stringify([step, cohort, why]), row = computed.get(key) ?? { step, cohort, why: why ?? 'not recorded by the version that ran', count: 0 };
    row.count++;
    computed.set(key, row);
  }
  return { computed: [...computed.values()], reused: steps.filter((s) => !s.computed).length };
}

function conclusionsOf(a: ComparedRun, b: ComparedRun): RunDifference['conclusions'] {
  const [x, y] = [a.results, b.results];
  const parcellations = parcellationChanges(a, b);
  const rank = { before: x.rank.chosen, now: y.rank.chosen, changed: x.rank.chosen !== y.rank.chosen, doubt: [x.rank.doubt, y.rank.doubt] as [boolean, boolean] };
  const { numbering } = parcellations, inA = (k: number): number => (numbering === null ? k : numbering.indexOf(k) + 1 || k);
  const testsA = testsOf(x), testsB = testsOf(y, inA);
  const changes = testChanges(testsA, testsB);
  return {
    rank, stability: stabilityChanges(a, b), rand: randChanges(a, b), parcellations,
    replicated: rank.changed ? null : replicatedChanges(x.replicated, y.replicated.map((r) => ({ ...r, component: inA(r.component) }))),
    tests: rank.changed ? null : changes, significant: { tests: changes.tests, significant: changes.significant },
  };
}

function stabilityChanges(a: ComparedRun, b: ComparedRun): RankChange[] {
  const changes: RankChange[] = [];
  for (const [cohort, now] of Object.entries(b.results.cohorts)) {
    const before = a.results.cohorts[cohort];
    if (before === undefined) continue;
    for (const rank of [...new Set([...before.ranks, ...now.ranks].map((r) => r.rank))].sort((p, q) => p - q)) {
      const [p, q] = [before, now].map((c) => c.ranks.find((r) => r.rank === rank)?.stability.mean);
      const stable = (mean: number | null | undefined, run: ComparedRun): boolean => mean != null && mean > run.results.parameters.threshold;
      if (p !== q) changes.push({ cohort, rank, before: p, now: q, crossed: p !== undefined && q !== undefined && stable(p, a) !== stable(q, b) });
    }
  }
  return changes;
}

function randChanges(a: ComparedRun, b: ComparedRun): RunDifference['conclusions']['rand'] {
  const find = (run: ComparedRun, x: string, y: string): number | null | undefined => run.results.matching.find((m) => (m.a === x && m.b === y) || (m.a === y && m.b === x))?.ari;
  const pairs = [...b.results.matching, ...a.results.matching.filter((m) => find(b, m.a, m.b) === undefined)];
  return pairs.map((m) => ({ a: m.a, b: m.b, before: find(a, m.a, m.b), now: find(b, m.a, m.b) }));
}

function replicatedChanges(before: readonly ReplicatedIndex[], now: readonly ReplicatedIndex[]): { gained: ReplicatedIndex[]; lost: ReplicatedIndex[]; kept: number } {
  const has = (list: readonly ReplicatedIndex[], r: ReplicatedIndex): boolean => list.some((o) => o.component === r.component && o.metric === r.metric);
  return { gained: now.filter((r) => !has(before, r)), lost: before.filter((r) => !has(now, r)), kept: now.filter((r) => has(before, r)).length };
}
