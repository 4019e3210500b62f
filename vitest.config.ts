import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tools/longest-first.mjs';

/** What is pure; everything else runs studies, servers, containers or browsers. */
const UNIT = 'test/unit/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    // One more than the cores of the smallest machine: tests of killed workers and of schedules wait half of their time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Against hanging only: machines differ, and several may share one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'system', include: ['test/**/*.test.ts'], exclude: [UNIT] } },
      // It needs no process of its own for every file, and loads what it tests once.
      { extends: true, test: { name: 'unit', include: [UNIT], isolate: false } },
    ],
  },
});
