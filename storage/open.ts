/** The store at an address. */
import { Artifacts } from './artifacts.js';
import { FolderObjects } from './folder.js';
import { isS3, parseS3 } from './location.js';
import type { ObjectStore } from './object-store.js';
import type { Damage } from './store.js';

export interface OpenOptions {
  /** Told of what is damaged, after it was set aside. */
  onDamage?: (damage: Damage) => void;
  /** Puts a layer over the objects, such as one that encrypts them. Default: none. */
  over?: (objects: ObjectStore) => ObjectStore;
}

/** `address`: a folder, or an `s3://` address (location.ts). Nothing is read yet. Throws BAD_STORE. */
export async function openStore(address: string, { onDamage, over = (objects) => objects }: OpenOptions = {}): Promise<Artifacts> {
  return new Artifacts(over(await objectsAt(address)), onDamage);
}

/** The S3 client is loaded by those who use one only. */
async function objectsAt(address: string): Promise<ObjectStore> {
  if (!isS3(address)) return new FolderObjects(address);
  const location = parseS3(address);
  const { S3Objects } = await import('./s3/index.js');
  return new S3Objects(location);
}
