/** One cohort ready for its tests: participants of the listed groups, covariates by kind, and a memory for what could not be computed. */
import type { StatisticsSpec } from '../../../contracts/study.js';
import { prepareAncova, type PreparedAncova } from '../ancova.js';
import type { Term } from '../design.js';
import { StatisticsError } from '../errors.js';
import { isNumeric, type Cell, type Table } from '../table.js';
import type { CohortInput } from './types.js';

export interface Cohort {
  input: CohortInput;
  spec: StatisticsSpec;
  /** The participants, with groups that are not listed set to null. */
  participants: Table;
  size: number;
  /** Control first, the others in the order of presentation. */
  groups: string[];
  /** Covariates (and the group) that are factors. */
  factors: string[];
  prepared: Map<string, PreparedAncova>;
  /** Reasons of impossible rows, by what was tried, for the doubts. */
  failures: Map<string, Map<string, number>>;
  doubts: string[];
}

export function openCohort(input: CohortInput, spec: StatisticsSpec): Cohort {
  const size = (input.participants['id'] ?? input.participants['group'])?.length ?? 0;
  const group = (input.participants['group'] ?? []).map((g): Cell => (g !== null && input.groups.includes(String(g)) ? String(g) : null));
  const factors = spec.covariates.filter((name) => name !== 'age' && (name === 'sex' || !isNumeric(input.participants[name] ?? [])));
  return {
    input, spec, size, participants: { ...input.participants, group },
    groups: [...new Set([...(input.groups.includes(input.control) ? [input.control] : []), ...input.groups])],
    factors: ['group', ...factors], prepared: new Map(), failures: new Map(), doubts: [],
  };
}

/** The table of one analysis: the response (and whatever else is added) beside the participants' columns. */
export const analysisTable = (cohort: Cohort, added: Table): Table => ({ ...cohort.participants, ...added });

/** How columns are read in every model; `numeric` names further columns that must be numbers. */
export const modelOptions = (cohort: Cohort, numeric: string[] = []): { factors: string[]; numeric: string[]; levels: Record<string, string[]> } => ({
  factors: cohort.factors, numeric: ['age', ...numeric], levels: { group: cohort.groups },
});

/** A response's name in messages, and its column in analysis tables. */
export const indexName = (index: { component: number; metric: string }): string => `${index.metric} of component ${index.component}`;

/** The Type II model `group + covariates`, factorised once for each set of complete rows. */
export function groupModel(cohort: Cohort, rows: Table, kept: readonly number[]): PreparedAncova {
  const key = kept.join();
  let prepared = cohort.prepared.get(key);
  if (prepared === undefined) cohort.prepared.set(key, (prepared = prepareAncova(rows, groupTerms(cohort), modelOptions(cohort))));
  return prepared;
}

export const groupTerms = (cohort: Cohort): Term[] => ['group', ...cohort.spec.covariates];

/** The value, or why there is none. Errors that are not about the data are thrown on. */
export function attempt<T>(cohort: Cohort, what: string, compute: () => T): { value: T } | { value: null; reason: string } {
  try {
    return { value: compute() };
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    recordFailure(cohort, what, error.message);
    return { value: null, reason: error.message };
  }
}

export function recordFailure(cohort: Cohort, what: string, reason: string): void {
  const reasons = cohort.failures.get(what) ?? new Map<string, number>();
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  cohort.failures.set(what, reasons);
}
