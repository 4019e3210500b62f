import type { Draft } from '../draft.js';
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
  const maps: Record<string, { left?: string | undefined; right?: string | undefined } | null> =
    'mask' in draft.region ? { mask: draft.region.mask } : { labels: draft.region.labels, midline_mask: draft.region.midline_mask };
  for (const [key, map] of Object.entries(maps)) {
    if (map === null) continue;
    for (const side of ['left', 'right'] as const) {
      const wanted = hemispheres.includes(side);
      if (wanted && map[side] === undefined) report(['region', key], { code: 'study-key-missing', message: `region.${key}.${side} is missing`, remedy: `give the file of the ${side} hemisphere, or leave ${side} out of surface.hemispheres` });
      if (!wanted && map[side] !== undefined) report(['region', key, side], { code: 'study-value', message: `region.${key}.${side} is given but surface.hemispheres has no ${side}`, remedy: `add ${side} to surface.hemispheres or remove the file` });
    }
  }
  if ('midline' in draft.region && draft.region.midline === 'drop' && draft.region.midline_mask === null) {
    report(['region', 'midline'], { code: 'study-key-missing', message: 'midline: drop needs region.midline_mask', remedy: 'give 0/1 files (1 = cortex), one a hemisphere, or write midline: keep' });
  }
}
