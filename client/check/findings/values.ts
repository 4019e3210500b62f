/** Values that cannot be: constant files, negative thickness, anisotropy above 1, many zeros. */
import type { Problem } from '../../../config/index.js';
import type { MetricSpec } from '../../../contracts/study.js';
import { isPositive, metricKind, short, upperBound } from '../kinds.js';
import { fileWarning, type FileRecord } from '../record.js';

/** More zeros than this share of the region: vertices that were never sampled. */
const MANY_ZEROS = 0.02;

export function impossibleValues(records: readonly FileRecord[], metrics: readonly MetricSpec[]): Problem[] {
  const signed = signedMetrics(records);
  return records.flatMap((record) => {
    const { region } = record.facts, kind = metricKind(record.metric);
    const unit = metrics.find((m) => m.name === record.metric)?.unit ?? null;
    const found: Problem[] = [];
    const warn = (code: string, message: string, remedy: string): void => { found.push(fileWarning(record, code, message, remedy)); };
    const constant = region.min === region.max;
    if (constant) warn('CONSTANT_FILE', `found ${region.min} at every vertex of the region, expected values that vary`, 'check how the file was made');
    if (region.negative > 0 && (isPositive(kind) || !signed.has(record.metric)) && kind !== 'signed') {
      warn('NEGATIVE_VALUES', `found negative values at ${region.negative} of ${region.vertices} vertices of the region (least ${short(region.min)}), expected none`, 'check how the file was made');
    }
    const bound = upperBound(kind, unit);
    if (bound !== null && region.max > bound) warn(kind === 'anisotropy' ? 'ABOVE_ONE' : 'TOO_HIGH', `found values up to ${short(region.max)}, expected none above ${bound}`, kind === 'anisotropy' ? 'check whether this is FA, and not percent' : 'check how the file was made');
    if (!constant && isPositive(kind) && region.zeros > MANY_ZEROS * region.vertices) {
      warn('MANY_ZEROS', `found 0 at ${region.zeros} of ${region.vertices} vertices of the region, expected measured values`, 'check whether these vertices lie outside the volume or a mask');
    }
    return found;
  });
}

/** Metrics of unknown kind that are negative somewhere in most files: then that is what they are. */
function signedMetrics(records: readonly FileRecord[]): Set<string> {
  const counts = new Map<string, { all: number; negative: number }>();
  for (const { metric, facts } of records) {
    const count = counts.get(metric) ?? { all: 0, negative: 0 };
    count.all++;
    if (facts.region.negative > 0) count.negative++;
    counts.set(metric, count);
  }
  return new Set([...counts].filter(([, c]) => c.negative > c.all / 2).map(([metric]) => metric));
}
