/** A log file of bounded size that several processes may append to: NAME, then NAME.1 and NAME.2, the oldest lines last. */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes at which a file is turned over; with two older ones a log takes at most three times as much. */
const LOG_BYTES = 16 * 1024 * 1024;
const KEPT = 2;

export interface LineSink {
  write(line: string): void;
}

export class LogFile implements LineSink {
  private fd: number;

  /** Throws the system's error when the file cannot be opened. */
  constructor(readonly path: string, private readonly limit = LOG_BYTES) {
    mkdirSync(dirname(path), { recursive: true });
    this.fd = open(path);
  }

  /** Appends a whole line. A log that cannot be written (a full disk) must not end the work: the line then goes to stderr, if that can be. */
  write(line: string): void {
    try {
      if (fstatSync(this.fd).size + Buffer.byteLength(line) > this.limit) this.turnOver();
      writeSync(this.fd, line);
    } catch (error) {
      try {
        writeSync(2, `the log cannot be written (${(error as NodeJS.ErrnoException).code ?? 'error'}): ${line}`);
      } catch {
        // nowhere left to say it
      }
    }
  }

  /** Renames, unless another process has done it already (then the name belongs to another file), and opens the name again. */
  private turnOver(): void {
    if (inode(this.path) === fstatSync(this.fd).ino) {
      for (let age = KEPT; age > 0; age--) rename(age === 1 ? this.path : `${this.path}.${age - 1}`, `${this.path}.${age}`);
    }
    const old = this.fd;
    this.fd = open(this.path);
    closeSync(old);
  }
}

/** Readable by its owner only: who ran what is nobody else's business. */
const open = (path: string): number => openSync(path, 'a', 0o600);

function inode(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null; // just renamed by another process
  }
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
