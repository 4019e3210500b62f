/**
 * Where bytes lie: names and bytes, as a folder or a bucket keeps them. What is built on it (artifacts.ts) needs no more than this,
 * so that another place to keep artifacts, or a layer that encrypts them, is one small class.
 */

export interface ObjectInfo {
  name: string;
  bytes: number;
  /** When it was written; ms since 1970, by the clock of the disk or the bucket. */
  modified: number;
}

/** What an interrupted write left: not an object, never read. */
export interface Leftover extends ObjectInfo {
  remove(): Promise<void>;
}

export interface WriteOptions {
  /** False: it may be gone after a power cut, though never be there in part. Default true: it is on the disk when the promise resolves. */
  durable?: boolean;
}

/**
 * Names are segments of letters, digits, `.`, `_` and `-`, joined by `/`. Every write is atomic: a reader finds all of the old bytes, all of the new
 * ones or nothing. Failures are StoreErrors; those that pass by themselves have been retried already. What can tell that bytes are not as they were
 * written throws DamagedError when it reads them: the object is set aside and made again.
 */
export interface ObjectStore {
  /** For people: a folder, or `s3://bucket/prefix`. */
  readonly location: string;
  /** Null when there is none. */
  read(name: string): Promise<Uint8Array | null>;
  /** The first `length` bytes or more of an object, or all it has. */
  readStart(name: string, length: number): Promise<Uint8Array | null>;
  /** Writes the parts one after the other as an object, unless there is one: the first complete write wins. False: there was one. */
  create(name: string, parts: readonly Uint8Array[]): Promise<boolean>;
  /** As `create`, but the last write wins. */
  replace(name: string, parts: readonly Uint8Array[], options?: WriteOptions): Promise<void>;
  /** Takes a damaged object out of the way: it is kept as `NAME.damaged-TIME` and not found any more. Nothing happens when it is gone already. */
  setAside(name: string): Promise<void>;
  /** Nothing happens when there is none. */
  remove(name: string): Promise<void>;
  /** Every object whose name begins with `FOLDER/`, in no order; those set aside too. */
  list(folder: string): AsyncIterable<ObjectInfo>;
  /** What writes that were interrupted have left, wherever in the store. */
  leftovers(): AsyncIterable<Leftover>;
}
