/**
 * When the tools worker asks the queue for another step. What a step needs is known only when it has come; so one is asked for while a core is free and
 * nobody here waits: a step that has to wait for room waits on one machine alone, the others of the queue are left to those that have room.
 */
import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';
import type { ToolSlots } from './slots.js';

/** Steps that have come and hold nothing yet: their inputs are being read, and they may be done already. */
const MOST_UNSETTLED = 4;

export class ToolsIntake implements CustomSlotSupplier<ActivitySlotInfo> {
  readonly type = 'custom';
  /** Permits that are out: a poll each, or the step that came of it. */
  private permits = 0;
  private readonly asking: (() => void)[] = [];

  constructor(private readonly slots: ToolSlots) {
    slots.onChange(() => this.serve());
  }

  async reserveSlot(_context: unknown, signal: AbortSignal): Promise<SlotPermit> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const go = (): void => { signal.removeEventListener('abort', leave); resolve(); };
      const leave = (): void => {
        this.asking.splice(this.asking.indexOf(go), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.asking.push(go);
      this.serve();
    });
    return {};
  }

  tryReserveSlot(): SlotPermit | null {
    if (!this.hasRoom()) return null;
    this.permits++;
    return {};
  }

  markSlotUsed(): void { /* a permit counts from its reservation */ }

  releaseSlot(): void {
    this.permits--;
    this.serve();
  }

  private hasRoom(): boolean {
    const { held, waiting, free } = this.slots.standing(), unsettled = this.permits - held;
    return waiting === 0 && unsettled < Math.min(free.cores, MOST_UNSETTLED);
  }

  private serve(): void {
    while (this.asking.length > 0 && this.hasRoom()) {
      this.permits++;
      this.asking.shift()?.();
    }
  }
}
