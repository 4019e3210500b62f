/** Who was left out, and where: a flow diagram for each cohort. */
import * as Plot from '@observablehq/plot';
import type { Html } from '../html.js';
import { draw } from './draw.js';
import { INK, LINE, MUTED, PAPER, shortened } from './styles.js';

export interface FlowStep {
  /** Lines of the box. */
  lines: readonly string[];
  /** Who leaves after this box: lines of the box beside it; none for nobody. */
  out: readonly string[];
}

const WIDTH = 440, LINE_HEIGHT = 17, PAD = 10, GAP = 46, MAIN = { left: 6, right: 206 }, SIDE = { left: 246, right: 434 };

interface Box {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  lines: readonly string[];
}

export function flowFigure({ id, name, title, description, steps }: { id: string; name: string; title: string; description: string; steps: readonly FlowStep[] }): Html {
  const boxes: Box[] = [], arrows: { x1: number; y1: number; x2: number; y2: number }[] = [];
  const tall = (lines: readonly string[]): number => lines.length * LINE_HEIGHT + 2 * PAD - 4;
  let y = 30;
  steps.forEach(({ lines, out }, place) => {
    const bottom = y + tall(lines), middle = (MAIN.left + MAIN.right) / 2;
    boxes.push({ x1: MAIN.left, x2: MAIN.right, y1: y, y2: bottom, lines });
    let next = bottom + GAP;
    if (out.length > 0) {
      const height = tall(out), top = bottom + 12;
      boxes.push({ x1: SIDE.left, x2: SIDE.right, y1: top, y2: top + height, lines: out });
      arrows.push({ x1: middle, y1: top + height / 2, x2: SIDE.left - 1, y2: top + height / 2 });
      next = Math.max(next, top + height + 12);
    }
    if (place < steps.length - 1) arrows.push({ x1: middle, y1: bottom, x2: middle, y2: next - 1 });
    y = place < steps.length - 1 ? next : Math.max(bottom, out.length > 0 ? next - 12 : 0);
  });
  const texts = boxes.flatMap((box) => box.lines.map((text, index) => ({ x: box.x1 + PAD, y: box.y1 + PAD + 7 + index * LINE_HEIGHT, text: shortened(text, box.x1 === MAIN.left ? 32 : 30), first: index === 0 })));
  const height = y + 8;
  return draw({
    id, title, description, width: WIDTH, height, margin: 0, x: { axis: null, domain: [0, WIDTH], range: [0, WIDTH] }, y: { axis: null, domain: [0, height], range: [0, height] },
    marks: [
      Plot.text([name], { x: 6, y: 12, textAnchor: 'start', fontWeight: 600, fontSize: 13, fill: INK }),
      Plot.arrow(arrows, { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', stroke: MUTED, strokeWidth: 1.4, headLength: 7, inset: 0, className: 'arrow' }),
      Plot.rect(boxes, { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: PAPER, stroke: (box: Box) => (box.x1 === MAIN.left ? MUTED : LINE), strokeWidth: 1.3, rx: 4, className: 'step' }),
      ...[true, false].map((first) => Plot.text(texts.filter((one) => one.first === first), { x: 'x', y: 'y', text: 'text', textAnchor: 'start', fontSize: 12, fill: INK, fontWeight: first ? 600 : 400 })),
    ],
  });
}
