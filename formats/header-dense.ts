/** What is text in bytes that are mostly none: pictures and compressed data, in which any few letters stand somewhere by chance. */

/** Bits a byte (Shannon's entropy) above which bytes are as good as random. Text has 4 to 6, voxels and meshes seldom more than 6.5, compressed data nearly 8. */
const DENSE = 7;
/** Too few to tell. */
const FEWEST = 512;
/** So many readable characters in a row do not come about by chance: 1e-10 at each place. */
const BY_CHANCE = 24;

export function isDense(bytes: Uint8Array): boolean {
  if (bytes.length < FEWEST) return false;
  const counts = new Float64Array(256);
  for (const byte of bytes) counts[byte] = counts[byte]! + 1;
  return -counts.reduce((sum, count) => (count === 0 ? sum : sum + (count / bytes.length) * Math.log2(count / bytes.length)), 0) > DENSE;
}

/** Runs of readable ASCII characters that are too long for chance, a line each. */
export function readableRuns(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.split(/[^\t\n\r -~]+/).filter((run) => run.length >= BY_CHANCE).join('\n');
}

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The parts of a PNG or JPEG that are no picture: chunks other than pixels and colours; what stands before the scan. Null: it is neither. */
export function besidesPicture(bytes: Uint8Array): Uint8Array | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.subarray(0, 8).equals(PNG)) {
    const parts: Buffer[] = [];
    for (let at = 8; at + 8 <= buffer.length;) {
      const length = buffer.readUInt32BE(at), type = buffer.toString('latin1', at + 4, at + 8);
      if (['tEXt', 'iTXt', 'eXIf'].includes(type)) parts.push(buffer.subarray(at + 8, at + 8 + length), Buffer.from('\n'));
      at += 12 + length;
    }
    return Buffer.concat(parts);
  }
  if (!(buffer[0] === 0xff && buffer[1] === 0xd8 && buffer[2] === 0xff)) return null;
  const parts: Buffer[] = [];
  for (let at = 2; at + 4 <= buffer.length && buffer[at] === 0xff && buffer[at + 1] !== 0xda;) {
    const marker = buffer[at + 1]!, length = buffer.readUInt16BE(at + 2);
    // Comments, and what applications put there: EXIF, XMP.
    if (marker === 0xfe || (marker >= 0xe0 && marker <= 0xef)) parts.push(buffer.subarray(at + 4, at + 2 + length), Buffer.from('\n'));
    at += 2 + length;
  }
  return Buffer.concat(parts);
}
