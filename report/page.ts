/** The page around the body of a report: its heading, what changed, provenance. Needs no figures: it is cheap to load and to run. */
import { createHash } from 'node:crypto';
import type { StudyResults } from '../contracts/results.js';
import { changesSection } from './changes.js';
import { formatInstant } from './format.js';
import { html, raw, type Html } from './html.js';
import { joinMarkdown, markdownOf } from './markdown.js';
import { withoutCounts } from './pipelines.js';
import { pseudonymsOf, type Pseudonyms } from './privacy.js';
import { provenanceSection } from './provenance.js';
import { list } from './words.js';

/** What `renderBody` makes: plain data, to be kept. */
export interface Body {
  /** HTML of the sections up to the comparison with the paper. */
  sections: string;
  /** The same as Markdown. */
  markdown: string;
  style: string;
  /** The page's own first, then those of figures. */
  scripts: string[];
  /** Identifiers by cohort, in the order in which the page numbers them; null: it names them by their identifiers. */
  participants: [cohort: string, ids: string[]][] | null;
}

/** What a body sees of the results. */
export function withoutRun(results: StudyResults): StudyResults {
  return { ...results, run: { workflowId: '', runId: '', version: '', finishedAt: '', partial: results.run.partial }, decisions: [], steps: [], ...(results.pipelines === undefined ? {} : { pipelines: withoutCounts(results.pipelines) }) };
}

/** Which run it is: what the page says besides its body. */
export interface RunContext {
  results: StudyResults;
  /** The results these replaced. */
  previous: StudyResults | null;
  pseudonyms: Pseudonyms;
}

export interface Pages {
  /** report.html */
  page: string;
  /** report.md: the same sentences and tables. */
  markdown: string;
}

export function renderPages(body: Body, results: StudyResults, previous: StudyResults | null): Pages {
  const context: RunContext = { results, previous, pseudonyms: pseudonymsOf(body.participants) };
  const head = heading(results), after = html`${changesSection(context)}${provenanceSection(context)}`;
  const main = `${body.sections}${after.text}`;
  const hashes = body.scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`).join(' ');
  const page = html`<!doctype html>
<html lang="en" data-study="${results.study.replace(/[^A-Za-z0-9-]+/g, '-')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${raw(hashes)}">
<meta name="referrer" content="no-referrer">
<title>${results.study} · sulcus report</title>
<style>${raw(body.style)}</style>
<script>${raw(body.scripts[0] ?? '')}</script>
</head>
<body>
<div class="page">
${head}
${contents(main)}
<main>
${raw(main)}</main>
</div>
${body.scripts.slice(1).map((script) => html`<script>${raw(script)}</script>`)}
</body>
</html>
`;
  return { page: page.text, markdown: joinMarkdown([markdownOf(head.text), body.markdown, markdownOf(after.text)]) };
}

function heading({ study, run, cohorts }: StudyResults): Html {
  return html`<header><h1>${study}</h1><p>${list(Object.keys(cohorts))} · finished ${formatInstant(run.finishedAt)} · sulcus ${run.version}${run.partial && ' · partial run'}</p></header>`;
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
