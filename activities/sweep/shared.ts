/** What all cohorts share besides the study file: the region and the surfaces. */
import { resolve } from 'node:path';
import { limitOf, NULLS_VERSION } from '../../analysis/parcellation/nulls/index.js';
import type { RegionSpec, StudySpec } from '../../contracts/study.js';
import { canonicalJson, stepKey } from '../../storage/keys.js';
import { surfaceInputs } from '../ingest/surface.js';
import type { Look } from './look.js';
import { isRecent, see } from './seen.js';

export interface SharedLook {
  changes: string[];
  unsettled: string[];
}

/** Throws what reading the surfaces throws. */
export async function lookAtShared(look: Look): Promise<SharedLook> {
  const { spec, directory, region, last, now, settleMs } = look;
  const changes: string[] = [];
  if (last !== null) {
    const regions = [...last.cohorts.values()].map((c) => canonicalJson(c.dataset.region));
    if (regions.some((r) => r !== canonicalJson(region))) changes.push('the region');
    if (sameSpec(last.spec, spec) && (spec.statistics.nulls ?? 0) > 0 && limitOf(region.hemispheres.map((h) => h.vertices.length)) === null) {
      const { inputs } = await surfaceInputs(spec, region.hemispheres, directory);
      if (!last.hasStep(stepKey('surface', NULLS_VERSION, inputs))) changes.push('the surfaces');
    }
  }
  const files = [...regionFiles(spec.region), ...Object.values(spec.surface.mesh ?? {})].map((name) => resolve(directory, name));
  const recent = (last === null || changes.length > 0) && isRecent(await see(files), now, settleMs);
  return { changes, unsettled: recent ? ['files of the region or the surfaces have just changed'] : [] };
}

function regionFiles(region: RegionSpec): string[] {
  const midline = Object.values(region.midlineMask ?? {});
  switch (region.kind) {
    case 'labels': return [...midline, ...Object.values(region.labels), ...(region.table === null ? [] : [region.table])];
    case 'mask': return [...midline, ...Object.values(region.mask)];
    case 'vertices': return [...midline, ...Object.values(region.vertices).filter((v) => typeof v === 'string' && v !== 'all').map(String)];
  }
}

/** Whether two specifications are one study with the same parameters. */
export function sameSpec(a: StudySpec | undefined, b: StudySpec): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
