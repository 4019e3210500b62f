/** Files that nibabel, scipy, NumPy and Octave wrote (fixtures/surfaces.py), and what they hold. */
import { readFileSync } from 'node:fs';

export interface Expected {
  values: number[]; rounded: number[]; hundredths: number[]; labels: number[]; points: number[]; triangles: number[]; names: string[]; colours: number[][];
  mgh: Record<string, number[]>; affine: number[]; matrix: number[][]; cube: number[];
  quads: { points: number[]; triangles: number[] }; newQuads: { points: number[]; triangles: number[] };
}

const all = JSON.parse(readFileSync(new URL('./fixtures/surfaces.json', import.meta.url), 'utf8')) as Expected & { files: Record<string, string> };

export const expected: Expected = all;
export const sampleNames = Object.keys(all.files);

/** A copy of the bytes of a file. */
export function sample(name: string): Buffer {
  const text = all.files[name];
  if (text === undefined) throw new Error(`no sample ${name}`);
  return Buffer.from(text, 'base64');
}
