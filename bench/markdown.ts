/** Tables and figures as they are written in the page. */

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

export const mb = (value: number | null): string => (value === null ? 'not measured' : `${value.toFixed(0)} MB`);

/** Three digits or so: 0.0123, 1.23, 12.3, 123. */
export function seconds(value: number): string {
  return value < 0.1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

export const times = (ratio: number): string => (ratio < 10 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString('en'));
