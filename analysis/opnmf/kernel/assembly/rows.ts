/** The k x k problem of one row. */
// @ts-nocheck (AssemblyScript, compiled by asc)

/** A weight this small is zero: the published floor. */
export const FLOOR: f64 = 1e-16;

/**
 * Solves min 1/2 w'Mw - n'w, w >= 0 exactly by the active-set method of Lawson & Hanson (1974) from a warm start: `w` (k doubles, in place)
 * gives the first passive set. `work` holds k (k + 4) doubles. Returns 0 when it did not finish in `steps` or M is singular on the passive
 * set; w is then still feasible. Floored coordinates come back as FLOOR.
 */
export function solveRow(w: usize, nrow: usize, mm: usize, k: i32, ks: usize, work: usize, steps: i32): i32 {
  const z = work, list = work + (<usize>k << 3), chol = list + (<usize>k << 3);
  let size = 0;
  for (let j = 0; j < k; j++) if (load<f64>(w + (<usize>j << 3)) > 1e-15) { store<i32>(list + (<usize>size << 3), j); size++; }
  for (let step = 0; step < steps; step++) {
    // Cholesky of M on the passive set, and its solution z.
    for (let a = 0; a < size; a++) {
      const ja = load<i32>(list + (<usize>a << 3));
      const mrow = mm + <usize>ja * ks;
      const ra = chol + ((<usize>a * <usize>k) << 3);
      let zsum = load<f64>(nrow + (<usize>ja << 3));
      for (let b = 0; b <= a; b++) {
        const rb = chol + ((<usize>b * <usize>k) << 3);
        let s = load<f64>(mrow + (<usize>load<i32>(list + (<usize>b << 3)) << 3));
        for (let c = 0; c < b; c++) s -= load<f64>(ra + (<usize>c << 3)) * load<f64>(rb + (<usize>c << 3));
        if (b < a) {
          const l = s / load<f64>(rb + (<usize>b << 3));
          store<f64>(ra + (<usize>b << 3), l);
          zsum -= l * load<f64>(z + (<usize>b << 3));
        } else {
          if (!(s > 1e-13 * load<f64>(mrow + (<usize>ja << 3)))) return 0;
          const l = Math.sqrt(s);
          store<f64>(ra + (<usize>a << 3), l);
          store<f64>(z + (<usize>a << 3), zsum / l);
        }
      }
    }
    for (let a = size - 1; a >= 0; a--) {
      let s = load<f64>(z + (<usize>a << 3));
      for (let b = a + 1; b < size; b++) s -= load<f64>(chol + ((<usize>b * <usize>k + <usize>a) << 3)) * load<f64>(z + (<usize>b << 3));
      store<f64>(z + (<usize>a << 3), s / load<f64>(chol + ((<usize>a * <usize>k + <usize>a) << 3)));
    }
    // Towards z as far as every coordinate stays positive.
    let alpha: f64 = 1;
    for (let a = 0; a < size; a++) {
      const za = load<f64>(z + (<usize>a << 3));
      if (za > FLOOR) continue;
      const wa = load<f64>(w + (<usize>load<i32>(list + (<usize>a << 3)) << 3));
      const t = wa / (wa - za);
      if (t < alpha) alpha = t;
    }
    let kept = 0;
    for (let a = 0; a < size; a++) {
      const j = load<i32>(list + (<usize>a << 3));
      const at = w + (<usize>j << 3);
      const za = load<f64>(z + (<usize>a << 3)), wa = load<f64>(at);
      const v = alpha < 1 ? wa + alpha * (za - wa) : za;
      if (v > 1e-15 && (alpha == 1 || za > FLOOR || wa > alpha * (wa - za) * 1.0000000001)) { store<f64>(at, v); store<i32>(list + (<usize>kept << 3), j); kept++; }
      else store<f64>(at, FLOOR);
    }
    const shrunk = kept < size;
    size = kept;
    if (shrunk || alpha < 1) continue;
    // The coordinate outside that would lower the objective most, g^2 / 2 M_jj; rounding alone lets none in.
    let best: f64 = 0, enter = -1;
    for (let j = 0; j < k; j++) {
      if (load<f64>(w + (<usize>j << 3)) > 1e-15) continue;
      const mrow = mm + <usize>j * ks;
      const nj = load<f64>(nrow + (<usize>j << 3));
      let g = nj;
      for (let a = 0; a < size; a++) {
        const q = <usize>load<i32>(list + (<usize>a << 3)) << 3;
        g -= load<f64>(mrow + q) * load<f64>(w + q);
      }
      const gain = (g * g) / load<f64>(mrow + (<usize>j << 3));
      if (g > 1e-11 * abs<f64>(nj) && gain > best) { best = gain; enter = j; }
    }
    if (enter < 0) return 1;
    store<i32>(list + (<usize>size << 3), enter);
    store<f64>(w + (<usize>enter << 3), FLOOR);
    size++;
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
