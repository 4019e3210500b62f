/** How light each vertex is drawn: sulci darker than gyri, so that the anatomy can be read. */

const GYRUS = 0.9, SULCUS = 0.5;

/** Grey from 0 to 1 by depth of the folds (any unit): a soft step between the depths of most sulci and most gyri. */
export function greys(depth: ArrayLike<number>): Float32Array {
  const n = depth.length, values = Array.from(depth).filter(Number.isFinite);
  const mean = values.reduce((s, v) => s + v, 0) / Math.max(1, values.length);
  const spread = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / Math.max(1, values.length));
  const out = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const z = spread > 0 && Number.isFinite(depth[i]) ? ((depth[i] as number) - mean) / spread : 0;
    out[i] = SULCUS + (GYRUS - SULCUS) / (1 + Math.exp(-2.2 * (z + 0.2)));
  }
  return out;
}

/** Light on a surface that is turned by the angle whose cosine is `facing` from the reader. The other side of a sheet is lit as well. */
export const lit = (facing: number): number => 0.42 + 0.58 * Math.abs(facing);
