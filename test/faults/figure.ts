/** What a test of the suite measured: printed, and taken into docs/reliability.md by tools/faults.mjs. */
import { stdout } from 'node:process';
import type { TestContext } from 'vitest';

/** `promise`: what users are told, one sentence. `text`: what was measured this time. */
export function figure({ task }: Pick<TestContext, 'task'>, promise: string, text: string): void {
  Object.assign(task.meta, { promise, figure: text });
  stdout.write(`${promise}: ${text}\n`);
}

/** `median 0.4 s, most 1.1 s`. */
export function spread(seconds: readonly number[]): string {
  const sorted = [...seconds].sort((a, b) => a - b);
  return `median ${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(1)} s, most ${(sorted[sorted.length - 1] ?? 0).toFixed(1)} s`;
}
