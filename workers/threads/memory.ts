/** Memory that is not to be had, in words: the machine's, the thread's heap, or the 4 GiB that the kernel can address. */
import { SulcusError } from '../../contracts/errors.js';

/** FIT_OUT_OF_MEMORY for what Node and WebAssembly throw when memory cannot be had; null for every other error. */
export function outOfMemory(error: unknown): SulcusError | null {
  if (!(error instanceof Error)) return null;
  const heap = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (!heap && !(error instanceof RangeError && /memory|allocation failed/i.test(error.message))) return null;
  const tooLarge = /maximum memory size/i.test(error.message);
  return new SulcusError('FIT_OUT_OF_MEMORY', `a fit needs more memory than ${tooLarge ? 'the 4 GiB it can address' : 'there is'}: ${error.message}`, {
    remedy: tooLarge ? 'choose a smaller region or a coarser surface' : 'give the worker fewer --threads, or a machine with more memory; what is finished is kept', cause: error,
  });
}
