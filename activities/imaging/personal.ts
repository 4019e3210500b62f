/** Whether files name a person, found before a program reads them and after it has written them. Files of a laboratory are not changed: who is named is refused. */
import { createReadStream } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { createGunzip, constants } from 'node:zlib';
import { endLength, FIRST_BYTES, headerFields, headerLength, personalText, personalValue } from '../../formats/index.js';

/** A file as a step knows it. */
export interface NamedFile {
  /** As messages name it: `input dwi`, `output fa`. */
  name: string;
  /** Absolute. */
  path: string;
}

/**
 * What in the header of a file, or of the JSON beside it (`scan.json` beside `scan.nii.gz`), tells who somebody is: the file and the field in words, never the
 * value; null: nothing that is recognised. A file that is not there tells nothing.
 * @param id the participant's identifier, which may stand in any field
 * @throws what the disk throws
 */
export async function personalProblem(files: readonly NamedFile[], id: string): Promise<string | null> {
  const own = [id, id.replace(/^sub-/, '')], looked = new Set<string>();
  for (const { name, path } of files) {
    const sidecar = sidecarOf(path);
    for (const [what, file] of [[name, path], ...(sidecar === null ? [] : [[`the JSON file beside ${name}`, sidecar]])] as [string, string][]) {
      if (looked.has(file)) continue;
      looked.add(file);
      const found = personalField(await headerOf(file), own);
      if (found !== null) return `${what}: ${found}`;
    }
  }
  return null;
}

function personalField(header: Uint8Array | null, own: readonly string[]): string | null {
  for (const { field, name, value } of header === null ? [] : headerFields(header)) {
    const found = name === null ? personalText(value, own) : personalValue(name, value, own);
    if (found !== null) return `${field} seems to hold ${found}`;
  }
  return null;
}

/** BIDS: the same name with .json. Files that are text themselves have none. */
function sidecarOf(path: string): string | null {
  const bare = path.replace(/\.(nii|nii\.gz|mif|mif\.gz|mih|mnc|mnc\.gz|hdr|img)$/i, '');
  return bare === path ? null : `${bare}.json`;
}

/** The beginning of a file, decompressed, as far as its header goes; of some formats the end too. Null: there is no such file. */
async function headerOf(path: string): Promise<Uint8Array | null> {
  // Opening a pipe would wait for whoever writes to it.
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null; throw error; });
  if (found === null || !found.isFile()) return null;
  const handle = await open(path, 'r');
  try {
    const first = await beginning(handle, path, FIRST_BYTES), needed = headerLength(first);
    const head = needed > first.length && first.length === FIRST_BYTES ? await beginning(handle, path, needed) : first;
    const after = Math.min(endLength(first), found.size - head.length);
    if (after <= 0) return head;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(after), 0, after, found.size - after);
    return Buffer.concat([head, buffer.subarray(0, bytesRead)]);
  } finally {
    await handle.close();
  }
}

async function beginning(handle: FileHandle, path: string, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0), bytes = buffer.subarray(0, bytesRead);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? inflated(path, length) : bytes;
}

/** What can be decompressed of a damaged stream is looked at: whether it is whole is for others to say. */
async function inflated(path: string, length: number): Promise<Uint8Array> {
  const stream = createReadStream(path, { highWaterMark: FIRST_BYTES }), unzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  const parts: Buffer[] = [];
  let have = 0;
  stream.on('error', (error) => unzip.destroy(error));
  stream.pipe(unzip);
  try {
    for await (const part of unzip) {
      parts.push(part as Buffer);
      have += (part as Buffer).length;
      if (have >= length) break;
    }
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
  } finally {
    stream.destroy();
  }
  return Buffer.concat(parts).subarray(0, length);
}
