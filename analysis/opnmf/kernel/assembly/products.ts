/** The products of a pass, and Gram matrices; index.ts has the layout. Four rows at a time, two components a vector. */
// @ts-nocheck (AssemblyScript, compiled by asc)

/*
 * The two products take four rows of X that lie `apart` bytes from each other, a quarter of the matrix: four long runs of memory, which the processor fetches ahead,
 * where four neighbouring rows are short ones that it loses at every row's end. Two columns a turn; the test between them also keeps V8 from
 * moving the sums of both past all loads, for which there are not registers enough.
 */

/** nb[4 x kp] = four rows of X (n columns, the first at `x`) times Y. */
@inline
export function rowsTimesY(x: usize, apart: usize, n: i32, kp: i32, y: usize, nb: usize): void {
  const ys = <usize>kp << 3;
  let c = 0;
  for (; c + 4 <= kp; c += 4) {
    let a00 = f64x2.splat(0), a01 = f64x2.splat(0), a10 = f64x2.splat(0), a11 = f64x2.splat(0);
    let a20 = f64x2.splat(0), a21 = f64x2.splat(0), a30 = f64x2.splat(0), a31 = f64x2.splat(0);
    let x0 = x, x1 = x0 + apart, x2 = x1 + apart, x3 = x2 + apart;
    let yp = y + (<usize>c << 3);
    const end = yp + <usize>n * ys;
    while (yp != end) {
      let y0 = v128.load(yp), y1 = v128.load(yp, 16);
      yp += ys;
      let s = v128.load_splat<f64>(x0);
      a00 = f64x2.add(a00, f64x2.mul(s, y0)); a01 = f64x2.add(a01, f64x2.mul(s, y1));
      s = v128.load_splat<f64>(x1);
      a10 = f64x2.add(a10, f64x2.mul(s, y0)); a11 = f64x2.add(a11, f64x2.mul(s, y1));
      s = v128.load_splat<f64>(x2);
      a20 = f64x2.add(a20, f64x2.mul(s, y0)); a21 = f64x2.add(a21, f64x2.mul(s, y1));
      s = v128.load_splat<f64>(x3);
      a30 = f64x2.add(a30, f64x2.mul(s, y0)); a31 = f64x2.add(a31, f64x2.mul(s, y1));
      if (yp == end) break;
      y0 = v128.load(yp); y1 = v128.load(yp, 16);
      yp += ys;
      s = v128.load_splat<f64>(x0, 8);
      a00 = f64x2.add(a00, f64x2.mul(s, y0)); a01 = f64x2.add(a01, f64x2.mul(s, y1));
      s = v128.load_splat<f64>(x1, 8);
      a10 = f64x2.add(a10, f64x2.mul(s, y0)); a11 = f64x2.add(a11, f64x2.mul(s, y1));
      s = v128.load_splat<f64>(x2, 8);
      a20 = f64x2.add(a20, f64x2.mul(s, y0)); a21 = f64x2.add(a21, f64x2.mul(s, y1));
      s = v128.load_splat<f64>(x3, 8);
      a30 = f64x2.add(a30, f64x2.mul(s, y0)); a31 = f64x2.add(a31, f64x2.mul(s, y1));
      x0 += 16; x1 += 16; x2 += 16; x3 += 16;
    }
    const t = nb + (<usize>c << 3);
    v128.store(t, a00); v128.store(t, a01, 16);
    v128.store(t + ys, a10); v128.store(t + ys, a11, 16);
    v128.store(t + 2 * ys, a20); v128.store(t + 2 * ys, a21, 16);
    v128.store(t + 3 * ys, a30); v128.store(t + 3 * ys, a31, 16);
  }
  for (; c < kp; c += 2) {
    const x1 = x + apart, x2 = x1 + apart, x3 = x2 + apart;
    let a0 = f64x2.splat(0), a1 = f64x2.splat(0), a2 = f64x2.splat(0), a3 = f64x2.splat(0);
    let yp = y + (<usize>c << 3);
    for (let o: usize = 0, stride = <usize>n << 3; o < stride; o += 8) {
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

/** yOut += (four rows of X)' (the same rows of W, `wApart` bytes from each other). */
@inline
export function accumulateY(x: usize, apart: usize, n: i32, kp: i32, w: usize, wApart: usize, yOut: usize): void {
  const ys = <usize>kp << 3;
  let c = 0;
  for (; c + 4 <= kp; c += 4) {
    const t0 = w + (<usize>c << 3), t1 = t0 + wApart, t2 = t1 + wApart, t3 = t2 + wApart;
    const w00 = v128.load(t0), w01 = v128.load(t0, 16), w10 = v128.load(t1), w11 = v128.load(t1, 16);
    const w20 = v128.load(t2), w21 = v128.load(t2, 16), w30 = v128.load(t3), w31 = v128.load(t3, 16);
    let x0 = x, x1 = x0 + apart, x2 = x1 + apart, x3 = x2 + apart;
    let yp = yOut + (<usize>c << 3);
    const end = yp + <usize>n * ys;
    while (yp != end) {
      let y0 = v128.load(yp), y1 = v128.load(yp, 16);
      let s = v128.load_splat<f64>(x0);
      y0 = f64x2.add(y0, f64x2.mul(s, w00)); y1 = f64x2.add(y1, f64x2.mul(s, w01));
      s = v128.load_splat<f64>(x1);
      y0 = f64x2.add(y0, f64x2.mul(s, w10)); y1 = f64x2.add(y1, f64x2.mul(s, w11));
      s = v128.load_splat<f64>(x2);
      y0 = f64x2.add(y0, f64x2.mul(s, w20)); y1 = f64x2.add(y1, f64x2.mul(s, w21));
      s = v128.load_splat<f64>(x3);
      y0 = f64x2.add(y0, f64x2.mul(s, w30)); y1 = f64x2.add(y1, f64x2.mul(s, w31));
      v128.store(yp, y0); v128.store(yp, y1, 16);
      yp += ys;
      if (yp == end) break;
      y0 = v128.load(yp); y1 = v128.load(yp, 16);
      s = v128.load_splat<f64>(x0, 8);
      y0 = f64x2.add(y0, f64x2.mul(s, w00)); y1 = f64x2.add(y1, f64x2.mul(s, w01));
      s = v128.load_splat<f64>(x1, 8);
      y0 = f64x2.add(y0, f64x2.mul(s, w10)); y1 = f64x2.add(y1, f64x2.mul(s, w11));
      s = v128.load_splat<f64>(x2, 8);
      y0 = f64x2.add(y0, f64x2.mul(s, w20)); y1 = f64x2.add(y1, f64x2.mul(s, w21));
      s = v128.load_splat<f64>(x3, 8);
      y0 = f64x2.add(y0, f64x2.mul(s, w30)); y1 = f64x2.add(y1, f64x2.mul(s, w31));
      v128.store(yp, y0); v128.store(yp, y1, 16);
      yp += ys;
      x0 += 16; x1 += 16; x2 += 16; x3 += 16;
    }
  }
  for (; c < kp; c += 2) {
    const x1 = x + apart, x2 = x1 + apart, x3 = x2 + apart;
    const t0 = w + (<usize>c << 3), t1 = t0 + wApart, t2 = t1 + wApart, t3 = t2 + wApart;
    const w0 = v128.load(t0), w1 = v128.load(t1), w2 = v128.load(t2), w3 = v128.load(t3);
    let yp = yOut + (<usize>c << 3);
    for (let o: usize = 0, stride = <usize>n << 3; o < stride; o += 8) {
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

/** out (kp x kp) = A'B of two rows x kp matrices, kp even; four rows at a time, in order. */
export function cross(a: usize, b: usize, rows: i32, kp: i32, out: usize): void {
  const ks = <usize>kp << 3;
  memory.fill(out, 0, ks * <usize>kp);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const o = <usize>i * ks;
    const r0 = a + o, r1 = r0 + ks, r2 = r1 + ks, r3 = r2 + ks;
    const b0 = b + o, b1 = b0 + ks, b2 = b1 + ks, b3 = b2 + ks;
    for (let p: usize = 0; p < ks; p += 8) {
      const s0 = v128.load_splat<f64>(r0 + p), s1 = v128.load_splat<f64>(r1 + p), s2 = v128.load_splat<f64>(r2 + p), s3 = v128.load_splat<f64>(r3 + p);
      const t0 = out + (p >> 3) * ks;
      for (let q: usize = 0; q < ks; q += 16) {
        let t = v128.load(t0 + q);
        t = f64x2.add(t, f64x2.mul(s0, v128.load(b0 + q)));
        t = f64x2.add(t, f64x2.mul(s1, v128.load(b1 + q)));
        t = f64x2.add(t, f64x2.mul(s2, v128.load(b2 + q)));
        t = f64x2.add(t, f64x2.mul(s3, v128.load(b3 + q)));
        v128.store(t0 + q, t);
      }
    }
  }
  for (; i < rows; i++) {
    const ra = a + <usize>i * ks, rb = b + <usize>i * ks;
    for (let p: usize = 0; p < ks; p += 8) {
      const s = v128.load_splat<f64>(ra + p);
      const o = out + (p >> 3) * ks;
      for (let q: usize = 0; q < ks; q += 16) v128.store(o + q, f64x2.add(v128.load(o + q), f64x2.mul(s, v128.load(rb + q))));
    }
  }
}

/** Rows whose part of a Gram matrix is summed in registers before it is added to the result. */
const PANEL: i32 = 32;

/**
 * The upper triangle of out (np x np, zeroed by the caller) += X'X of a rows x n matrix; np is n rounded up to 4: tiles of 4 x 4, panels of
 * rows in order. What lies in out beyond n is not meant to be read (it is summed from what lies beyond the rows).
 */
export function gramOfColumns(x: usize, rows: i32, n: i32, out: usize): void {
  const stride = <usize>n << 3, wide = <usize>((n + 3) & ~3) << 3;
  for (let i = 0; i < rows; i += PANEL) {
    const end = min<i32>(rows, i + PANEL);
    const from = x + <usize>i * stride, to = x + <usize>end * stride;
    for (let p: usize = 0; p < wide; p += 32) {
      for (let q = p; q < wide; q += 32) {
        let a00 = f64x2.splat(0), a01 = f64x2.splat(0), a10 = f64x2.splat(0), a11 = f64x2.splat(0);
        let a20 = f64x2.splat(0), a21 = f64x2.splat(0), a30 = f64x2.splat(0), a31 = f64x2.splat(0);
        for (let r = from; r < to; r += stride) {
          const y0 = v128.load(r + q), y1 = v128.load(r + q, 16);
          let s = v128.load_splat<f64>(r + p);
          a00 = f64x2.add(a00, f64x2.mul(s, y0)); a01 = f64x2.add(a01, f64x2.mul(s, y1));
          s = v128.load_splat<f64>(r + p, 8);
          a10 = f64x2.add(a10, f64x2.mul(s, y0)); a11 = f64x2.add(a11, f64x2.mul(s, y1));
          s = v128.load_splat<f64>(r + p, 16);
          a20 = f64x2.add(a20, f64x2.mul(s, y0)); a21 = f64x2.add(a21, f64x2.mul(s, y1));
          s = v128.load_splat<f64>(r + p, 24);
          a30 = f64x2.add(a30, f64x2.mul(s, y0)); a31 = f64x2.add(a31, f64x2.mul(s, y1));
        }
        const t = out + (p >> 3) * wide + q, t1 = t + wide, t2 = t1 + wide, t3 = t2 + wide;
        v128.store(t, f64x2.add(v128.load(t), a00)); v128.store(t, f64x2.add(v128.load(t, 16), a01), 16);
        v128.store(t1, f64x2.add(v128.load(t1), a10)); v128.store(t1, f64x2.add(v128.load(t1, 16), a11), 16);
        v128.store(t2, f64x2.add(v128.load(t2), a20)); v128.store(t2, f64x2.add(v128.load(t2, 16), a21), 16);
        v128.store(t3, f64x2.add(v128.load(t3), a30)); v128.store(t3, f64x2.add(v128.load(t3, 16), a31), 16);
      }
    }
  }
}
