/** Lines no longer than the terminal is wide. */

/** Breaks a line between words; `indent` spaces before it, `hang` before the lines that follow (default: 2 more). A longer word stays whole. */
export function wrap(text: string, width: number, indent = 0, hang = indent + 2 + (/^ */.exec(text)?.[0].length ?? 0)): string[] {
  const lead = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = ' '.repeat(indent) + lead, empty = true;
  for (const word of text.slice(lead.length).split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(hang);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

/** Columns of the terminal that stdout is; 100 when it is none. */
export function terminalWidth(): number {
  return Math.max(40, process.stdout.columns ?? 100);
}
