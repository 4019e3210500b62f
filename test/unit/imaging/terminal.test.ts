import { describe, expect, it } from 'vitest';
import { asShown } from '../../../activities/imaging/guard/terminal.js';

describe('what a terminal shows', () => {
  it.each([
    ['\u001b[1;31mERROR\u001b[0m: no \u001b[4mgradients\u001b[24m', 'ERROR: no gradients'],
    ['\u001b]0;mrconvert 12%\u0007done', 'done'], ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b[2K\u001b[1Gdone\u001b[?25h', 'done'], ['\u001b(B\u001b[mok\u001b=', 'ok'], ['\u009b31mred\u009b0m', 'red'], ['\u001b[38;2;1;2;3mcolour', 'colour'],
    ['step:  10%\rstep: 100%\r\nnext', 'step: 100%\nnext'], ['a 10%\ra 20%\r', 'a 20%'], ['[  5%]\b\b\b\b\b[ 10%]', '[[ 10%]'], ['10%\b\b\b20%', '20%'], ['ab\b\b\b\bc', 'c'],
    ['bell\u0007 and \u0000 null\ttab', 'bell and  null\ttab'], ['cut \u001b[3', 'cut'], ['übel 100 °C', 'übel 100 °C'],
  ])('of %j: %j', (printed, shown) => {
    expect(asShown(printed)).toBe(shown);
  });
});
