/** Colours of components, the same on the surface, in figures, in label tables and on paper. */

/**
 * Chosen one after the other so that each differs from those before it in lightness (L* 42, 74, 56, 26, 92, 66, 34, 49, 82, 61: at least 14 apart among
 * four, 7 among eight, 4 among ten) and in hue as seen with each kind of colour blindness (Machado et al. 2009): they stay apart in grey too.
 */
const FIRST = ['#1d60bc', '#efa810', '#269787', '#78172f', '#bcf7bb', '#02a9f7', '#693f76', '#d24011', '#77dbf4', '#f46622'];
/** Turns the hue so that neighbours in number differ. */
const GOLDEN = 137.508;

/** A colour (#rrggbb) for each component, in their order; all different, and the first ones whatever the number. */
export function componentColours(count: number): string[] {
  const colours: string[] = [];
  for (let i = 0; colours.length < count; i++) {
    const colour = FIRST[i] ?? hue((i * GOLDEN) % 360, 0.35 + 0.3 * (i % 3) / 2);
    if (!colours.includes(colour)) colours.push(colour);
  }
  return colours;
}

/** Red, green and blue from 0 to 1. */
export function rgb(colour: string): [number, number, number] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255) as [number, number, number];
}

/** A saturated colour by hue (degrees) and lightness. */
function hue(degrees: number, lightness: number): string {
  const chroma = 0.65 * Math.min(lightness, 1 - lightness);
  const part = (n: number): string => {
    const k = (n + degrees / 30) % 12, value = lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value).toString(16).padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}
