/** A fit thread: one job at a time, ranks in order. Writes the progress words after every pass; asked to stop, it leaves a checkpoint. */
import { parentPort } from 'node:worker_threads';
import { Factorizer, prepare, type PreparedMatrix } from '../../analysis/opnmf/index.js';
import { normalize } from '../../analysis/parcellation/normalize.js';
import { SulcusError } from '../../contracts/errors.js';
import { CHECKPOINT_SECONDS } from '../../contracts/limits.js';
import { outOfMemory } from './memory.js';
import { sharedWords, type ThreadJob, type ThreadMessage } from './protocol.js';

const port = parentPort;
if (port === null) throw new Error('fit-thread runs only as a worker thread');
/** Seconds of work between two checkpoints of a fit. */
const interval = Number(process.env['SULCUS_CHECKPOINT_SECONDS'] ?? CHECKPOINT_SECONDS) * 1000;
/** A fit that is asked to stop goes on to the next point that can be kept, unless that is further away than this. */
const LAST_POINT_MS = 2_000;
/** What there is has been kept: the fit ends here. */
class Kept extends Error {}
const post = (message: ThreadMessage, transfer: ArrayBuffer[] = []): void => { port.postMessage(message, transfer); };

port.on('message', (job: ThreadJob) => {
  const { cancel, progress } = sharedWords(job.shared);
  let asked: number | null = null;
  const isAsked = (): boolean => {
    if (Atomics.load(cancel, 0) === 0) return false;
    asked ??= performance.now();
    return true;
  };
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
          return !isAsked() || performance.now() - (asked as number) < LAST_POINT_MS;
        },
        onSafePoint: (checkpoint) => {
          const leaves = isAsked();
          if (!leaves && performance.now() - saved < interval) return;
          saved = performance.now();
          post({ type: 'checkpoint', rank, checkpoint: checkpoint() });
          if (leaves) throw new Kept();
        },
      });
      if (fit.stopped === 'cancelled') { post({ type: 'cancelled' }); return; }
      post({ type: 'fit', fit, seconds: (performance.now() - started) / 1000 }, [fit.W.buffer as ArrayBuffer, fit.H.buffer as ArrayBuffer]);
    }
    post({ type: 'done' });
  } catch (error) {
    if (error instanceof Kept) { post({ type: 'cancelled' }); return; }
    const told = outOfMemory(error) ?? error, known = told instanceof SulcusError;
    post({ type: 'error', code: known ? told.code : null, message: told instanceof Error ? told.message : String(told), remedy: known ? told.remedy : null });
  }
});

function matrixOf({ input, spec, maxRank }: ThreadJob): PreparedMatrix {
  if ('prepared' in input) return input.prepared;
  const { values, vertices, metrics, subjects } = normalize(input.raw, spec.normalization);
  const matrix = prepare(values, vertices, metrics * subjects, maxRank);
  post({ type: 'prepared', matrix });
  return matrix;
}
