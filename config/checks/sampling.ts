import type { Draft } from '../draft.js';
import type { Report } from '../issues.js';

/** A metric is a vertex file or a volume; what belongs to volumes stands with a volume only; and what needs a mesh has one for each hemisphere. */
export function checkSampling(draft: Draft, report: Report): void {
  for (const [name, metric] of draft.metrics) {
    const { file, volume, surface, smooth } = metric;
    if (file === undefined && volume === undefined) {
      report(['metrics', name], { code: 'study-key-missing', message: `metrics.${name}.file is missing`, remedy: 'give the template of the vertex files, or volume: that of the NIfTI volumes' });
      continue;
    }
    if (file !== undefined && volume !== undefined) {
      report(['metrics', name, 'volume'], { code: 'study-value', message: `metrics.${name} has both file and volume`, remedy: 'keep file for values at vertices, or volume for a NIfTI volume to sample' });
    }
    if (volume === undefined) {
      const given = { transform: metric.transform.length > 0, frame: metric.frame !== null, background: metric.background !== null };
      for (const [key, is] of Object.entries(given)) {
        if (is) report(['metrics', name, key], { code: 'study-value', message: `metrics.${name}.${key} says how a volume is sampled, and there is no volume`, remedy: `remove ${key}, or give volume` });
      }
      if (smooth === null && surface !== null) report(['metrics', name, 'surface'], { code: 'study-value', message: `metrics.${name}.surface is used for nothing`, remedy: 'remove it, or give smooth, or volume' });
    } else if (metric.hemispheres === 'together') {
      report(['metrics', name, 'hemispheres'], { code: 'study-value', message: `metrics.${name}.hemispheres is about vertex files, not volumes`, remedy: 'remove hemispheres' });
    }
    const needs = volume !== undefined ? 'volume' : smooth !== null ? 'smooth' : null;
    const mesh = draft.surface?.mesh ?? {}, without = (draft.surface?.hemispheres ?? []).filter((side) => mesh[side] === undefined);
    if (needs !== null && surface === null && without.length > 0) {
      report(['metrics', name, needs], { code: 'study-key-missing', message: `metrics.${name}.${needs} needs a surface, and there is none for ${without.join(' and ')}`, remedy: `give metrics.${name}.surface (each subject's mesh) or surface.mesh (one for all)` });
    }
  }
}
