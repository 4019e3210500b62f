/** A picture in memory: 8 bits of red, green and blue, row by row from the top. */
import { GLYPHS } from './letters.js';

export type Colour = readonly [number, number, number];

export const GLYPH = { width: 5, height: 7, step: 6 } as const;

export class Canvas {
  readonly data: Uint8Array;

  constructor(readonly width: number, readonly height: number) {
    this.data = new Uint8Array(3 * width * height);
  }

  /** What lies outside is not drawn. */
  set(x: number, y: number, [r, g, b]: Colour): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = 3 * (x + this.width * y);
    this.data[at] = r;
    this.data[at + 1] = g;
    this.data[at + 2] = b;
  }

  /** Capital letters, digits and a few signs, `scale` pixels a dot; what has no glyph is a blank. */
  write(text: string, left: number, top: number, colour: Colour, scale = 2): void {
    for (const [n, letter] of [...text.toUpperCase()].entries()) {
      (GLYPHS[letter] ?? []).forEach((row, y) => {
        for (let x = 0; x < GLYPH.width; x++) {
          if (((row >> (GLYPH.width - 1 - x)) & 1) === 0) continue;
          for (let dy = 0; dy < scale; dy++) for (let dx = 0; dx < scale; dx++) this.set(left + (n * GLYPH.step + x) * scale + dx, top + y * scale + dy, colour);
        }
      });
    }
  }
}
