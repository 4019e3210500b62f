/** How series are told apart: by colour, and in grey by the shape of the mark. */
import * as Plot from '@observablehq/plot';

/** Of the stylesheet (--c0 .. --c6, Okabe and Ito's). */
const COLOURS = 7;
const SYMBOLS = ['circle', 'triangle', 'square', 'diamond', 'cross', 'star', 'wye', 'triangle2'] as const;
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 4', '10 4'] as const;

export interface SeriesStyle {
  colour: string;
  symbol: (typeof SYMBOLS)[number];
  /** Of lines. */
  dash: string;
}

/** The style of the n-th series, from 0: 7 colours and 8 symbols make 56 that differ. */
export function styleOf(place: number): SeriesStyle {
  return { colour: `var(--c${place % COLOURS})`, symbol: SYMBOLS[place % SYMBOLS.length] ?? 'circle', dash: DASHES[place % DASHES.length] ?? '' };
}

/** The style of a component, from 1: its colour is that of the brains. */
export const componentStyle = (component: number): SeriesStyle => ({ ...styleOf(component - 1), colour: `var(--l${component})` });

export const INK = 'var(--ink)';
export const MUTED = 'var(--muted)';
export const LINE = 'var(--line)';
export const PAPER = 'var(--paper)';
export const WARN = 'var(--warn)';

/** The name of a panel, at its top left, above the plot and its legend. */
export const heading = (text: string): Plot.Markish => Plot.text([text], { frameAnchor: 'top-left', dy: -28, textAnchor: 'start', fontWeight: 600, fontSize: 13, fill: INK });

export interface LegendItem {
  label: string;
  style: SeriesStyle;
}

/** Marks and names in a row above the plot. */
export function legend(items: readonly LegendItem[], dy = -8): Plot.Markish[] {
  let x = 0;
  return items.flatMap(({ label, style }) => {
    const at = x;
    x += 26 + textWidth(label, 11);
    return [
      Plot.dot([0], { frameAnchor: 'top-left', dx: at + 4, dy, r: 4, symbol: style.symbol, fill: style.colour, className: 'key' }),
      Plot.text([label], { frameAnchor: 'top-left', dx: at + 12, dy, textAnchor: 'start', lineAnchor: 'middle', fontSize: 11, fill: INK }),
    ];
  });
}

/** A generous guess at the width of a text in pixels; there is no font to measure here. */
export const textWidth = (text: string, size: number): number => [...text].length * size * 0.6;

/** A text no longer than `length` characters. */
export const shortened = (text: string, length: number): string => ([...text].length <= length ? text : `${[...text].slice(0, length - 1).join('')}…`);
