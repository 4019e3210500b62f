/** Which indices differ among groups in every cohort, in which direction, and what was left when none did. */
import type { AncovaRow, PairRow } from '../../contracts/results.js';
import { ofIndex, type ReportContext } from '../context.js';
import { html, type Child, type Html } from '../html.js';
import { adjusted, coefficient, degrees, fTest, isSignificant, isWeak, statistic } from '../numbers.js';
import { percent } from '../evidence/uncertainty.js';
import { capitalise, everyCohort, indexList, indexName, list, metricName } from '../words.js';

type Index = { component: number; metric: string };

export function groupFinding(context: ReportContext): Html {
  const { replicated } = context.results;
  const tested = indices(context);
  const single = context.names.length === 1;
  const head = replicated.length === 0 ? nothing(context, tested) : html`<p><strong>${replicated.length} of ${tested.length} indices ${single ? `differed among groups in ${context.names[0]}` : 'replicated'}</strong>${!single && html`: ${replicated.length === 1 ? 'its' : 'their'} group effect was significant after adjustment in ${everyCohort(context.names)}`}. They are ${indexList(replicated)}.</p>`;
  const caution = single && html`<p class="hedge">With one cohort nothing can replicate: these findings stand on ${context.names[0]} alone.</p>`;
  return html`${head}${caution}<ul class="findings">${replicated.map((index) => replicatedItem(context, index))}</ul>${elsewhere(context, tested)}`;
}

/** Every index that any cohort tested. */
function indices(context: ReportContext): Index[] {
  const all = context.cohorts.flatMap(([, cohort]) => cohort.ancova.map(({ component, metric }) => ({ component, metric })));
  return [...new Map(all.map((index) => [JSON.stringify(index), index])).values()];
}

function nothing(context: ReportContext, tested: readonly Index[]): Html {
  const single = context.names.length === 1;
  const closest = tested
    .map((index) => ({ index, rows: rowsOf(context, index) }))
    .filter(({ rows }) => rows.length === context.names.length && rows.every(({ row }) => row.pAdjusted !== null))
    .map((one) => ({ ...one, worst: Math.max(...one.rows.map(({ row }) => row.pAdjusted ?? 1)) }))
    .sort((a, b) => a.worst - b.worst)[0];
  const near = closest !== undefined && html` The closest was ${indexName(closest.index)}: ${list(closest.rows.map(({ name, row }) => html`${adjusted(row, context.alpha)} in ${name}`))}.`;
  return html`<p><strong>Nothing replicated:</strong> none of the ${tested.length} indices differed among groups ${single ? `in ${context.names[0]}` : `in ${everyCohort(context.names)}`} after adjustment (alpha ${context.alpha}).${near} No pair, Glx or clinical analysis follows from an index that did not pass. An absence of evidence in groups of this size is not evidence of absence.</p>`;
}

function rowsOf(context: ReportContext, index: Index): { name: string; row: AncovaRow }[] {
  return context.cohorts.flatMap(([name, cohort]) => ofIndex(cohort.ancova, index).map((row) => ({ name, row })));
}

function replicatedItem(context: ReportContext, index: Index): Html {
  const lines = context.cohorts.map(([name, cohort]) => {
    const row = ofIndex(cohort.ancova, index)[0];
    const test = row !== undefined && html`${fTest(row)}, ${adjusted(row, context.alpha)}, partial η² ${coefficient(row.partialEtaSquared)}${isWeak(row, context.alpha) && html` <em class="hedge">(weak evidence)</em>`}. `;
    return html`<li><b>${name}</b>: ${test}${pairSentence(context, index, name, ofIndex(cohort.pairs, index))}</li>`;
  });
  return html`<li><strong>${capitalise(indexName(index))}</strong>${directions(context, index)}<ul>${lines}</ul></li>`;
}

/** "It is lower in TRS than in HC (t = -4.18, df 45, adjusted p = 3.1e-4, 3 comparisons)": the sign is the row's own, a minus b. */
function pairSentence(context: ReportContext, index: Index, cohort: string, pairs: readonly PairRow[]): Child {
  const found = pairs.filter((row) => isSignificant(row, context.alpha));
  const impossible = pairs.filter((row) => row.t === null);
  const missing = impossible.length > 0 && html` Not computed: ${list(impossible.map((row) => html`${row.a} and ${row.b} (${context.pseudonyms.redact(row.reason ?? 'no reason recorded', cohort)})`))}.`;
  if (found.length === 0) return html`No single pair of groups was significant after adjustment.${missing}`;
  const told = found.map((row) => html`${(row.estimate ?? row.t ?? 0) < 0 ? 'lower' : 'higher'} in ${row.a} than in ${row.b} (t = ${statistic(row.t)}, df ${degrees(row.df)}, ${adjusted(row, context.alpha)}${isWeak(row, context.alpha) && html`; <em class="hedge">weak evidence</em>`})${row.hedgesG?.g != null && html`, by g = ${statistic(row.hedgesG.g)} (${percent(row.hedgesG.confidence)} interval ${statistic(row.hedgesG.low)} to ${statistic(row.hedgesG.high)})`}`);
  const rest = pairs.length - found.length - impossible.length;
  return html`${capitalise(metricName(index.metric))} is ${list(told)}${rest > 0 && `; the other ${rest === 1 ? 'pair does' : `${rest} pairs do`} not differ significantly`}.${missing}`;
}

/** Whether the significant differences from the group that comes first everywhere point the same way in every cohort. */
function directions(context: ReportContext, index: Index): Child {
  const reference = Object.keys(context.cohorts[0]?.[1].groups ?? {}).find((group) => context.cohorts.every(([, cohort]) => group in cohort.groups));
  const signs = context.cohorts.flatMap(([, cohort]) => ofIndex(cohort.pairs, index).filter((row) => isSignificant(row, context.alpha) && (row.a === reference || row.b === reference)).map((row) => Math.sign(row.estimate ?? row.t ?? 0) * (row.b === reference ? 1 : -1)));
  const cohorts = context.cohorts.filter(([, cohort]) => ofIndex(cohort.pairs, index).some((row) => isSignificant(row, context.alpha) && (row.a === reference || row.b === reference))).length;
  if (reference === undefined || signs.length === 0) return null;
  if (new Set(signs).size > 1) return html`: <em class="hedge">significant in every cohort, but the directions against ${reference} disagree</em>`;
  if (cohorts < context.names.length || cohorts === 1) return null;
  return html`: ${(signs[0] ?? 0) < 0 ? 'lower' : 'higher'} than in ${reference} wherever a difference from ${reference} is significant, in ${everyCohort(context.names)}`;
}

/** What was significant somewhere but not everywhere. */
function elsewhere(context: ReportContext, tested: readonly Index[]): Child {
  if (context.names.length === 1) return null;
  const parts = context.cohorts.flatMap(([name, cohort]) => {
    const only = tested.filter((index) => !ofIndex(context.results.replicated, index).length && ofIndex(cohort.ancova, index).some((row) => row.significant));
    return only.length === 0 ? [] : [html`${indexList(only)} in ${name}`];
  });
  return parts.length > 0 && html`<p>Significant in some cohort but not in all, so not carried on: ${list(parts)}.</p>`;
}
