/** How a cohort is cut into shards for reading. Pure: survey and shards agree on it. */
import { MOST_SHARDS, SUBJECTS_PER_SHARD } from './limits.js';

/** Subjects of one shard: small ones lose little when a worker dies, but the number of shards is what a history grows by. */
export function shardSize(subjects: number): number {
  return Math.max(SUBJECTS_PER_SHARD, Math.ceil(subjects / MOST_SHARDS));
}

/** At least one, so that a cohort of nobody is seen to be empty. */
export function shardCount(subjects: number): number {
  return Math.max(1, Math.ceil(subjects / shardSize(subjects)));
}
