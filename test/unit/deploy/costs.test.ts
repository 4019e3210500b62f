/** The calculator against what was recorded and measured. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cohortCost, decompositionSeconds, fitSeconds } from '../../../bench/costs.js';
import { read, ROOT } from './files.js';

interface Measured { m: number; n: number; k: number; seconds: number; converged: boolean }

describe('costs on paper', () => {
  it('count the activities and bound the events of a recorded cohort', () => {
    const { history } = JSON.parse(readFileSync(join(ROOT, 'test/workflow/histories/0.1.0-alpha/cohort-auto.json'), 'utf8')) as { history: { events: Record<string, { activityType: { name: string } } | undefined>[] } };
    const scheduled = history.events.flatMap((e) => e['activityTaskScheduledEventAttributes']?.activityType.name ?? []);
    // 24 people of a mesh of 642, ranks 2-4, 2 splits: as its input says.
    const cost = cohortCost({ subjects: 24, vertices: 56, metrics: 4, ranks: [2, 4], splits: 2 });
    expect(cost.fits).toBe(15);
    // Recorded before fits were looked up first: one activity less.
    expect(cost.activities - (scheduled.includes('findFits') ? 0 : 1)).toBe(scheduled.length);
    expect(history.events.length).toBeLessThanOrEqual(cost.events);
    expect(history.events.length).toBeGreaterThan(cost.events / 2);
  });

  it('count those of the demo as the benchmark measured them', () => {
    const row = (cohort: string): number[] => (new RegExp(`^\\| \`acc-trs/${cohort}\` \\|(.*)$`, 'm').exec(read('docs/benchmarks.md'))?.[1] ?? '').split('|').map((cell) => Number(cell.trim()));
    for (const [cohort, subjects] of [['tokyo', 73], ['toronto', 79]] as const) {
      const cost = cohortCost({ subjects, vertices: 1694, metrics: 4, ranks: [2, 10], splits: 10 }), [events = NaN, , , , activities = NaN] = row(cohort);
      expect([cohort, cost.fits, cost.activities]).toEqual([cohort, 189, activities]);
      expect(events).toBeLessThanOrEqual(cost.events);
      expect(events).toBeGreaterThan(0.8 * cost.events);
    }
  });

  it('tell the seconds of measured fits within a third', () => {
    const measured = read('tools/costs/measured.jsonl').trim().split('\n').map((line) => JSON.parse(line) as Measured);
    expect(measured.length).toBeGreaterThan(12);
    for (const { m, n, k, seconds, converged } of measured) {
      expect(converged).toBe(true);
      const ratio = (fitSeconds(m, n, k) + decompositionSeconds(m, n)) / seconds;
      expect([m, n, k, ratio > 0.67 && ratio < 1.5]).toEqual([m, n, k, true]);
    }
  });
});
