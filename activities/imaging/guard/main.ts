/**
 * The guard: a process that starts programs for a worker, and ends them all with their descendants when the worker is gone. The worker's death closes the
 * channel between them, whatever it died of. It ignores the signals that a terminal or a service manager sends to everybody: it ends when its worker has.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GuardedRun } from './guarded-run.js';
import { HAS_PROC, listProcesses } from './processes.js';
import type { FromGuard, GuardedProgram, ToGuard } from './protocol.js';

/** Milliseconds between two samples: of /proc, and of `ps`, which costs a process each time. */
const SAMPLE_MS = HAS_PROC ? 500 : 2_000;
/** A young program is sampled sooner: a short one too has a peak of memory, and one that goes into the background is seen before it is gone. */
const FIRST_SAMPLE_MS = 50;
/** Seconds to end everything in, when the worker is gone. */
const PATIENCE_MS = 30_000;

const runs = new Map<number, GuardedRun>();
const starting = new Map<number, { cancelled: boolean }>();
let sampling = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// The variable would be handed down to every program.
delete process.env.NODE_V8_COVERAGE;

process.on('message', (message) => {
  const order = message as ToGuard;
  if (order.type === 'start') void guard(order.id, order.program);
  else cancel(order.id);
});
process.on('disconnect', () => void endAll(0));
process.on('uncaughtException', () => void endAll(1));

function send(message: FromGuard): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

async function guard(id: number, program: GuardedProgram): Promise<void> {
  const state = { cancelled: false };
  starting.set(id, state);
  try {
    const run = await GuardedRun.start(id, program, send);
    runs.set(id, run);
    starting.delete(id);
    const end = run.end();
    if (state.cancelled) run.stop('cancelled');
    if (!sampling) void sample();
    send({ type: 'ended', id, end: await end });
  } catch (error) {
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    send({ type: 'failed', id, program: syscall?.startsWith('spawn') ?? false, what: code ?? message });
  } finally {
    starting.delete(id);
    runs.delete(id);
  }
}

function cancel(id: number): void {
  const state = starting.get(id);
  if (state) state.cancelled = true;
  runs.get(id)?.stop('cancelled');
}

/** One look at all processes serves all programs. */
async function sample(): Promise<void> {
  sampling = true;
  while (runs.size > 0) {
    const youngest = Math.max(...[...runs.values()].map(({ startedAt }) => startedAt));
    await sleep(Math.min(SAMPLE_MS, FIRST_SAMPLE_MS + (performance.now() - youngest * 1000) / 4));
    // One that starts meanwhile would not be found in it.
    const there = [...runs.values()], rows = await listProcesses();
    for (const run of there) run.sample(rows);
  }
  sampling = false;
}

async function endAll(code: number): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  // Those that have just ended by themselves are in `runs` until nothing is left of them.
  for (let left = true; left && performance.now() < end; ) {
    left = (await Promise.all([...runs.values()].map((run) => run.destroy()))).includes(false) || starting.size > 0;
    if (left) await sleep(20);
  }
  process.exit(code);
}
