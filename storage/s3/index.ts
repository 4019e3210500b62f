/** Objects in a bucket of S3 or what speaks its protocol. A put is atomic there: readers see the old object or the new one, whole. */
import {
  AbortMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, ListPartsCommand, type S3Client,
} from '@aws-sdk/client-s3';
import { shortName } from '../errors.js';
import { nameOfS3, type S3Location } from '../location.js';
import type { Leftover, ObjectInfo, ObjectStore } from '../object-store.js';
import { connectS3, READ_BYTES } from './client.js';
import { ChecksumError, isAbsent, isTaken, isUnknownCondition, PATIENCE, retrying, statusOf, type Patience } from './retry.js';
import { upload, within, type Target } from './upload.js';

export class S3Objects implements ObjectStore {
  readonly location: string;
  private readonly client: S3Client;
  /** False once the bucket has said that it does not know conditional writes. */
  private conditional = true;

  constructor(private readonly at: S3Location, private readonly patience: Patience = PATIENCE) {
    this.location = nameOfS3(at);
    this.client = connectS3(at);
  }

  read(name: string): Promise<Uint8Array | null> {
    return this.get(name, true);
  }

  async readStart(name: string, length: number): Promise<Uint8Array | null> {
    return this.ask('reading', name, async (Bucket, Key) => {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=0-${length - 1}` }), within(length));
      return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
    }).catch((error: unknown) => {
      if (statusOf((error as Error).cause) === 416) return new Uint8Array(0); // an empty object has no first byte
      throw error;
    });
  }

  async create(name: string, parts: readonly Uint8Array[]): Promise<boolean> {
    try {
      if (!this.conditional && (await this.exists(name))) return false;
      await upload(this.target(name), parts, this.conditional);
      return true;
    } catch (error) {
      const cause = (error as Error).cause;
      if (isTaken(cause)) return false;
      if (!this.conditional || !isUnknownCondition(cause)) throw error;
      this.conditional = false; // two that write the same key at once have the same bytes: the last one wins then
      return this.create(name, parts);
    }
  }

  replace(name: string, parts: readonly Uint8Array[]): Promise<void> {
    return upload(this.target(name), parts, false);
  }

  /** Read and written again, not copied by the bucket, which might refuse what does not match its checksum. */
  async setAside(name: string): Promise<void> {
    const bytes = await this.get(name, false);
    if (bytes === null) return;
    await this.replace(`${name}.damaged-${Date.now()}`, [bytes]);
    await this.remove(name);
  }

  async remove(name: string): Promise<void> {
    await this.ask('deleting', name, (Bucket, Key) => this.client.send(new DeleteObjectCommand({ Bucket, Key }), within(0)));
  }

  async *list(folder: string): AsyncIterable<ObjectInfo> {
    for (let ContinuationToken: string | undefined; ;) {
      const page = await this.ask('listing', `${folder}/`, (Bucket, Prefix) => this.client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }), within(0)));
      for (const { Key = '', Size = 0, LastModified } of page?.Contents ?? []) yield { name: this.nameOf(Key), bytes: Size, modified: LastModified?.getTime() ?? Date.now() };
      ContinuationToken = page?.NextContinuationToken;
      if (ContinuationToken === undefined) return;
    }
  }

  /** Uploads in parts that were begun and not ended; they cost space until they are aborted. */
  async *leftovers(): AsyncIterable<Leftover> {
    for (let KeyMarker: string | undefined, UploadIdMarker: string | undefined; ;) {
      const page = await this.ask('listing', '', (Bucket, Prefix) => this.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix, KeyMarker, UploadIdMarker }), within(0)));
      for (const { Key = '', UploadId, Initiated } of page?.Uploads ?? []) {
        const name = this.nameOf(Key);
        const parts = await this.ask('listing', name, (Bucket) => this.client.send(new ListPartsCommand({ Bucket, Key, UploadId }), within(0)));
        const bytes = (parts?.Parts ?? []).reduce((sum, { Size = 0 }) => sum + Size, 0);
        const remove = async (): Promise<void> => void (await this.ask('deleting', name, (Bucket) => this.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), within(0))));
        if (parts !== null) yield { name, bytes, modified: Initiated?.getTime() ?? Date.now(), remove };
      }
      if (page?.IsTruncated !== true) return;
      KeyMarker = page.NextKeyMarker;
      UploadIdMarker = page.NextUploadIdMarker;
    }
  }

  private get(name: string, verify: boolean): Promise<Uint8Array | null> {
    return this.ask('reading', name, async (Bucket, Key) => {
      const answer = await this.client.send(new GetObjectCommand({ Bucket, Key, ...(verify ? { ChecksumMode: 'ENABLED' as const } : {}) }), within(READ_BYTES));
      const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array(0);
      if (answer.ContentLength !== undefined && bytes.length !== answer.ContentLength) throw new Error(`${bytes.length} of ${answer.ContentLength} bytes came`);
      return bytes;
    });
  }

  private async exists(name: string): Promise<boolean> {
    return (await this.ask('looking for', name, (Bucket, Key) => this.client.send(new HeadObjectCommand({ Bucket, Key }), within(0)))) !== null;
  }

  /** With retries; null when there is no such object. */
  private ask<T>(doing: string, name: string, act: (bucket: string, key: string) => Promise<T>): Promise<T | null> {
    return retrying(doing, shortName(name), this.patience, async () => {
      try {
        return await act(this.at.bucket, this.keyOf(name));
      } catch (error) {
        if (isAbsent(error)) return null;
        throw /checksum mismatch/i.test((error as Error).message) ? new ChecksumError((error as Error).message, { cause: error }) : error;
      }
    });
  }

  private target(name: string): Target {
    return { client: this.client, Bucket: this.at.bucket, Key: this.keyOf(name), patience: this.patience, name: shortName(name) };
  }

  private keyOf(name: string): string {
    return this.at.prefix === '' ? name : `${this.at.prefix}/${name}`;
  }

  private nameOf(key: string): string {
    return this.at.prefix === '' ? key : key.slice(this.at.prefix.length + 1);
  }
}
