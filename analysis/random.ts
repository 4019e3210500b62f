/**
 * Seeded random numbers: xoshiro128** (Blackman & Vigna 2018) seeded by splitmix32. Integer arithmetic only, so a seed gives
 * the same draws on every machine and engine.
 */
export interface Random {
  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** Standard normal deviate (Marsaglia's polar method). */
  normal(): number;
  /** Fisher-Yates, in place; returns its argument. */
  shuffle<T>(items: T[]): T[];
}

/** A generator for a 32-bit seed; strings are hashed (FNV-1a), so that streams can be named: `createRandom('0/split/3')`. */
export function createRandom(seed: number | string): Random {
  let s = typeof seed === 'number' ? seed >>> 0 : hash32(seed);
  const splitmix = (): number => {
    s = (s + 0x9e3779b9) >>> 0;
    let z = s;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let a = splitmix(), b = splitmix(), c = splitmix(), d = splitmix();
  const next = (): number => {
    const t = Math.imul(b, 5);
    const result = Math.imul((t << 7) | (t >>> 25), 9) >>> 0;
    const u = b << 9;
    c ^= a; d ^= b; b ^= c; a ^= d; c ^= u;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = (): number => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) { const z = spare; spare = null; return z; }
    for (;;) {
      const u = 2 * uniform() - 1, v = 2 * uniform() - 1, q = u * u + v * v;
      if (q > 0 && q < 1) {
        const f = Math.sqrt((-2 * Math.log(q)) / q);
        spare = v * f;
        return u * f;
      }
    }
  };
  const integer = (n: number): number => Math.floor(uniform() * n);
  const shuffle = <T>(items: T[]): T[] => {
    for (let i = items.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      const t = items[i] as T; items[i] = items[j] as T; items[j] = t;
    }
    return items;
  };
  return { uniform, integer, normal, shuffle };
}

function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
