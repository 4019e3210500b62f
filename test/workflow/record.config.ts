/** `npx vitest run --config test/workflow/record.config.ts` records histories of real runs of this version. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// eslint-disable-next-line no-restricted-syntax -- what vitest reads
export default defineConfig({
  test: { root: fileURLToPath(new URL('../..', import.meta.url)), include: ['test/workflow/record-histories.ts'], pool: 'forks', testTimeout: 1_800_000 },
});
