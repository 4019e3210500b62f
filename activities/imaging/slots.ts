/** Cores and memory of a machine, shared by the programs that run on it. */
export interface Slots {
  /** Waits until so many cores and MiB are free; what it returns gives them back. Rejects when `signal` aborts. */
  take(needs: { threads: number; memory: number }, signal: AbortSignal): Promise<() => void>;
}
