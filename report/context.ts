/** What every section needs, derived once from the input. */
import type { CohortResults, StudyResults } from '../contracts/results.js';
import { formatUnit } from './format.js';
import { pseudonyms, type Pseudonyms } from './privacy.js';
import type { ReportInput } from './types.js';

/** One participant's value of one index. */
export interface Point {
  /** As the report names them. */
  participant: string;
  group: string;
  value: number;
  /** Metabolite level, when there is one and it passed quality control. */
  glx: number | null;
  age: number | null;
  sex: string | null;
}

export interface Residual {
  participant: string;
  group: string;
  fitted: number;
  standardised: number;
}

export interface ReportContext {
  results: StudyResults;
  cohorts: [string, CohortResults][];
  names: string[];
  alpha: number;
  /** True when statistics exist: a partial run has none. */
  analysed: boolean;
  /** Place of a group among all groups of the study: fixes its colour and shape. */
  groupStyle(group: string): number;
  unit(metric: string): string | null;
  /** Participants' values of one index; empty when the caller gave none. */
  points(cohort: string, component: number, metric: string): Point[];
  /** Of the group model of one index; those without a standardised residual are not in it. */
  residuals(cohort: string, component: number, metric: string): Residual[];
  /** Every n-th participant is drawn (1: all): keeps the file of a very large study small. */
  drawEvery: number;
  pseudonyms: Pseudonyms;
  input: ReportInput;
}

/** Participants' marks in all figures together; with their data about 250 bytes each. */
const MARKS = 18_000;

const key = (...parts: (string | number)[]): string => JSON.stringify(parts);

export function buildContext(input: ReportInput): ReportContext {
  const { participants = [], indices = [], glx = [], residuals = [] } = input;
  const cohorts = Object.entries(input.results.cohorts).map(([name, cohort]): [string, CohortResults] => [name, { ...cohort, groups: inOrder(cohort) }]);
  const results = { ...input.results, cohorts: Object.fromEntries(cohorts) };
  const order = [...new Set(cohorts.flatMap(([, cohort]) => Object.keys(cohort.groups)))];
  const people = new Map(participants.map((row) => [key(row.cohort, row.participant), row]));
  const failed = new Set(cohorts.flatMap(([name, cohort]) => (cohort.glx?.excluded ?? []).map((row) => key(name, row.id))));
  const level = new Map(glx.map((row) => [key(row.cohort, row.participant), row.value]));
  const named = pseudonyms(input);
  const points = byIndex(indices, (row): Point[] => {
    const participant = key(row.cohort, row.participant), person = people.get(participant);
    if (person === undefined || !Number.isFinite(row.value)) return [];
    return [{ participant: named.of(row.cohort, row.participant), group: person.group, value: row.value, glx: failed.has(participant) ? null : level.get(participant) ?? null, age: person.age ?? null, sex: person.sex ?? null }];
  });
  const left = byIndex(residuals, (row): Residual[] => {
    const person = people.get(key(row.cohort, row.participant));
    return person === undefined || row.standardised === null ? [] : [{ participant: named.of(row.cohort, row.participant), group: person.group, fitted: row.fitted, standardised: row.standardised }];
  });
  const units = new Map(results.parameters.metrics.map((metric) => [metric.name, metric.unit]));
  // Each replicated index has a mark a participant in its groups, its relation and twice in its residuals; every index one by age.
  const marks = participants.length * (results.replicated.length * 4 + new Set(indices.map((row) => key(row.component, row.metric))).size / 2);
  return {
    results,
    cohorts,
    names: cohorts.map(([name]) => name),
    alpha: results.parameters.alpha,
    analysed: !results.run.partial && cohorts.some(([, cohort]) => cohort.ancova.length > 0),
    groupStyle: (group) => Math.max(0, order.indexOf(group)),
    unit: (metric) => {
      const unit = units.get(metric);
      return unit === undefined || unit === null ? null : formatUnit(unit);
    },
    points: (cohort, component, metric) => points.get(key(cohort, component, metric)) ?? [],
    residuals: (cohort, component, metric) => left.get(key(cohort, component, metric)) ?? [],
    drawEvery: Math.max(1, Math.ceil(marks / MARKS)),
    pseudonyms: named,
    input,
  };
}

function byIndex<Row extends { cohort: string; component: number; metric: string }, Out>(rows: readonly Row[], of: (row: Row) => Out[]): Map<string, Out[]> {
  const found = new Map<string, Out[]>();
  for (const row of rows) {
    const place = key(row.cohort, row.component, row.metric), made = of(row);
    const there = found.get(place);
    if (there === undefined) found.set(place, made);
    else there.push(...made);
  }
  return found;
}

/** Groups in the order of presentation. The adjusted means keep the study file's; the counts may be in that of the participants. */
function inOrder({ groups, ancova }: CohortResults): Record<string, number> {
  const told = ancova.flatMap((row) => row.marginalMeans ?? []).map((one) => one.group).filter((group) => group in groups);
  return Object.fromEntries([...new Set([...told, ...Object.keys(groups)])].map((group) => [group, groups[group] ?? 0]));
}

/** The row of a rank, if it was fitted. */
export function rankRow(cohort: CohortResults, rank: number | null): CohortResults['ranks'][number] | undefined {
  return cohort.ranks.find((row) => row.rank === rank);
}

/** Rows of one index. */
export function ofIndex<Row extends { component: number | null; metric: string }>(rows: readonly Row[], index: { component: number | null; metric: string }): Row[] {
  return rows.filter((row) => row.component === index.component && row.metric === index.metric);
}
