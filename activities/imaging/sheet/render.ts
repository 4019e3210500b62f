/** A contact sheet as a PNG, from files: seconds of work, for a thread. Holds one volume at a time. */
import { encode } from 'fast-png';
import type { SliceSheet } from '../../../contracts/pipelines.js';
import { composeSheet } from './picture/compose.js';
import { cutLabels, cutSlices } from './picture/cut.js';
import { readVolume } from './read-volume.js';

export interface SheetFiles {
  /** Absolute paths. */
  image: string;
  outline: string | null;
}

/** Throws as readVolume, cutSlices and cutLabels do; messages call the files `image` and `outline`. */
export async function renderSheet(sheet: SliceSheet, files: SheetFiles): Promise<Uint8Array> {
  const { grid, cuts } = await cut(sheet, files.image);
  const labels = files.outline === null ? null : cutLabels(grid, cuts, await readVolume(files.outline, 'outline', null), 'outline');
  const { width, height, data } = composeSheet(cuts, labels);
  return encode({ width, height, data, channels: 3, depth: 8 });
}

/** Apart, so that the image can go before the outline comes. */
async function cut(sheet: SliceSheet, path: string): Promise<{ grid: { shape: [number, number, number]; affine: readonly number[] }; cuts: ReturnType<typeof cutSlices> }> {
  const image = await readVolume(path, 'image', sheet.volume), { shape, affine } = image;
  return { grid: { shape, affine }, cuts: cutSlices(image, sheet, 'image') };
}
