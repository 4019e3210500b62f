/** A fit thread: one job at a time, ranks in order. Reads the cancel word and writes the progress words after every pass. */
import { parentPort } from 'node:worker_threads';
import { Factorizer } from '../../analysis/opnmf/index.js';
import { normalize } from '../../analysis/parcellation/normalize.js';
import { SulcusError } from '../../contracts/errors.js';
import { sharedWords, type ThreadJob, type ThreadMessage } from './protocol.js';

const port = parentPort;
if (port === null) throw new Error('fit-thread runs only as a worker thread');

port.on('message', ({ job, shared }: ThreadJob) => {
  const post = (message: ThreadMessage, transfer: ArrayBuffer[] = []): void => { port.postMessage(message, transfer); };
  const { cancel, progress } = sharedWords(shared);
  try {
    const x = normalize(job.matrix, job.spec.normalization);
    const factorizer = new Factorizer(x.values, x.vertices, x.metrics * x.subjects, job.maxRank);
    for (const rank of job.ranks) {
      const started = performance.now();
      const { solver, tolerance, maxIterations } = job.spec;
      const fit = factorizer.factorize({
        rank, solver, tolerance, maxIterations, seed: job.seed,
        onPass: (p) => {
          progress[0] = rank; progress[1] = p.passes; progress[2] = p.residual; progress[3] = p.error;
          return Atomics.load(cancel, 0) === 0;
        },
      });
      if (fit.stopped === 'cancelled') { post({ type: 'cancelled' }); return; }
      post({ type: 'fit', fit, seconds: (performance.now() - started) / 1000 }, [fit.W.buffer as ArrayBuffer, fit.H.buffer as ArrayBuffer]);
    }
    post({ type: 'done' });
  } catch (error) {
    const known = error instanceof SulcusError;
    post({ type: 'error', code: known ? error.code : null, message: error instanceof Error ? error.message : String(error), remedy: known ? error.remedy : null });
  }
});
