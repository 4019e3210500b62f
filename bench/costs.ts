/**
 * What a study will cost, on paper: counted where the plan says it, measured where it does not. docs/scaling.md says how the coefficients were measured
 * (tools/costs/fit.mjs); a test holds the counts against a recorded history and the model against the measured fits.
 */
import { planFitBatches, planLookups } from '../contracts/fit-plan.js';
import { shardCount } from '../contracts/shards.js';

export interface CohortSize {
  subjects: number;
  /** Vertices of the region, both hemispheres. */
  vertices: number;
  metrics: number;
  ranks: readonly [number, number];
  splits: number;
}

export interface CohortCost {
  fits: number;
  /** Activities of the cohort's workflow, spectra read, nothing tried again. */
  activities: number;
  /** Of its history, at most: three an activity, and as many of the workflow task after it. */
  events: number;
  /** Of one core, for all fits with the accelerated solver. */
  fitSeconds: number;
  /** The largest thing in a worker's memory: the cohort's matrix, vertices x (subjects x metrics) doubles. */
  matrixBytes: number;
  /** Of artifacts: participants, matrix and W of every fit. */
  storedBytes: number;
}

const DOUBLE = 8;
/** Bytes of an artifact before its payload. */
const HEADER = 550;

/** Seconds of one core that a fit of an m x n matrix at rank k takes, without its decomposition. Measured for m to 81,924, n to 1,200, k to 10: within a fifth. */
export const fitSeconds = (m: number, n: number, k: number): number => 7.56e-8 * m * n + 1.11e-6 * m * k * k + 4.4e-3 * k;
/** Of what the ranks of one batch share: copying, and the decomposition of the smaller Gram matrix. */
export const decompositionSeconds = (m: number, n: number): number => 0.10 + 9.8e-10 * Math.min(m, n) ** 3;

/** Of one cohort; a study's own workflow has some 125 events and 20 activities more. */
export function cohortCost({ subjects, vertices, metrics, ranks, splits }: CohortSize): CohortCost {
  const batches = planFitBatches({ vertices, subjects, metrics }, ranks, splits), count = ranks[1] - ranks[0] + 1;
  const fits = batches.reduce((sum, batch) => sum + batch.ranks.length, 0);
  // survey, assemble, spectra, evidence; then what there are several of.
  const activities = 4 + shardCount(subjects) + planLookups(batches).length + batches.length + count;
  const seconds = batches.reduce((sum, batch) => {
    const n = metrics * (batch.split === null ? subjects : Math.ceil(subjects / 2));
    return sum + decompositionSeconds(vertices, n) + batch.ranks.reduce((s, k) => s + fitSeconds(vertices, n, k), 0);
  }, 0);
  const matrixBytes = DOUBLE * vertices * subjects * metrics;
  const weights = batches.reduce((sum, batch) => sum + batch.ranks.reduce((s, k) => s + DOUBLE * vertices * k + HEADER, 0), 0);
  return { fits, activities, events: 6 * activities + 5, fitSeconds: seconds, matrixBytes, storedBytes: 2 * matrixBytes + HEADER * subjects + weights };
}
