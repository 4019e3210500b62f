/** Work that is done side by side and ends together. */
import { CancellationScope, patched } from '@temporalio/workflow';

/**
 * What all of it gives, as `Promise.all`. When one part fails or is cancelled, the others are cancelled too, and the first failure is thrown when all have ended:
 * a workflow that closes earlier would leave steps behind that are still stopping, and nobody who waits for them.
 */
export async function together<T extends unknown[] | []>(begin: () => { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const scope = new CancellationScope();
  let begun: readonly Promise<unknown>[] = [];
  try {
    return await scope.run(() => {
      const parts = begin();
      begun = parts as readonly Promise<unknown>[];
      return Promise.all(parts);
    });
  } catch (error) {
    if (patched('ends-together')) {
      scope.cancel();
      await Promise.allSettled(begun);
    }
    throw error;
  }
}
