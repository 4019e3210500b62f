/**
 * The inner loops of OPNMF in WebAssembly SIMD (f64x2, no relaxed instructions), so that a result is the same bits on every machine.
 *
 * Layout: X is mp x n row-major with mp = m rounded up to 4 (rows beyond m are zero); W is mp x kp and Y is n x kp row-major with
 * kp = k rounded up to 2 (columns beyond k are zero). Every sum runs in a fixed order: over columns of X
 * within a row; over rows in the order in which passes take them: i, i + q, i + 2q and i + 3q at a time, q = mp / 4 (products.ts says why).
 * The module owns no memory: the caller passes byte offsets into the imported memory.
 */

// @ts-nocheck (AssemblyScript, compiled by asc)

import { accumulateY, rowsTimesY } from './products';
import { clearFactors, FLOOR, MOST_COORDINATES, solveRow, sweepRow } from './rows';

export { bisect, eigenvectors, equilibrate, tridiagonalize } from './eigen';
export { cross, gramOfColumns } from './products';

/** Of the published update; far below what a product with floored weights comes to. */
const LEAST_DIVISOR: f64 = 1e-300;

/** Y = X'W (n x kp). */
export function project(x: usize, row: usize, mp: i32, n: i32, kp: i32, w: usize, y: usize): void {
  memory.fill(y, 0, (<usize>n * <usize>kp) << 3);
  const quarter = mp >> 2, apart = <usize>quarter * row, ks = <usize>kp << 3, wApart = <usize>quarter * ks;
  for (let i = 0; i < quarter; i++) accumulateY(x + <usize>i * row, apart, n, kp, w + <usize>i * ks, wApart, y);
}

/** out (mp x kp) = X Y, or out - X Y with `subtract`. scratch: 4 kp doubles. */
export function product(x: usize, row: usize, mp: i32, n: i32, kp: i32, y: usize, out: usize, scratch: usize, subtract: boolean): void {
  const quarter = mp >> 2, apart = <usize>quarter * row, ks = <usize>kp << 3;
  for (let i = 0; i < quarter; i++) {
    rowsTimesY(x + <usize>i * row, apart, n, kp, y, scratch);
    for (let r = 0; r < 4; r++) {
      const from = scratch + <usize>r * ks, to = out + <usize>(i + r * quarter) * ks;
      if (!subtract) memory.copy(to, from, ks);
      else for (let o: usize = 0; o < ks; o += 16) v128.store(to + o, f64x2.sub(v128.load(to + o), v128.load(from + o)));
    }
  }
}

/**
 * One pass of the accelerated iteration. W is read at `scale` (the projective scale, at which `y` and `mm` = Y'Y are given), its
 * fixed-point residual is measured, every row moves towards the solution of min 1/2 w'Mw - n'w, w >= floor by `sweeps` sweeps of coordinate
 * descent and then, with `exactSteps`, by the active set; the new rows enter yNext = X'W_new in the same pass.
 * scratch: 15 kp + 64 (k k + 1) + 8 doubles. On return scratch[0] = sum of squared residuals, scratch[1] = ||W||_F^2 (both of the incoming W, scaled; 0 without `measure`).
 * `damping` in (0, 1]: 1 takes the row solution, less moves part of the way.
 */
export function acceleratedPass(
  x: usize, row: usize, m: i32, mp: i32, n: i32, k: i32, kp: i32, w: usize, scale: f64, y: usize, extra: usize, ridge: f64, mm: usize, ms: usize, prox: f64, yNext: usize,
  scratch: usize, sweeps: i32, damping: f64, exactSteps: i32, measure: bool,
): void {
  const ks = <usize>kp << 3;
  const z = scratch + 32 + 12 * ks, wrow = z + ks, inverse = wrow + ks, cache = inverse + ks;
  // What does not fit a word of bits is left to the sweeps.
  const exact = exactSteps > 0 && k <= MOST_COORDINATES, allSweeps = exactSteps > 0 && !exact ? 10 : sweeps;
  if (exact) clearFactors(cache, k);
  for (let j = 0; j < k; j++) store<f64>(inverse + (<usize>j << 3), 1 / load<f64>(ms + <usize>j * ks + (<usize>j << 3)));
  const nb = scratch + 32, t0 = nb + 4 * ks, t1 = t0 + 2 * ks, n0 = t1 + 2 * ks, n1 = n0 + 2 * ks; // t: w by rows in lanes, n: x_i Y by rows in lanes
  const floor2 = f64x2.splat(FLOOR), scale2 = f64x2.splat(scale), damp2 = f64x2.splat(damping);
  let rs = f64x2.splat(0), ws = f64x2.splat(0);
  const quarter = mp >> 2, apart = <usize>quarter * row, wApart = <usize>quarter * ks;
  memory.fill(yNext, 0, (<usize>n * <usize>kp) << 3);
  for (let i = 0; i < quarter; i++) {
    const xr = x + <usize>i * row;
    const w0r = w + <usize>i * ks, w1r = w0r + wApart, w2r = w1r + wApart, w3r = w2r + wApart;
    rowsTimesY(xr, apart, n, kp, y, nb);
    if (extra != 0) {
      for (let r: usize = 0; r < 4; r++) {
        const from = extra + <usize>i * ks + r * wApart, to = nb + r * ks;
        for (let o: usize = 0; o < ks; o += 16) v128.store(to + o, f64x2.add(v128.load(to + o), v128.load(from + o)));
      }
    }
    for (let j = 0; j < k; j++) {
      const o = <usize>j << 3, o2 = <usize>j << 4;
      v128.store(t0 + o2, f64x2.mul(scale2, f64x2.replace_lane(f64x2.splat(load<f64>(w0r + o)), 1, load<f64>(w1r + o))));
      v128.store(t1 + o2, f64x2.mul(scale2, f64x2.replace_lane(f64x2.splat(load<f64>(w2r + o)), 1, load<f64>(w3r + o))));
      v128.store(n0 + o2, f64x2.replace_lane(f64x2.splat(load<f64>(nb + o)), 1, load<f64>(nb + ks + o)));
      v128.store(n1 + o2, f64x2.replace_lane(f64x2.splat(load<f64>(nb + 2 * ks + o)), 1, load<f64>(nb + 3 * ks + o)));
    }
    if (ridge != 0) {
      const ridge2 = f64x2.splat(ridge);
      for (let j = 0; j < k; j++) {
        const o = <usize>j << 3, o2 = <usize>j << 4;
        const v0 = f64x2.add(v128.load(n0 + o2), f64x2.mul(ridge2, v128.load(t0 + o2))), v1 = f64x2.add(v128.load(n1 + o2), f64x2.mul(ridge2, v128.load(t1 + o2)));
        v128.store(n0 + o2, v0); v128.store(n1 + o2, v1);
        store<f64>(nb + o, f64x2.extract_lane(v0, 0)); store<f64>(nb + ks + o, f64x2.extract_lane(v0, 1));
        store<f64>(nb + 2 * ks + o, f64x2.extract_lane(v1, 0)); store<f64>(nb + 3 * ks + o, f64x2.extract_lane(v1, 1));
      }
    }
    // The certificate of the incoming rows, when it is asked for.
    for (let j = 0, all = measure ? k : 0; j < all; j++) {
      const o2 = <usize>j << 4;
      const mrow = mm + <usize>j * ks;
      let g0 = f64x2.neg(v128.load(n0 + o2)), g1 = f64x2.neg(v128.load(n1 + o2));
      for (let q = 0; q < k; q++) {
        const mq = v128.load_splat<f64>(mrow + (<usize>q << 3));
        g0 = f64x2.add(g0, f64x2.mul(mq, v128.load(t0 + (<usize>q << 4))));
        g1 = f64x2.add(g1, f64x2.mul(mq, v128.load(t1 + (<usize>q << 4))));
      }
      const d = f64x2.splat(load<f64>(mrow + (<usize>j << 3)));
      const w0 = v128.load(t0 + o2), w1 = v128.load(t1 + o2);
      const r0 = f64x2.min(w0, f64x2.div(g0, d)), r1 = f64x2.min(w1, f64x2.div(g1, d));
      rs = f64x2.add(rs, f64x2.add(f64x2.mul(r0, r0), f64x2.mul(r1, r1)));
      ws = f64x2.add(ws, f64x2.add(f64x2.mul(w0, w0), f64x2.mul(w1, w1)));
    }
    // The proximal term: prox / 2 sum_j M_jj (v_j - w_j)^2.
    if (prox != 0) {
      for (let j = 0; j < k; j++) {
        const o = <usize>j << 3, o2 = <usize>j << 4;
        const d = f64x2.splat(prox * load<f64>(mm + <usize>j * ks + o));
        const v0 = f64x2.add(v128.load(n0 + o2), f64x2.mul(d, v128.load(t0 + o2))), v1 = f64x2.add(v128.load(n1 + o2), f64x2.mul(d, v128.load(t1 + o2)));
        v128.store(n0 + o2, v0); v128.store(n1 + o2, v1);
        store<f64>(nb + o, f64x2.extract_lane(v0, 0)); store<f64>(nb + ks + o, f64x2.extract_lane(v0, 1));
        store<f64>(nb + 2 * ks + o, f64x2.extract_lane(v1, 0)); store<f64>(nb + 3 * ks + o, f64x2.extract_lane(v1, 1));
      }
    }
    // Coordinate descent on the rows; two rows a vector.
    for (let s = 0; s < allSweeps; s++) {
      for (let j = 0; j < k; j++) {
        const o2 = <usize>j << 4;
        const mrow = ms + <usize>j * ks;
        let g0 = v128.load(n0 + o2), g1 = v128.load(n1 + o2);
        for (let q = 0; q < k; q++) {
          const mq = v128.load_splat<f64>(mrow + (<usize>q << 3));
          g0 = f64x2.sub(g0, f64x2.mul(mq, v128.load(t0 + (<usize>q << 4))));
          g1 = f64x2.sub(g1, f64x2.mul(mq, v128.load(t1 + (<usize>q << 4))));
        }
        const d = v128.load_splat<f64>(inverse + (<usize>j << 3));
        const w0 = v128.load(t0 + o2), w1 = v128.load(t1 + o2);
        const v0 = f64x2.max(f64x2.add(w0, f64x2.mul(g0, d)), floor2);
        const v1 = f64x2.max(f64x2.add(w1, f64x2.mul(g1, d)), floor2);
        v128.store(t0 + o2, v0); v128.store(t1 + o2, v1);
      }
    }
    if (exact) {
      for (let r: usize = 0; r < 4; r++) {
        const lane = (r < 2 ? t0 : t1) + ((r & 1) << 3);
        for (let j = 0; j < k; j++) store<f64>(wrow + (<usize>j << 3), load<f64>(lane + (<usize>j << 4)));
        if (solveRow(wrow, nb + r * ks, ms, k, ks, z, cache, exactSteps) == 0) sweepRow(wrow, nb + r * ks, ms, k, ks);
        for (let j = 0; j < k; j++) store<f64>(lane + (<usize>j << 4), load<f64>(wrow + (<usize>j << 3)));
      }
    }
    for (let j = 0; j < k; j++) {
      const o = <usize>j << 3, o2 = <usize>j << 4;
      let v0 = v128.load(t0 + o2), v1 = v128.load(t1 + o2);
      if (damping != 1) {
        const w0 = f64x2.mul(scale2, f64x2.replace_lane(f64x2.splat(load<f64>(w0r + o)), 1, load<f64>(w1r + o)));
        const w1 = f64x2.mul(scale2, f64x2.replace_lane(f64x2.splat(load<f64>(w2r + o)), 1, load<f64>(w3r + o)));
        v0 = f64x2.max(f64x2.add(w0, f64x2.mul(damp2, f64x2.sub(v0, w0))), floor2);
        v1 = f64x2.max(f64x2.add(w1, f64x2.mul(damp2, f64x2.sub(v1, w1))), floor2);
      }
      store<f64>(w0r + o, f64x2.extract_lane(v0, 0));
      store<f64>(w1r + o, i + quarter < m ? f64x2.extract_lane(v0, 1) : 0);
      store<f64>(w2r + o, i + 2 * quarter < m ? f64x2.extract_lane(v1, 0) : 0);
      store<f64>(w3r + o, i + 3 * quarter < m ? f64x2.extract_lane(v1, 1) : 0);
    }
    accumulateY(xr, apart, n, kp, w0r, wApart, yNext);
  }
  store<f64>(scratch, f64x2.extract_lane(rs, 0) + f64x2.extract_lane(rs, 1));
  store<f64>(scratch + 8, f64x2.extract_lane(ws, 0) + f64x2.extract_lane(ws, 1));
}

/**
 * One pass of the published multiplicative update (without its normalisation, which needs the whole W): N = X Y,
 * W <- max(W .* N ./ (W M), floor), and yNext = X'W_new in the same pass. W, Y, M at the caller's scale. On the leading part of X, N is X Y + ridge W, and what is
 * not negative with X itself may be: such weights go to the floor, and no divisor is less than the smallest that could occur.
 */
export function multiplicativePass(
  x: usize, row: usize, m: i32, mp: i32, n: i32, k: i32, kp: i32, w: usize, y: usize, ridge: f64, mm: usize, yNext: usize, scratch: usize,
): void {
  const ks = <usize>kp << 3;
  const nb = scratch + 32, old = nb + 4 * ks, floor2 = f64x2.splat(FLOOR), ridge2 = f64x2.splat(ridge), least = f64x2.splat(LEAST_DIVISOR);
  const quarter = mp >> 2, apart = <usize>quarter * row, wApart = <usize>quarter * ks;
  memory.fill(yNext, 0, (<usize>n * <usize>kp) << 3);
  for (let i = 0; i < quarter; i++) {
    const xr = x + <usize>i * row;
    const wr = w + <usize>i * ks;
    rowsTimesY(xr, apart, n, kp, y, nb);
    for (let r = 0; r < 4; r++) {
      if (i + r * quarter >= m) break;
      const from = wr + <usize>r * wApart, numerator = nb + <usize>r * ks;
      memory.copy(old, from, ks);
      // W M by two components at a time: M is symmetric to the last bit, so its rows serve as columns.
      for (let o: usize = 0; o < ks; o += 16) {
        let d = f64x2.splat(0);
        let mrow = mm + o;
        for (let q: usize = 0, to = <usize>k << 3; q < to; q += 8) {
          d = f64x2.add(d, f64x2.mul(v128.load_splat<f64>(old + q), v128.load(mrow)));
          mrow += ks;
        }
        const w2 = v128.load(old + o);
        let n2 = v128.load(numerator + o);
        if (ridge != 0) n2 = f64x2.add(n2, f64x2.mul(ridge2, w2));
        v128.store(from + o, f64x2.max(f64x2.div(f64x2.mul(w2, n2), f64x2.max(d, least)), floor2));
      }
      if (k < kp) store<f64>(from + (<usize>k << 3), 0);
    }
    accumulateY(xr, apart, n, kp, wr, wApart, yNext);
  }
}
