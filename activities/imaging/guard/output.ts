/** What a program prints, into a file: the first 64 MiB and the last one. Reading never waits for long, so that the program does not either. */
import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { asShown } from './terminal.js';

/** Bytes that are kept from the start of a stream. */
export const HEAD_BYTES = 64 * 1024 * 1024;
/** Bytes that are kept from its end, when there were more. */
export const TAIL_BYTES = 1024 * 1024;
/** For the tail of a message and for percentages. */
const RECENT_BYTES = 8 * 1024;

export class Output {
  /** Printed so far. */
  bytes = 0;
  private written = 0;
  private last: Buffer[] = [];
  private lastBytes = 0;
  private window = Buffer.alloc(0);
  private failure: string | null = null;

  private constructor(private readonly stream: Readable, private readonly file: FileHandle) {}

  static async to(path: string, stream: Readable): Promise<Output> {
    return new Output(stream, await open(path, 'w', 0o666));
  }

  /** Copies until all who print have closed the stream, or it is destroyed. */
  async copy(): Promise<void> {
    try {
      for await (const chunk of this.stream as AsyncIterable<Buffer>) await this.take(chunk);
    } catch { /* destroyed: a process that could not be found holds it open */ }
    await this.finish();
  }

  /** The last 8 KiB as text. */
  recent(): string {
    return this.window.toString('utf8').replace(/^\uFFFD+/, '');
  }

  private async take(chunk: Buffer): Promise<void> {
    this.bytes += chunk.length;
    this.window = chunk.length >= RECENT_BYTES ? Buffer.from(chunk.subarray(-RECENT_BYTES)) : Buffer.concat([this.window.subarray(-(RECENT_BYTES - chunk.length)), chunk]);
    const room = Math.min(HEAD_BYTES - this.written, chunk.length);
    if (room > 0) { this.written += room; await this.write(chunk.subarray(0, room)); }
    if (room < chunk.length) this.keep(chunk.subarray(room));
  }

  private keep(chunk: Buffer): void {
    this.last.push(chunk);
    this.lastBytes += chunk.length;
    for (let first = this.last[0]; first !== undefined && this.lastBytes - first.length >= TAIL_BYTES; first = this.last[0]) {
      this.last.shift();
      this.lastBytes -= first.length;
    }
  }

  private async finish(): Promise<void> {
    const tail = Buffer.concat(this.last).subarray(-TAIL_BYTES);
    const left = this.bytes - this.written - tail.length;
    if (left > 0) await this.write(Buffer.from(`\n[sulcus: ${left} bytes are left out here]\n`));
    if (tail.length > 0) await this.write(tail);
    if (this.failure !== null) this.window = Buffer.concat([this.window, Buffer.from(`\n[sulcus: not all of this could be kept: ${this.failure}]\n`)]);
    await this.close();
  }

  async close(): Promise<void> {
    await this.file.close().catch(() => undefined);
  }

  /** A full disk must not stop the reading: the program would wait for ever. */
  private async write(bytes: Buffer): Promise<void> {
    if (this.failure !== null) return;
    try {
      await this.file.writeFile(bytes);
    } catch (error) {
      this.failure = (error as NodeJS.ErrnoException).code ?? String(error);
    }
  }
}

/** The last `limit` characters of two streams: at least a quarter for stdout when it has as much, the end of stderr last. As a terminal would show them: what a carriage return overwrote is gone. */
export function tailOf(stdout: string, stderr: string, limit = 2000): string {
  const out = asShown(stdout), err = asShown(stderr);
  const errLength = Math.min(err.length, limit - Math.min(out.length, limit / 4));
  const outLength = Math.min(out.length, limit - errLength - (errLength > 0 ? 1 : 0));
  return [out.slice(out.length - outLength), err.slice(err.length - errLength)].filter((text) => text !== '').join('\n');
}

/** Longest piece of a line that a pattern is tried on, so that one with many ways to match stays quick. */
const LINE_LIMIT = 300;

/** The last percentage in a text, 0 to 100; null: none. */
export function percentIn(text: string, pattern: RegExp): number | null {
  for (const line of text.split(/[\r\n]+/).reverse()) {
    const value = Number([...line.slice(-LINE_LIMIT).matchAll(pattern)].at(-1)?.[1]);
    if (Number.isFinite(value)) return Math.min(100, Math.max(0, value));
  }
  return null;
}
