/** The k x k problem of one row. */
// @ts-nocheck (AssemblyScript, compiled by asc)

/** A weight this small is zero: the published floor. */
export const FLOOR: f64 = 1e-16;

/** Passive sets are bits of one word. */
export const MOST_COORDINATES: i32 = 64;

/** Factors of the passive sets met in a pass, by a hash of the set: M is the same for all rows, and few sets occur. */
const SLOTS: i32 = 64;

/** Bytes of one slot: the set, then L D L' of M on it, row-major with leading dimension k: unit L below the diagonal, 1 / D on it. */
@inline
function slotBytes(k: i32): usize {
  return 8 + ((<usize>k * <usize>k) << 3);
}

/** Forgets the factors of another M. */
export function clearFactors(cache: usize, k: i32): void {
  for (let s = 0; s < SLOTS; s++) store<u64>(cache + <usize>s * slotBytes(k), 0);
}

/** Where the factor of M on the set lies (computed when it is not there); 0 when M is singular on it. */
function factorOf(set: u64, mm: usize, k: i32, ks: usize, cache: usize): usize {
  const slot = cache + <usize>((set * 0x9e3779b97f4a7c15) >> 58) * slotBytes(k), l = slot + 8;
  if (load<u64>(slot) == set) return l;
  store<u64>(slot, 0);
  let a: usize = 0;
  for (let rest = set; rest != 0; rest &= rest - 1, a++) {
    const ja = <usize>ctz<u64>(rest);
    const mrow = mm + ja * ks, ra = l + (a * <usize>k << 3);
    let d = load<f64>(mrow + (ja << 3));
    const full = d;
    let b: usize = 0;
    for (let before = set; b < a; before &= before - 1, b++) {
      const rb = l + (b * <usize>k << 3);
      let s = load<f64>(mrow + (<usize>ctz<u64>(before) << 3));
      for (let c: usize = 0; c < b; c++) s -= load<f64>(ra + (c << 3)) * load<f64>(rb + (c << 3));
      store<f64>(ra + (b << 3), s); // L D for now
    }
    for (let c: usize = 0; c < a; c++) {
      const ld = load<f64>(ra + (c << 3)), lower = ld * load<f64>(l + (c * <usize>k + c << 3));
      d -= ld * lower;
      store<f64>(ra + (c << 3), lower);
    }
    if (!(d > 1e-13 * full)) return 0;
    store<f64>(ra + (a << 3), 1 / d);
  }
  store<u64>(slot, set);
  return l;
}

/**
 * Solves min 1/2 w'Mw - n'w, w >= 0 exactly by the active-set method of Lawson & Hanson (1974) from a warm start: `w` (k doubles, in place,
 * k <= 64) gives the first passive set. `z` holds k doubles, `cache` the factors of this M. Returns 0 when it did not finish in `steps` or M
 * is singular on the passive set; w is then still feasible. Floored coordinates come back as FLOOR.
 */
export function solveRow(w: usize, nrow: usize, mm: usize, k: i32, ks: usize, z: usize, cache: usize, steps: i32): i32 {
  let set: u64 = 0;
  for (let j = 0; j < k; j++) if (load<f64>(w + (<usize>j << 3)) > 1e-15) set |= <u64>1 << j;
  for (let step = 0; step < steps; step++) {
    const l: usize = set == 0 ? 0 : factorOf(set, mm, k, ks, cache);
    if (set != 0 && l == 0) return 0;
    let size: usize = 0;
    for (let rest = set; rest != 0; rest &= rest - 1, size++) {
      let v = load<f64>(nrow + (<usize>ctz<u64>(rest) << 3));
      const row = l + (size * <usize>k << 3);
      for (let c: usize = 0; c < size; c++) v -= load<f64>(row + (c << 3)) * load<f64>(z + (c << 3));
      store<f64>(z + (size << 3), v);
    }
    for (let a: usize = size; a > 0; a--) {
      const at = a - 1;
      let v = load<f64>(z + (at << 3)) * load<f64>(l + (at * <usize>k + at << 3));
      for (let b = a; b < size; b++) v -= load<f64>(l + (b * <usize>k + at << 3)) * load<f64>(z + (b << 3));
      store<f64>(z + (at << 3), v);
    }
    // Towards z as far as every coordinate stays positive.
    let alpha: f64 = 1, a: usize = 0;
    for (let rest = set; rest != 0; rest &= rest - 1, a++) {
      const za = load<f64>(z + (a << 3));
      if (za > FLOOR) continue;
      const wa = load<f64>(w + (<usize>ctz<u64>(rest) << 3)), t = wa / (wa - za);
      if (t < alpha) alpha = t;
    }
    let kept: u64 = 0;
    a = 0;
    for (let rest = set; rest != 0; rest &= rest - 1, a++) {
      const j = <usize>ctz<u64>(rest);
      const at = w + (j << 3);
      const za = load<f64>(z + (a << 3)), wa = load<f64>(at);
      const v = alpha < 1 ? wa + alpha * (za - wa) : za;
      if (v > 1e-15 && (alpha == 1 || za > FLOOR || wa > alpha * (wa - za) * 1.0000000001)) { store<f64>(at, v); kept |= <u64>1 << <u64>j; }
      else store<f64>(at, FLOOR);
    }
    const shrunk = kept != set;
    set = kept;
    if (shrunk || alpha < 1) continue;
    // The coordinate outside that would lower the objective most, g^2 / 2 M_jj; rounding alone lets none in.
    let best: f64 = 0, enter = -1;
    for (let j = 0; j < k; j++) {
      if ((set >> j) & 1) continue;
      const mrow = mm + <usize>j * ks;
      const nj = load<f64>(nrow + (<usize>j << 3));
      let g = nj;
      for (let rest = set; rest != 0; rest &= rest - 1) {
        const q = <usize>ctz<u64>(rest) << 3;
        g -= load<f64>(mrow + q) * load<f64>(w + q);
      }
      if (!(g > 1e-11 * abs<f64>(nj))) continue;
      const gain = (g * g) / load<f64>(mrow + (<usize>j << 3));
      if (gain > best) { best = gain; enter = j; }
    }
    if (enter < 0) return 1;
    store<f64>(w + (<usize>enter << 3), FLOOR);
    set |= <u64>1 << enter;
  }
  return 0;
}

/** One sweep of coordinate descent on a row: moves it where the active set cannot (M singular on the passive set). */
export function sweepRow(w: usize, nrow: usize, mm: usize, k: i32, ks: usize): void {
  for (let j: usize = 0; j < <usize>k; j++) {
    const mrow = mm + j * ks;
    let g = load<f64>(nrow + (j << 3));
    for (let q: usize = 0; q < <usize>k; q++) g -= load<f64>(mrow + (q << 3)) * load<f64>(w + (q << 3));
    store<f64>(w + (j << 3), max<f64>(load<f64>(w + (j << 3)) + g / load<f64>(mrow + (j << 3)), FLOOR));
  }
}
