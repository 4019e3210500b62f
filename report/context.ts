/** What every section needs, derived once from the input. */
import type { CohortResults, StudyResults } from '../contracts/results.js';
import { formatUnit } from './format.js';
import { pseudonyms, type Pseudonyms } from './privacy.js';
import type { ReportInput } from './types.js';

export interface Point {
  group: string;
  value: number;
  /** Metabolite level, when there is one and it passed quality control. */
  glx: number | null;
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
  /** Every n-th participant is drawn (1: all): keeps the file of a very large study small. */
  drawEvery: number;
  pseudonyms: Pseudonyms;
}

/** Marks in all figures together, about 40 bytes each. */
const MARKS = 60_000;

const key = (...parts: (string | number)[]): string => JSON.stringify(parts);

export function buildContext(input: ReportInput): ReportContext {
  const { participants = [], indices = [], glx = [] } = input;
  const cohorts = Object.entries(input.results.cohorts).map(([name, cohort]): [string, CohortResults] => [name, { ...cohort, groups: inOrder(cohort) }]);
  const results = { ...input.results, cohorts: Object.fromEntries(cohorts) };
  const order = [...new Set(cohorts.flatMap(([, cohort]) => Object.keys(cohort.groups)))];
  const groupOf = new Map(participants.map((row) => [key(row.cohort, row.participant), row.group]));
  const failed = new Set(cohorts.flatMap(([name, cohort]) => (cohort.glx?.excluded ?? []).map((row) => key(name, row.id))));
  const level = new Map(glx.map((row) => [key(row.cohort, row.participant), row.value]));
  const points = new Map<string, Point[]>();
  for (const row of indices) {
    const participant = key(row.cohort, row.participant);
    const group = groupOf.get(participant);
    if (group === undefined || !Number.isFinite(row.value)) continue;
    const place = key(row.cohort, row.component, row.metric);
    const point = { group, value: row.value, glx: failed.has(participant) ? null : level.get(participant) ?? null };
    if (!points.has(place)) points.set(place, []);
    points.get(place)?.push(point);
  }
  const units = new Map(results.parameters.metrics.map((metric) => [metric.name, metric.unit]));
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
    drawEvery: Math.max(1, Math.ceil((results.replicated.length * (participants.length + glx.length)) / MARKS)),
    pseudonyms: pseudonyms(input),
  };
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
