/** What a mesh and its labels say together: normals, and which label a point inside a triangle has. Also used in the browser. */

/** Unit normals of the vertices (3 N), by the area of the triangles around them; 0 where there is none. */
export function normalsOf(points: ArrayLike<number>, triangles: ArrayLike<number>): Float32Array {
  const out = new Float32Array(points.length), p = (i: number): number => points[i] as number;
  for (let i = 0; i < triangles.length; i += 3) {
    const a = 3 * (triangles[i] as number), b = 3 * (triangles[i + 1] as number), c = 3 * (triangles[i + 2] as number);
    const ux = p(b) - p(a), uy = p(b + 1) - p(a + 1), uz = p(b + 2) - p(a + 2), vx = p(c) - p(a), vy = p(c + 1) - p(a + 1), vz = p(c + 2) - p(a + 2);
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx] as const;
    for (const o of [a, b, c]) for (let k = 0; k < 3; k++) out[o + k] = (out[o + k] as number) + (normal[k] as number);
  }
  for (let o = 0; o < out.length; o += 3) {
    const length = Math.hypot(out[o] as number, out[o + 1] as number, out[o + 2] as number) || 1;
    for (let k = 0; k < 3; k++) out[o + k] = (out[o + k] as number) / length;
  }
  return out;
}

/** The label at a point of a triangle, given by its corners' labels and shares: the label with the largest share together. */
export function labelAt(a: number, b: number, c: number, u: number, v: number): number {
  if (a === b || a === c) return a === b && a === c ? a : a === b ? (u + v >= 0.5 ? a : c) : v <= 0.5 ? a : b;
  const w = 1 - u - v;
  if (b === c) return u > 0.5 ? a : b;
  return u >= v && u >= w ? a : v >= w ? b : c;
}
