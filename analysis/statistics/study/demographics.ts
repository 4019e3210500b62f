/** Step 1: each variable over the groups that have data. One-way ANOVA for numbers, chi-square for categories with Fisher beside it. */
import type { DemographicsRow, GroupSummary } from '../../../contracts/statistic-rows.js';
import type { ClinicalSpec } from '../../../contracts/study.js';
import { chiSquareTest, SMALL_EXPECTED } from '../chi-square.js';
import { crossTabulate } from '../contingency.js';
import { fisherExact } from '../fisher.js';
import { oneWayAnova, summary } from '../one-way-anova.js';
import { column, isNumeric, type Cell, type Table } from '../table.js';
import { attempt, type Cohort } from './cohort.js';

export function demographics(cohort: Cohort, extra: readonly string[], clinical: readonly ClinicalSpec[]): DemographicsRow[] {
  const asked = clinical.filter(({ groups }) => groups === 'patients' || groups.some((g) => cohort.input.groups.includes(g)));
  const clinicalHere = asked.map((c) => c.measure).filter((name) => cohort.participants[name] !== undefined);
  return [...new Set(['age', 'sex', ...extra, ...clinicalHere])].map((variable) => betweenGroups(cohort, variable, 'demographics'));
}

/** One variable of the participants between groups; `part` names the analysis in doubts. */
export function betweenGroups(cohort: Cohort, variable: string, part: string): DemographicsRow {
  const values = cohort.participants[variable] ?? [];
  const categorical = variable === 'sex' || (variable !== 'age' && values.some((v) => typeof v === 'string'));
  const groups = describe(cohort, values, categorical);
  const n = Object.values(groups).reduce((s, g) => s + g.n, 0);
  const table: Table = { group: cohort.participants['group']!, [variable]: cohort.participants[variable]! };
  const shared = { variable, test: categorical ? ('chi-square' as const) : ('anova' as const), groups, n };
  const tested = attempt(cohort, `${part}: ${variable}`, () => {
    column(cohort.participants, variable);
    return categorical ? categories(cohort, table, variable) : continuous(cohort, table, variable);
  });
  return tested.value === null ? { ...shared, statistic: null, df1: null, df2: null, p: null, reason: tested.reason } : { ...shared, ...tested.value };
}

type Test = Pick<DemographicsRow, 'statistic' | 'df1' | 'df2' | 'p' | 'fisherP'>;

function continuous(cohort: Cohort, table: Table, variable: string): Test {
  const { F, df1, df2, p } = oneWayAnova(table, variable, 'group', cohort.input.groups);
  return { statistic: F, df1, df2, p };
}

function categories(cohort: Cohort, table: Table, variable: string): Test {
  const { counts } = crossTabulate(table, 'group', variable, cohort.input.groups);
  const test = chiSquareTest(counts);
  const plain: Test = { statistic: test.statistic, df1: test.df, df2: null, p: test.p };
  if (test.smallestExpected >= SMALL_EXPECTED) return plain;
  return { ...plain, fisherP: attempt(cohort, `Fisher's exact test of ${variable}`, () => fisherExact(counts)).value };
}

function describe(cohort: Cohort, values: readonly Cell[], categorical: boolean): Record<string, GroupSummary> {
  const out: Record<string, GroupSummary> = {};
  const membership = cohort.participants['group']!;
  for (const group of cohort.input.groups) {
    const mine = values.filter((v, i) => v !== null && membership[i] === group);
    if (mine.length === 0) continue;
    if (categorical) {
      const counts: Record<string, number> = {};
      for (const v of [...mine].map(String).sort()) counts[v] = (counts[v] ?? 0) + 1;
      out[group] = { n: mine.length, counts };
    } else {
      out[group] = isNumeric(mine) && mine.every((v) => Number.isFinite(v)) ? summary(Float64Array.from(mine as number[])) : { n: mine.length, mean: null, sd: null };
    }
  }
  return out;
}
