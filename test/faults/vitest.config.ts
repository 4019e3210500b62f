/** The suite of faults, `npm run test:faults`: one file after the other, so that a fault meets the machine that it was meant for. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// eslint-disable-next-line no-restricted-syntax -- what vitest reads
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/faults/**/*.faults.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    env: { SULCUS_SCALE: '1', SULCUS_S3: '1' },
  },
});
