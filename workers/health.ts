/**
 * Health over HTTP, for whoever watches over workers: `/livez` (would a restart help?) and `/readyz` (is it of use now?). Opened only when a port is
 * given. It is served by a thread of its own, which can therefore answer (503) while the event loop it reports on is stuck.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMainThread, parentPort, Worker as Thread, workerData } from 'node:worker_threads';
import { SulcusError } from '../contracts/errors.js';

export interface HealthOptions {
  port: number;
  /** Address to listen on: the loopback interface unless SULCUS_HEALTH_HOST says otherwise. */
  host: string;
}

/** What the main thread knows about itself. */
export interface Standing {
  /** `getState()` of every Temporal Worker. */
  workers: string[];
  /** Reasons of the checks that failed, by name; null before the first round. */
  sickness: Record<string, string> | null;
  /** What only a restart can mend, one line; null: nothing. */
  stuck: string | null;
}

export interface HealthServer {
  /** The port it listens on (the one asked for; any free one for 0). */
  port: number;
  close(): Promise<void>;
}

/** The event loop is taken for stuck when it did not tick for this long. */
const STUCK_MS = 2_000;
const TICK_MS = 250;

interface ThreadData extends HealthOptions {
  sulcusHealth: true;
  /** One BigInt64: the monotonic time (ns) of the last tick; all threads of a process read the same clock. */
  tick: SharedArrayBuffer;
}

/** Serves the health of this process. Throws HEALTH_PORT_UNUSABLE. */
export async function serveHealth(options: HealthOptions, standing: () => Standing): Promise<HealthServer> {
  const tick = new SharedArrayBuffer(8), clock = new BigInt64Array(tick);
  Atomics.store(clock, 0, process.hrtime.bigint());
  const thread = new Thread(new URL(import.meta.url), { workerData: { sulcusHealth: true, tick, ...options } satisfies ThreadData });
  let told = '';
  const beat = (): void => {
    Atomics.store(clock, 0, process.hrtime.bigint());
    const now = JSON.stringify(standing());
    if (now !== told) thread.postMessage(now);
    told = now;
  };
  const timer = setInterval(beat, TICK_MS);
  beat();
  try {
    const port = await new Promise<number>((resolve, reject) => { thread.once('message', resolve).once('error', reject); });
    thread.on('error', () => undefined); // health that fails must not take the worker with it: probes see that nobody answers
    return { port, async close() { clearInterval(timer); await thread.terminate(); } };
  } catch (cause) {
    clearInterval(timer);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SulcusError('HEALTH_PORT_UNUSABLE', `health cannot be served on ${options.host}:${options.port}: ${why}`, { remedy: 'give --health-port (or SULCUS_HEALTH_PORT) and SULCUS_HEALTH_HOST an address that is free', cause });
  }
}

/** What is wrong, a line each; nothing when well. `silentMs`: how long the event loop has not ticked. */
export function reasonsAgainst({ workers, sickness, stuck }: Standing, silentMs: number): { live: string[]; ready: string[] } {
  const live = [...(silentMs < STUCK_MS ? [] : [`the event loop has been stuck for ${Math.round(silentMs / 1000)} s`]), ...(stuck === null ? [] : [stuck])];
  const idle = workers.length === 0 ? ['the worker is starting'] : [...new Set(workers.filter((s) => s !== 'RUNNING'))].map((state) => `the worker is ${state}`);
  const checks = sickness === null ? ['the first checks have not ended'] : Object.entries(sickness).map(([name, reason]) => `${name}: ${reason}`);
  return { live, ready: [...live, ...idle, ...(workers.length === 0 ? [] : checks)] };
}

/** The thread's side. */
function answerProbes({ host, port, tick }: ThreadData): void {
  const clock = new BigInt64Array(tick);
  let standing: Standing = { workers: [], sickness: null, stuck: null };
  parentPort?.on('message', (now: string) => { standing = JSON.parse(now) as Standing; });
  const server = createServer((request, response) => {
    const silentMs = Number((process.hrtime.bigint() - Atomics.load(clock, 0)) / 1_000_000n);
    const against = reasonsAgainst(standing, silentMs);
    const path = request.url?.split('?')[0];
    const reasons = path === '/livez' ? against.live : path === '/readyz' ? against.ready : null;
    const readable = request.method === 'GET' || request.method === 'HEAD';
    response.statusCode = !readable ? 405 : reasons === null ? 404 : reasons.length === 0 ? 200 : 503;
    response.setHeader('content-type', 'application/json').setHeader('cache-control', 'no-store');
    const body = reasons === null || !readable ? { error: 'GET /livez or /readyz' } : { ok: reasons.length === 0, reasons, silentMs, workers: standing.workers };
    response.end(`${JSON.stringify(body)}\n`);
  });
  server.listen(port, host, () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

const data = workerData as Partial<ThreadData> | null;
if (!isMainThread && data?.sulcusHealth === true) answerProbes(data as ThreadData);
