/** A thread of `sulcus factorize`: reads and prepares the matrix, or fits one rank of a matrix that is shared. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { decodeCheckpoint, encodeCheckpoint, Factorizer, prepare, type Checkpoint } from '../../analysis/opnmf/index.js';
import { SulcusError } from '../../contracts/errors.js';
import { CHECKPOINT_SECONDS } from '../../contracts/limits.js';
import { readMatrix } from './matrix.js';
import { sharedWords, type Answer, type Request } from './protocol.js';

const port = parentPort;
if (port === null) throw new Error('this file runs only as a worker thread');
const post = (answer: Answer): void => { port.postMessage(answer); };

port.on('message', (request: Request) => {
  try {
    if (request.type === 'prepare') prepareFile(request);
    else fitRank(request);
  } catch (error) {
    const known = error instanceof SulcusError;
    post({ type: 'error', code: known ? error.code : null, message: error instanceof Error ? error.message : String(error), remedy: known ? error.remedy : null });
  }
});

function prepareFile({ path, maxRank }: Extract<Request, { type: 'prepare' }>): void {
  const { data, rows, columns } = readMatrix(path);
  const sha256 = createHash('sha256').update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).digest('hex');
  const started = performance.now();
  const matrix = prepare(data, rows, columns, maxRank);
  post({ type: 'prepared', matrix, seconds: (performance.now() - started) / 1000, sha256 });
}

function fitRank({ matrix, rank, options, checkpoint, shared }: Extract<Request, { type: 'fit' }>): void {
  const { cancel, progress } = sharedWords(shared);
  const { initial, ...rest } = options;
  const resume = checkpoint === null ? null : readCheckpoint(checkpoint.file, checkpoint.identity);
  const started = performance.now();
  let saved = started;
  const fit = Factorizer.sharing(matrix).factorize({
    rank, ...rest, ...(initial === null ? {} : { initial }), ...(resume === null ? {} : { resume }),
    onPass: (p) => { progress[0] = p.passes; progress[1] = p.residual; return Atomics.load(cancel, 0) === 0; },
    onSafePoint: (take) => {
      if (checkpoint === null || (performance.now() - saved < CHECKPOINT_SECONDS * 1000 && Atomics.load(cancel, 0) === 0)) return;
      saved = performance.now();
      writeCheckpoint(checkpoint.file, checkpoint.identity, take());
    },
  });
  const seconds = (performance.now() - started) / 1000;
  if (checkpoint !== null && fit.stopped !== 'cancelled') rmSync(checkpoint.file, { force: true });
  post({ type: 'fit', fit, seconds, resumed: resume !== null });
}

/** The identity and a checksum of what follows stand in the first line; anything else in the file means: from the beginning. */
function readCheckpoint(file: string, identity: string): Checkpoint | null {
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file), end = bytes.indexOf(10), body = bytes.subarray(end + 1);
  return end > 0 && bytes.subarray(0, end).toString('latin1') === headOf(identity, body) ? decodeCheckpoint(body) : null;
}

function writeCheckpoint(file: string, identity: string, checkpoint: Checkpoint): void {
  const body = encodeCheckpoint(checkpoint);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, Buffer.concat([Buffer.from(`${headOf(identity, body)}\n`), body]), { flush: true });
  renameSync(`${file}.new`, file);
}

function headOf(identity: string, body: Uint8Array): string {
  return `${identity} ${createHash('sha256').update(body).digest('hex')}`;
}
