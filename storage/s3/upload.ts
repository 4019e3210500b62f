/** Writing an object: in one request, or in parts when it is large. The bucket checks the SHA-256 of whatever it gets. */
import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, HeadObjectCommand, PutObjectCommand, UploadPartCommand, type CompletedPart, type S3Client,
} from '@aws-sdk/client-s3';
import { timeLimit } from './client.js';
import { isUploadGone, retrying, type Patience } from './retry.js';

export interface Target {
  client: S3Client;
  Bucket: string;
  Key: string;
  patience: Patience;
  /** For messages. */
  name: string;
}

/** S3 wants parts of at least 5 MiB, and at most 10,000 of them. */
const PART_BYTES = 8 * 2 ** 20;
const MOST_PARTS = 9_000, AT_ONCE = 4;

export async function upload(target: Target, parts: readonly Uint8Array[], unlessThere: boolean): Promise<void> {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  await (bytes <= 2 * PART_BYTES ? putWhole(target, Buffer.concat(parts), unlessThere) : putInParts(target, parts, bytes, unlessThere));
}

async function putWhole({ client, Bucket, Key, patience, name }: Target, Body: Buffer, unlessThere: boolean): Promise<void> {
  await retrying('writing', name, patience, () => client.send(
    new PutObjectCommand({ Bucket, Key, Body, ContentLength: Body.length, ChecksumSHA256: sha256(Body), ...(unlessThere ? { IfNoneMatch: '*' } : {}) }), within(Body.length),
  ));
}

async function putInParts(target: Target, parts: readonly Uint8Array[], bytes: number, unlessThere: boolean): Promise<void> {
  const { client, Bucket, Key, patience, name } = target;
  const { UploadId } = await retrying('writing', name, patience, () => client.send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256' }), within(0)));
  try {
    const done: CompletedPart[] = [], pieces = piecesOf(parts, Math.max(PART_BYTES, Math.ceil(bytes / MOST_PARTS)));
    const sendSome = async (): Promise<void> => {
      for (const [PartNumber, Body] of pieces) {
        const ChecksumSHA256 = sha256(Body);
        const { ETag } = await retrying('writing', name, patience, () => client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ContentLength: Body.length, ChecksumSHA256 }), within(Body.length)));
        done.push({ PartNumber, ETag, ChecksumSHA256 });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendSome));
    done.sort((a, b) => (a.PartNumber as number) - (b.PartNumber as number));
    await complete(target, UploadId as string, done, bytes, unlessThere);
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), within(0)).catch(() => undefined); // else garbage collection finds it
    throw error;
  }
}

async function complete({ client, Bucket, Key, patience, name }: Target, UploadId: string, Parts: CompletedPart[], bytes: number, unlessThere: boolean): Promise<void> {
  await retrying('writing', name, patience, async () => {
    try {
      await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...(unlessThere ? { IfNoneMatch: '*' } : {}) }), within(bytes));
    } catch (error) {
      if (!isUploadGone(error)) throw error;
      // An earlier try came through, and its answer was lost.
      const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key }), within(0));
      if (ContentLength !== bytes) throw error;
    }
  });
}

/** Numbered from 1; several consumers may share the iterator. */
function* piecesOf(parts: readonly Uint8Array[], size: number): Generator<[number, Buffer]> {
  let held: Uint8Array[] = [], length = 0, number = 1;
  for (const part of parts) {
    for (let at = 0; at < part.length;) {
      const piece = part.subarray(at, at + size - length);
      held.push(piece);
      length += piece.length;
      at += piece.length;
      if (length < size) continue;
      yield [number++, Buffer.concat(held)];
      held = [];
      length = 0;
    }
  }
  if (length > 0) yield [number, Buffer.concat(held)];
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

/** A server that accepts a request and never answers is given up. */
export const within = (bytes: number): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(timeLimit(bytes)) });
