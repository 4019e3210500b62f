/** Colours of components in label tables: those of the report. */
import { componentColours as colours, rgb } from '../../report/brain/colours.js';

/** A colour for each component, from 0 to 1; all different in bytes, as annotations need: they tell structures apart by colour. */
export function componentColours(count: number): [red: number, green: number, blue: number][] {
  return colours(count).map(rgb);
}
