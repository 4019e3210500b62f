/**
 * MNI .obj polygon surfaces, ASCII (CIVET's meshes): `P ambient diffuse specular exponent opacity N`, N points, N normals, T, colour flag and
 * colours, T end indices, 3T vertex indices counted from 0. Binary files (first byte lower case `p`) are refused.
 */
import { FormatError, mismatch, refusePointer } from './format-error.js';
import { NumberScanner } from './number-scanner.js';

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
 * Reads an ASCII polygon surface; normals and colours are skipped. Line ends and blanks are free; both hemispheres in one object are one mesh.
 * @throws FormatError UNSUPPORTED_OBJ (binary, lines, polygons that are not triangles), NOT_OBJ, SHORT_FILE, LONG_FILE, NOT_A_NUMBER, NOT_FINITE, POINTER_FILE, EMPTY_FILE
 */
export function readObj(bytes: Uint8Array, options: { file: string }): SurfaceMesh {
  const { file } = options;
  refusePointer(bytes, file);
  if (bytes[0] === 0x70) throw mismatch('UNSUPPORTED_OBJ', { file, offset: 0 }, 'a binary MNI .obj', 'an ASCII one', 'Convert it to ASCII first, for instance with `ascii_binary` of the MNI tools.');
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const scan = new NumberScanner(bytes, file, bom);
  if (!scan.more()) throw new FormatError('EMPTY_FILE', `${file}: the file is empty`, { file, remedy: 'Export the surface again.' });
  const kind = scan.peek();
  if (kind !== 'P') {
    throw mismatch(kind === 'L' ? 'UNSUPPORTED_OBJ' : 'NOT_OBJ', { file, line: scan.line() }, kind === 'L' ? 'a line object' : `"${kind}"`, 'an MNI polygon object, which begins with P', 'Give a CIVET surface; Wavefront .obj is another format.');
  }
  scan.skip();
  for (const what of ['ambient', 'diffuse', 'specular', 'exponent', 'opacity']) scan.next(`the surface property ${what}`);
  const vertices = scan.integer(0, 2 ** 31, 'the number of points', 'NOT_OBJ');
  scan.need(vertices * 6, 'points and normals');
  const points = new Float64Array(vertices * 3);
  for (let i = 0; i < points.length; i++) {
    const value = points[i] = scan.next('a coordinate');
    if (!Number.isFinite(value)) throw mismatch('NOT_FINITE', { file, line: scan.line() }, String(value), `a coordinate of point ${Math.floor(i / 3)}`, 'Extract the surface again.');
  }
  for (let i = 0; i < points.length; i++) scan.next('a normal');
  const count = scan.integer(0, 2 ** 31, 'the number of polygons', 'NOT_OBJ');
  const flag = scan.integer(0, 3, 'the colour flag', 'NOT_OBJ');
  const colours = 4 * (flag === 0 ? 1 : flag === 1 ? count : vertices);
  scan.need(colours + count * 4, 'colours and polygons');
  for (let i = 0; i < colours; i++) scan.next('a colour');
  for (let i = 1; i <= count; i++) {
    const end = scan.next('the end index of a polygon');
    if (end !== 3 * i) throw mismatch('UNSUPPORTED_OBJ', { file, line: scan.line() }, `end index ${end} of polygon ${i}`, `${3 * i}: triangles only`, 'Triangulate the surface.');
  }
  const triangles = new Int32Array(count * 3);
  for (let i = 0; i < triangles.length; i++) triangles[i] = scan.integer(0, vertices, 'a vertex index', 'NOT_OBJ');
  if (scan.more()) throw mismatch('LONG_FILE', { file, line: scan.line() }, `"${scan.peek()}"`, 'the end of the file after one surface', 'The file holds several objects or is damaged: give one surface a file.');
  return { points, triangles };
}
