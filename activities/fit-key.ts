/** What a fit is: the key of its artifact, and what a person would say it is made from. */
import { OPNMF_VERSION } from '../analysis/opnmf/index.js';
import type { FitInput } from '../contracts/activities.js';
import type { FitBatch } from '../contracts/fit-plan.js';
import type { ArtifactRef } from '../contracts/refs.js';
import { stepKey } from '../storage/keys.js';
import type { DatasetDocument } from './ingest/documents.js';
import type { Account } from './why/index.js';

/** Changes with the normalisation code; the solver has a version of its own. */
export const FIT_VERSION = 1;

/** Subjects of the half (or of the whole cohort), as places in the dataset. */
export function membersOf(dataset: DatasetDocument, { split, half }: FitBatch): number[] {
  return split === null || half === null ? dataset.subjects.map((_, i) => i) : (dataset.splits[split] as DatasetDocument['splits'][number])[half];
}

/** One a rank of the batch. */
export function fitRefs(dataset: DatasetDocument, members: number[], input: FitInput): ArtifactRef[] {
  return input.batch.ranks.map((rank) => ({ kind: 'fit', key: fitKey(dataset, members, input, rank) }));
}

/** Of what all ranks of the half share. */
export function halfKey(dataset: DatasetDocument, members: number[], input: FitInput): string {
  return stepKey('half', FIT_VERSION, identity(dataset, members, input));
}

/** The content of the half's subjects and what is done with it; not the cohort's name, nor who else is in it. */
function fitKey(dataset: DatasetDocument, members: number[], input: FitInput, rank: number): string {
  const { solver, tolerance, maxIterations } = input.spec.factorization;
  return stepKey('fit', FIT_VERSION, { opnmf: OPNMF_VERSION, ...identity(dataset, members, input), solver, tolerance, maxIterations, seed: input.spec.stability.seed, rank });
}

/** What a person would say the fit is made from: why it is computed again, should it have to be. */
export function accountOf({ cohort, batch, spec, dataset }: FitInput, rank: number): Account {
  const { solver, tolerance, maxIterations, normalization, ranks } = spec.factorization, { seed, stratify } = spec.stability;
  const { withinHalves, ...normalized } = normalization;
  return {
    place: { step: 'fit', cohort, rank, split: batch.split, half: batch.half },
    code: { code: FIT_VERSION, OPNMF: OPNMF_VERSION },
    parameters: {
      solver, tolerance, max_iterations: maxIterations, seed, 'highest rank': ranks[1],
      normalization: { ...normalized, ...(batch.split === null ? {} : { within_halves: withinHalves }) }, ...(batch.split === null ? {} : { stratify }),
    },
    datasets: { [cohort]: dataset.dataset.key }, columns: batch.split === null ? [] : stratify,
  };
}

/** What the solver's input is made from. */
function identity(dataset: DatasetDocument, members: number[], input: FitInput): Record<string, unknown> {
  const { normalization, ranks } = input.spec.factorization;
  const { withinHalves: _always, ...normalized } = normalization;
  return { subjects: members.map((i) => dataset.keys[i]), normalized, whole: wholeNormalization(dataset, members, input), maxRank: ranks[1] };
}

/** When halves are not normalised again, a half depends on the whole cohort's values. */
function wholeNormalization(dataset: DatasetDocument, members: number[], input: FitInput): string[] | null {
  return input.spec.factorization.normalization.withinHalves || members.length === dataset.keys.length ? null : dataset.keys;
}
