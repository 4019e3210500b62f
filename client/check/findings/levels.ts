/** Means that stand out: another unit, in a whole cohort or in one subject, and outliers. */
import { createProblem, type Problem, type StudyFile } from '../../../config/index.js';
import { metricKind, short, unitMismatch } from '../kinds.js';
import { fileWarning, groupBy, type FileRecord } from '../record.js';
import { median, robustZ } from '../robust.js';

/** Beyond this a robust z is an outlier (Iglewicz & Hoaglin 1993). */
const OUTLIER = 3.5;
/** Fewer subjects than this have no usual spread. */
const LEAST_SUBJECTS = 8;
/** log10 of the ratio to the cohort's median from which on another unit is likelier than another brain. */
const OTHER_UNIT = 0.8;

export function levelsOf(records: readonly FileRecord[], file: StudyFile): Problem[] {
  const problems: Problem[] = [];
  const medians = new Map<string, { cohort: string; value: number }[]>();
  for (const metric of file.spec.metrics) {
    for (const [cohort, mine] of groupBy(records.filter((r) => r.metric === metric.name), (r) => r.cohort)) {
      const middle = median(mine.map((r) => r.facts.region.mean));
      medians.set(metric.name, [...(medians.get(metric.name) ?? []), { cohort, value: middle }]);
      const odd = unitMismatch(metricKind(metric.name), metric.unit, middle);
      if (odd !== null) {
        problems.push(createProblem({
          severity: 'warning', code: 'WRONG_UNIT', cohort, file: file.file, line: file.locate(['metrics', metric.name, 'unit']),
          message: `${metric.name}: found ${short(middle)} (median over the cohort), expected ${odd.expected}${odd.looksLike === null ? '' : `; it looks like ${odd.looksLike}`}`,
          remedy: 'write the unit the files have, or convert them',
        }));
      }
      problems.push(...subjectsOf(mine, middle));
    }
  }
  return [...problems, ...betweenCohorts(medians, file)];
}

/** Subjects of one cohort and metric, each side against the same side of the others. */
function subjectsOf(records: readonly FileRecord[], middle: number): Problem[] {
  const problems: Problem[] = [];
  for (const mine of groupBy(records, (r) => r.side).values()) {
    const means = mine.map((r) => r.facts.region.mean), z = robustZ(means);
    mine.forEach((record, i) => {
      const mean = means[i] as number, ratio = mean / middle;
      if (ratio > 0 && Math.abs(Math.log10(ratio)) >= OTHER_UNIT) {
        const times = ratio > 1 ? short(ratio) : `1/${short(1 / ratio)}`;
        problems.push(fileWarning(record, 'OTHER_UNIT', `found a mean of ${short(mean)}, expected about ${short(middle)} as in the other subjects (it is ${times} times that)`, 'check the unit of this subject'));
      } else if (mine.length >= LEAST_SUBJECTS && Math.abs(z[i] as number) > OUTLIER) {
        problems.push(fileWarning(record, 'OUTLIER', `found a mean of ${short(mean)} in the region, expected about ${short(median(means))} (robust z ${(z[i] as number).toFixed(1)})`, 'look at the scan and its surfaces'));
      }
    });
  }
  return problems;
}

function betweenCohorts(medians: ReadonlyMap<string, { cohort: string; value: number }[]>, file: StudyFile): Problem[] {
  return [...medians].flatMap(([metric, cohorts]) => {
    const first = cohorts[0];
    return cohorts.slice(1).flatMap(({ cohort, value }) => {
      const ratio = first === undefined ? 1 : value / first.value;
      if (!(ratio > 0) || Math.abs(Math.log10(ratio)) < OTHER_UNIT) return [];
      return [createProblem({
        severity: 'warning', code: 'COHORTS_DIFFER', cohort, file: file.file, line: file.locate(['metrics', metric]),
        message: `${metric}: found a median of ${short(value)}, expected about ${short(first?.value ?? 0)} as in ${first?.cohort}`, remedy: 'check whether both cohorts have the same unit',
      })];
    });
  });
}
