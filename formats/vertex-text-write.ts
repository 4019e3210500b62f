/** Writing vertex files as CIVET does: one value a line, LF, final newline. */
import { FormatError } from './format-error.js';

/** Significant digits of %g, or `precise`: the shortest text that reads back as the same double. */
export type VertexTextFormat = { digits: number } | 'precise';

/**
 * Bytes of a vertex file. Default: 6 significant digits, as CIVET writes.
 * @throws FormatError INVALID_VALUE when a value is not finite (the readers would refuse the file)
 */
export function writeVertexText(values: ArrayLike<number>, format: VertexTextFormat = { digits: 6 }): Uint8Array {
  const lines = new Array<string>(values.length + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) throw new FormatError('INVALID_VALUE', `vertex ${i}: cannot write ${value}`, { remedy: 'Only finite values can be written.' });
    lines[i] = format === 'precise' ? String(value) : formatG(value, format.digits);
  }
  lines[values.length] = '';
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** C's %.{digits}g: trailing zeros dropped, an exponent of at least two digits when it is below -4 or not below `digits`. */
export function formatG(value: number, digits = 6): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa, power] = value.toExponential(digits - 1).split('e') as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) {
    const size = Math.abs(exponent);
    return `${trimZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
  }
  return trimZeros(value.toFixed(Math.max(0, digits - 1 - exponent)));
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
