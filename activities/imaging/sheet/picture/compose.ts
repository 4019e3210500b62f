/** A contact sheet from what was cut: slices with their positions and sides, the outline upon them, and below what has to be known to read it. */
import { Canvas, GLYPH, type Colour } from './canvas.js';
import type { Cuts } from './cut.js';
import { CAPTION, GAP, layOut, LETTER } from './layout.js';
import { VIEWS } from './orientation.js';
import type { Slice } from './slice.js';
import { drawOutline, drawSlice, OUTLINE } from './tile.js';

const TEXT: Colour = [200, 206, 212], SIDE: Colour = [120, 200, 255];
const AXES = ['X', 'Y', 'Z'] as const;
/** Beyond this the sheet says that it is oblique, degrees. */
const TOLD_OBLIQUE = 5;

/** `labels`: for each cut what the mask holds there; null: no outline was asked for. */
export function composeSheet(cuts: Cuts, labels: readonly Slice[] | null): Canvas {
  const layout = layOut(cuts.cuts), { width, scale } = layout;
  const notes = (outlined: boolean): { text: string; colour: Colour }[] => notesOf(cuts, labels, outlined).flatMap(({ text, colour }) => wrapped(text, width - 2 * GAP).map((line) => ({ text: line, colour })));
  // As many lines whether the outline is empty or not: the height is known before it is drawn.
  const lines = Math.max(notes(true).length, notes(false).length), canvas = new Canvas(width, layout.height + lines * CAPTION + GAP);
  for (const { plane, top } of layout.titles) canvas.write(plane, GAP, top, TEXT, LETTER);
  let outlined = false;
  for (const [n, { cut, left, top, width: across, height: down }] of layout.placed.entries()) {
    const view = VIEWS[cut.plane], label = labels?.[n];
    drawSlice(canvas, cut.slice, left, top, scale, cuts.window);
    if (label !== undefined && drawOutline(canvas, label, left, top, scale)) outlined = true;
    canvas.write(view.marks[0], left + 2, top + 2, SIDE, LETTER);
    canvas.write(view.marks[1], left + across - GLYPH.width * LETTER - 2, top + 2, SIDE, LETTER);
    canvas.write(`${AXES[view.through]}${signed(cut.position)}`, left, top + down + 3, TEXT, LETTER);
  }
  notes(outlined).forEach(({ text, colour }, n) => canvas.write(text, GAP, layout.height + n * CAPTION, colour, LETTER));
  return canvas;
}

function notesOf({ window: [low, high], orientation: { oblique }, cuts }: Cuts, labels: readonly Slice[] | null, outlined: boolean): { text: string; colour: Colour }[] {
  const lateral = cuts.some(({ plane }) => plane !== 'sagittal'), sagittal = cuts.some(({ plane }) => plane === 'sagittal');
  const sides = [...(lateral ? ['L: left of the head, R: right'] : []), ...(sagittal ? ['P: back, A: front'] : [])].join('. ');
  return [
    { text: `${sides}. Black ${short(low)}, white ${short(high)}. Positions in mm`, colour: TEXT },
    ...(oblique > TOLD_OBLIQUE ? [{ text: `Oblique by ${Math.round(oblique)} degrees: slices are cut along voxels`, colour: TEXT }] : []),
    ...(labels !== null && !outlined ? [{ text: 'Outline: nothing in these slices', colour: OUTLINE }] : []),
  ];
}

const signed = (mm: number): string => { const n = Math.round(mm); return n < 0 ? `${n}` : `+${n}`; };

const short = (value: number): string => String(Number(value.toPrecision(3)));

function wrapped(text: string, pixels: number): string[] {
  const most = Math.floor(pixels / (GLYPH.step * LETTER)), lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
