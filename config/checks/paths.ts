import { posix } from 'node:path';
import { regionFiles, type Draft } from '../draft.js';
import type { Path } from '../document.js';
import type { Report } from '../issues.js';
import { withinStudy } from '../from-study.js';
import { pipelineTemplates, volumesOf } from './templates.js';

/** True when a path relative to the study's folder stays within it. Looks at the spelling only: links inside the folder may lead anywhere. */
function staysInside(path: string): boolean {
  const normal = posix.normalize(path.replaceAll('\\', '/'));
  return !posix.isAbsolute(normal) && !/^[A-Za-z]:/.test(normal) && normal !== '..' && !normal.startsWith('../');
}

/** Every path of the study file, joined to the folder it is relative to. */
export function checkPaths(draft: Draft, report: Report): void {
  const check = (path: Path, value: string, base = ''): void => {
    if (staysInside(value) && staysInside(posix.join(base, value.replaceAll('\\', '/')))) return;
    report(path, {
      code: 'study-path',
      message: `the path ${value} leads out of the study's folder`,
      remedy: 'paths are relative to the study file (within a cohort: to its directory); link data kept elsewhere into the folder',
    });
  };
  if (draft.region !== null) {
    for (const [key, map] of Object.entries(regionFiles(draft.region))) {
      for (const [side, file] of Object.entries(map ?? {})) if (file !== undefined) check(['region', key, side], file);
    }
    if ('table' in draft.region && draft.region.table !== null) check(['region', 'table'], draft.region.table);
  }
  for (const [name, cohort] of draft.cohorts) {
    const directory = cohort.directory ?? name;
    check(['cohorts', name, 'directory'], directory);
    check(['cohorts', name, 'participants'], cohort.participants);
  }
  const templates = [...draft.metrics.values()].flatMap((m) => [m.file, m.volume, m.surface, ...m.transform.map((t) => t.file)]).concat(draft.spectroscopy?.table, volumesOf(draft.spectroscopy?.tissue ?? null), [...draft.pipelines.values()].flatMap(pipelineTemplates));
  for (const [name, { prefix }] of draft.cohorts) {
    const used = prefix === '' ? undefined : templates.find((t) => t?.includes('{prefix}') === true && !staysInside(t.replaceAll('{prefix}', prefix)));
    if (used != null) check(['cohorts', name, 'prefix'], used.replaceAll('{prefix}', prefix));
  }
  for (const [name, metric] of draft.metrics) {
    for (const key of ['file', 'volume', 'surface'] as const) if (metric[key] != null) check(['metrics', name, key], metric[key]);
    for (const { file } of metric.transform) check(['metrics', name, 'transform'], file);
  }
  for (const [side, file] of Object.entries(draft.surface?.mesh ?? {})) if (file !== undefined) check(['surface', 'mesh', side], file);
  if (draft.spectroscopy !== null) {
    check(['spectroscopy', 'table'], draft.spectroscopy.table);
    if (draft.spectroscopy.tissue?.file !== undefined) check(['spectroscopy', 'tissue', 'file'], draft.spectroscopy.tissue.file);
    for (const template of volumesOf(draft.spectroscopy.tissue)) check(['spectroscopy', 'tissue'], template);
  }
  for (const [i, { inputs, existing, images }] of draft.pipelines) {
    for (const [name, template] of Object.entries(inputs)) check(['pipelines', i, 'inputs', name], withinStudy(template));
    for (const [step, files] of Object.entries(existing)) for (const [name, template] of Object.entries(files)) check(['pipelines', i, 'existing', step, name], withinStudy(template));
    // An image is a program: it may be anywhere on the machine, as other programs are.
    for (const [name, { engine, name: path }] of Object.entries(images)) if (engine === 'apptainer' && !posix.isAbsolute(path)) check(['pipelines', i, 'images', name], path);
  }
}
