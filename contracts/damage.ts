/** Bytes are not as they were written; the message says what is wrong, as `it ...`. A store that reads such an object sets it aside, and it is made again. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
}
