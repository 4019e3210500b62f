/** Problems, worst first: what stops the study, what stops a cohort, what excludes a subject; then warnings, by how much they would spoil. */
import { formatProblem, type Problem } from '../../config/index.js';

/** Warnings that would make numbers wrong come before those that make them weak. */
const GRAVE = ['PERSONAL_COLUMN', 'PERSONAL_HEADER', 'WRONG_UNIT', 'COHORTS_DIFFER', 'OTHER_UNIT', 'SWAPPED_HEMISPHERES', 'DUPLICATE_FILES', 'IDENTICAL_INPUTS', 'SAME_ID', 'NOT_IN_TABLE', 'CONSTANT_FILE', 'NEGATIVE_VALUES', 'ABOVE_ONE', 'TOO_HIGH', 'MANY_ZEROS'];

export function worstFirst(problems: readonly Problem[]): Problem[] {
  const rank = (p: Problem): number => {
    const scope = p.cohort === null ? 0 : p.subject === null ? 1 : 2;
    if (p.severity === 'error') return scope;
    const grave = GRAVE.indexOf(p.code);
    return 10 + 3 * (grave < 0 ? GRAVE.length : grave) + scope;
  };
  return problems.map((p, i) => ({ p, i, r: rank(p) })).sort((a, b) => a.r - b.r || a.i - b.i).map(({ p }) => p);
}

/** A fault of a file that both hemispheres are read from (a volume, a transform) is one line. */
export function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((p) => {
    const line = `${p.severity} ${formatProblem(p)}`, isNew = !seen.has(line);
    seen.add(line);
    return isNew;
  });
}

/** Many problems of one kind in one cohort, of which a terminal shows the first few. */
export function shortened(problems: readonly Problem[], most: number): { shown: Problem[]; left: { after: Problem; count: number }[] } {
  const counts = new Map<string, number>(), last = new Map<string, Problem>(), shown: Problem[] = [];
  const kind = (p: Problem): string => `${p.severity} ${p.code} ${p.cohort}`;
  for (const p of problems) {
    const n = (counts.get(kind(p)) ?? 0) + 1;
    counts.set(kind(p), n);
    if (n > most) continue;
    shown.push(p);
    last.set(kind(p), p);
  }
  return { shown, left: [...counts].flatMap(([k, n]) => { const after = last.get(k); return n > most && after !== undefined ? [{ after, count: n - most }] : []; }) };
}
