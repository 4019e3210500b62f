import type { Draft } from '../draft.js';
import type { Path } from '../document.js';
import type { Report } from '../issues.js';

/** The {names} in a file template. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
}

/** Templates must tell subjects and hemispheres apart, and use only what will be filled in. */
export function checkTemplates(draft: Draft, report: Report): void {
  const two = (draft.surface?.hemispheres.length ?? 0) > 1;
  const used = new Set<string>();
  const check = (path: Path, template: string, needed: string[], allowed: string[]): void => {
    const found = placeholders(template);
    for (const name of found) used.add(name);
    for (const name of needed.filter((n) => !found.includes(n))) {
      report(path, {
        code: 'study-template',
        message: `the template ${template} has no {${name}}, so every ${name === 'id' ? 'subject' : 'hemisphere'} would read the same file`,
        remedy: `put {${name}} where the ${name === 'id' ? 'participant id' : 'word left or right'} stands in the file name`,
      });
    }
    for (const name of found.filter((n) => !allowed.includes(n))) {
      report(path, { code: 'study-template', message: `{${name}} in ${template} is not filled in by anything`, remedy: `use ${allowed.map((n) => `{${n}}`).join(', ')}` });
    }
  };
  for (const [name, metric] of draft.metrics) check(['metrics', name, 'file'], metric.file, two ? ['id', 'side'] : ['id'], ['id', 'prefix', 'side']);
  if (draft.spectroscopy !== null) check(['spectroscopy', 'table'], draft.spectroscopy.table, ['id'], ['id', 'prefix']);
  if (!used.has('prefix')) return;
  for (const [name, cohort] of draft.cohorts) {
    if (cohort.prefix === '') report(['cohorts', name], { code: 'study-key-missing', message: `cohorts.${name}.prefix is missing, but templates use {prefix}`, remedy: 'give the prefix of the file names of this cohort' });
  }
}
