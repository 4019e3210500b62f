/**
 * Health over HTTP, for whoever watches over workers: `/livez` and `/readyz`. Opened only when SULCUS_HEALTH_PORT is set. It is served by
 * a thread of its own, which can therefore answer (503) while the event loop it reports on is stuck.
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

/** Null when SULCUS_HEALTH_PORT is not set. Throws BAD_HEALTH_PORT. */
export function readHealthOptions(env: NodeJS.ProcessEnv = process.env): HealthOptions | null {
  const { SULCUS_HEALTH_PORT: text = '', SULCUS_HEALTH_HOST: host = '' } = env;
  if (text === '') return null;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new SulcusError('BAD_HEALTH_PORT', `SULCUS_HEALTH_PORT "${text}" is not a port number`, { remedy: 'give a number from 0 (any free port) to 65535, or unset it' });
  return { port, host: host === '' ? '127.0.0.1' : host };
}

/** Serves the health of this process; `states` gives `getState()` of every Temporal Worker in it. Throws HEALTH_PORT_UNUSABLE. */
export async function serveHealth(options: HealthOptions, states: () => string[]): Promise<HealthServer> {
  const tick = new SharedArrayBuffer(8), clock = new BigInt64Array(tick);
  Atomics.store(clock, 0, process.hrtime.bigint());
  const thread = new Thread(new URL(import.meta.url), { workerData: { sulcusHealth: true, tick, ...options } satisfies ThreadData });
  let told = '';
  const beat = (): void => {
    Atomics.store(clock, 0, process.hrtime.bigint());
    const now = states();
    if (now.join() !== told) thread.postMessage(now);
    told = now.join();
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
    throw new SulcusError('HEALTH_PORT_UNUSABLE', `health cannot be served on ${options.host}:${options.port}: ${why}`, { remedy: 'set SULCUS_HEALTH_PORT (and SULCUS_HEALTH_HOST) to an address that is free', cause });
  }
}

/** The thread's side. */
function answerProbes({ host, port, tick }: ThreadData): void {
  const clock = new BigInt64Array(tick);
  let workers: string[] = [];
  parentPort?.on('message', (states: string[]) => { workers = states; });
  const server = createServer((request, response) => {
    const silentMs = Number((process.hrtime.bigint() - Atomics.load(clock, 0)) / 1_000_000n);
    const live = silentMs < STUCK_MS;
    const path = request.url?.split('?')[0];
    const ok = path === '/livez' ? live : path === '/readyz' ? live && workers.length > 0 && workers.every((s) => s === 'RUNNING') : null;
    const readable = request.method === 'GET' || request.method === 'HEAD';
    response.statusCode = !readable ? 405 : ok === null ? 404 : ok ? 200 : 503;
    response.setHeader('content-type', 'application/json').setHeader('cache-control', 'no-store');
    response.end(`${JSON.stringify(ok === null || !readable ? { error: 'GET /livez or /readyz' } : { ok, silentMs, workers })}\n`);
  });
  server.listen(port, host, () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

const data = workerData as Partial<ThreadData> | null;
if (!isMainThread && data?.sulcusHealth === true) answerProbes(data as ThreadData);
