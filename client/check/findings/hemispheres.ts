/**
 * Swapped hemispheres. Where a cohort has broad differences between left and right in common, a subject whose left-minus-right map runs against
 * that of the others has its sides exchanged. Looked at one metric at a time, each subject against the mean of the others. Unsmoothed maps of a few
 * subjects have next to nothing in common (correlations of 0.00 to 0.05 in four real scans of thickness): then nothing can be said, and nothing is.
 */
import { createProblem, type Problem } from '../../../config/index.js';
import { groupBy, inputName, type FileRecord } from '../record.js';
import { correlation, median } from '../robust.js';

/** Fewer subjects have no common asymmetry to go by. */
const LEAST_SUBJECTS = 5;
/** Without a median correlation of this size with the others, a metric has no asymmetry to go by. */
const COMMON = 0.15;
/** A swapped subject's correlation is the others' with the sign turned; half of it is enough to tell. */
const TURNED = -0.5;

interface Pair {
  left: FileRecord;
  right: FileRecord;
  difference: Float64Array;
}

export function swappedHemispheres(records: readonly FileRecord[]): Problem[] {
  const problems: Problem[] = [];
  for (const [metric, ofMetric] of groupBy(records, (r) => r.metric)) {
    const means: { cohort: string; mean: Float64Array; common: number }[] = [];
    for (const [cohort, mine] of groupBy(ofMetric, (r) => r.cohort)) {
      const pairs = pairsOf(mine);
      if (pairs.length < LEAST_SUBJECTS) continue;
      const sum = new Float64Array(pairs[0]?.difference.length ?? 0);
      for (const { difference } of pairs) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (difference[i] as number);
      const against = pairs.map((pair) => correlation(pair.difference, sum.map((v, i) => v - (pair.difference[i] as number))) ?? 0);
      const common = median(against);
      means.push({ cohort, mean: sum, common });
      if (common < COMMON) continue;
      pairs.forEach(({ left, right }, i) => {
        const r = against[i] as number;
        if (r > TURNED * common) return;
        problems.push(createProblem({
          severity: 'warning', code: 'SWAPPED_HEMISPHERES', cohort, subject: left.subject, input: inputName(metric, 'left'), file: left.name,
          message: `${metric}: left and right look swapped: found a left-right difference that correlates ${r.toFixed(2)} with that of the other subjects, expected about ${common.toFixed(2)}`,
          remedy: left.name === right.name ? 'check the orientation of the volume, and its transform' : `compare with ${right.name}, and exchange the two if they are swapped`,
        }));
      });
    }
    problems.push(...swappedCohorts(metric, means));
  }
  return problems;
}

function pairsOf(records: readonly FileRecord[]): Pair[] {
  return [...groupBy(records, (r) => r.subject).values()].flatMap((files) => {
    const left = files.find((f) => f.side === 'left'), right = files.find((f) => f.side === 'right');
    if (left === undefined || right === undefined) return [];
    return [{ left, right, difference: Float64Array.from(left.facts.sketch, (v, i) => v - (right.facts.sketch[i] as number)) }];
  });
}

/** Cohorts whose mean asymmetries run against each other. */
function swappedCohorts(metric: string, means: readonly { cohort: string; mean: Float64Array; common: number }[]): Problem[] {
  const usable = means.filter((m) => m.common >= COMMON), first = usable[0];
  return usable.slice(1).flatMap(({ cohort, mean }) => {
    const r = first === undefined || first.mean.length !== mean.length ? null : correlation(first.mean, mean);
    if (first === undefined || r === null || r > -2 * COMMON) return [];
    return [createProblem({
      severity: 'warning', code: 'SWAPPED_HEMISPHERES', cohort,
      message: `${metric}: left and right look swapped in ${cohort} or in ${first.cohort}: found left-right differences that correlate ${r.toFixed(2)} between the two, expected a positive correlation`,
      remedy: 'check in both cohorts which side a file is of',
    })];
  });
}
