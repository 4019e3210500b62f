/** Cores and memory of this machine for programs of others: first come, first served, so that a large step is not starved by small ones. */
import type { Slots } from '../activities/imaging/slots.js';
import { SulcusError } from '../contracts/errors.js';

export interface Room {
  cores: number;
  /** MiB. */
  memory: number;
}

interface Waiting {
  needs: Room;
  go(): void;
}

export class ToolSlots implements Slots {
  private readonly free: Room;
  private readonly queue: Waiting[] = [];
  private readonly listeners = new Set<() => void>();
  private held = 0;

  constructor(readonly total: Room) {
    this.free = { ...total };
  }

  /**
   * A step of more threads than there are cores gets all of them: it takes longer, but runs.
   * @throws SulcusError TOO_LITTLE_MEMORY when it would wait for ever; what `signal` aborts with
   */
  async take({ threads, memory }: { threads: number; memory: number }, signal: AbortSignal): Promise<() => void> {
    if (memory > this.total.memory) {
      throw new SulcusError('TOO_LITTLE_MEMORY', `a step needs ${memory} MiB of memory; this worker may give ${this.total.memory} MiB to programs`, {
        remedy: 'run `sulcus worker --role tools` on a larger machine, or say with --tool-memory (SULCUS_TOOL_MEMORY) how many GiB there are',
      });
    }
    signal.throwIfAborted();
    const needs: Room = { cores: Math.min(threads, this.total.cores), memory };
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = { needs, go() { signal.removeEventListener('abort', leave); resolve(); } };
      const leave = (): void => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        this.serve();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.queue.push(waiting);
      this.serve();
    });
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.held--;
      this.free.cores += needs.cores;
      this.free.memory += needs.memory;
      this.serve();
    };
  }

  /** Steps that hold something, and those that wait. */
  standing(): { held: number; waiting: number; free: Room } {
    return { held: this.held, waiting: this.queue.length, free: { ...this.free } };
  }

  /** Called whenever something was taken or given back. Returns what ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private serve(): void {
    for (let first = this.queue[0]; first !== undefined && first.needs.cores <= this.free.cores && first.needs.memory <= this.free.memory; first = this.queue[0]) {
      this.queue.shift();
      this.held++;
      this.free.cores -= first.needs.cores;
      this.free.memory -= first.needs.memory;
      first.go();
    }
    for (const listener of this.listeners) listener();
  }
}
