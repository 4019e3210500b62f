/**
 * Observable Plot without a browser: options in, one accessible SVG out. The same input gives the same bytes. Colours are custom properties of the
 * page (dark mode, print); whoever takes a figure out of the page gets them as they are on paper.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, raw, visible, type Html } from '../html.js';

export interface DrawOptions extends Plot.PlotOptions {
  /** Stem of the ids of its title and description. */
  id: string;
  title: string;
  /** What a reader who cannot see the figure should know. */
  description: string;
  width: number;
  height: number;
}

/** What Plot writes into; it holds nothing between figures. */
const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as { document: object };

/** Its own type names the browser's elements, which are not known here. */
const plot = Plot.plot as unknown as (options: Plot.PlotOptions & { document: object }) => { innerHTML: string };

/** Coordinates to a tenth of a pixel: half the size, and the last bits of a platform's arithmetic do not show. */
const shorter = (svg: string): string => svg.replace(/ (d|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height|dx|dy)="([^"]*)"/g, (_, name: string, value: string) => ` ${name}="${value.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) => String(Math.round(Number(number) * 10) / 10 + 0))}"`);

/** What a picture with one name of its own has no use for. */
const plainer = (svg: string): string => svg.replace(/<style>[\s\S]*?<\/style>/g, '').replace(/ aria-(label|hidden|description)="[^"]*"/g, '').replace(/ font-variant="tabular-nums"/g, '');

export function draw({ id, title, description, ...options }: DrawOptions): Html {
  const svg = plot({ document, className: 'plot', ...options });
  return html`<svg class="plot" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${options.width} ${options.height}" width="${options.width}" height="${options.height}" style="max-width:${Math.round(options.width * 1.12)}px" fill="currentColor" text-anchor="middle"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${raw(visible(shorter(plainer(svg.innerHTML))))}</svg>`;
}
