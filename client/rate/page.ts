/** The page on which a person rates: one HTML file, with the sheets as files beside it. It loads nothing else, and nothing leaves the browser but ratings.tsv. */
import { createHash } from 'node:crypto';
import { html, raw } from '../../report/html.js';
import { tokensOf } from '../../report/style/tokens.js';
import { RATING_SCRIPT } from './script.js';
import { RATING_STYLE } from './style.js';

export interface RatingPage {
  study: string;
  pipeline: string;
  step: string;
  items: RatingItem[];
}

export interface RatingItem {
  cohort: string;
  participant: string;
  /** Path of the sheet, relative to the page. */
  image: string;
  /** What is looked at (outputsDigest): the rating is taken in while the outputs are these. */
  outputs: string;
  /** Numbers of quality, as text. */
  quality: [name: string, value: string][];
}

const digest = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);

/** `items`: at least one. Other outputs of a participant are another entry of the browser's storage: what was said of the ones before is not shown again. */
export function renderRatingPage({ study, pipeline, step, items }: RatingPage): string {
  const data = { id: digest(study, pipeline, step), pipeline, step, items: items.map((item) => ({ id: digest(study, pipeline, step, item.cohort, item.participant, item.outputs), ...item })) };
  const hash = createHash('sha256').update(RATING_SCRIPT).digest('base64'), { css } = tokensOf([]);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:; script-src 'sha256-${raw(hash)}'">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${step} of ${pipeline} · ${study}</title>
<style>${raw(css)}${raw(RATING_STYLE)}</style>
</head>
<body>
<header>
<h1>${step} of ${pipeline}</h1>
<p>${study}</p>
<div class="counts"><progress id="progress" max="1" value="0" aria-labelledby="rated"></progress><span id="rated"></span></div>
<div class="filters" role="group" aria-label="Show">
${(['all', 'unrated', 'doubtful', 'unfit'] as const).map((name) => html`<button type="button" id="filter-${name}" aria-pressed="false">${name} <span></span></button>
`)}</div>
<button type="button" id="save">Save ratings.tsv<kbd>Ctrl S</kbd></button>
</header>
<main id="main" tabindex="-1">
<div class="person"><h2 id="who"></h2><p id="where"></p></div>
<p class="notice" id="broken" hidden>This sheet is not there or no picture: write the page again with sulcus rate.</p>
<a class="sheet" id="sheet" target="_blank" rel="noopener"><img id="picture" alt=""></a>
<div id="numbers" hidden><dl id="quality"></dl></div>
</main>
<footer>
<div class="group"><button type="button" id="previous">Previous<kbd>←</kbd></button><button type="button" id="next">Next<kbd>→</kbd></button></div>
<div class="group" role="group" aria-label="Rating">
<button type="button" id="rate-good" aria-pressed="false">Good<kbd>1</kbd><kbd>G</kbd></button>
<button type="button" id="rate-doubtful" aria-pressed="false">Doubtful<kbd>2</kbd><kbd>D</kbd></button>
<button type="button" id="rate-unfit" aria-pressed="false">Unfit<kbd>3</kbd><kbd>U</kbd></button>
<button type="button" id="rate-clear">No rating<kbd>0</kbd></button>
</div>
<label class="note">Note<kbd>N</kbd><textarea id="note" rows="1" maxlength="1000"></textarea></label>
<label class="letters"><input type="checkbox" id="letters" checked> keys of one letter</label>
<p class="notice" id="unkept" hidden>This browser keeps nothing: save before you close the page.</p>
<p id="said" role="status"></p>
</footer>
<script type="application/json" id="data">${raw(JSON.stringify(data).replaceAll('<', '\\u003c'))}</script>
<script>${raw(RATING_SCRIPT)}</script>
</body>
</html>
`.text;
}
