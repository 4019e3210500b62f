/**
 * 1,000 studies without any effect of group, shaped like the demo's, through the whole pipeline. When no index differs, BH at 0.05
 * rejects anything in a cohort with probability at most 0.05; two independent cohorts reject the same index with at most 0.05^2. So the
 * number of draws with a replicated index is at most Binomial(1000, 0.0025). The components of a metric are correlated, which BH bears.
 */
import { describe, expect, it } from 'vitest';
import { replicatedIndices } from '../../../analysis/statistics/study/index.js';
import { runStudyStatistics } from '../../../analysis/statistics/index.js';
import { makeStudy } from './support.js';

const DRAWS = 1000, ALPHA = 0.05;

/** The largest count a Binomial(n, p) exceeds with probability above `tail`. */
function binomialBound(n: number, p: number, tail: number): number {
  let mass = (1 - p) ** n, cumulative = mass, k = 0;
  while (1 - cumulative > tail) {
    mass *= ((n - k) / (k + 1)) * (p / (1 - p));
    cumulative += mass;
    k += 1;
  }
  return k;
}

describe('a thousand null studies', () => {
  it('replicate no more than chance allows, within a minute of processor time; wrong gates would be caught', () => {
    const started = process.cpuUsage();
    let any = 0, anyCohort = 0, unadjusted = 0, small = 0, tests = 0;
    const perCohort: Record<string, number> = { tokyo: 0, toronto: 0 };
    for (let draw = 0; draw < DRAWS; draw++) {
      const { cohorts, replicated } = runStudyStatistics(makeStudy(`null/${draw}`));
      const rows = Object.values(cohorts).map((c) => c.ancova);
      expect(rows.flat()).toHaveLength(32);
      if (replicated.length > 0) any += 1;
      if (rows.flat().some((row) => row.significant)) anyCohort += 1;                                          // wrong: significant in any cohort
      if (replicatedIndices(rows.map((r) => r.map((row) => ({ ...row, significant: row.p! < ALPHA })))).length > 0) unadjusted += 1;   // wrong: raw p
      for (const [name, { ancova }] of Object.entries(cohorts)) if (ancova.some((row) => row.significant)) perCohort[name]! += 1;
      for (const row of rows.flat()) { tests += 1; if (row.p! < ALPHA) small += 1; }
    }
    const used = process.cpuUsage(started), seconds = (used.user + used.system) / 1e6; // of the processor: the machine may be busy
    const bound = binomialBound(DRAWS, ALPHA * ALPHA, 1e-3);
    console.info(`null draws: ${any} replicated (bound ${bound}), ${anyCohort} by the gate "any cohort", ${unadjusted} by raw p; ${perCohort['tokyo']} and ${perCohort['toronto']} draws with a rejection; ${((100 * small) / tests).toFixed(2)} % of raw p below .05; ${seconds.toFixed(1)} s`);
    expect(any).toBeLessThanOrEqual(bound);
    for (const count of Object.values(perCohort)) expect(count).toBeLessThanOrEqual(binomialBound(DRAWS, ALPHA, 1e-3));
    expect(Math.abs(small / tests - ALPHA)).toBeLessThan(0.006);                  // 16,000 tests a cohort, correlated by fours
    expect(anyCohort).toBeGreaterThan(bound);
    expect(unadjusted).toBeGreaterThan(bound);
    expect(seconds).toBeLessThan(60);
  }, 1_200_000);
});
