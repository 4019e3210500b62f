/** MINC transform files (.xfm) of linear transforms: `MNI Transform File`, then blocks of `Transform_Type = Linear; Linear_Transform = 12 numbers;`. */
import { excerpt, mismatch, type FormatError } from './format-error.js';
import { decodeText } from './text.js';

/** One affine step: three rows of four numbers, row-major, that map a point in mm; `invert` when its inverse is meant. */
export interface LinearStep {
  matrix: number[];
  invert: boolean;
}

/** A file with more steps is no registration that a program has written. */
const MOST_STEPS = 100;
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;
const OTHER: Readonly<Record<string, string>> = {
  Grid_Transform: 'a nonlinear transform (displacement grid)', Thin_Plate_Spline_Transform: 'a nonlinear transform (thin-plate spline)', User_Transform: 'a user-defined transform',
};

/** Assignments `Key = value;` with the line each begins on; comments (from % or # to the end of the line) removed. */
function* assignments(text: string, file: string): Generator<{ key: string; value: string; line: number }> {
  let line = 1, start = 0;
  for (const part of text.split(';')) {
    const lead = /^\s*/.exec(part)?.[0] ?? '';
    start = line + lead.split('\n').length - 1;
    line += part.split('\n').length - 1;
    if (part.trim() === '') continue;
    const at = part.indexOf('=');
    if (at < 0) throw bad(file, start, `"${excerpt(part.trim())}"`, 'Keyword = value;');
    yield { key: part.slice(0, at).trim(), value: part.slice(at + 1).trim(), line: start };
  }
}

/**
 * The steps of a linear transform, in the order in which they are applied to a point (files that xfmconcat wrote have several).
 * @throws FormatError NOT_TRANSFORM, UNSUPPORTED_TRANSFORM (nonlinear), BAD_TRANSFORM, EMPTY_FILE, POINTER_FILE
 */
export function readXfm(input: Uint8Array | string, options: { file: string }): LinearStep[] {
  const { file } = options;
  const text = decodeText(input, file, { latin1: true }).replace(/\r\n?/g, '\n');
  const first = /^\s*MNI Transform File[^\n]*/.exec(text);
  if (first === null) throw mismatch('NOT_TRANSFORM', { file, line: 1 }, `"${excerpt(text.trim().split('\n')[0] ?? '')}"`, '"MNI Transform File", as MINC transforms begin', 'Give a linear .xfm file.');
  // The first line stays as an empty one, so that lines keep their numbers.
  const body = text.slice(first[0].length).replace(/[%#][^\n]*/g, '');
  const steps: LinearStep[] = [];
  let open: { line: number; invert: boolean } | null = null;
  for (const { key, value, line } of assignments('\n'.repeat(first[0].split('\n').length - 1) + body, file)) {
    if (key === 'Transform_Type') {
      if (open !== null) throw bad(file, line, 'another Transform_Type', 'the Linear_Transform of the one before');
      if (value !== 'Linear') throw mismatch(OTHER[value] === undefined ? 'BAD_TRANSFORM' : 'UNSUPPORTED_TRANSFORM', { file, line }, OTHER[value] ?? `Transform_Type = ${excerpt(value)}`, 'Transform_Type = Linear', 'Give the linear transform, e.g. transforms/linear/*_t1_tal.xfm.');
      open = { line, invert: false };
    } else if (open === null) {
      throw bad(file, line, `"${excerpt(key)}"`, 'Transform_Type = Linear;');
    } else if (key === 'Invert_Flag') {
      if (value !== 'True' && value !== 'False') throw bad(file, line, `Invert_Flag = ${excerpt(value)}`, 'True or False');
      open.invert = value === 'True';
    } else if (key === 'Linear_Transform') {
      steps.push({ matrix: numbersOf(value, file, line), invert: open.invert });
      if (steps.length > MOST_STEPS) throw bad(file, line, `more than ${MOST_STEPS} transforms`, 'a registration');
      open = null;
    } else throw bad(file, line, `"${excerpt(key)}"`, 'Linear_Transform');
  }
  if (open !== null || steps.length === 0) throw bad(file, open?.line ?? 1, 'no Linear_Transform', 'twelve numbers after it');
  return steps;
}

function numbersOf(value: string, file: string, line: number): number[] {
  const words = value.split(/\s+/).filter((w) => w !== '');
  const wrong = words.find((w) => !NUMBER.test(w) || !Number.isFinite(Number(w)));
  if (wrong !== undefined) throw bad(file, line, `"${excerpt(wrong)}"`, 'a number');
  if (words.length !== 12) throw bad(file, line, `${words.length} numbers`, '12, three rows of four');
  return words.map(Number);
}

function bad(file: string, line: number, found: string, expected: string): FormatError {
  return mismatch('BAD_TRANSFORM', { file, line }, found, expected, 'The file is damaged: write or copy it again.');
}
