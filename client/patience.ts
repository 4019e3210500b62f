/** Calls that outlast an outage of the Temporal server: its database was restarted, a proxy was replaced, the network was away. */
import { setTimeout as pause } from 'node:timers/promises';
import { ServiceError } from '@temporalio/client';
import { SulcusError } from '../contracts/errors.js';

/** gRPC codes that another try does not change: INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED. */
const FINAL = new Set([3, 5, 7, 12, 16]);
/** A call that failed after it had lasted this long was answered meanwhile: the outage begins with it. */
const ANSWERED_MS = 30_000;
const AGAIN_MS = 2_000;

export interface Patience {
  /** Aborted when nobody wants the answer any more. */
  over: AbortSignal;
  /** Told once an outage. */
  note: (line: string) => void;
  /** How long an outage may last. Default 5 min. */
  patienceMs?: number;
}

/** Calls again when the server did not answer. The SDK has tried ten times within some 20 s before a call fails. Throws SERVER_AWAY when patience ends. */
export async function patiently<T>(call: () => Promise<T>, { over, note, patienceMs = 300_000 }: Patience): Promise<T> {
  for (let since: number | null = null; ;) {
    const asked = Date.now();
    try {
      return await call();
    } catch (error) {
      if (over.aborted || !isOutage(error)) throw error;
      if (since === null || Date.now() - asked > ANSWERED_MS) {
        since = Date.now();
        note('the Temporal server does not answer; the study waits with it, and is followed again when it does');
      }
      if (Date.now() - since > patienceMs) {
        throw new SulcusError('SERVER_AWAY', `the Temporal server has not answered for ${Math.round(patienceMs / 60_000)} min`, { remedy: 'nothing is lost: when it is back, the same command goes on', cause: error });
      }
    }
    await pause(AGAIN_MS, undefined, { signal: over }).catch(() => undefined); // over: the next call ends at once
  }
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  return typeof code !== 'number' || !FINAL.has(code);
}
