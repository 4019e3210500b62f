/** The outline of a mask or of each label of a segmentation. */

/**
 * True where a pixel holds something and one of its four neighbours, or the edge of the picture, does not hold the same. Row by row.
 * `labels`: 0 and what is not a number are nothing.
 */
export function outlineOf(labels: Float32Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height);
  const at = (x: number, y: number): number => (x < 0 || y < 0 || x >= width || y >= height ? 0 : labels[x + width * y]!);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const here = at(x, y);
    if (here === 0 || Number.isNaN(here)) continue;
    if (at(x - 1, y) !== here || at(x + 1, y) !== here || at(x, y - 1) !== here || at(x, y + 1) !== here) out[x + width * y] = 1;
  }
  return out;
}
