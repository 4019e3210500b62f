/**
 * Anderson acceleration of a fixed-point map x -> F(x) (Anderson 1965; Walker & Ni 2011, SIAM J. Numer. Anal. 49:1715): the next x is the
 * combination of the last values F(x_i) whose combined change F(x_i) - x_i is smallest. Depth at most 5.
 */
const DEPTH = 5;
/** A direction that is this much a combination of the others tells nothing new. */
const DEPENDENT = 1e-8;

/** The last points and their images, oldest first. */
export interface AndersonState {
  points: Float64Array[];
  images: Float64Array[];
}

export class Anderson {
  constructor(readonly state: AndersonState = { points: [], images: [] }) {}

  /** Where to evaluate the map next, given its value at the last point. */
  next(point: Float64Array, image: Float64Array): Float64Array {
    const { points, images } = this.state;
    points.push(point.slice());
    images.push(image.slice());
    if (points.length > DEPTH + 1) { points.shift(); images.shift(); }
    const out = image.slice(), last = points.length - 1;
    const change = residual(this.state, last);
    // Least squares of `change` on the differences of successive changes, newest first, by modified Gram-Schmidt.
    const basis: { q: Float64Array; combination: Float64Array }[] = [];
    for (let i = last; i > 0; i--) {
      const q = residual(this.state, i), before = residual(this.state, i - 1);
      for (let e = 0; e < q.length; e++) q[e] = (q[e] as number) - (before[e] as number);
      const combination = new Float64Array(last + 1); // in terms of the differences of images
      combination[i] = 1;
      const size = Math.sqrt(inner(q, q));
      for (const b of basis) {
        const along = inner(b.q, q);
        for (let e = 0; e < q.length; e++) q[e] = (q[e] as number) - along * (b.q[e] as number);
        for (let c = 0; c <= last; c++) combination[c] = (combination[c] as number) - along * (b.combination[c] as number);
      }
      const left = Math.sqrt(inner(q, q));
      if (!(left > DEPENDENT * size)) continue;
      for (let e = 0; e < q.length; e++) q[e] = (q[e] as number) / left;
      for (let c = 0; c <= last; c++) combination[c] = (combination[c] as number) / left;
      basis.push({ q, combination });
    }
    for (const { q, combination } of basis) {
      const along = inner(q, change);
      for (let i = 1; i <= last; i++) {
        const weight = along * (combination[i] as number);
        if (weight === 0) continue;
        const a = images[i] as Float64Array, b = images[i - 1] as Float64Array;
        for (let e = 0; e < out.length; e++) out[e] = (out[e] as number) - weight * ((a[e] as number) - (b[e] as number));
      }
    }
    return out;
  }

  forget(): void {
    this.state.points.length = 0;
    this.state.images.length = 0;
  }
}

function residual({ points, images }: AndersonState, i: number): Float64Array {
  const x = points[i] as Float64Array, f = images[i] as Float64Array, out = new Float64Array(x.length);
  for (let e = 0; e < out.length; e++) out[e] = (f[e] as number) - (x[e] as number);
  return out;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let e = 0; e < a.length; e++) sum += (a[e] as number) * (b[e] as number);
  return sum;
}
