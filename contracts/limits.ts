/** Sizes chosen on purpose; docs/architecture.md has the table of timeouts and retries. */

/** Subjects an ingest activity reads, unless the cohort would then have more than MOST_SHARDS activities. */
export const SUBJECTS_PER_SHARD = 25;
/** With up to six events a shard, a cohort of any size is read within 200 events, and the refs of its shards are 3 KB. */
export const MOST_SHARDS = 32;
/** Cohorts whose refs travel in the argument of one activity: 1 KB each. More travel by a ref to a list of them. */
export const COHORTS_PER_ARGUMENT = 6;
/** Pairs of cohorts whose surrogates have activities of their own; those of more pairs share activities. */
export const MOST_SINGLE_PAIRS = 6;
/** Pairs of cohorts, times ranks, whose surrogates one activity makes when they share it: half a minute of one core. */
export const NULLS_PER_BATCH = 90;
/** No payload of ours is larger; an activity that would return more fails, naming the field. */
export const MAX_PAYLOAD_BYTES = 16 * 1024;
/** Estimated floating-point operations of one fit activity: a few seconds of one core. Small fits share an activity up to this. */
export const FIT_BATCH_FLOPS = 2e11;
/** Passes over the data assumed per rank when costs are estimated. */
export const PASSES_PER_RANK = 60;
/** A fit that is interrupted loses at most about this much work. */
export const CHECKPOINT_SECONDS = 8;
/** Residual r at which the accelerated solver stops unless told otherwise; docs/opnmf.md has the evidence. */
export const DEFAULT_TOLERANCE = 1e-4;
/** Ranks whose surrogates one activity makes: seconds of one core. */
export const RANKS_PER_NULL = 5;
/** Fits one look-up asks for: their keys stay well below the largest payload. */
export const FITS_PER_LOOKUP = 150;
/** Participants whom one execution of a pipeline's workflow takes through, with up to nine events each; then it continues as new. */
export const PARTICIPANTS_PER_EXECUTION = 200;
/** Failures of participants that travel together, a message of at most 800 characters each. */
export const FAILURES_PER_ARGUMENT = 10;
