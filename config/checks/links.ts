import { join, resolve } from 'node:path';
import type { StudySpec } from '../../contracts/study.js';
import { Bounds } from '../bounds.js';
import type { Path } from '../document.js';
import type { Report } from '../issues.js';

/** Folders and files that the study file names, links followed. Files of participants are looked at when they are located. */
export async function checkLinks(spec: StudySpec, directory: string, report: Report): Promise<void> {
  const bounds = new Bounds(directory, spec.outside), refused: string[] = [];
  for (const [path, name] of named(spec)) {
    // Of a folder that leads out it is said once.
    if (refused.some((folder) => name.startsWith(`${folder}/`)) || (await bounds.hold(resolve(directory, name)))) continue;
    refused.push(name);
    report(path, {
      code: 'study-path',
      message: `${name} is a link that leads out of the study's folder`,
      remedy: 'name the folder it leads to under `outside`, e.g. `outside: [/data/lab]`, or copy the data into the study\'s folder',
    });
  }
}

function named({ cohorts, region, surface, spectroscopy, pipelines = [] }: StudySpec): [Path, string][] {
  const found: [Path, string][] = [];
  const files = region.kind === 'mask' ? { mask: region.mask } : region.kind === 'vertices' ? { vertices: region.vertices } : { labels: region.labels };
  for (const [key, map] of Object.entries({ ...files, midline_mask: region.midlineMask ?? {} })) {
    for (const [side, file] of Object.entries(map)) if (typeof file === 'string') found.push([['region', key, side], file]);
  }
  if (region.kind === 'labels' && region.table !== null) found.push([['region', 'table'], region.table]);
  for (const [side, file] of Object.entries(surface.mesh ?? {})) found.push([['surface', 'mesh', side], file]);
  for (const { name, directory, participants } of cohorts) {
    const table = join(directory, participants);
    found.push([['cohorts', name, 'directory'], directory], [['cohorts', name, 'participants'], table], [['cohorts', name, 'participants'], table.replace(/\.[^.]*$/, '.json')]);
    if (spectroscopy?.tissue != null && 'file' in spectroscopy.tissue) found.push([['spectroscopy', 'tissue', 'file'], join(directory, spectroscopy.tissue.file)]);
    // Made when the first participant is done: until then a folder above it may be the link.
    pipelines.forEach(({ outputs }, i) => {
      const folders = outputs.split('/');
      folders.forEach((_, depth) => found.push([['pipelines', i, 'outputs'], join(directory, ...folders.slice(0, depth + 1))]));
    });
  }
  return found;
}
