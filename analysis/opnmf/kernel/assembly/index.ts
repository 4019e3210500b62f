/**
 * The inner loops of OPNMF in WebAssembly SIMD (f64x2, no relaxed instructions), so that a result is the same bits on every machine.
 *
 * Layout: X is mp x n row-major with mp = m rounded up to 4 (rows beyond m are zero); W is mp x kp and Y is n x kp row-major with
 * kp = k rounded up to 2 (columns beyond k are zero). Every sum runs in a fixed order: over columns of X within a row, over rows in order.
 * The module owns no memory: the caller passes byte offsets into the imported memory.
 */

// @ts-nocheck (AssemblyScript, compiled by asc)

const FLOOR: f64 = 1e-16;

/** nb[4 x kp] = four rows of X (from `x`) times Y. */
// @ts-ignore: decorator
@inline
function rowsTimesY(x: usize, n: i32, kp: i32, y: usize, nb: usize): void {
  const stride = <usize>n << 3;
  const x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
  const ys = <usize>kp << 3;
  let c = 0;
  for (; c + 4 <= kp; c += 4) {
    let a00 = f64x2.splat(0), a01 = f64x2.splat(0), a10 = f64x2.splat(0), a11 = f64x2.splat(0);
    let a20 = f64x2.splat(0), a21 = f64x2.splat(0), a30 = f64x2.splat(0), a31 = f64x2.splat(0);
    let yp = y + (<usize>c << 3);
    for (let o: usize = 0; o < stride; o += 8) {
      const y0 = v128.load(yp), y1 = v128.load(yp, 16);
      let s = v128.load_splat<f64>(x + o);
      a00 = f64x2.add(a00, f64x2.mul(s, y0)); a01 = f64x2.add(a01, f64x2.mul(s, y1));
      s = v128.load_splat<f64>(x1 + o);
      a10 = f64x2.add(a10, f64x2.mul(s, y0)); a11 = f64x2.add(a11, f64x2.mul(s, y1));
      s = v128.load_splat<f64>(x2 + o);
      a20 = f64x2.add(a20, f64x2.mul(s, y0)); a21 = f64x2.add(a21, f64x2.mul(s, y1));
      s = v128.load_splat<f64>(x3 + o);
      a30 = f64x2.add(a30, f64x2.mul(s, y0)); a31 = f64x2.add(a31, f64x2.mul(s, y1));
      yp += ys;
    }
    const t = nb + (<usize>c << 3);
    v128.store(t, a00); v128.store(t, a01, 16);
    v128.store(t + ys, a10); v128.store(t + ys, a11, 16);
    v128.store(t + 2 * ys, a20); v128.store(t + 2 * ys, a21, 16);
    v128.store(t + 3 * ys, a30); v128.store(t + 3 * ys, a31, 16);
  }
  for (; c < kp; c += 2) {
    let a0 = f64x2.splat(0), a1 = f64x2.splat(0), a2 = f64x2.splat(0), a3 = f64x2.splat(0);
    let yp = y + (<usize>c << 3);
    for (let o: usize = 0; o < stride; o += 8) {
      const y0 = v128.load(yp);
      a0 = f64x2.add(a0, f64x2.mul(v128.load_splat<f64>(x + o), y0));
      a1 = f64x2.add(a1, f64x2.mul(v128.load_splat<f64>(x1 + o), y0));
      a2 = f64x2.add(a2, f64x2.mul(v128.load_splat<f64>(x2 + o), y0));
      a3 = f64x2.add(a3, f64x2.mul(v128.load_splat<f64>(x3 + o), y0));
      yp += ys;
    }
    const t = nb + (<usize>c << 3);
    v128.store(t, a0); v128.store(t + ys, a1); v128.store(t + 2 * ys, a2); v128.store(t + 3 * ys, a3);
  }
}

/** yOut += (four rows of X)' (four rows of W). */
// @ts-ignore: decorator
@inline
function accumulateY(x: usize, n: i32, kp: i32, w: usize, yOut: usize): void {
  const stride = <usize>n << 3;
  const x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
  const ys = <usize>kp << 3;
  let c = 0;
  for (; c + 4 <= kp; c += 4) {
    const t = w + (<usize>c << 3);
    const w00 = v128.load(t), w01 = v128.load(t, 16);
    const w10 = v128.load(t + ys), w11 = v128.load(t + ys, 16);
    const w20 = v128.load(t + 2 * ys), w21 = v128.load(t + 2 * ys, 16);
    const w30 = v128.load(t + 3 * ys), w31 = v128.load(t + 3 * ys, 16);
    let yp = yOut + (<usize>c << 3);
    for (let o: usize = 0; o < stride; o += 8) {
      let y0 = v128.load(yp), y1 = v128.load(yp, 16);
      let s = v128.load_splat<f64>(x + o);
      y0 = f64x2.add(y0, f64x2.mul(s, w00)); y1 = f64x2.add(y1, f64x2.mul(s, w01));
      s = v128.load_splat<f64>(x1 + o);
      y0 = f64x2.add(y0, f64x2.mul(s, w10)); y1 = f64x2.add(y1, f64x2.mul(s, w11));
      s = v128.load_splat<f64>(x2 + o);
      y0 = f64x2.add(y0, f64x2.mul(s, w20)); y1 = f64x2.add(y1, f64x2.mul(s, w21));
      s = v128.load_splat<f64>(x3 + o);
      y0 = f64x2.add(y0, f64x2.mul(s, w30)); y1 = f64x2.add(y1, f64x2.mul(s, w31));
      v128.store(yp, y0); v128.store(yp, y1, 16);
      yp += ys;
    }
  }
  for (; c < kp; c += 2) {
    const t = w + (<usize>c << 3);
    const w0 = v128.load(t), w1 = v128.load(t + ys), w2 = v128.load(t + 2 * ys), w3 = v128.load(t + 3 * ys);
    let yp = yOut + (<usize>c << 3);
    for (let o: usize = 0; o < stride; o += 8) {
      let y0 = v128.load(yp);
      y0 = f64x2.add(y0, f64x2.mul(v128.load_splat<f64>(x + o), w0));
      y0 = f64x2.add(y0, f64x2.mul(v128.load_splat<f64>(x1 + o), w1));
      y0 = f64x2.add(y0, f64x2.mul(v128.load_splat<f64>(x2 + o), w2));
      y0 = f64x2.add(y0, f64x2.mul(v128.load_splat<f64>(x3 + o), w3));
      v128.store(yp, y0);
      yp += ys;
    }
  }
}

/** Y = X'W (n x kp). */
export function project(x: usize, mp: i32, n: i32, kp: i32, w: usize, y: usize): void {
  memory.fill(y, 0, (<usize>n * <usize>kp) << 3);
  for (let i = 0; i < mp; i += 4) {
    accumulateY(x + ((<usize>i * <usize>n) << 3), n, kp, w + ((<usize>i * <usize>kp) << 3), y);
  }
}

/** out (kp x kp) = A'A of a rows x kp matrix, kp even; four rows at a time, in order. */
export function gram(a: usize, rows: i32, kp: i32, out: usize): void {
  const ks = <usize>kp << 3;
  memory.fill(out, 0, ks * <usize>kp);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const r0 = a + <usize>i * ks, r1 = r0 + ks, r2 = r1 + ks, r3 = r2 + ks;
    for (let p: usize = 0; p < ks; p += 8) {
      const s0 = v128.load_splat<f64>(r0 + p), s1 = v128.load_splat<f64>(r1 + p), s2 = v128.load_splat<f64>(r2 + p), s3 = v128.load_splat<f64>(r3 + p);
      const o = out + (p >> 3) * ks;
      for (let q: usize = 0; q < ks; q += 16) {
        let t = v128.load(o + q);
        t = f64x2.add(t, f64x2.mul(s0, v128.load(r0 + q)));
        t = f64x2.add(t, f64x2.mul(s1, v128.load(r1 + q)));
        t = f64x2.add(t, f64x2.mul(s2, v128.load(r2 + q)));
        t = f64x2.add(t, f64x2.mul(s3, v128.load(r3 + q)));
        v128.store(o + q, t);
      }
    }
  }
  for (; i < rows; i++) {
    const row = a + <usize>i * ks;
    for (let p: usize = 0; p < ks; p += 8) {
      const s = v128.load_splat<f64>(row + p);
      const o = out + (p >> 3) * ks;
      for (let q: usize = 0; q < ks; q += 16) v128.store(o + q, f64x2.add(v128.load(o + q), f64x2.mul(s, v128.load(row + q))));
    }
  }
}

/**
 * Solves min 1/2 w'Mw - n'w, w >= 0 exactly by the active-set method of Lawson & Hanson (1974) from a warm start: `w` (k doubles, in place)
 * gives the first passive set. `work` holds k (k + 4) doubles. Returns 0 when it did not finish in `steps` or M is singular on the passive
 * set; w is then still feasible. Floored coordinates come back as FLOOR.
 */
function solveRow(w: usize, nrow: usize, mm: usize, k: i32, ks: usize, work: usize, steps: i32): i32 {
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
    // The coordinate outside that wants in most, relative to its own scale.
    let best: f64 = 1e-11, enter = -1;
    for (let j = 0; j < k; j++) {
      if (load<f64>(w + (<usize>j << 3)) > 1e-15) continue;
      const mrow = mm + <usize>j * ks;
      const nj = load<f64>(nrow + (<usize>j << 3));
      let g = nj;
      for (let a = 0; a < size; a++) {
        const q = <usize>load<i32>(list + (<usize>a << 3)) << 3;
        g -= load<f64>(mrow + q) * load<f64>(w + q);
      }
      if (g > best * nj) { best = g / nj; enter = j; }
    }
    if (enter < 0) return 1;
    store<i32>(list + (<usize>size << 3), enter);
    store<f64>(w + (<usize>enter << 3), FLOOR);
    size++;
  }
  return 0;
}

/** One sweep of coordinate descent on a row: moves it where the active set cannot (M singular on the passive set). */
function sweepRow(w: usize, nrow: usize, mm: usize, k: i32, ks: usize): void {
  for (let j: usize = 0; j < <usize>k; j++) {
    const mrow = mm + j * ks;
    let g = load<f64>(nrow + (j << 3));
    for (let q: usize = 0; q < <usize>k; q++) g -= load<f64>(mrow + (q << 3)) * load<f64>(w + (q << 3));
    store<f64>(w + (j << 3), max<f64>(load<f64>(w + (j << 3)) + g / load<f64>(mrow + (j << 3)), FLOOR));
  }
}

/**
 * One pass of the accelerated iteration. W is read at `scale` (the projective scale, at which `y` and `mm` = Y'Y are given), its
 * fixed-point residual is measured, every row solves min 1/2 w'Mw - n'w, w >= floor by cyclic coordinate descent (at most `sweeps`,
 * until no coordinate moves by more than `rowTolerance` of the row's largest), and the new rows enter yNext = X'W_new in the same pass.
 * scratch: 12 kp + 4 doubles. On return scratch[0] = sum of squared residuals, scratch[1] = ||W||_F^2 (both of the incoming W, scaled; 0 without `measure`).
 * `damping` in (0, 1]: 1 takes the row solution, less moves part of the way.
 */
export function acceleratedPass(
  x: usize, m: i32, mp: i32, n: i32, k: i32, kp: i32, w: usize, scale: f64, y: usize, mm: usize, yNext: usize,
  scratch: usize, sweeps: i32, rowTolerance: f64, damping: f64, exactSteps: i32, measure: bool,
): void {
  const ks = <usize>kp << 3;
  const work = scratch + 32 + 12 * ks, wrow = work + <usize>(k * (k + 4)) * 8;
  const nb = scratch + 32, t0 = nb + 4 * ks, t1 = t0 + 2 * ks, n0 = t1 + 2 * ks, n1 = n0 + 2 * ks; // t: w by rows in lanes, n: x_i Y by rows in lanes
  const floor2 = f64x2.splat(FLOOR), tol2 = f64x2.splat(rowTolerance), scale2 = f64x2.splat(scale), damp2 = f64x2.splat(damping);
  let rs = f64x2.splat(0), ws = f64x2.splat(0);
  memory.fill(yNext, 0, (<usize>n * <usize>kp) << 3);
  for (let i = 0; i < mp; i += 4) {
    const xr = x + ((<usize>i * <usize>n) << 3);
    const wr = w + <usize>i * ks;
    rowsTimesY(xr, n, kp, y, nb);
    for (let j = 0; j < k; j++) {
      const o = <usize>j << 3, o2 = <usize>j << 4;
      v128.store(t0 + o2, f64x2.mul(scale2, f64x2.replace_lane(f64x2.splat(load<f64>(wr + o)), 1, load<f64>(wr + ks + o))));
      v128.store(t1 + o2, f64x2.mul(scale2, f64x2.replace_lane(f64x2.splat(load<f64>(wr + 2 * ks + o)), 1, load<f64>(wr + 3 * ks + o))));
      v128.store(n0 + o2, f64x2.replace_lane(f64x2.splat(load<f64>(nb + o)), 1, load<f64>(nb + ks + o)));
      v128.store(n1 + o2, f64x2.replace_lane(f64x2.splat(load<f64>(nb + 2 * ks + o)), 1, load<f64>(nb + 3 * ks + o)));
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
    // Coordinate descent on the rows; two rows a vector.
    for (let s = 0; s < sweeps; s++) {
      let moved = f64x2.splat(0), largest = f64x2.splat(0), moved1 = f64x2.splat(0), largest1 = f64x2.splat(0);
      for (let j = 0; j < k; j++) {
        const o2 = <usize>j << 4;
        const mrow = mm + <usize>j * ks;
        let g0 = v128.load(n0 + o2), g1 = v128.load(n1 + o2);
        for (let q = 0; q < k; q++) {
          const mq = v128.load_splat<f64>(mrow + (<usize>q << 3));
          g0 = f64x2.sub(g0, f64x2.mul(mq, v128.load(t0 + (<usize>q << 4))));
          g1 = f64x2.sub(g1, f64x2.mul(mq, v128.load(t1 + (<usize>q << 4))));
        }
        const d = f64x2.splat(load<f64>(mrow + (<usize>j << 3)));
        const w0 = v128.load(t0 + o2), w1 = v128.load(t1 + o2);
        const v0 = f64x2.max(f64x2.add(w0, f64x2.div(g0, d)), floor2);
        const v1 = f64x2.max(f64x2.add(w1, f64x2.div(g1, d)), floor2);
        moved = f64x2.max(moved, f64x2.abs(f64x2.sub(v0, w0))); largest = f64x2.max(largest, v0);
        moved1 = f64x2.max(moved1, f64x2.abs(f64x2.sub(v1, w1))); largest1 = f64x2.max(largest1, v1);
        v128.store(t0 + o2, v0); v128.store(t1 + o2, v1);
      }
      const still = v128.and(f64x2.le(moved, f64x2.mul(tol2, largest)), f64x2.le(moved1, f64x2.mul(tol2, largest1)));
      if (i64x2.all_true(still)) break;
    }
    if (exactSteps > 0) {
      for (let r: usize = 0; r < 4; r++) {
        const lane = (r < 2 ? t0 : t1) + ((r & 1) << 3);
        for (let j = 0; j < k; j++) store<f64>(wrow + (<usize>j << 3), load<f64>(lane + (<usize>j << 4)));
        if (solveRow(wrow, nb + r * ks, mm, k, ks, work, exactSteps) == 0) sweepRow(wrow, nb + r * ks, mm, k, ks);
        for (let j = 0; j < k; j++) store<f64>(lane + (<usize>j << 4), load<f64>(wrow + (<usize>j << 3)));
      }
    }
    for (let j = 0; j < k; j++) {
      const o = <usize>j << 3, o2 = <usize>j << 4;
      let v0 = v128.load(t0 + o2), v1 = v128.load(t1 + o2);
      if (damping != 1) {
        const w0 = f64x2.mul(scale2, f64x2.replace_lane(f64x2.splat(load<f64>(wr + o)), 1, load<f64>(wr + ks + o)));
        const w1 = f64x2.mul(scale2, f64x2.replace_lane(f64x2.splat(load<f64>(wr + 2 * ks + o)), 1, load<f64>(wr + 3 * ks + o)));
        v0 = f64x2.max(f64x2.add(w0, f64x2.mul(damp2, f64x2.sub(v0, w0))), floor2);
        v1 = f64x2.max(f64x2.add(w1, f64x2.mul(damp2, f64x2.sub(v1, w1))), floor2);
      }
      store<f64>(wr + o, f64x2.extract_lane(v0, 0));
      store<f64>(wr + ks + o, i + 1 < m ? f64x2.extract_lane(v0, 1) : 0);
      store<f64>(wr + 2 * ks + o, i + 2 < m ? f64x2.extract_lane(v1, 0) : 0);
      store<f64>(wr + 3 * ks + o, i + 3 < m ? f64x2.extract_lane(v1, 1) : 0);
    }
    accumulateY(xr, n, kp, wr, yNext);
  }
  store<f64>(scratch, f64x2.extract_lane(rs, 0) + f64x2.extract_lane(rs, 1));
  store<f64>(scratch + 8, f64x2.extract_lane(ws, 0) + f64x2.extract_lane(ws, 1));
}

/**
 * One pass of the published multiplicative update (without its normalisation, which needs the whole W): N = X Y,
 * W <- max(W .* N ./ (W M), floor), and yNext = X'W_new in the same pass. W, Y, M at the caller's scale.
 */
export function multiplicativePass(
  x: usize, m: i32, mp: i32, n: i32, k: i32, kp: i32, w: usize, y: usize, mm: usize, yNext: usize, scratch: usize,
): void {
  const ks = <usize>kp << 3;
  const nb = scratch + 32, old = nb + 4 * ks;
  memory.fill(yNext, 0, (<usize>n * <usize>kp) << 3);
  for (let i = 0; i < mp; i += 4) {
    const xr = x + ((<usize>i * <usize>n) << 3);
    const wr = w + <usize>i * ks;
    rowsTimesY(xr, n, kp, y, nb);
    for (let r = 0; r < 4; r++) {
      if (i + r >= m) break;
      const row = wr + <usize>r * ks, nrow = nb + <usize>r * ks;
      memory.copy(old, row, ks);
      for (let j = 0; j < k; j++) {
        const o = <usize>j << 3;
        const mrow = mm + <usize>j * ks;
        let d: f64 = 0;
        for (let q = 0; q < k; q++) d += load<f64>(old + (<usize>q << 3)) * load<f64>(mrow + (<usize>q << 3));
        store<f64>(row + o, max<f64>((load<f64>(old + o) * load<f64>(nrow + o)) / d, FLOOR));
      }
    }
    accumulateY(xr, n, kp, wr, yNext);
  }
}
