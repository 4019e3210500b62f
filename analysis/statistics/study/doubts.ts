/** What a careful reader should doubt in one cohort's statistics: plain sentences, no ids. */
import type { Cohort } from './cohort.js';

/** Below this a group's mean says little. */
const TINY = 5;

export function cohortDoubts(cohort: Cohort, spectra: { values: (number | null)[] } | null): string[] {
  const { input, participants, size } = cohort, name = input.name;
  const out = [...cohort.doubts];
  const group = participants['group']!;
  const unlisted = group.filter((g) => g === null).length;
  if (unlisted > 0) out.push(`${name}: ${count(unlisted, size)} in no listed group and left out of every test.`);
  for (const covariate of cohort.spec.covariates) {
    const missing = (participants[covariate] ?? []).filter((v, i) => v === null && group[i] !== null).length;
    if (missing > 0) out.push(`${name}: ${count(missing, size)} without ${covariate} and left out of every model that has it.`);
  }
  for (const g of input.groups) {
    const n = group.filter((v) => v === g).length;
    if (n < TINY) out.push(`${name}: group ${g} has ${n === 0 ? 'no participant' : n === 1 ? 'one participant' : `${n} participants`}; ${n === 0 ? 'it is in no test' : 'what is said of it rests on very little'}.`);
    const used = spectra?.values.filter((v, i) => v !== null && group[i] === g).length ?? n;
    if (n >= TINY && used < TINY) out.push(`${name}: ${used} of the ${n} participants of group ${g} have a usable spectrum.`);
  }
  for (const [what, reasons] of cohort.failures) {
    for (const [reason, times] of reasons) out.push(`${name}: ${what} could not be computed${times > 1 ? ` (${times} tests)` : ''}: ${reason}.`);
  }
  return out;
}

const count = (n: number, of: number): string => `${n} of ${of} participants ${n === 1 ? 'is' : 'are'}`;
