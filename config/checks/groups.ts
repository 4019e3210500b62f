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

/** What rests on a column that the study says it does not have. */
function checkRoles(draft: Draft, report: Report, covariates: readonly string[], stratify: readonly string[]): void {
  for (const role of ['group', 'age', 'sex'] as const) {
    if (draft.columns === null || draft.columns[role] !== null) continue;
    const absent = (path: Path): void => report(path, { code: 'study-column', message: `${role} is used here, but columns.${role} says that there is none`, remedy: `leave ${role} out here, or name its column` });
    if (covariates.includes(role)) absent(['statistics', 'covariates']);
    if (stratify.includes(role)) absent(['stability', 'stratify']);
    if (role !== 'group') continue;
    for (const [name, { groups }] of draft.cohorts) {
      if (groups.length > 1) report(['cohorts', name, 'groups'], { code: 'study-column', message: `${name} has ${groups.length} groups, but columns.group says that there is no group column`, remedy: 'name the column, or keep one group: everybody is in it' });
    }
  }
}

/** Columns, covariates and measures are named once: a column used twice would be two covariates that are one. */
export function checkColumns(draft: Draft, report: Report): void {
  const covariates = draft.statistics?.covariates ?? [], stratify = draft.stability?.stratify ?? [];
  if (draft.columns !== null) reportRepeats(report, ['columns'], Object.values(draft.columns).filter((name) => name !== null), 'the column');
  reportRepeats(report, ['statistics', 'covariates'], covariates, 'the covariate');
  reportRepeats(report, ['stability', 'stratify'], stratify, 'the column');
  checkRoles(draft, report, covariates, stratify);
  reportRepeats(report, ['demographics'], draft.demographics, 'the column');
  const seen = new Set<string>();
  for (const [i, { measure }] of draft.clinical) {
    if (seen.has(measure)) report(['clinical', i, 'measure'], { code: 'study-duplicate', message: `the measure ${measure} is listed twice`, remedy: 'name all its groups in one entry' });
    seen.add(measure);
  }
}
