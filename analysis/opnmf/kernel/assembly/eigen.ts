/**
 * The largest eigenvalues of a symmetric matrix and their vectors: Householder tridiagonalisation, bisection by Sturm counts, inverse iteration
 * (Golub & Van Loan, Matrix Computations, 8.3-8.4; LAPACK's dsyevx does the same). Sums in a fixed order, and an eigenpair does not depend on how many are asked for.
 */
// @ts-nocheck (AssemblyScript, compiled by asc)

/** Squared entries of rounding size beside a largest entry of 1. */
const NOTHING: f64 = 1e-32;

@inline
function sumOf(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Over `bytes` (a multiple of 16). */
@inline
function dot(a: usize, b: usize, bytes: usize): f64 {
  let s = f64x2.splat(0), t = f64x2.splat(0), o: usize = 0;
  for (; o + 32 <= bytes; o += 32) {
    s = f64x2.add(s, f64x2.mul(v128.load(a + o), v128.load(b + o)));
    t = f64x2.add(t, f64x2.mul(v128.load(a + o, 16), v128.load(b + o, 16)));
  }
  if (o < bytes) s = f64x2.add(s, f64x2.mul(v128.load(a + o), v128.load(b + o)));
  return sumOf(f64x2.add(s, t));
}

/** a -= factor b */
@inline
function subtract(a: usize, b: usize, factor: f64, bytes: usize): void {
  const f = f64x2.splat(factor);
  for (let o: usize = 0; o < bytes; o += 16) v128.store(a + o, f64x2.sub(v128.load(a + o), f64x2.mul(f, v128.load(b + o))));
}

@inline
function scaleBy(a: usize, factor: f64, bytes: usize): void {
  const f = f64x2.splat(factor);
  for (let o: usize = 0; o < bytes; o += 16) v128.store(a + o, f64x2.mul(f, v128.load(a + o)));
}

/** row -= ur p' + pr u' */
@inline
function rankTwo(row: usize, u: usize, p: usize, ur: f64, pr: f64, bytes: usize): void {
  const a = f64x2.splat(ur), b = f64x2.splat(pr);
  for (let o: usize = 0; o < bytes; o += 16) {
    v128.store(row + o, f64x2.sub(v128.load(row + o), f64x2.add(f64x2.mul(a, v128.load(p + o)), f64x2.mul(b, v128.load(u + o)))));
  }
}

/**
 * Makes the size x size matrix at `a` (rows of `row` bytes) symmetric after its upper triangle, fills what lies beyond with zeros, and divides by the largest absolute value (so
 * that no square underflows), which is returned; 1 for a matrix of zeros.
 */
export function equilibrate(a: usize, size: i32, row: usize): f64 {
  let most: f64 = 0;
  for (let i = 0; i < size; i++) for (let j = i; j < size; j++) most = max<f64>(most, abs<f64>(load<f64>(a + <usize>i * row + (<usize>j << 3))));
  if (most == 0) most = 1;
  for (let i = 0; i < size; i++) {
    const r = a + <usize>i * row;
    for (let j = i; j < size; j++) {
      const v = load<f64>(r + (<usize>j << 3)) / most;
      store<f64>(r + (<usize>j << 3), v); store<f64>(a + <usize>j * row + (<usize>i << 3), v);
    }
    memory.fill(r + (<usize>size << 3), 0, row - (<usize>size << 3));
  }
  return most;
}

/**
 * The symmetric size x size matrix at `a` (row-major, rows of `row` bytes, a multiple of 16; its largest entry about 1) to tridiagonal form, from the last
 * row upwards: `diagonal` and `offDiagonal` (size doubles each; entry i of the latter couples i and i + 1). Row i of `a` is left with the Householder
 * vector u (H = I - u u') that cleared row i. One sweep over what is left of the matrix does the last step's update and this step's product.
 * p and q: `row` bytes each.
 */
export function tridiagonalize(a: usize, size: i32, row: usize, diagonal: usize, offDiagonal: usize, p: usize, q: usize): void {
  let before: usize = 0; // u of the step before, whose p is there; the matrix still lacks its update
  memory.fill(p, 0, row); memory.fill(q, 0, row);
  for (let i = size - 1; i > 1; i--) {
    const at = <usize>i << 3, u = a + <usize>i * row, bytes = (at + 15) & ~15;
    if (before != 0) rankTwo(u, before, p, load<f64>(before + at), load<f64>(p + at), (at + 8 + 15) & ~15);
    store<f64>(diagonal + at, load<f64>(u + at));
    memory.fill(u + at, 0, row - at);
    const last = load<f64>(u + at - 8);
    store<f64>(u + at - 8, 0);
    const beyond = dot(u, u, bytes);
    if (beyond > NOTHING) {
      const norm = sqrt<f64>(beyond + last * last), alpha = last > 0 ? -norm : norm;
      store<f64>(u + at - 8, last - alpha);
      store<f64>(offDiagonal + at - 8, alpha);
      scaleBy(u, sqrt<f64>(2 / (beyond + (last - alpha) * (last - alpha))), bytes);
    } else {
      store<f64>(offDiagonal + at - 8, last);
      memory.fill(u, 0, at);
    }
    const end = u;
    let r: usize = a, out = q, o: usize = 0;
    for (; r + row < end; r += 2 * row, o += 16) {
      const r1 = r + row;
      const ur0 = before == 0 ? f64x2.splat(0) : v128.load_splat<f64>(before + o), ur1 = before == 0 ? f64x2.splat(0) : v128.load_splat<f64>(before + o, 8);
      const pr0 = v128.load_splat<f64>(p + o), pr1 = v128.load_splat<f64>(p + o, 8);
      const ub = before == 0 ? p : before;
      let s0 = f64x2.splat(0), s1 = f64x2.splat(0);
      for (let c: usize = 0; c < bytes; c += 16) {
        const pc = v128.load(p + c), uc = v128.load(ub + c), un = v128.load(u + c);
        const x0 = f64x2.sub(v128.load(r + c), f64x2.add(f64x2.mul(ur0, pc), f64x2.mul(pr0, uc)));
        const x1 = f64x2.sub(v128.load(r1 + c), f64x2.add(f64x2.mul(ur1, pc), f64x2.mul(pr1, uc)));
        v128.store(r + c, x0); v128.store(r1 + c, x1);
        s0 = f64x2.add(s0, f64x2.mul(x0, un)); s1 = f64x2.add(s1, f64x2.mul(x1, un));
      }
      store<f64>(out + o, sumOf(s0)); store<f64>(out + o, sumOf(s1), 8);
    }
    if (r < end) {
      if (before != 0) rankTwo(r, before, p, load<f64>(before + o), load<f64>(p + o), bytes);
      store<f64>(out + o, dot(r, u, bytes));
      store<f64>(out + o, 0, 8);
    }
    // q = A u; p = q - (u'q / 2) u
    subtract(q, u, dot(u, q, bytes) / 2, bytes);
    const swap = p; p = q; q = swap;
    before = u;
  }
  if (before != 0) for (let r: usize = 0; r < 2; r++) rankTwo(a + r * row, before, p, load<f64>(before + (r << 3)), load<f64>(p + (r << 3)), 16);
  store<f64>(diagonal, load<f64>(a));
  if (size > 1) { store<f64>(diagonal + 8, load<f64>(a + row, 8)); store<f64>(offDiagonal, load<f64>(a + row)); }
}

/**
 * Four eigenvalues of the tridiagonal matrix at once, each in a lane of its own: those with size - 1 - j, ..., size - 4 - j smaller ones (the last where
 * there are no more), into values[j ...]. `squares`: of the off-diagonal. All lie in [least, most]; norm is the larger absolute value of the two.
 */
export function bisect(diagonal: usize, squares: usize, size: i32, j: i32, least: f64, most: f64, norm: f64, values: usize): void {
  const from = <i64>(size - 1 - j), zero = f64x2.splat(0), tiny = f64x2.splat(-(norm * 1e-300 + 1e-300)), half = f64x2.splat(0.5), close = f64x2.splat(4e-16 * norm);
  const i0 = i64x2.replace_lane(i64x2.splat(from), 1, max<i64>(0, from - 1)), i1 = i64x2.replace_lane(i64x2.splat(max<i64>(0, from - 2)), 1, max<i64>(0, from - 3));
  let l0 = f64x2.splat(least - norm * 1e-15), h0 = f64x2.splat(most + norm * 1e-15), l1 = l0, h1 = h0;
  while (true) {
    const m0 = f64x2.add(l0, f64x2.mul(f64x2.sub(h0, l0), half)), m1 = f64x2.add(l1, f64x2.mul(f64x2.sub(h1, l1), half));
    // Lanes that are where they can be stay there.
    const a0 = v128.and(v128.and(f64x2.gt(m0, l0), f64x2.lt(m0, h0)), f64x2.gt(f64x2.sub(h0, l0), close));
    const a1 = v128.and(v128.and(f64x2.gt(m1, l1), f64x2.lt(m1, h1)), f64x2.gt(f64x2.sub(h1, l1), close));
    if (!v128.any_true(v128.or(a0, a1))) {
      v128.store(values + (<usize>j << 3), m0); v128.store(values + (<usize>j << 3), m1, 16);
      return;
    }
    let q0 = f64x2.sub(v128.load_splat<f64>(diagonal), m0), q1 = f64x2.sub(v128.load_splat<f64>(diagonal), m1);
    q0 = v128.bitselect(tiny, q0, f64x2.eq(q0, zero)); q1 = v128.bitselect(tiny, q1, f64x2.eq(q1, zero));
    let n0 = f64x2.lt(q0, zero), n1 = f64x2.lt(q1, zero); // minus the count: true is -1
    for (let o: usize = 8, end = <usize>size << 3; o < end; o += 8) {
      const d = v128.load_splat<f64>(diagonal + o), e = v128.load_splat<f64>(squares + o - 8);
      q0 = f64x2.sub(f64x2.sub(d, m0), f64x2.div(e, q0)); q1 = f64x2.sub(f64x2.sub(d, m1), f64x2.div(e, q1));
      q0 = v128.bitselect(tiny, q0, f64x2.eq(q0, zero)); q1 = v128.bitselect(tiny, q1, f64x2.eq(q1, zero));
      n0 = i64x2.add(n0, f64x2.lt(q0, zero)); n1 = i64x2.add(n1, f64x2.lt(q1, zero));
    }
    const b0 = i64x2.gt_s(i64x2.neg(n0), i0), b1 = i64x2.gt_s(i64x2.neg(n1), i1);
    h0 = v128.bitselect(m0, h0, v128.and(a0, b0)); h1 = v128.bitselect(m1, h1, v128.and(a1, b1));
    l0 = v128.bitselect(m0, l0, v128.andnot(a0, b0)); l1 = v128.bitselect(m1, l1, v128.andnot(a1, b1));
  }
}

/**
 * The eigenvectors that belong to values[0 .. count): (T - value) x = b solved three times from `start` by LU with partial pivoting, each kept orthogonal to those
 * before, then turned back by the Householder vectors in `a`; of unit length, the largest entry in absolute value positive. vectors: count rows of `row` bytes.
 * work: 5 `row`s.
 */
export function eigenvectors(
  a: usize, size: i32, row: usize, diagonal: usize, offDiagonal: usize, norm: f64, values: usize, count: i32, start: usize, vectors: usize, work: usize,
): void {
  const floor = norm * 2.3e-16 + 1e-300, bytes = <usize>size << 3;
  const d = work, e = d + row, f = e + row, l = f + row, swapped = l + row;
  for (let j = 0; j < count; j++) {
    const x = vectors + <usize>j * row, value = load<f64>(values + (<usize>j << 3));
    memory.copy(x, start, row);
    memory.fill(f, 0, row); memory.fill(e, 0, row);
    let pivot = load<f64>(diagonal) - value, beside = size > 1 ? load<f64>(offDiagonal) : 0;
    for (let i: usize = 0; i + 8 < bytes; i += 8) {
      const c = load<f64>(offDiagonal + i), nextPivot = load<f64>(diagonal + i, 8) - value, nextBeside = i + 16 < bytes ? load<f64>(offDiagonal + i, 8) : 0;
      if (abs<f64>(c) > abs<f64>(pivot)) { // the row below becomes the pivot
        const ratio = pivot / c;
        store<f64>(swapped + i, 1);
        store<f64>(d + i, 1 / c); store<f64>(e + i, nextPivot); store<f64>(f + i, nextBeside); store<f64>(l + i, ratio);
        pivot = beside - ratio * nextPivot; beside = -ratio * nextBeside;
      } else {
        if (abs<f64>(pivot) < floor) pivot = pivot < 0 ? -floor : floor;
        const ratio = c / pivot;
        store<f64>(swapped + i, 0);
        store<f64>(d + i, 1 / pivot); store<f64>(e + i, beside); store<f64>(f + i, 0); store<f64>(l + i, ratio);
        pivot = nextPivot - ratio * beside; beside = nextBeside;
      }
    }
    if (abs<f64>(pivot) < floor) pivot = pivot < 0 ? -floor : floor;
    store<f64>(d + bytes - 8, 1 / pivot);
    for (let round = 0; round < 3; round++) {
      orthogonalize(x, vectors, row);
      if (round > 0 || j > 0) unit(x, bytes);
      let here = load<f64>(x);
      for (let i: usize = 0; i + 8 < bytes; i += 8) {
        const ratio = load<f64>(l + i), next = load<f64>(x + i, 8);
        if (load<f64>(swapped + i) != 0) { store<f64>(x + i, next); here -= ratio * next; }
        else { store<f64>(x + i, here); here = next - ratio * here; }
      }
      store<f64>(x + bytes - 8, here);
      let one: f64 = 0, two: f64 = 0; // the entries after the one to find
      for (let i = bytes; i > 0; i -= 8) {
        const found = (load<f64>(x + i - 8) - load<f64>(e + i - 8) * one - load<f64>(f + i - 8) * two) * load<f64>(d + i - 8);
        store<f64>(x + i - 8, found);
        two = one; one = found;
      }
      unit(x, bytes);
    }
    orthogonalize(x, vectors, row);
    orthogonalize(x, vectors, row);
    unit(x, bytes);
  }
  for (let j = 0; j < count; j++) {
    const x = vectors + <usize>j * row;
    for (let i = 2; i < size; i++) {
      const u = a + <usize>i * row, to = ((<usize>i << 3) + 15) & ~15;
      subtract(x, u, dot(u, x, to), to);
    }
    let most: f64 = 0;
    for (let o: usize = 0; o < bytes; o += 8) if (abs<f64>(load<f64>(x + o)) > abs<f64>(most)) most = load<f64>(x + o);
    if (most < 0) scaleBy(x, -1, row);
  }
}

/** x made orthogonal to the vectors from `vectors` up to it (Gram-Schmidt). */
@inline
function orthogonalize(x: usize, vectors: usize, row: usize): void {
  for (let v = vectors; v < x; v += row) subtract(x, v, dot(v, x, row), row);
}

function unit(x: usize, bytes: usize): void {
  let largest: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) largest = max<f64>(largest, abs<f64>(load<f64>(x + o)));
  let sum: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) {
    const v = load<f64>(x + o) / largest;
    store<f64>(x + o, v);
    sum += v * v;
  }
  scaleBy(x, 1 / sqrt<f64>(sum), (bytes + 15) & ~15);
}
