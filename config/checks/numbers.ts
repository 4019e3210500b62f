import { regionFiles, type Draft } from '../draft.js';
import type { Report } from '../issues.js';

/** Ranks in order, and a fixed rank among them. */
export function checkRanks(draft: Draft, report: Report): void {
  if (draft.factorization === null) return;
  const [low, high] = draft.factorization.ranks;
  if (low > high) {
    report(['factorization', 'ranks'], { code: 'study-value', message: `factorization.ranks: ${low} is more than ${high}`, remedy: `write [${high}, ${low}]: lowest, then highest` });
  } else if (typeof draft.rank === 'number' && (draft.rank < low || draft.rank > high)) {
    report(['rank'], { code: 'study-value', message: `rank ${draft.rank} is not among the ranks ${low} to ${high}`, remedy: 'widen factorization.ranks or choose another rank' });
  }
}

/** Each hemisphere analysed has its label or mask file, and no other has. */
export function checkHemispheres(draft: Draft, report: Report): void {
  if (draft.surface === null) return;
  const { hemispheres } = draft.surface;
  if (new Set(hemispheres).size < hemispheres.length) report(['surface', 'hemispheres'], { code: 'study-duplicate', message: 'a hemisphere is listed twice', remedy: 'list it once' });
  if (draft.region === null) return;
  const maps: Record<string, { left?: unknown; right?: unknown } | null> = { ...regionFiles(draft.region), ...('vertices' in draft.region ? { vertices: draft.region.vertices } : {}) };
  for (const [key, map] of Object.entries(maps)) {
    if (map === null) continue;
    const oneForBoth = typeof map.left === 'string' && map.left === map.right;
    for (const side of ['left', 'right'] as const) {
      const wanted = hemispheres.includes(side) || (oneForBoth && map[side] !== undefined);
      if (wanted && map[side] === undefined) report(['region', key], { code: 'study-key-missing', message: `region.${key}.${side} is missing`, remedy: `give the file of the ${side} hemisphere, or leave ${side} out of surface.hemispheres` });
      if (!wanted && map[side] !== undefined) report(['region', key, side], { code: 'study-value', message: `region.${key}.${side} is given but surface.hemispheres has no ${side}`, remedy: `add ${side} to surface.hemispheres or remove the file` });
    }
  }
  if (draft.region.midline === 'drop' && draft.region.midline_mask === null) {
    report(['region', 'midline'], { code: 'study-key-missing', message: 'midline: drop needs region.midline_mask', remedy: 'give 0/1 files (1 = cortex), one a hemisphere, or write midline: keep' });
  }
}
