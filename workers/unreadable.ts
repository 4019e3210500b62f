/** Payloads that this worker cannot decrypt: said once a minute, and a reason against being ready while they keep coming. */
import type { SulcusError } from '../contracts/errors.js';
import type { Check } from './health-checks.js';

const AGAIN_MS = 60_000;
/** Temporal tries an undecided task again after ten seconds at first, later less often. */
const RECENT_MS = 120_000;

export class Unreadable {
  private said = -Infinity;
  private last: { at: number; message: string } | null = null;

  constructor(private readonly say: (error: SulcusError) => void) {}

  readonly tell = (error: SulcusError): void => {
    const now = performance.now();
    this.last = { at: now, message: error.message };
    if (now - this.said < AGAIN_MS) return;
    this.said = now;
    this.say(error);
  };

  readonly check: Check = {
    name: 'keys',
    look: () => Promise.resolve(this.last !== null && performance.now() - this.last.at < RECENT_MS ? this.last.message : null),
  };
}
