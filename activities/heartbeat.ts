/** Heartbeats that mean progress: a beat is sent only while the numbers move. */
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { SulcusError } from '../contracts/errors.js';

const BEAT_MS = 2_000;
/** Without progress for this long the step is taken for stalled and retried. */
const STALL_MS = 120_000;

export interface Pulse {
  /** Aborts on cancellation, on worker shutdown, and when the step stalls. */
  signal: AbortSignal;
  /** Tells that something moved; `details` (small) goes out with the next beat. */
  moved(details: unknown): void;
}

/** Runs `work` with a pulse. Throws FIT_STALLED when nothing moved for two minutes. */
export async function withHeartbeat<T>(work: (pulse: Pulse) => Promise<T>): Promise<T> {
  const stalled = new AbortController();
  let details: unknown = { attempt: activityInfo().attempt };
  let fresh = true, last = performance.now();
  const timer = setInterval(() => {
    if (fresh) { heartbeat(details); fresh = false; }
    else if (performance.now() - last > STALL_MS) stalled.abort();
  }, BEAT_MS);
  try {
    return await work({
      signal: AbortSignal.any([cancellationSignal(), stalled.signal]),
      moved(next) { details = next; fresh = true; last = performance.now(); },
    });
  } catch (error) {
    if (stalled.signal.aborted) throw new SulcusError('FIT_STALLED', `no progress for ${STALL_MS / 1000} s; the fit is tried again`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
