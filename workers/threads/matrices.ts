/** The matrices that jobs under way work on: prepared once by the first job, shared by the others, let go with the last. */
import type { PreparedMatrix } from '../../analysis/opnmf/index.js';

interface Entry {
  users: number;
  prepared: Promise<PreparedMatrix | null>;
  settle: (matrix: PreparedMatrix | null) => void;
}

export interface Turn {
  /** null: this job prepares the matrix, and must `provide` it or leave. */
  prepared: PreparedMatrix | null;
  provide: (matrix: PreparedMatrix) => void;
  leave: () => void;
}

export class SharedMatrices {
  private readonly entries = new Map<string, Entry>();

  /** Waits while another job prepares the same matrix; if that one fails, the next in line prepares. */
  async join(key: string): Promise<Turn> {
    for (;;) {
      const entry = this.entries.get(key);
      if (entry === undefined) return this.first(key);
      entry.users++;
      const prepared = await entry.prepared;
      if (prepared !== null) return { prepared, provide: () => undefined, leave: () => this.leave(key, entry) };
    }
  }

  private first(key: string): Turn {
    let settle: Entry['settle'] = () => undefined;
    const prepared = new Promise<PreparedMatrix | null>((resolve) => { settle = resolve; });
    const entry: Entry = { users: 1, prepared, settle };
    this.entries.set(key, entry);
    let provided = false;
    return {
      prepared: null,
      provide: (matrix) => { provided = true; settle(matrix); },
      leave: () => {
        if (!provided) { this.entries.delete(key); settle(null); }
        else this.leave(key, entry);
      },
    };
  }

  private leave(key: string, entry: Entry): void {
    entry.users--;
    if (entry.users === 0 && this.entries.get(key) === entry) this.entries.delete(key);
  }
}
