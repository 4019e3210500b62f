/**
 * MNI .obj polygon surfaces, ASCII (CIVET's meshes): `P ambient diffuse specular exponent opacity N`, N points, N normals, T, colour flag and
 * colours, T end indices, 3T vertex indices counted from 0. Binary files (first byte lower case `p`) are refused.
 */
import { FormatError, decodeText } from './format-error.js';

export interface SurfaceMesh {
  /** x, y, z of each vertex in mm: 3 N values. */
  points: Float64Array;
  /** Three vertex indices a triangle: 3 T values. */
  triangles: Int32Array;
}

/** Unit vertex normals (3 N values), the area-weighted sum of the triangles' normals. */
export function vertexNormals(mesh: SurfaceMesh): Float64Array {
  const { points: p, triangles: t } = mesh;
  const n = new Float64Array(p.length);
  for (let i = 0; i < t.length; i += 3) {
    const a = (t[i] as number) * 3, b = (t[i + 1] as number) * 3, c = (t[i + 2] as number) * 3;
    const ux = p[b]! - p[a]!, uy = p[b + 1]! - p[a + 1]!, uz = p[b + 2]! - p[a + 2]!;
    const vx = p[c]! - p[a]!, vy = p[c + 1]! - p[a + 1]!, vz = p[c + 2]! - p[a + 2]!;
    const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
    for (const o of [a, b, c]) { n[o] = n[o]! + x; n[o + 1] = n[o + 1]! + y; n[o + 2] = n[o + 2]! + z; }
  }
  for (let o = 0; o < n.length; o += 3) {
    const length = Math.hypot(n[o]!, n[o + 1]!, n[o + 2]!) || 1;
    n[o] = n[o]! / length; n[o + 1] = n[o + 1]! / length; n[o + 2] = n[o + 2]! / length;
  }
  return n;
}

/** Bytes of an ASCII .obj with one colour (white) and computed normals; coordinates with 6 significant digits. */
export function writeObj(mesh: SurfaceMesh): Uint8Array {
  const { points, triangles } = mesh;
  const vertices = points.length / 3, count = triangles.length / 3;
  const lines = [`P 0.3 0.3 0.4 10 1 ${vertices}`];
  const triples = (values: Float64Array): void => {
    for (let i = 0; i < values.length; i += 3) lines.push(` ${short(values[i]!)} ${short(values[i + 1]!)} ${short(values[i + 2]!)}`);
  };
  triples(points);
  lines.push('');
  triples(vertexNormals(mesh));
  lines.push('', ` ${count}`, ' 0 1 1 1 1', '');
  const wrapped = (length: number, at: (i: number) => number): void => {
    for (let i = 0; i < length; i += 8) {
      let line = '';
      for (let j = i; j < Math.min(length, i + 8); j++) line += ` ${at(j)}`;
      lines.push(line);
    }
  };
  wrapped(count, (i) => 3 * (i + 1));
  lines.push('');
  wrapped(triangles.length, (i) => triangles[i]!);
  lines.push('');
  return Buffer.from(lines.join('\n'), 'latin1');
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/**
 * Reads an ASCII polygon surface; normals and colours are skipped.
 * @throws FormatError UNSUPPORTED_OBJ (binary, lines, polygons that are not triangles), NOT_OBJ, SHORT_FILE, POINTER_FILE, EMPTY_FILE
 */
export function readObj(bytes: Uint8Array, options: { file: string }): SurfaceMesh {
  const { file } = options;
  if (bytes[0] === 0x70) throw new FormatError('UNSUPPORTED_OBJ', `${file}: a binary MNI .obj`, { file, line: 1, remedy: 'Convert it to ASCII first.' });
  const text = decodeText(bytes, file);
  if (!/^\s*P\s/.test(text)) {
    const lines = /^\s*L\s/.test(text);
    throw new FormatError(lines ? 'UNSUPPORTED_OBJ' : 'NOT_OBJ', `${file} line 1: ${lines ? 'a line object, expected polygons' : 'expected an MNI polygon object, which begins with P'}`, { file, line: 1, remedy: 'Give a CIVET surface; Wavefront .obj is another format.' });
  }
  const words = text.split(/\s+/).filter((w) => w !== '');
  let at = 6;
  const next = (): number => {
    const word = words[at++];
    if (word === undefined) throw new FormatError('SHORT_FILE', `${file}: the file ends too early`, { file, remedy: 'Copy the file again.' });
    const value = Number(word);
    if (!Number.isFinite(value)) throw new FormatError('NOT_A_NUMBER', `${file}: found "${word.slice(0, 20)}" among the numbers`, { file, remedy: 'Copy the file again.' });
    return value;
  };
  const index = (limit: number, what: string): number => {
    const value = next();
    if (!Number.isInteger(value) || value < 0 || value >= limit) throw new FormatError('NOT_OBJ', `${file}: ${what} ${value} is not an integer from 0 to ${limit - 1}`, { file, remedy: 'Copy the file again.' });
    return value;
  };
  const vertices = index(1e8, 'the number of points');
  const points = new Float64Array(vertices * 3);
  for (let i = 0; i < points.length; i++) points[i] = next();
  at += vertices * 3;
  const count = index(1e8, 'the number of polygons');
  const flag = index(3, 'the colour flag');
  at += 4 * (flag === 0 ? 1 : flag === 1 ? count : vertices);
  for (let i = 1; i <= count; i++) {
    if (next() !== 3 * i) throw new FormatError('UNSUPPORTED_OBJ', `${file}: polygon ${i} is not a triangle`, { file, remedy: 'Triangulate the surface.' });
  }
  const triangles = new Int32Array(count * 3);
  for (let i = 0; i < triangles.length; i++) triangles[i] = index(vertices, 'vertex index');
  return { points, triangles };
}
