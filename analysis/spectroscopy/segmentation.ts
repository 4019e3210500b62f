/** Tissue fractions of a voxel from a segmentation of the structural image: the voxel's mask on the same grid says what counts. */

export interface VoxelFractions {
  gm: number;
  wm: number;
  csf: number;
  /** Weight of the mask: the voxel's size in elements of the grid. */
  size: number;
}

/** A volume of which only elements are asked. */
export type Elements = (index: number) => number;

/**
 * Fractions over the mask (weights from 0 to 1; NaN counts as outside). `tissues` give the share of each element that is grey matter, white matter
 * and CSF; what is none of the three counts for the size only, so that the fractions then add up to less than 1. null when the mask is empty.
 */
export function fractionsInVoxel(count: number, mask: Elements, tissues: { gm: Elements; wm: Elements; csf: Elements }): VoxelFractions | null {
  let size = 0, gm = 0, wm = 0, csf = 0;
  for (let i = 0; i < count; i++) {
    const weight = mask(i);
    if (!(weight > 0)) continue;
    size += weight;
    gm += weight * tissues.gm(i);
    wm += weight * tissues.wm(i);
    csf += weight * tissues.csf(i);
  }
  return size > 0 ? { gm: gm / size, wm: wm / size, csf: csf / size, size } : null;
}

/** The share of a label in each element: 1 where it stands, else 0. */
export function labelShare(labels: Elements, label: number): Elements {
  return (i) => (labels(i) === label ? 1 : 0);
}
