/** A fit thread: one job at a time, ranks in order. Reads the cancel word and writes the progress words after every pass. */
import { parentPort } from 'node:worker_threads';
import { Factorizer, prepare, type PreparedMatrix } from '../../analysis/opnmf/index.js';
import { normalize } from '../../analysis/parcellation/normalize.js';
import { SulcusError } from '../../contracts/errors.js';
import { CHECKPOINT_SECONDS } from '../../contracts/limits.js';
import { sharedWords, type ThreadJob, type ThreadMessage } from './protocol.js';

const port = parentPort;
if (port === null) throw new Error('fit-thread runs only as a worker thread');
/** Seconds of work between two checkpoints of a fit. */
const interval = Number(process.env['SULCUS_CHECKPOINT_SECONDS'] ?? CHECKPOINT_SECONDS) * 1000;
const post = (message: ThreadMessage, transfer: ArrayBuffer[] = []): void => { port.postMessage(message, transfer); };

port.on('message', (job: ThreadJob) => {
  const { cancel, progress } = sharedWords(job.shared);
  try {
    const factorizer = Factorizer.sharing(matrixOf(job));
    for (const rank of job.ranks) {
      const started = performance.now();
      const { solver, tolerance, maxIterations } = job.spec;
      const resume = job.checkpoints.get(rank);
      let saved = started;
      const fit = factorizer.factorize({
        rank, solver, tolerance, maxIterations, seed: job.seed, ...(resume === undefined ? {} : { resume }),
        onPass: (p) => {
          progress[0] = rank; progress[1] = p.passes; progress[2] = p.residual;
          return Atomics.load(cancel, 0) === 0;
        },
        onSafePoint: (checkpoint) => {
          if (performance.now() - saved < interval) return;
          saved = performance.now();
          post({ type: 'checkpoint', rank, checkpoint: checkpoint() });
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

function matrixOf({ input, spec, maxRank }: ThreadJob): PreparedMatrix {
  if ('prepared' in input) return input.prepared;
  const { values, vertices, metrics, subjects } = normalize(input.raw, spec.normalization);
  const matrix = prepare(values, vertices, metrics * subjects, maxRank);
  post({ type: 'prepared', matrix });
  return matrix;
}
