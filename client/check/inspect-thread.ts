/** A thread of `check`: reads the files of a batch one after the other and answers with what is kept of them. */
import { parentPort, workerData } from 'node:worker_threads';
import { inspectFile } from './facts.js';
import type { Batch, BatchDone, Regions } from './pool.js';

const port = parentPort;
if (port === null) throw new Error('inspect-thread runs only as a worker thread');
const regions = workerData as Regions;

port.on('message', ({ first, tasks }: Batch) => {
  const results = tasks.map((task) => inspectFile(task, regions[task.source.side] ?? new Int32Array(0)));
  port.postMessage({ first, results } satisfies BatchDone, results.flatMap((r) => (r.facts === null ? [] : [r.facts.sketch.buffer as ArrayBuffer])));
});
