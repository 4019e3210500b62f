/** A picture that a step has made itself: looked at just enough to know that a browser will show it. */
import { readFile, stat } from 'node:fs/promises';
import { SulcusError } from '../../../contracts/errors.js';

/** Bytes. */
const MOST = 32 * 2 ** 20;
/** Pixels along a side of a PNG. */
const MOST_SIDE = 20_000;
/** The end of a picture is looked for in this many bytes: some programs write a little after it. */
const TAIL = 1024;

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), PNG_END = Buffer.from('IEND', 'latin1'), JPEG = Buffer.from([0xff, 0xd8, 0xff]), JPEG_END = Buffer.from([0xff, 0xd9]);

/** Null: neither PNG nor JPEG. */
export function kindOfPicture(bytes: Uint8Array): 'png' | 'jpg' | null {
  const starts = (magic: Buffer): boolean => magic.equals(bytes.subarray(0, magic.length));
  return starts(PNG) ? 'png' : starts(JPEG) ? 'jpg' : null;
}

/** Throws SHEET_PICTURE when it is no whole PNG or JPEG of at most 32 MiB. */
export async function readPicture(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > MOST) throw bad(`has ${Math.ceil(size / 2 ** 20)} MiB, allowed are ${MOST / 2 ** 20}`);
  const bytes = await readFile(path), kind = kindOfPicture(bytes), tail = bytes.subarray(-TAIL);
  if (kind === null) throw bad(size === 0 ? 'is empty' : 'is neither a PNG nor a JPEG');
  if (!tail.includes(kind === 'png' ? PNG_END : JPEG_END)) throw bad('ends too early');
  if (kind === 'png' && Math.max(bytes.readUInt32BE(16), bytes.readUInt32BE(20)) > MOST_SIDE) throw bad(`is larger than ${MOST_SIDE} pixels`);
  return bytes;
}

const bad = (what: string): SulcusError => new SulcusError('SHEET_PICTURE', `the picture of the sheet ${what}`, { remedy: 'look at what the step made' });
