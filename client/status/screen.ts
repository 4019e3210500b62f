/** Lines that are drawn in place on a terminal; elsewhere they are printed when something changed. */
import type { WriteStream } from 'node:tty';

export interface Screen {
  /** `gist`: what the lines are about; elsewhere than on a terminal nothing is printed while it stays the same. */
  show(lines: readonly string[], gist: string): void;
  /** Leaves the last lines where they are. */
  leave(): void;
}

type Output = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'rows'>>;

export function createScreen(output: Output): Screen {
  let drawn = 0, last = '';
  if (output.isTTY !== true) {
    return {
      show(lines, gist) {
        if (gist === last) return;
        last = gist;
        output.write(`${lines.join('\n')}\n\n`);
      },
      leave() { /* nothing is held */ },
    };
  }
  return {
    show(lines) {
      // A line that has scrolled away cannot be reached any more: the top of what is drawn must stay on the screen.
      const room = Math.max(2, (output.rows ?? 24) - 1);
      const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `... ${lines.length - room + 1} more lines: make the window taller, or use \`sulcus status\``];
      const up = drawn > 0 ? `\x1b[${drawn}A` : '';
      output.write(`\x1b[?25l${up}${shown.map((line) => `\r\x1b[2K${line}`).join('\n')}\n\x1b[0J`);
      drawn = shown.length;
    },
    leave() { output.write('\x1b[?25h'); },
  };
}
