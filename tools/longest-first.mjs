/**
 * The order of test files: those that run for minutes first, so that none of them is left alone at the end, when the other core has nothing to do;
 * then as vitest orders them. Without what vitest remembers of the last run (a fresh clone) it would go by the size of the files.
 */
import { BaseSequencer } from 'vitest/node';

const LONGEST = ['workflow/faults', 'browser/report', 'workflow/sweep', 'workflow/control', 'workflow/status', 'workflow/review', 'workflow/many', 'workflow/inputs', 'workflow/metrics', 'workflow/launches', 'browser/brain'];

const place = ({ moduleId }) => {
  const found = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return found === -1 ? LONGEST.length : found;
};

export class LongestFirst extends BaseSequencer {
  async sort(files) {
    return (await super.sort(files)).map((file, i) => ({ file, i })).sort((a, b) => place(a.file) - place(b.file) || a.i - b.i).map(({ file }) => file);
  }
}
