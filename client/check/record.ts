/** The vertex files of a study after reading, as the findings look at them. */
import type { Hemisphere } from '../../contracts/study.js';
import { createProblem, type Problem } from '../../config/index.js';
import type { FileFacts } from './facts.js';

export interface FileRecord {
  cohort: string;
  subject: string;
  metric: string;
  side: Hemisphere;
  /** Path relative to the study's folder. */
  name: string;
  facts: FileFacts;
}

export const inputName = (metric: string, side: Hemisphere): string => `${metric} ${side}`;

/** A warning about one file. */
export function fileWarning(record: FileRecord, code: string, message: string, remedy: string): Problem {
  return createProblem({ severity: 'warning', code, cohort: record.cohort, subject: record.subject, input: inputName(record.metric, record.side), file: record.name, message: `${record.metric} ${record.side}: ${message}`, remedy });
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const k = key(item), group = groups.get(k);
    if (group === undefined) groups.set(k, [item]);
    else group.push(item);
  }
  return groups;
}
