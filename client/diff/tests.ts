/** Every significance test of a run under a name that is the same in another run with the same rank. */
import type { StudyResults } from '../../contracts/results.js';

export interface NamedTest {
  /** e.g. `ancova · tokyo · thickness 1`. */
  name: string;
  kind: 'ancova' | 'pair' | 'glx' | 'clinical';
  cohort: string;
  p: number | null;
  pAdjusted: number | null;
  significant: boolean;
}

export interface TestChange {
  name: string;
  kind: NamedTest['kind'];
  cohort: string;
  /** Adjusted p; null: it could not be computed; undefined: it was not tested. */
  before: number | null | undefined;
  now: number | null | undefined;
}

/** `component`: what a component of this run is called; the identity when components are numbered alike. */
export function testsOf({ cohorts, parameters }: StudyResults, component: (k: number) => number = (k) => k): NamedTest[] {
  const tests: NamedTest[] = [];
  for (const [cohort, c] of Object.entries(cohorts)) {
    const add = (kind: NamedTest['kind'], family: string, about: string, row: { p: number | null; pAdjusted: number | null } | null): void => {
      if (row !== null) tests.push({ name: `${family} · ${cohort} · ${about}`, kind, cohort, p: row.p, pAdjusted: row.pAdjusted, significant: row.pAdjusted !== null && row.pAdjusted < parameters.alpha });
    };
    const index = (row: { component: number | null; metric: string }): string => `${row.metric}${row.component === null ? '' : ` ${component(row.component)}`}`;
    for (const row of c.ancova) add('ancova', 'ancova', index(row), row);
    for (const row of c.pairs) add('pair', 'pair', `${index(row)} · ${row.a} - ${row.b}`, row);
    for (const row of c.clinical) add('clinical', 'clinical', `${index(row)} · ${row.measure}`, row);
    if (c.glx === null) continue;
    add('glx', 'Glx', 'all groups', c.glx.group);
    for (const row of c.glx.groupPairs) add('glx', 'Glx', `${row.a} - ${row.b}`, row);
    for (const row of c.glx.models) { add('glx', 'Glx model', index(row), row.glx); add('glx', 'Glx by group', index(row), row.interaction); }
    for (const row of c.glx.partial) add('glx', 'Glx partial', index(row), row);
    for (const row of c.glx.clinical) add('clinical', 'clinical', `${index(row)} · ${row.measure}`, row);
  }
  return tests;
}

export interface TestChanges {
  /** Tests made in A and in B. */
  tests: [number, number];
  significant: [number, number];
  appeared: TestChange[];
  disappeared: TestChange[];
  /** Significant in both or in neither, with another p; the largest change of its order of magnitude first. */
  moved: TestChange[];
}

export function testChanges(a: readonly NamedTest[], b: readonly NamedTest[]): TestChanges {
  const before = new Map(a.map((t) => [t.name, t])), now = new Map(b.map((t) => [t.name, t]));
  const change = (name: string): TestChange => {
    const x = before.get(name), y = now.get(name), any = (y ?? x) as NamedTest;
    return { name, kind: any.kind, cohort: any.cohort, before: x?.pAdjusted, now: y?.pAdjusted };
  };
  const is = (t: NamedTest | undefined): boolean => t?.significant ?? false;
  const names = [...now.keys(), ...[...before.keys()].filter((n) => !now.has(n))];
  return {
    tests: [a.length, b.length], significant: [a.filter(is).length, b.filter(is).length],
    appeared: names.filter((n) => is(now.get(n)) && !is(before.get(n))).map(change),
    disappeared: names.filter((n) => is(before.get(n)) && !is(now.get(n))).map(change),
    moved: names.filter((n) => before.has(n) && now.has(n) && is(before.get(n)) === is(now.get(n)) && before.get(n)?.pAdjusted !== now.get(n)?.pAdjusted).map(change).sort((x, y) => magnitude(y) - magnitude(x)),
  };
}

/** Orders of magnitude between two p values; p below the smallest double counts as that. */
function magnitude({ before, now }: TestChange): number {
  if (before == null || now == null) return Infinity;
  return Math.abs(Math.log10(Math.max(before, 1e-300)) - Math.log10(Math.max(now, 1e-300)));
}
