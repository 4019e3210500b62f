/** Arithmetic of time intervals, in milliseconds. */
export interface Interval {
  start: number;
  end: number;
}

/** Time covered by at least one interval. */
export function covered(intervals: readonly Interval[]): number {
  let total = 0, reached = -Infinity;
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    if (end <= reached) continue;
    total += end - Math.max(start, reached);
    reached = end;
  }
  return total;
}

export const span = ({ start, end }: Interval): number => end - start;

export function hull(intervals: readonly Interval[]): Interval {
  return { start: Math.min(...intervals.map((i) => i.start)), end: Math.max(...intervals.map((i) => i.end)) };
}
