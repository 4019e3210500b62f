import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose, IDENTITY, invert, type Affine } from '../../../analysis/surface/index.js';
import { FormatError } from '../../../formats/format-error.js';
import { readLinearTransform } from '../../../formats/linear-transform.js';
import { readXfm } from '../../../formats/xfm.js';

const made = (name: string): Buffer => readFileSync(new URL(`./fixtures/xfm/${name}.xfm`, import.meta.url));
const read = (input: Uint8Array | string, file = 't.xfm'): Affine =>
  readLinearTransform(input, { file }).reduce<Affine>((map, step) => compose(map, step.invert ? invert(step.matrix) : step.matrix), IDENTITY);
const failure = (input: Uint8Array | string, file = 't.xfm'): string => { try { readLinearTransform(input, { file }); } catch (e) { if (e instanceof FormatError) return `${e.code} ${e.message}`; throw e; } return 'none'; };
const close = (a: Affine, b: Affine): void => { a.forEach((x, i) => { expect(Math.abs(x - b[i]!)).toBeLessThan(1e-10); }); };
const head = 'MNI Transform File\n%made\n\n', linear = 'Transform_Type = Linear;\nLinear_Transform =\n 1 0 0 5\n 0 1 0 6\n 0 0 1 7;\n';
const text = made('t1_tal').toString('latin1');

describe('.xfm', () => {
  it('is read, inverted and joined as minc-tools do it', () => {
    const tal = read(made('t1_tal')), rigid = read(made('rigid'));
    expect(tal).toEqual([1.0312, 0.0215, -0.0134, -1.482, -0.0187, 1.0741, 0.1206, -21.3, 0.0098, -0.1153, 1.1021, 9.75]);
    close(invert(tal), read(made('inverse')));
    close(compose(tal, rigid), read(made('both')));
    close(invert(read(made('both'))), read(made('back')));
  });
  it('may have CRLF, comments anywhere, several transforms, Invert_Flag and no last semicolon', () => {
    close(read(text.replaceAll('\n', '\r\n')), read(text));
    close(read(text.replace('-21.3', '-21.3 % shift; "x"\n# y')), read(text));
    close(read(text.trimEnd().slice(0, -1)), read(text));
    expect(readXfm(`${head}${linear}${linear}`, { file: 't.xfm' })).toHaveLength(2);
    expect(read(`${head}${linear}${linear}`).slice(0, 4)).toEqual([1, 0, 0, 10]);
    expect(read(`${head}${linear.replace('Linear;', 'Linear;\nInvert_Flag = True;')}`)[3]).toBe(-5);
    expect(read(`${head}${linear.replace('Linear;', 'Linear;\nInvert_Flag = False;')}`)[3]).toBe(5);
    expect(read(`\ufeff${head}${linear}`)[3]).toBe(5);
  });
  it.each<[string, RegExp, string | Uint8Array]>([
    ['a nonlinear one', /^UNSUPPORTED_TRANSFORM t\.xfm line 4: found a nonlinear transform \(displacement grid\), expected Transform_Type = Linear/, `${head}Transform_Type = Grid_Transform;\nDisplacement_Volume = x_grid_0.mnc;\n`],
    ['a nonlinear one after a linear one', /^UNSUPPORTED_TRANSFORM t\.xfm line 9: found a nonlinear/, `${head}${linear}Transform_Type = Grid_Transform;\nDisplacement_Volume = x.mnc;\n`],
    ['a thin-plate spline', /^UNSUPPORTED_TRANSFORM .*thin-plate/, `${head}Transform_Type = Thin_Plate_Spline_Transform;\n`],
    ['an unknown type', /^BAD_TRANSFORM t\.xfm line 4: found Transform_Type = Cubic/, `${head}Transform_Type = Cubic;\n`],
    ['11 numbers', /^BAD_TRANSFORM t\.xfm line 5: found 11 numbers, expected 12/, `${head}${linear.replace(' 7;', ';')}`],
    ['13 numbers', /^BAD_TRANSFORM .*found 13 numbers/, `${head}${linear.replace(' 7;', ' 7 8;')}`],
    ['a word', /^BAD_TRANSFORM .*found "six", expected a number/, `${head}${linear.replace('6', 'six')}`],
    ['NaN', /^BAD_TRANSFORM .*found "nan"/, `${head}${linear.replace('6', 'nan')}`],
    ['an infinite number', /^BAD_TRANSFORM .*found "1e999"/, `${head}${linear.replace('6', '1e999')}`],
    ['a transform without numbers', /^BAD_TRANSFORM .*line 4: found no Linear_Transform/, `${head}Transform_Type = Linear;\n`],
    ['two types in a row', /^BAD_TRANSFORM .*another Transform_Type/, `${head}Transform_Type = Linear;\n${linear}`],
    ['numbers without a type', /^BAD_TRANSFORM .*found "Linear_Transform", expected Transform_Type/, `${head}Linear_Transform = 1 2 3;`],
    ['a strange flag', /^BAD_TRANSFORM .*Invert_Flag = maybe/, `${head}${linear.replace('Linear;', 'Linear;\nInvert_Flag = maybe;')}`],
    ['an unknown key', /^BAD_TRANSFORM .*found "Colour"/, `${head}${linear.replace('Linear;', 'Linear;\nColour = red;')}`],
    ['nothing after the first line', /^BAD_TRANSFORM .*no Linear_Transform/, head],
    ['no assignment', /^BAD_TRANSFORM .*line 4: found "hello", expected Keyword = value/, `${head}hello\n`],
    ['too many transforms', /^BAD_TRANSFORM .*more than 100/, head + linear.repeat(101)],
    ['an empty file', /^EMPTY_FILE/, ''],
    ['a pointer', /^POINTER_FILE/, 'version https://git-lfs.github.com/spec/v1\n'],
    ['a binary file', /^BAD_TEXT|^NOT_TRANSFORM/, Uint8Array.from([0, 1, 2, 3])],
    ['ITK', /^UNSUPPORTED_TRANSFORM .*ITK or ANTs transform \(LPS/, '#Insight Transform File V1.0\n#Transform 0\nParameters: 1 0 0\n'],
    ['FreeSurfer .lta', /^UNSUPPORTED_TRANSFORM .*\.lta/, 'type      = 1\nnxforms   = 1\n'],
    ['FreeSurfer register.dat', /^UNSUPPORTED_TRANSFORM .*register\.dat/, 'bert\n1.0\n1.0\n0.15\n1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\nround\n'],
    ['something else', /^NOT_TRANSFORM .*found "hello"/, 'hello world\n'],
  ])('%s is refused in a line', (_name, message, input) => {
    expect(failure(input)).toMatch(message);
    expect(failure(input)).not.toContain('\n');
  });
});

describe('a matrix as text', () => {
  const matrix = '# made by transformconvert\n1 0 0 5\n0 1 0 6\n0 0 1 7\n0 0 0 1\n';
  it('is read, with comments and commas', () => {
    expect(read(matrix, 't.txt')).toEqual([1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 1, 7]);
    expect(read(matrix.replaceAll(' 0', ', 0.000e+00'), 't.csv')[3]).toBe(5);
  });
  it('must be 4 x 4, end in 0 0 0 1, and not be FSL\'s', () => {
    expect(failure(matrix, 'flirt.mat')).toMatch(/^UNSUPPORTED_TRANSFORM flirt\.mat: found a matrix named \.mat, as FSL writes them/);
    expect(failure('1 0 0 5\n0 1 0 6\n0 0 1 7\n')).toMatch(/^BAD_TRANSFORM .*found 3 rows, expected 4/);
    expect(failure(matrix.replace('0 0 0 1\n', '0 0 0.1 1\n'))).toMatch(/^BAD_TRANSFORM .*line 5: found 0 0 0.1 1, expected a last row of 0 0 0 1/);
    expect(failure(matrix.replace(' 6', ''))).toMatch(/^BAD_TRANSFORM .*line 3: found 3 numbers, expected 4/);
    expect(failure(matrix.replace(' 6', ' x'))).toMatch(/^BAD_TRANSFORM .*line 3: found "x"/);
  });
});

it('transforms never fail in another way', () => {
  const whole = (input: Uint8Array | string): void => {
    try {
      for (const step of readLinearTransform(input, { file: 't.xfm' })) expect(step.matrix.every(Number.isFinite)).toBe(true);
    } catch (e) { if (!(e instanceof FormatError) || e.message.includes('\n')) throw e; }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (b) => { whole(b); whole(Buffer.concat([Buffer.from(head), b])); }), { numRuns: 500 });
  const piece = fc.constantFrom('Transform_Type', 'Linear_Transform', '=', ';', ' Linear', '1', ' -2.5e3 ', '\n', '%', 'Invert_Flag', 'True', 'nan', '\r\n', '#', linear);
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (parts) => { whole(head + parts.join('')); whole(parts.join(' ')); }), { numRuns: 2000 });
  const million = Buffer.alloc(1_000_000);
  for (const fill of ['=;', ' ', '1 ', ';', '%\n', '\n', 'Transform_Type = Linear;', '1 0 0 5\n']) { million.fill(fill); whole(million); whole(Buffer.concat([Buffer.from(head), million])); }
});
