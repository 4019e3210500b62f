/** Linear transforms of world coordinates, in any format read here. The content decides which, not the file's name. */
import { excerpt, mismatch } from './format-error.js';
import { decodeText } from './text.js';
import { readXfm, type LinearStep } from './xfm.js';

const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;
/** By their first line; what they hold is not a map of RAS millimetres, or is not written out. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^#Insight Transform File/, 'an ITK or ANTs transform (LPS coordinates)'], [/^# transform file|^type\s*=/, 'a FreeSurfer .lta transform'],
  [/^\S+\n[\d.]+\n[\d.]+\n[\d.]+\n/, 'a FreeSurfer register.dat'], [/^MATLAB 5/, 'a MATLAB or ANTs .mat file'],
];

/**
 * A MINC .xfm of linear transforms, or a matrix as text: four rows of four numbers, the last 0 0 0 1 (lines beginning with # are comments), that maps
 * RAS coordinates in mm, as MRtrix and MINC's world coordinates. FSL's .mat files look the same but are in FSL's own voxel-scaled coordinates:
 * a file named .mat is refused.
 * @returns the steps in the order in which they are applied to a point
 * @throws FormatError NOT_TRANSFORM, UNSUPPORTED_TRANSFORM, BAD_TRANSFORM, EMPTY_FILE, POINTER_FILE
 */
export function readLinearTransform(input: Uint8Array | string, options: { file: string }): LinearStep[] {
  const { file } = options;
  const remedy = 'Convert it to MINC\'s .xfm, or to a 4 x 4 matrix of RAS millimetres.';
  const text = decodeText(input, file, { latin1: true }).replace(/\r\n?/g, '\n');
  if (/^\s*MNI Transform File/.test(text)) return readXfm(input, options);
  const other = OTHERS.find(([pattern]) => pattern.test(text));
  if (other !== undefined) throw mismatch('UNSUPPORTED_TRANSFORM', { file, line: 1 }, other[1], 'a MINC .xfm or a 4 x 4 matrix', remedy);
  const rows = text.split('\n').map((row, i) => ({ line: i + 1, words: row.replace(/#.*/, '').split(/[\s,]+/).filter((w) => w !== '') })).filter((row) => row.words.length > 0);
  for (const { line, words } of rows) {
    const wrong = words.find((w) => !NUMBER.test(w) || !Number.isFinite(Number(w)));
    if (wrong !== undefined) throw mismatch(line === rows[0]?.line ? 'NOT_TRANSFORM' : 'BAD_TRANSFORM', { file, line }, `"${excerpt(wrong)}"`, 'a number of a 4 x 4 matrix, or "MNI Transform File"', remedy);
    if (words.length !== 4) throw mismatch('BAD_TRANSFORM', { file, line }, `${words.length} numbers`, '4 in each row of the matrix', remedy);
  }
  if (rows.length !== 4) throw mismatch('BAD_TRANSFORM', { file }, `${rows.length} rows`, '4 rows of the matrix', remedy);
  const all = rows.flatMap((row) => row.words.map(Number));
  if (all.slice(12).join(' ') !== '0 0 0 1') throw mismatch('BAD_TRANSFORM', { file, line: rows[3]!.line }, all.slice(12).join(' '), 'a last row of 0 0 0 1', remedy);
  if (/\.mat$/i.test(file)) {
    throw mismatch('UNSUPPORTED_TRANSFORM', { file }, 'a matrix named .mat, as FSL writes them', 'a map of RAS millimetres', 'FSL\'s matrices are in its own coordinates: convert it (e.g. MRtrix transformconvert flirt_import) and name it .txt.');
  }
  return [{ matrix: all.slice(0, 12), invert: false }];
}
