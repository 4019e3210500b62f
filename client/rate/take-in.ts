/** Ratings that were given, written beside the participants' outputs. */
import { ratingOf, writeRating } from '../../activities/imaging/ratings.js';
import type { Said } from './ratings-file.js';

export interface TakenIn {
  written: number;
  /** Were there already, by the same words. */
  same: number;
}

/** `by`: who rates. `at`: one moment for all. A rating that is there already is not written again. */
export async function takeIn(said: readonly Said[], by: string, at: string): Promise<TakenIn> {
  let same = 0;
  for (const { reviewed: { folder, record, rating: before }, rating, note } of said) {
    if (before !== null && before.rating === rating && before.note === note) same++;
    else await writeRating(folder, ratingOf(record, { rating, note, by, at }));
  }
  return { written: said.length - same, same };
}
