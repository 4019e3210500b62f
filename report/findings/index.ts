/** The first section: what was found, in sentences whose every number is one of the results'. */
import { rankRow, type ReportContext } from '../context.js';
import { formatCount } from '../format.js';
import { html, type Child, type Html } from '../html.js';
import { coefficient } from '../numbers.js';
import { list, plural } from '../words.js';
import { clinicalFinding } from './clinical.js';
import { glxFinding, hasGlx } from './glx.js';
import { groupFinding } from './groups.js';
import { agreementFinding, rankFinding } from './rank.js';
import { inShort } from './short.js';

export function findingsSection(context: ReportContext): Html {
  return html`<section id="findings"><h2>Findings</h2>
${partialNotice(context)}${inShort(context)}${facts(context)}
<h3>Parcellation</h3>${rankFinding(context)}${agreementFinding(context)}
${context.analysed ? statistics(context) : noStatistics(context)}</section>\n`;
}

function partialNotice({ results, names }: ReportContext): Child {
  return results.run.partial && html`<p class="notice"><strong>Partial run.</strong> This is ${list(names)} alone, up to the evidence for the rank and the parcellations: no statistics were computed, no cohort was compared with another, and nothing here is a finding about groups.</p>`;
}

function noStatistics({ results }: ReportContext): Child {
  return !results.run.partial && html`<p class="notice">No group statistics are in these results, so there is no finding about groups.</p>`;
}

function statistics(context: ReportContext): Html {
  const clinical = context.cohorts.some(([, cohort]) => cohort.clinical.length > 0 || (cohort.glx?.clinical.length ?? 0) > 0);
  return html`<h3>Differences between groups</h3>${groupFinding(context)}
${hasGlx(context.cohorts) && html`<h3>Relations with Glx</h3>${glxFinding(context)}`}
${(clinical || context.results.replicated.length > 0) && html`<h3>Relations with clinical measures</h3>${clinicalFinding(context)}`}`;
}

/** Five numbers to see at a glance. */
function facts(context: ReportContext): Html {
  const { rank, matching, replicated } = context.results;
  const subjects = context.cohorts.reduce((sum, [, cohort]) => sum + cohort.subjects, 0);
  const tested = new Set(context.cohorts.flatMap(([, cohort]) => cohort.ancova.map((row) => JSON.stringify([row.component, row.metric])))).size;
  const means = context.cohorts.map(([, cohort]) => rankRow(cohort, rank.chosen)?.stability.mean ?? null).filter((mean): mean is number => mean !== null);
  const aris = matching.map((row) => row.ari).filter((ari): ari is number => ari !== null);
  const item = (term: Child, value: Child, detail: Child): Html => html`<div><dt>${term}</dt><dd>${value}<small>${detail}</small></dd></div>`;
  return html`<dl class="facts">
${item('Participants', formatCount(subjects), context.cohorts.map(([name, cohort]) => `${name} ${cohort.subjects}`).join(' · '))}
${item('Components', rank.chosen ?? '–', rank.chosen === null ? 'not chosen' : rank.doubt ? 'no rank was stable' : `of ranks ${context.results.parameters.ranks.join(' to ')}`)}
${means.length > 0 && item('Stability', coefficient(Math.min(...means)), means.length > 1 ? 'lowest cohort, at that rank' : 'at that rank')}
${aris.length > 0 && item('Rand index', coefficient(Math.min(...aris)), aris.length > 1 ? 'lowest pair of cohorts' : 'between cohorts')}
${context.analysed && item(context.names.length > 1 ? 'Replicated' : 'Significant', replicated.length, `of ${plural(tested, 'index', 'indices')}`)}
</dl>`;
}
