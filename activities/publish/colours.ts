/** Colours of components in label tables. */

type Colour = [red: number, green: number, blue: number];

/** Okabe & Ito's colours, distinguishable with any colour vision. */
const FIRST: Colour[] = [[0, 0.45, 0.7], [0.9, 0.62, 0], [0, 0.62, 0.45], [0.8, 0.47, 0.65], [0.34, 0.71, 0.91], [0.84, 0.37, 0], [0.94, 0.89, 0.26], [0.4, 0.4, 0.4]];
/** Turns the hue so that neighbours in number differ. */
const GOLDEN = 137.508;

/** A colour for each component, from 0 to 1; all different in bytes, as annotations need: they tell structures apart by colour. */
export function componentColours(count: number): Colour[] {
  const taken = new Set<string>(['0,0,0']), colours: Colour[] = [];
  for (let i = 0; colours.length < count; i++) {
    const colour = FIRST[i] ?? hue((i * GOLDEN) % 360, 0.35 + 0.3 * (i % 3) / 2);
    const key = colour.map((c) => Math.round(c * 255)).join();
    if (taken.has(key)) continue;
    taken.add(key);
    colours.push(colour);
  }
  return colours;
}

/** A saturated colour by hue (degrees) and lightness. */
function hue(degrees: number, lightness: number): Colour {
  const chroma = 0.65 * Math.min(lightness, 1 - lightness);
  const part = (n: number): number => { const k = (n + degrees / 30) % 12; return lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1)); };
  return [part(0), part(8), part(4)];
}
