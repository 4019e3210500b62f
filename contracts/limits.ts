/** Sizes chosen on purpose; docs/architecture.md has the table of timeouts and retries. */

/** Subjects an ingest activity reads; 1,000 subjects are 40 activities, far below any history limit. */
export const SUBJECTS_PER_SHARD = 25;
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
