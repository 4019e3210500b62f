/** Much of one kind, a few at a time. */

/**
 * `work` for every item, at most `most` at a time; results in the order of the items. After a failure no further item begins, and it is thrown when all that
 * had begun have ended: nothing goes on for a step that has failed.
 */
export async function mapAtOnce<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [], queue = items.entries();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const [i, item] of queue) {
      if (failed) return;
      results[i] = await work(item);
    }
  };
  const stop = (error: unknown): never => { failed = true; throw error; };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, () => lane().catch(stop)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}
