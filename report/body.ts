/**
 * The body of a report: everything that a run says of the study, and nothing of the run itself. Heading, what changed and provenance are written
 * around it (page.ts), so that a run that finds the same as an earlier one has the same body, which need not be made again.
 */
import type { StudyResults } from '../contracts/results.js';
import { brainSection, componentColours, drawScenes, type Scene } from './brain/index.js';
import { buildContext, type ReportContext } from './context.js';
import { doubtsSection } from './doubts.js';
import { evidenceSection } from './evidence/index.js';
import { findingsSection } from './findings/index.js';
import { html, type Html } from './html.js';
import { markdownOf } from './markdown.js';
import { methodsSection } from './methods.js';
import { comparesWithPaper, paperSection } from './paper/compare.js';
import { withoutRun, type Body } from './page.js';
import { participantsOf } from './privacy.js';
import { pageScript } from './script/index.js';
import { tokensOf } from './style/tokens.js';
import { stylesheet } from './stylesheet.js';
import type { ReportInput, ResultsFolder } from './types.js';

/** In the order of a reader: findings, doubts, evidence, methods, comparison with the paper where it applies. */
export function renderBody(input: ReportInput): Body {
  const context = buildContext({ ...input, results: withoutRun(input.results), previous: null }), brains = brainsOf(context);
  const sections = html`${[findingsSection(context), doubtsSection(context), evidenceSection(context, brains?.html ?? null), methodsSection(context), ...(comparesWithPaper(context) ? [paperSection(context)] : [])]}`;
  const { light, css } = tokensOf(componentColours(Math.max(10, ...context.cohorts.map(([, cohort]) => cohort.parcellation?.rank ?? 0))));
  return {
    sections: sections.text, markdown: markdownOf(sections.text), style: stylesheet(css, brains?.style ?? ''), scripts: [pageScript(light), ...(brains === null ? [] : [brains.script])],
    participants: input.identifiers === true ? null : participantsOf(input),
  };
}

/** The parcellation on the surface, where the results folder has the surface. */
function brainsOf({ results, input: { files, scenes } }: ReportContext): { html: Html; script: string; style: string } | null {
  return files === undefined ? null : brainSection({ results, files: bytesOf(files), ...(scenes === undefined ? {} : { scenes }) });
}

/** The pictures of the parcellation, for `scenes` of later reports on the same surface and labels; empty when there is nothing to draw. */
export function drawPictures(results: StudyResults, files: ResultsFolder): Scene[] {
  return drawScenes(results, bytesOf(files));
}

const bytesOf = (files: ResultsFolder) => (path: string): Uint8Array | null => {
  const content = files(path);
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
};
