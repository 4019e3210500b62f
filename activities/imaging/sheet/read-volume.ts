/** One volume of a NIfTI file, and no more of it in memory: of a series of gigabytes the others are passed over. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FormatError, mismatch, readNifti, readNiftiShape, type NiftiShape, type NiftiVolume } from '../../../formats/index.js';

/** Bytes of one volume, 586 x 586 x 586 voxels of 32 bits: with what is drawn a sheet takes less than a gigabyte of memory. */
export const MOST_VOLUME = 768 * 2 ** 20;
const MOST_HEADER = 16 * 2 ** 20, LEAST_OFFSET = 352, FIRST = 4096;

/**
 * @param name what the file is called in messages: its path names a participant
 * @param volume which of a series, from 0; null: a series is refused
 * @throws FormatError as readNifti does, TOO_LARGE; and what the disk throws
 */
export async function readVolume(path: string, name: string, volume: number | null): Promise<NiftiVolume> {
  const start = await firstBytes(path), shape = readNiftiShape(start, name), { volumes, offset } = shape, size = (shape.bytes - offset) / volumes;
  if (!Number.isInteger(offset) || offset < LEAST_OFFSET || !(size >= 1)) throw mismatch('BAD_NIFTI', { file: name }, `data that begin at byte ${offset}, ${size} bytes a volume`, 'a header that says where they are', 'The file is damaged: copy or convert it again.');
  if (volume === null && volumes > 1) throw new FormatError('SEVERAL_VOLUMES', `${name}: a series of ${volumes} volumes, expected one`, { file: name, remedy: 'Name a file of one volume.' });
  if ((volume ?? 0) >= volumes) throw mismatch('SEVERAL_VOLUMES', { file: name }, `${volumes} volume${volumes === 1 ? '' : 's'}`, `one with number ${volume} (counted from 0)`, 'Correct `volume` of the sheet.');
  if (size > MOST_VOLUME || offset > MOST_HEADER) throw new FormatError('TOO_LARGE', `${name}: ${shape.shape.join(' x ')} voxels take more than the ${MOST_VOLUME / 2 ** 20} MiB that are drawn`, { file: name, remedy: 'Name a smaller volume as the image of the sheet.' });
  const zipped = start[0] === 0x1f && start[1] === 0x8b;
  const bytes = await (zipped ? unzip : readPlain)(path, name, shape, Math.ceil(size), volume ?? 0);
  return readNifti(volumes > 1 ? alone(bytes) : bytes, { file: name });
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST), 0, FIRST, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function readPlain(path: string, name: string, { offset, bytes }: NiftiShape, size: number, volume: number): Promise<Buffer> {
  const there = (await stat(path)).size;
  if (there < bytes) throw mismatch('SHORT_FILE', { file: name }, `${there} bytes`, String(bytes), 'The file is damaged: copy or convert it again.');
  const out = Buffer.alloc(offset + size), file = await open(path, 'r');
  try {
    await readFully(file, out.subarray(0, offset), 0);
    await readFully(file, out.subarray(offset), offset + volume * size);
    return out;
  } finally {
    await file.close();
  }
}

/** One call gives at most 2 GiB and may give less. */
async function readFully(file: Awaited<ReturnType<typeof open>>, into: Buffer, from: number): Promise<void> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await file.read(into, done, into.length - done, from + done);
    if (bytesRead === 0) return;
    done += bytesRead;
  }
}

/** Stops after the volume, unless it is the last: then the checksum at the end of the file is looked at too. */
async function unzip(path: string, name: string, { offset, volumes }: NiftiShape, size: number, volume: number): Promise<Buffer> {
  const out = Buffer.alloc(offset + size), begin = offset + volume * size, isLast = volume === volumes - 1;
  let at = 0, filled = 0, enough = false;
  try {
    await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), createGunzip({ chunkSize: 2 ** 18 }), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        filled += copyPart(chunk, at, out, 0, offset, 0) + copyPart(chunk, at, out, begin, begin + size, offset);
        at += chunk.length;
        enough = at >= begin + size && !isLast;
        if (enough) return;
      }
    });
  } catch (error) {
    // A stream that is left early may say so.
    if (!enough) throw isDamage(error) ? mismatch('BAD_COMPRESSION', { file: name }, 'damaged compressed data, or data that end too early', 'a whole gzip stream', 'The file is damaged: copy or convert it again.', error) : error;
  }
  return out.subarray(0, filled);
}

const isDamage = (error: unknown): boolean => (error as NodeJS.ErrnoException).code?.startsWith('Z_') === true;

/** Copies what of a chunk, which lies at `at` in the file, is between `from` and `to` to its place after `target`. Returns how much that was. */
function copyPart(chunk: Buffer, at: number, out: Buffer, from: number, to: number, target: number): number {
  const first = Math.max(from, at), last = Math.min(to, at + chunk.length);
  return last <= first ? 0 : chunk.copy(out, target + first - from, first - at, last - at);
}

/** The header of a series made that of one volume: three dimensions. Changes the bytes. */
function alone(bytes: Buffer): Buffer {
  const little = bytes.readInt32LE(0) === 348 || bytes.readInt32LE(0) === 540, one = bytes.toString('latin1', 344, 347) === 'n+1';
  if (one) bytes[little ? 'writeInt16LE' : 'writeInt16BE'](3, 40);
  else bytes[little ? 'writeBigInt64LE' : 'writeBigInt64BE'](3n, 16);
  return bytes;
}
