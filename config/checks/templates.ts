import type { Draft } from '../draft.js';
import type { Path } from '../document.js';
import type { Report } from '../issues.js';
import type { StudyPipelineEntry } from '../pipeline-schema.js';
import { withinStudy } from '../from-study.js';

/** The {names} in a file template. */
function placeholders(template: string): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
}

/** Templates of the volumes that tissue fractions are taken from. */
export function volumesOf(tissue: NonNullable<Draft['spectroscopy']>['tissue']): string[] {
  const { segmentation, voxel } = tissue ?? {};
  return [...(voxel === undefined ? [] : [voxel]), ...(segmentation === undefined ? [] : typeof segmentation === 'string' ? [segmentation] : Object.values(segmentation))];
}

/** Templates of participants' files that a pipeline takes. */
export const pipelineTemplates = ({ inputs, existing }: StudyPipelineEntry): string[] => [...Object.values(inputs), ...Object.values(existing).flatMap((files) => Object.values(files))].map(withinStudy);

/** What tells a subject, or a hemisphere: left or right, lh or rh, L or R. */
const SUBJECT = ['id', 'label'], SIDE = ['side', 'hemi', 'h'];

/** Templates must tell subjects and hemispheres apart, and use only what will be filled in. */
export function checkTemplates(draft: Draft, report: Report): void {
  const two = (draft.surface?.hemispheres.length ?? 0) > 1;
  const used = new Set<string>();
  const check = (path: Path, template: string, needed: string[][], allowed: string[]): void => {
    const found = placeholders(template);
    for (const name of found) used.add(name);
    for (const names of needed.filter((n) => !n.some((name) => found.includes(name)))) {
      const name = names[0] ?? '', subject = names === SUBJECT;
      report(path, {
        code: 'study-template',
        message: `the template ${template} has no {${name}}, so every ${subject ? 'subject' : 'hemisphere'} would read the same file`,
        remedy: subject ? 'put {id} where the participant id stands in the file name' : 'put {side} where the word left or right stands in the file name, or say hemispheres: together if each file holds both',
      });
    }
    for (const name of found.filter((n) => !allowed.includes(n))) {
      report(path, { code: 'study-template', message: `{${name}} in ${template} is not filled in by anything`, remedy: name === 'study' ? 'write {study}/ at the beginning, and only of inputs and existing files of pipelines' : `use ${allowed.map((n) => `{${n}}`).join(', ')}` });
    }
  };
  for (const [name, metric] of draft.metrics) {
    const together = metric.hemispheres === 'together', any = [...SUBJECT, 'prefix', ...SIDE], sided = two ? [SIDE] : [];
    if (metric.file !== undefined) check(['metrics', name, 'file'], metric.file, two && !together ? [SUBJECT, SIDE] : [SUBJECT], [...SUBJECT, 'prefix', ...(together ? [] : SIDE)]);
    if (metric.volume !== undefined) check(['metrics', name, 'volume'], metric.volume, [SUBJECT], any);
    if (metric.surface !== null) check(['metrics', name, 'surface'], metric.surface, sided, any);
    for (const { file } of metric.transform) check(['metrics', name, 'transform'], file, [], any);
  }
  if (draft.spectroscopy !== null) {
    check(['spectroscopy', 'table'], draft.spectroscopy.table, [SUBJECT], [...SUBJECT, 'prefix']);
    for (const template of volumesOf(draft.spectroscopy.tissue)) check(['spectroscopy', 'tissue'], template, [SUBJECT], [...SUBJECT, 'prefix']);
  }
  for (const [i, { inputs, existing }] of draft.pipelines) {
    for (const [name, template] of Object.entries(inputs)) check(['pipelines', i, 'inputs', name], withinStudy(template), [], [...SUBJECT, 'prefix']);
    for (const [step, files] of Object.entries(existing)) for (const [name, template] of Object.entries(files)) check(['pipelines', i, 'existing', step, name], withinStudy(template), [SUBJECT], [...SUBJECT, 'prefix']);
  }
  if (!used.has('prefix')) return;
  for (const [name, cohort] of draft.cohorts) {
    if (cohort.prefix === '') report(['cohorts', name], { code: 'study-key-missing', message: `cohorts.${name}.prefix is missing, but templates use {prefix}`, remedy: 'give the prefix of the file names of this cohort' });
  }
}
