/** Figures of very large studies: only every n-th participant is drawn, and goes into the data beside the figure. */
import type { ReportContext } from '../context.js';

/** Said in the caption when not everyone is drawn. */
export function everyNth(context: ReportContext): string {
  return context.drawEvery === 1 ? '' : ` (one in ${context.drawEvery} drawn)`;
}

/** The data that go with a figure in which not everyone is drawn. */
export const thinned = <T>(context: ReportContext, rows: readonly T[]): T[] => rows.filter((_, index) => index % context.drawEvery === 0);
