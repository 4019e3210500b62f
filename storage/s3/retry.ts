/** What an error of the bucket means, and trying again with pauses that grow. */
import { setTimeout as pause } from 'node:timers/promises';
import { DamagedError } from '../../contracts/damage.js';
import { StoreError } from '../errors.js';

interface Asked {
  name?: string;
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
}

/** How long an operation is tried, and how long a pause is at most. Shorter than the 30 s after which a step that does not beat is given up. */
export interface Patience {
  ms: number;
  firstPauseMs: number;
  longestPauseMs: number;
}

export const PATIENCE: Patience = { ms: 20_000, firstPauseMs: 100, longestPauseMs: 2_000 };

export const statusOf = (error: unknown): number | undefined => (error as Asked).$metadata?.httpStatusCode;
/** No object of that name; a bucket that is not there is another matter. */
export const isAbsent = (error: unknown): boolean => statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';
export const isTaken = (error: unknown): boolean => statusOf(error) === 412;
/** The bucket does not know the header for "unless there is one". */
export const isUnknownCondition = (error: unknown): boolean => statusOf(error) === 501;
export const isUploadGone = (error: unknown): boolean => nameOf(error) === 'NoSuchUpload';

const nameOf = (error: unknown): string => (error as Asked).name ?? '';

/** Bytes differ from the checksum that was stored with them. */
export class ChecksumError extends Error {}

/** Tries until it works, time is up or the error cannot pass. `doing` and `name` are for the message. */
export async function retrying<T>(doing: string, name: string, patience: Patience, act: () => Promise<T>): Promise<T> {
  const began = performance.now();
  for (let tries = 1, wrong = 0; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof StoreError || error instanceof TypeError || error instanceof RangeError) throw error;
      // A line that garbles bytes does so once; twice, it is the object.
      if (error instanceof ChecksumError && ++wrong > 1) throw new DamagedError('its checksum differs');
      const refusal = refusalOf(error, doing, name);
      if (refusal !== null) throw refusal;
      // Spread, so that many workers that failed together do not come back together.
      const wait = Math.min(patience.longestPauseMs, patience.firstPauseMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
      if (performance.now() - began + wait > patience.ms) {
        throw new StoreError('STORE_UNAVAILABLE', `the artifact store does not answer (${oneLine(error)}, ${doing} ${name}, tried ${tries} ${tries === 1 ? 'time' : 'times'})`, {
          remedy: 'see that the endpoint of the store can be reached from the workers and is well; what is finished is kept', cause: error,
        });
      }
      await pause(wait);
    }
  }
}

/** Null: it may pass. */
function refusalOf(error: unknown, doing: string, name: string): StoreError | null {
  const status = statusOf(error), about = `(${oneLine(error)}, ${doing} ${name})`;
  const refused = (code: 'STORE_DENIED' | 'STORE_MISSING' | 'STORE_FULL' | 'STORE_REFUSED', words: string, remedy: string): StoreError => new StoreError(code, `the artifact store ${words} ${about}`, { remedy, cause: error });
  const which = nameOf(error);
  if (which === 'CredentialsProviderError') return refused('STORE_DENIED', 'needs credentials', 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, where the worker runs');
  if (which === 'NoSuchBucket') return refused('STORE_MISSING', 'has no such bucket', 'make the bucket, or correct its name');
  if (/Quota|InsufficientStorage/i.test(which) || status === 507) return refused('STORE_FULL', 'has no space left', 'have the quota raised, or delete what no run needs with `sulcus gc`');
  if (which === 'RequestTimeTooSkewed' || which === 'ExpiredToken' || which === 'RequestTimeout' || status === 408 || status === 409 || status === 429) return null;
  if (status === 501) return refused('STORE_REFUSED', 'does not know a request', 'use a server that speaks the S3 protocol');
  if (status === 401 || status === 403) return refused('STORE_DENIED', 'may not be used with these credentials', 'see that the key may get, put, list and delete objects of the bucket');
  if (status === 301 || status === 307) return refused('STORE_REFUSED', 'is in another region', 'set the region (AWS_REGION, or region= in the address)');
  if (status !== undefined && status >= 400 && status < 500) return refused('STORE_REFUSED', 'does not accept a request', 'see that the server speaks the S3 protocol: get, put with If-None-Match, list, multipart uploads, SHA-256 checksums');
  return status === undefined && error instanceof Error && error.message === 'Region is missing' ? refused('STORE_REFUSED', 'needs a region', 'set AWS_REGION, or region= in the address') : null;
}

function oneLine(error: unknown): string {
  const { name = '', code, message = '' } = error as Asked, status = statusOf(error);
  const first = message.split('\n')[0]?.slice(0, 120) ?? '';
  return [status === undefined ? code ?? name : `HTTP ${status} ${name}`, first].filter((part) => part !== '' && part !== 'Error').join(': ');
}
