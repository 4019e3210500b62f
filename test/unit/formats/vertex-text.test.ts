import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../formats/format-error.js';
import { readLabelText, writeLabelText } from '../../../formats/label-text.js';
import { formatG, readVertexText, writeVertexText } from '../../../formats/vertex-text.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const read = (text: string, vertices: number): number[] => Array.from(readVertexText(bytes(text), { file: 'a.txt', vertices }));

function failure(run: () => unknown): { code: string; line: number | null; message: string } {
  try { run(); } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    const e = error as FormatError;
    expect(e.remedy).toBeTruthy();
    expect(e.file).toBe('a.txt');
    return { code: e.code, line: e.line, message: e.message };
  }
  throw new Error('expected a FormatError');
}

describe('readVertexText', () => {
  it('reads what CIVET, R and spreadsheets write', () => {
    const values = [3.77282, 0, -1.5e-5, 12];
    const forms = [
      '3.77282\n0\n-1.5e-05\n12\n', '3.77282\n0\n-1.5e-05\n12', '3.77282\r\n0.0\r\n-.000015\r\n+12.\r\n',
      '\xef\xbb\xbf3.77282\n0\n-1.5E-5\n12\n', '"x"\n3.77282\n0\n-1.5e-05\n12\n', '\xef\xbb\xbfx\r\n3.77282\r\n0\r\n-1.5e-05\r\n12\r\n',
      ' 3.77282 \n\t0\n -1.5e-05\t\n12  \n\n\n', '3.772820\n0.000000\n-0.000015\n12.000000\n',
    ];
    for (const form of forms) expect(read(form, 4)).toEqual(values);
    expect(Object.is(read('-0\n', 1)[0], -0)).toBe(true);
  });

  it('returns the nearest double of every text', () => {
    const texts = ['0.1', '0.30000000000000004', '9007199254740991', '9007199254740993', '123456789012345678', '1.7976931348623157e308', '5e-324', '2.2250738585072011e-308',
      '8.41234567e-04', '1e23', '1e22', '4.35', '0.000000000000000000000000000001', '3.141592653589793', '00012.50', '1e-400', '179769313486231570000e288'];
    expect(read(texts.join('\n'), texts.length)).toEqual(texts.map(Number));
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 50 }), (values) => {
      expect(read(values.map(String).join('\n') + '\n', values.length)).toEqual(values.map((v) => Number(String(v))));
      const six = values.map((v) => formatG(v));
      expect(read(six.join('\n'), six.length)).toEqual(six.map(Number));
      expect(Array.from(readVertexText(writeVertexText(values, 'precise'), { file: 'a.txt', vertices: values.length }))).toEqual(values.map((v) => (v === 0 ? 0 : v)));
    }), { numRuns: 300 });
  });

  it('returns selected vertices and still validates the others', () => {
    const select = Int32Array.from([1, 3]);
    expect(Array.from(readVertexText(bytes('1\n2\n3\n4.5\n'), { file: 'a.txt', vertices: 4, select }))).toEqual([2, 4.5]);
    expect(failure(() => readVertexText(bytes('1\n2\nx1\n4\n'), { file: 'a.txt', vertices: 4, select }))).toMatchObject({ code: 'NOT_A_NUMBER', line: 3 });
    expect(failure(() => readVertexText(bytes('1\n2\n1e999\n4\n'), { file: 'a.txt', vertices: 4, select }))).toMatchObject({ code: 'NOT_FINITE', line: 3 });
    expect(failure(() => readVertexText(bytes('1\n2\n'), { file: 'a.txt', vertices: 2, select }))).toMatchObject({ code: 'INVALID_VALUE' });
    expect(readVertexText(bytes('1\n2\n'), { file: 'a.txt', vertices: 2, select: new Int32Array(0) })).toHaveLength(0);
  });

  it.each([
    ['1\n2\n', 3, 'SHORT_FILE', 3], ['x\n1\n2\n', 3, 'SHORT_FILE', 4], ['1\n2\n3\n', 2, 'LONG_FILE', 3], ['"x"\n1\n2\n3\n4', 2, 'LONG_FILE', 4],
    ['', 2, 'EMPTY_FILE', null], ['\n\r\n', 2, 'EMPTY_FILE', null], ['\xef\xbb\xbf', 2, 'EMPTY_FILE', null],
    ['1\n\n3\n', 3, 'EMPTY_LINE', 2], ['\n1\n', 1, 'EMPTY_LINE', 1], ['1\n  \r\n3\n', 3, 'EMPTY_LINE', 2],
    ['1\nabc\n', 2, 'NOT_A_NUMBER', 2], ['1\n2 3\n', 2, 'NOT_A_NUMBER', 2], ['1,5\n2\n', 2, 'NOT_A_NUMBER', 1], ['1\n2e\n', 2, 'NOT_A_NUMBER', 2],
    ['1\n-\n', 2, 'NOT_A_NUMBER', 2], ['1\n.\n', 2, 'NOT_A_NUMBER', 2], ['1\n1.2.3\n', 2, 'NOT_A_NUMBER', 2], ['1\n0x10\n', 2, 'NOT_A_NUMBER', 2], ['1\nx\n', 2, 'NOT_A_NUMBER', 2],
    ['1\nNaN\n', 2, 'NOT_FINITE', 2], ['NA\n1\n', 2, 'NOT_FINITE', 1], ['1\n-Inf\n', 2, 'NOT_FINITE', 2], ['1\ninfinity\n', 2, 'NOT_FINITE', 2], ['1\n-nan\n', 2, 'NOT_FINITE', 2], ['1\n2e308\n', 2, 'NOT_FINITE', 2],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:12\n', 2, 'POINTER_FILE', 1], ['../../.git/annex/objects/aa/bb/MD5E-s10--1.txt', 2, 'POINTER_FILE', 1], ['/annex/objects/MD5E-s10--1.txt\n', 2, 'POINTER_FILE', 1],
    ['\x1f\x8b\x08\x00\x00', 2, 'NOT_A_NUMBER', 1], ['1\n\x00\n', 2, 'NOT_A_NUMBER', 2],
  ])('refuses %j for %i vertices: %s', (text, vertices, code, line) => {
    expect(failure(() => read(text, vertices))).toMatchObject({ code, line });
  });

  it('says when a file looks like both hemispheres', () => {
    try { read('1\n2\n3\n4\n', 2); } catch (error) { expect((error as FormatError).remedy).toContain('both hemispheres'); }
  });

  it('reads a view into a larger buffer', () => {
    const whole = bytes('99\n1.5\n2.5\n12345678901234567890\n7');
    expect(Array.from(readVertexText(whole.subarray(3, -2), { file: 'a.txt', vertices: 3 }))).toEqual([1.5, 2.5, 12345678901234567890]);
  });

  it('writes %g', () => {
    expect([3.772824, 0, -0.00001234567, 0.0001, 123456.7, 1234567, 1e100, 0.5, 100000, 999999.5].map((v) => formatG(v)))
      .toEqual(['3.77282', '0', '-1.23457e-05', '0.0001', '123457', '1.23457e+06', '1e+100', '0.5', '100000', '1e+06']);
    expect(() => writeVertexText([1, NaN])).toThrow(FormatError);
    expect(Buffer.from(writeVertexText([1.5, 2])).toString()).toBe('1.5\n2\n');
  });
});

describe('labels', () => {
  it('reads and writes integers', () => {
    expect(Array.from(readLabelText(bytes('18\r\n27.000\r\n0'), { file: 'a.txt', vertices: 3 }))).toEqual([18, 27, 0]);
    expect(Buffer.from(writeLabelText([1, 0])).toString()).toBe('1\n0\n');
    expect(() => writeLabelText([0.5])).toThrow(FormatError);
  });
  it('refuses measurements', () => {
    expect(failure(() => readLabelText(bytes('x\n18\n2.5\n'), { file: 'a.txt', vertices: 2 }))).toMatchObject({ code: 'NOT_AN_INTEGER', line: 3 });
    expect(failure(() => readLabelText(bytes('18\n1e10\n'), { file: 'a.txt', vertices: 2 }))).toMatchObject({ code: 'NOT_AN_INTEGER', line: 2 });
    expect(failure(() => readLabelText(bytes('18\n'), { file: 'a.txt', vertices: 2 }))).toMatchObject({ code: 'SHORT_FILE' });
  });
});

const samples = fileURLToPath(new URL('../../../../shared/data/civet/', import.meta.url));
describe.skipIf(!existsSync(samples))('real samples', () => {
  it('reads thickness and labels', () => {
    const text = readFileSync(`${samples}thickness/s1_01_1_native_rms_rsl_tlaplace_0mm_left.txt`);
    const values = readVertexText(text, { file: 's1', vertices: 40962 });
    expect(Array.from(values)).toEqual(text.toString().trim().split('\n').map(Number));
    const labels = readLabelText(readFileSync(`${samples}dkt40_left_40962.txt`), { file: 'dkt', vertices: 40962 });
    expect(labels.filter((v) => v === 18 || v === 25)).toHaveLength(847);
  });
});
