/** The frame of a figure: accessible svg, axes with titles, caption below. Sizes are CSS pixels at full width. */
import { html, type Child, type Html } from '../html.js';
import { round } from './marks.js';
import { commonExponent, powerOfTen, tickLabels, type Scale } from './scale.js';

export interface Area {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Plot area of a panel; `left` leaves room for y labels, `bottom` for x labels and title. */
export function panelArea(height = 280, room: { left?: number; bottom?: number; top?: number; width?: number } = {}): Area {
  const width = room.width ?? 440;
  return { width, height, left: room.left ?? 58, right: width - 12, top: room.top ?? 14, bottom: height - (room.bottom ?? 46) };
}

/** `title` is the figure's name, `description` what a reader who cannot see it should know. */
export function svg(options: { id: string; title: string; description: string; area: Area; body: Child }): Html {
  const { id, title, description, area, body } = options;
  return html`<svg role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${area.width} ${area.height}" width="${area.width}" height="${area.height}"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
${body}
</svg>`;
}

export function figure(id: string, panels: Child, caption: Child): Html {
  return html`<figure id="${id}"><div class="panels">${panels}</div><figcaption>${caption}</figcaption></figure>\n`;
}

/** A panel with its own heading above (a cohort's name). */
export function panel(heading: Child, content: Child): Html {
  return html`<div class="panel"><p class="panel-title">${heading}</p>${content}</div>`;
}

/** Ticks, labels, faint grid and the title of the vertical axis. */
export function yAxis(area: Area, scale: Scale, title: string, unit: string | null = null): Html {
  const exponent = commonExponent(scale.domain);
  const labels = tickLabels(scale.ticks, exponent);
  const middle = (area.top + area.bottom) / 2;
  const measure = [exponent === 0 ? '' : powerOfTen(exponent), unit ?? ''].filter((part) => part !== '').join(' ');
  const ticks = scale.ticks.map((tick, index) => {
    const y = round(scale.at(tick));
    return html`<line class="grid" x1="${area.left}" x2="${area.right}" y1="${y}" y2="${y}"/><text class="tick" x="${area.left - 7}" y="${y}" dy=".33em" text-anchor="end">${labels[index]}</text>`;
  });
  return html`<g class="axis">${ticks}<text class="title" transform="rotate(-90)" x="${round(-middle)}" y="14" text-anchor="middle">${title}${measure !== '' && ` (${measure})`}</text></g>`;
}

/** The horizontal axis of a measured quantity. */
export function xAxis(area: Area, scale: Scale, title: string, unit: string | null = null): Html {
  const exponent = commonExponent(scale.domain);
  const labels = tickLabels(scale.ticks, exponent);
  const measure = [exponent === 0 ? '' : powerOfTen(exponent), unit ?? ''].filter((part) => part !== '').join(' ');
  const ticks = scale.ticks.map((tick, index) => xTick(area, scale.at(tick), labels[index] ?? ''));
  return html`<g class="axis"><line class="base" x1="${area.left}" x2="${area.right}" y1="${area.bottom}" y2="${area.bottom}"/>${ticks}${xTitle(area, `${title}${measure === '' ? '' : ` (${measure})`}`)}</g>`;
}

/** The horizontal axis of named or numbered places. */
export function bandAxis(area: Area, places: readonly { x: number; label: string }[], title: string): Html {
  const ticks = places.map(({ x, label }) => xTick(area, x, label));
  return html`<g class="axis"><line class="base" x1="${area.left}" x2="${area.right}" y1="${area.bottom}" y2="${area.bottom}"/>${ticks}${title !== '' && xTitle(area, title)}</g>`;
}

function xTick(area: Area, x: number, label: string): Html {
  return html`<line class="base" x1="${round(x)}" x2="${round(x)}" y1="${area.bottom}" y2="${area.bottom + 4}"/><text class="tick" x="${round(x)}" y="${area.bottom + 17}" text-anchor="middle">${label}</text>`;
}

function xTitle(area: Area, title: string): Html {
  return html`<text class="title" x="${round((area.left + area.right) / 2)}" y="${area.height - 6}" text-anchor="middle">${title}</text>`;
}
