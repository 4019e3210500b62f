import type { Draft } from '../draft.js';
import { nearest } from '../nearest.js';
import type { Path } from '../document.js';
import type { Report } from '../issues.js';

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
}

function reportRepeats(report: Report, path: Path, values: readonly string[], what: string): void {
  for (const value of repeated(values)) report(path, { code: 'study-duplicate', message: `${what} ${value} is listed twice`, remedy: 'list it once' });
}

/** Groups are listed once, and every group named elsewhere exists. */
export function checkGroups(draft: Draft, report: Report): void {
  const all = new Set<string>();
  for (const [name, cohort] of draft.cohorts) {
    reportRepeats(report, ['cohorts', name, 'groups'], cohort.groups, 'the group');
    for (const group of cohort.groups) all.add(group);
  }
  if (!draft.allCohortsRead) return;
  const known = [...all];
  const unknown = (path: Path, group: string): void => {
    const guess = nearest(group, known);
    report(path, {
      code: 'study-group-unknown',
      message: `no cohort has a group ${group}`,
      remedy: guess === null ? `groups are: ${known.join(', ')}` : `did you mean ${guess}?`,
    });
  };
  if (draft.control !== null) {
    if (!all.has(draft.control)) unknown(['control'], draft.control);
    for (const [name, cohort] of draft.cohorts) {
      if (all.has(draft.control) && !cohort.groups.includes(draft.control)) {
        report(['cohorts', name, 'groups'], {
          severity: 'warning', code: 'study-control', message: `the control group ${draft.control} is not among the groups of ${name}`,
          remedy: 'all of its groups count as patients',
        });
      }
    }
  }
  for (const [i, entry] of draft.clinical) {
    if (entry.groups === 'patients') continue;
    reportRepeats(report, ['clinical', i, 'groups'], entry.groups, 'the group');
    for (const group of entry.groups) if (!all.has(group)) unknown(['clinical', i, 'groups'], group);
  }
}

/** Columns, covariates and measures are named once: a column used twice would be two covariates that are one. */
export function checkColumns(draft: Draft, report: Report): void {
  if (draft.columns !== null) reportRepeats(report, ['columns'], Object.values(draft.columns), 'the column');
  if (draft.statistics !== null) reportRepeats(report, ['statistics', 'covariates'], draft.statistics.covariates, 'the covariate');
  if (draft.stability !== null) reportRepeats(report, ['stability', 'stratify'], draft.stability.stratify, 'the column');
  reportRepeats(report, ['demographics'], draft.demographics, 'the column');
  const seen = new Set<string>();
  for (const [i, { measure }] of draft.clinical) {
    if (seen.has(measure)) report(['clinical', i, 'measure'], { code: 'study-duplicate', message: `the measure ${measure} is listed twice`, remedy: 'name all its groups in one entry' });
    seen.add(measure);
  }
}
