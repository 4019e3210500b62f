/** Reading binary headers: every read checks that the bytes are there, and says where the file ended when they are not. */
import { mismatch, type FormatError } from './format-error.js';

export class ByteReader {
  private readonly view: DataView;

  constructor(readonly bytes: Uint8Array, readonly file: string, public offset = 0, public little = false) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.offset;
  }

  /** Throws SHORT_FILE unless `size` more bytes exist. Call it with the size a header declares before anything is allocated. */
  need(size: number, what: string): void {
    if (!(size >= 0 && size <= this.left)) throw this.short(size, what);
  }

  short(size: number, what: string): FormatError {
    return mismatch('SHORT_FILE', { file: this.file, offset: this.offset }, `${this.left} more bytes`, `${size} for ${what}`, 'The file is cut short or damaged: copy or export it again.');
  }

  u8(what: string): number { this.need(1, what); return this.view.getUint8(this.offset++); }
  u16(what: string): number { this.need(2, what); return this.view.getUint16((this.offset += 2) - 2, this.little); }
  /** FreeSurfer's three-byte integers, big-endian. */
  u24(what: string): number { this.need(3, what); return (this.view.getUint16(this.offset) << 8) + this.view.getUint8((this.offset += 3) - 1); }
  i16(what: string): number { this.need(2, what); return this.view.getInt16((this.offset += 2) - 2, this.little); }
  i32(what: string): number { this.need(4, what); return this.view.getInt32((this.offset += 4) - 4, this.little); }
  u32(what: string): number { this.need(4, what); return this.view.getUint32((this.offset += 4) - 4, this.little); }
  f32(what: string): number { this.need(4, what); return this.view.getFloat32((this.offset += 4) - 4, this.little); }

  /** The next `size` bytes, not copied. */
  take(size: number, what: string): Uint8Array {
    this.need(size, what);
    return this.bytes.subarray(this.offset, (this.offset += size));
  }

  /** A string of `size` bytes, up to its first zero byte. */
  text(size: number, what: string): string {
    const raw = this.take(size, what);
    const end = raw.indexOf(0);
    return Buffer.from(raw.buffer, raw.byteOffset, end < 0 ? raw.length : end).toString('utf8');
  }

  skip(size: number, what: string): void {
    this.need(size, what);
    this.offset += size;
  }
}
