/** The picture that is in the page from the start, on paper, and wherever there is no WebGL: vectors over the shaded anatomy. */
import { html, raw, type Html } from '../html.js';
import { list } from '../words.js';
import { UNIT, type Window } from './outline.js';
import type { Brain } from './read.js';
import { HEIGHT, WIDTH, type Parcel, type Scene } from './scene.js';

/** Letters of panels, as in a paper. */
export const letter = (i: number): string => String.fromCharCode(65 + (i % 26)).repeat(1 + Math.floor(i / 26));

const W = WIDTH * UNIT, H = HEIGHT * UNIT;
const anatomyId = ({ side, view }: Scene): string => `brain-${side}-${view}`;
const parcelId = (scene: Scene, cohort: number, component: number): string => `brain-${cohort}-${scene.side}-${scene.view}-${component}`;

/** The anatomy and the outlines, once each; the views refer to them. */
export function definitions(scenes: readonly Scene[], colours: readonly string[]): Html {
  const images = scenes.map((s) => html`<image id="${anatomyId(s)}" width="${W}" height="${H}" href="data:image/png;base64,${raw(s.png)}"/>`);
  const paths = scenes.flatMap((s) => s.parcels.flatMap((parcels, cohort) => parcels.filter((p) => p.path !== '').map((p) =>
    html`<path id="${parcelId(s, cohort, p.component)}" fill="${colours[p.component - 1]}" d="${p.path}"/>`)));
  return html`<svg class="brain-defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>${images}${paths}</defs></svg>`;
}

/** The views of one cohort: hemispheres beside each other, lateral above medial. */
export function cohortViews({ cohorts }: Brain, scenes: readonly Scene[], cohort: number): Html {
  const ordered = [...scenes].sort((a, b) => a.view.localeCompare(b.view) || a.side.localeCompare(b.side));
  return html`<div class="brain-views">${ordered.map((scene, i) => html`<div class="brain-view" data-cohort="${cohort}" data-side="${scene.side}" data-view="${scene.view}">${view(scene, cohort, cohorts[cohort]?.name ?? '', i === 0)}<span class="brain-tag" aria-hidden="true">${titleOf(scene)}</span></div>`)}</div>`;
}

const titleOf = ({ side, view }: Scene): string => `${side === 'left' ? 'Left' : 'Right'}, ${view}`;

function view(scene: Scene, cohort: number, name: string, first: boolean): Html {
  const parcels = scene.parcels[cohort] ?? [], seen = parcels.filter((p) => p.path !== '');
  const what = seen.length === 0 ? 'the region is not seen from here' : html`${seen.length === 1 ? 'component' : 'components'} ${list(seen.map((p) => p.component))}`;
  const front = (scene.side === 'left') === (scene.view === 'lateral') ? 'start' : 'end';
  return html`<svg role="img" viewBox="0 0 ${W} ${H}" aria-label="${name}, ${scene.side} hemisphere, ${scene.view} view: ${what}"><use href="#${anatomyId(scene)}"/>
${seen.map((p) => html`<use class="brain-p" data-component="${p.component}" href="#${parcelId(scene, cohort, p.component)}"/>`)}${seen.map(number)}${first && html`<g class="brain-axis"><text x="60" y="${H / 2}" text-anchor="start">${front === 'start' ? 'A' : 'P'}</text><text x="${W - 60}" y="${H / 2}" text-anchor="end">${front === 'start' ? 'P' : 'A'}</text></g>`}</svg>`;
}

/** Cells of room below which a number would hide its parcel. */
const TIGHT = 5;

function number({ component, inside }: Parcel): Html | null {
  if (inside === null || inside.room < TIGHT) return null;
  const size = Math.min(30, Math.max(17, inside.room * 1.5)) * UNIT;
  return html`<text class="brain-n" data-component="${component}" style="font-size:${Math.round(size)}px" x="${Math.round(inside.x * UNIT)}" y="${Math.round(inside.y * UNIT + size * 0.35)}" text-anchor="middle">${component}</text>`;
}

/** Each component alone, from where it is seen best, in the layout of the paper's figure 1. */
export function alone({ cohorts, rank, sides }: Brain, scenes: readonly Scene[]): Html {
  const boxes = scenes.flatMap(({ box }) => (box === null ? [] : [box]));
  if (boxes.length === 0) return html``;
  const seen = (s: Scene, k: number): number => s.parcels.reduce((sum, parcels) => sum + (parcels[k]?.seen ?? 0), 0);
  const best = Array.from({ length: rank }, (_, k) => sides.flatMap(({ side }) => scenes.filter((s) => s.side === side && s.box !== null).sort((a, b) => seen(b, k) - seen(a, k)).slice(0, 1)));
  const used = best.flat().map((s) => s.box as Window), width = Math.max(...used.map((b) => b.width)), height = Math.max(...used.map((b) => b.height));
  const cell = (k: number, c: number): Html => html`<div class="brain-cell" data-component="${k + 1}"><div>${best[k]?.map((s) => crop(s, c, cohorts[c]?.name ?? '', k + 1, around(s.box as Window, width, height)))}</div><p>Component ${k + 1}${cohorts[c]?.sizes[k] !== undefined && html`, <small>${cohorts[c]?.sizes[k]} vertices</small>`}</p></div>`;
  return html`<div class="brain-alone">${cohorts.map(({ name }, c) => html`<div class="brain-row"><p class="brain-letter"><strong>${letter(c)}</strong> ${name}</p><div class="brain-cells">${Array.from({ length: rank }, (_, k) => cell(k, c))}</div></div>`)}</div>`;
}

/** Space around the region, as a share of its size. */
const SPACE = 0.2;

/** A window of the common size around the middle of the region, within the picture. */
function around(box: Window, width: number, height: number): Window {
  const w = Math.min(WIDTH, width * (1 + 2 * SPACE)), h = Math.min(HEIGHT, height * (1 + 2 * SPACE));
  const within = (middle: number, size: number, all: number): number => Math.max(0, Math.min(all - size, middle - size / 2));
  return { x: within(box.x + box.width / 2, w, WIDTH), y: within(box.y + box.height / 2, h, HEIGHT), width: w, height: h };
}

function crop(scene: Scene, cohort: number, name: string, component: number, window: Window): Html {
  const path = scene.parcels[cohort]?.[component - 1]?.path ?? '';
  const box = [window.x, window.y, window.width, window.height].map((v) => Math.round(v * UNIT)).join(' ');
  return html`<svg role="img" viewBox="${box}" aria-label="${name}, component ${component}, ${scene.side} hemisphere, ${scene.view} view${path === '' && ': not seen'}"><use href="#${anatomyId(scene)}"/>${path !== '' && html`<use class="brain-p" href="#${parcelId(scene, cohort, component)}"/>`}</svg>`;
}
