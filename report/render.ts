/** Results to one self-contained HTML page. Pure: the caller reads the results folder and writes the file. */
import { createHash } from 'node:crypto';
import { brainSection, componentColours, drawScenes, type Scene } from './brain/index.js';
import { changesSection } from './changes.js';
import { buildContext, type ReportContext } from './context.js';
import { doubtsSection } from './doubts.js';
import { evidenceSection } from './evidence/index.js';
import { findingsSection } from './findings/index.js';
import { formatInstant } from './format.js';
import { html, raw, type Html } from './html.js';
import { methodsSection } from './methods.js';
import { comparesWithPaper, paperSection } from './paper/compare.js';
import { provenanceSection } from './provenance.js';
import { pageScript } from './script/index.js';
import { tokensOf } from './style/tokens.js';
import { stylesheet } from './stylesheet.js';
import type { ReportInput, ResultsFolder } from './types.js';
import { list } from './words.js';

/** In the order of a reader: findings, doubts, evidence, methods, comparison with the paper where it applies, what changed, provenance. */
export function renderReport(input: ReportInput): string {
  const context = buildContext(input), brains = brainsOf(context);
  const sections = [findingsSection(context), doubtsSection(context), evidenceSection(context, brains?.html ?? null), methodsSection(context), ...(comparesWithPaper(context) ? [paperSection(context)] : []), changesSection(context), provenanceSection(context)];
  const main = html`${sections}`;
  const { light, css } = tokensOf(componentColours(Math.max(10, ...context.cohorts.map(([, cohort]) => cohort.parcellation?.rank ?? 0))));
  const style = stylesheet(css, brains?.style ?? ''), scripts = [pageScript(light), ...(brains === null ? [] : [brains.script])];
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`).join(' ');
  const page = html`<!doctype html>
<html lang="en" data-study="${context.results.study.replace(/[^A-Za-z0-9-]+/g, '-')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${raw(hashes)}">
<meta name="referrer" content="no-referrer">
<title>${context.results.study} · sulcus report</title>
<style>${raw(style)}</style>
<script>${raw(scripts[0] ?? '')}</script>
</head>
<body>
<div class="page">
${heading(context)}
${contents(main.text)}
<main>
${main}</main>
</div>
${scripts.slice(1).map((script) => html`<script>${raw(script)}</script>`)}
</body>
</html>
`;
  return page.text;
}

/** The parcellation on the surface, where the results folder has the surface. */
function brainsOf({ results, input: { files, scenes } }: ReportContext): { html: Html; script: string; style: string } | null {
  return files === undefined ? null : brainSection({ results, files: bytesOf(files), scenes: scenes ?? null });
}

/** The pictures of the parcellation, for `scenes` of later reports on the same surface and labels; null when there is nothing to draw. */
export function drawPictures({ results, files }: ReportInput): Scene[] | null {
  return files === undefined ? null : drawScenes(results, bytesOf(files));
}

const bytesOf = (files: ResultsFolder) => (path: string): Uint8Array | null => {
  const content = files(path);
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
};

function heading({ results, names }: ReportContext): Html {
  return html`<header><h1>${results.study}</h1><p>${list(names)} · finished ${formatInstant(results.run.finishedAt)} · sulcus ${results.run.version}${results.run.partial && ' · partial run'}</p></header>`;
}

/** Headings and their order, as they are told in the contents. */
const CONTENTS: readonly (readonly [id: string, title: string, parent?: string])[] = [
  ['findings', 'Findings'], ['doubts', 'What to doubt'], ['evidence', 'Evidence'],
  ['participants', 'Participants', 'evidence'], ['rank', 'Choice of rank', 'evidence'], ['parcellation', 'Parcellation', 'evidence'], ['agreement', 'Agreement', 'evidence'],
  ['groups', 'Groups', 'evidence'], ['glx', 'Glx', 'evidence'], ['clinical', 'Clinical', 'evidence'],
  ['methods', 'Methods'], ['paper', 'Compared with the paper'], ['changes', 'What changed'], ['provenance', 'Provenance'],
];

/** Only what is on this page: a section that has nothing to show is not announced. */
function contents(page: string): Html {
  const present = CONTENTS.filter(([id]) => page.includes(`<section id="${id}">`));
  const link = ([id, title]: (typeof CONTENTS)[number]): Html => html`<a href="#${id}">${title}</a>`;
  const items = present.filter(([, , parent]) => parent === undefined).map((entry) => {
    const below = present.filter(([, , parent]) => parent === entry[0]);
    return html`<li>${link(entry)}${below.length > 0 && html`<ol>${below.map((one) => html`<li>${link(one)}</li>`)}</ol>`}</li>`;
  });
  return html`<nav aria-label="Contents"><ol>${items}</ol></nav>`;
}
