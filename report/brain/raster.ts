/** A hemisphere drawn into a grid without a graphics card: the nearest triangle of every cell (z-buffer), orthographic. */
import { dot, type Camera, type Vector } from './camera.js';

export interface Triangles {
  points: ArrayLike<number>;
  triangles: ArrayLike<number>;
}

export interface Raster {
  width: number;
  height: number;
  /** Triangle seen in each cell, -1 where there is none; rows from the top. */
  triangle: Int32Array;
  /** Share of the triangle's first and second corner at each cell. */
  first: Float32Array;
  second: Float32Array;
}

export interface Frame {
  /** What lies in the middle of the picture, mm. */
  centre: Vector;
  /** Height of the picture, mm. */
  span: number;
  width: number;
  height: number;
}

export function rasterize({ points, triangles }: Triangles, camera: Camera, { centre, span, width, height }: Frame): Raster {
  const n = points.length / 3, scale = height / span;
  const x = new Float64Array(n), y = new Float64Array(n), z = new Float64Array(n);
  for (let v = 0; v < n; v++) {
    const dx = (points[3 * v] as number) - centre[0], dy = (points[3 * v + 1] as number) - centre[1], dz = (points[3 * v + 2] as number) - centre[2];
    x[v] = width / 2 + scale * dot(camera.right, dx, dy, dz);
    y[v] = height / 2 - scale * dot(camera.up, dx, dy, dz);
    z[v] = dot(camera.out, dx, dy, dz);
  }
  const cells = width * height, nearest = new Float64Array(cells).fill(-Infinity);
  const raster: Raster = { width, height, triangle: new Int32Array(cells).fill(-1), first: new Float32Array(cells), second: new Float32Array(cells) };
  for (let t = 0; 3 * t < triangles.length; t++) {
    const a = triangles[3 * t] as number, b = triangles[3 * t + 1] as number, c = triangles[3 * t + 2] as number;
    const [ax, ay, bx, by, cx, cy] = [x[a]!, y[a]!, x[b]!, y[b]!, x[c]!, y[c]!];
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (area === 0) continue;
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5)), bottom = Math.min(height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5)), right = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    for (let row = top; row <= bottom; row++) {
      const py = row + 0.5;
      for (let column = left; column <= right; column++) {
        const px = column + 0.5;
        const u = ((bx - px) * (cy - py) - (cx - px) * (by - py)) / area, v = ((cx - px) * (ay - py) - (ax - px) * (cy - py)) / area, w = 1 - u - v;
        if (u < 0 || v < 0 || w < 0) continue;
        const depth = u * z[a]! + v * z[b]! + w * z[c]!, cell = row * width + column;
        if (depth <= nearest[cell]!) continue;
        nearest[cell] = depth;
        raster.triangle[cell] = t;
        raster.first[cell] = u;
        raster.second[cell] = v;
      }
    }
  }
  return raster;
}
