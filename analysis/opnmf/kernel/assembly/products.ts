/** The products of a pass, and Gram matrices; index.ts has the layout. Four rows at a time, two components a vector. */
// @ts-nocheck (AssemblyScript, compiled by asc)

/** nb[4 x kp] = four rows of X (from `x`) times Y. */
@inline
export function rowsTimesY(x: usize, n: i32, kp: i32, y: usize, nb: usize): void {
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
@inline
export function accumulateY(x: usize, n: i32, kp: i32, w: usize, yOut: usize): void {
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
