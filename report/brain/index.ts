/**
 * The parcellation on the surface. One function: results and the files of the results folder in, a figure out.
 *
 * The figure: a picture made here without a browser's help (grey anatomy as PNG, components as vectors), which the script turns into one that can be
 * turned where there is WebGL. Colours of components are `componentColours` (colours.ts): set --k1, --k2 ... from them.
 *
 * Highlighting. Any element with data-component="K" (a row of a table, a mark of a figure) stands for component K. Who wants a component shown
 * dispatches on document
 *     new CustomEvent('sulcus:component', { detail: { component: K, source: 'page' } })     (component: null for none)
 * when the pointer or the focus enters such an element, and null when it leaves. The brain listens, and dispatches the same with source 'brain' when a component
 * is picked on it. The page marks its own elements; the brain marks those inside figure#brains. Clicking a component (on the surface, or its
 * button) keeps it shown; clicking again, or Escape, lets it go.
 *
 * The page's policy must allow inline style, this script, and images from data: URLs; nothing is loaded.
 */
import type { StudyResults } from '../../contracts/results.js';
import { scriptSafe, tsvOf, type FigureData } from '../figure.js';
import { html, type Html } from '../html.js';
import { list } from '../words.js';
import { componentColours } from './colours.js';
import { pack } from './pack.js';
import { alone, cohortViews, definitions, letter } from './picture.js';
import { readBrain, type Brain, type Files } from './read.js';
import { scenes, type Scene } from './scene.js';
import { STYLE } from './style.js';
import { VIEWER_SCRIPT } from './viewer-script.js';

export { componentColours } from './colours.js';
export type { Scene } from './scene.js';
export type { Files } from './read.js';

export interface BrainInput {
  results: StudyResults;
  files: Files;
  /** What `drawScenes` made of the same folder before; absent: it is drawn now. */
  scenes?: Scene[];
}

export interface BrainSection {
  html: Html;
  /** CSS. Empty when nothing is drawn. */
  style: string;
  /** One classic script for the end of the page. Empty when nothing is drawn. */
  script: string;
}

/** The fixed pictures of every view, plain data: most of the work, and it depends on the surface and the labels alone. Empty when there is nothing to draw. */
export function drawScenes(results: StudyResults, files: Files): Scene[] {
  const brain = readBrain(results, files);
  return brain === null ? [] : scenes(brain);
}

/**
 * The figure of the parcellation for `<section id="parcellation">`; a sentence in its place when the results folder holds no surface; null when
 * there is no parcellation to draw. The same input gives the same text.
 * @throws FormatError where a file of the folder is damaged
 */
export function brainSection({ results, files, scenes: known }: BrainInput): BrainSection | null {
  if (!Object.values(results.cohorts).some((c) => c.parcellation != null)) return null;
  const brain = readBrain(results, files);
  if (brain === null) return { html: html`<p class="aside" id="brains">The parcellation is not drawn on a surface: the study file names none (surface.mesh), or it could not be read. Its labels are in parcellation/.</p>`, style: '', script: '' };
  const colours = componentColours(brain.rank), drawn = known ?? scenes(brain);
  const cohorts = brain.cohorts.map((cohort, c) => html`<div class="brain-cohort"><p class="panel-title"><span><strong>${letter(c)}</strong> ${cohort.name}</span> <small>(n = ${cohort.n})</small></p>${cohortViews(brain, drawn, c)}</div>`);
  return {
    html: html`<figure id="brains" class="brain">
${definitions(drawn, colours)}
${bar(brain, colours)}
<div class="brain-stage">${cohorts}</div>
<p class="brain-status" role="status"></p>
${alone(brain, drawn)}
${caption(brain)}
<div class="tools" role="group" aria-label="Save figure brains"><span>Save as</span><button type="button" data-brain-save="svg">SVG</button><button type="button" data-brain-save="png">PNG</button><button type="button" data-save="tsv">TSV</button></div>
<script type="application/json" class="data">${scriptSafe(tsvOf(sizes(brain)))}</script>
<script type="application/json" id="brain-data">${scriptSafe(pack(brain, colours))}</script>
</figure>`,
    style: STYLE, script: VIEWER_SCRIPT,
  };
}

/** What the picture says in numbers; the labels themselves are in parcellation/. */
const sizes = ({ cohorts }: Brain): FigureData => ({ columns: ['cohort', 'component', 'vertices'], rows: cohorts.flatMap(({ name, sizes: of }) => of.map((size, k) => [name, k + 1, size])) });

function bar({ rank }: Brain, colours: readonly string[]): Html {
  const turn = (name: string, label: string): Html => html`<button type="button" data-turn="${name}">${label}</button>`;
  return html`<div class="brain-bar"><div class="brain-keys" role="group" aria-label="Show a component">${Array.from({ length: rank }, (_, k) => html`<button type="button" class="brain-key" data-component="${k + 1}" aria-pressed="false"><i style="background:${colours[k]}"></i>Component ${k + 1}</button>`)}</div>
<div class="brain-turn" role="group" aria-label="Turn all brains">${turn('standard', 'Standard views')}${turn('front', 'Towards the front')}${turn('back', 'Towards the back')}${turn('above', 'From above')}${turn('below', 'From below')}${turn('in', 'Larger')}${turn('out', 'Smaller')}</div></div>`;
}

function caption({ cohorts, rank, sides }: Brain): Html {
  const panels = cohorts.map((c, i) => `${letter(i)}, ${c.name} (n = ${c.n})`);
  const which = sides.length === 2 ? 'both hemispheres' : `the ${sides[0]?.side ?? ''} hemisphere`;
  return html`<figcaption><strong>${rank}-component solution on the study’s surface.</strong> ${list(panels)}: lateral and medial views of ${which}, and below them each component alone. A vertex has the colour and number of the component with its largest weight; grey shows the folds (dark: sulci). A and P: anterior and posterior. Outside the region the surface has fewer triangles than the study’s.</figcaption>`;
}
