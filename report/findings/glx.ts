/** Relations with the metabolite: sign, r, and whether groups differ in them. */
import type { CohortResults, GlxResults, PartialRow } from '../../contracts/results.js';
import { ofIndex, type ReportContext } from '../context.js';
import { html, type Child, type Html } from '../html.js';
import { adjusted, coefficient, degrees, fTest, isSignificant, isWeak, statistic } from '../numbers.js';
import { percent } from '../evidence/uncertainty.js';
import { glxName, indexName, list, plural } from '../words.js';

type Found = { name: string; glx: GlxResults };

export function glxFinding(context: ReportContext): Child {
  const found = context.cohorts.flatMap(([name, cohort]): Found[] => (cohort.glx === null ? [] : [{ name, glx: cohort.glx }]));
  if (found.length === 0) return html`<p>Spectroscopy was not part of this study.</p>`;
  const absent = context.cohorts.filter(([, cohort]) => cohort.glx === null).map(([name]) => name);
  const label = glxName(found[0]?.glx.metabolite ?? 'Glx');
  const relations = context.results.replicated.map((index) => html`<li>${relation(context, found, index, label)}</li>`);
  const none = context.results.replicated.length === 0 && html`<p>No index replicated, so no relation with ${label} was tested.</p>`;
  return html`${relations.length > 0 && html`<ul class="findings">${relations}</ul>`}${none}${found.map((one) => interactions(context, one))}${found.map((one) => levels(context, one, label))}${absent.length > 0 && html`<p>No spectroscopy in ${list(absent)}.</p>`}`;
}

function relation(context: ReportContext, found: readonly Found[], index: { component: number; metric: string }, label: string): Html {
  const parts = found.map(({ name, glx }) => html`${part(context, ofIndex(glx.partial, index)[0], name)}${term(context, glx, index)}`);
  const rows = found.flatMap(({ glx }) => ofIndex(glx.partial, index)).filter((row) => isSignificant(row, context.alpha));
  const signs = new Set(rows.map((row) => Math.sign(row.r ?? 0)));
  const verdict = rows.length === 0 ? html` is not reliably related to ${label}` : signs.size > 1 ? html` is related to ${label} <em class="hedge">in opposite directions</em>` : html` is ${signs.has(-1) ? 'lower' : 'higher'} where ${label} is higher${rows.length < found.length && html` <em class="hedge">(in ${rows.length} of ${found.length} cohorts)</em>`}`;
  return html`<strong>${indexName(index).replace(/^./, (first) => first.toUpperCase())}</strong>${verdict}: ${list(parts)}.`;
}

function part(context: ReportContext, row: PartialRow | undefined, name: string): Html {
  if (row === undefined) return html`not tested in ${name}`;
  if (row.r === null) return html`not computed in ${name} (${context.pseudonyms.redact(row.reason ?? 'no reason recorded', name)})`;
  const weak = isSignificant(row, context.alpha) ? isWeak(row, context.alpha) && html`; <em class="hedge">weak evidence</em>` : html`; not significant`;
  return html`${row.r < 0 ? 'negative' : 'positive'} in ${name} (partial r = ${coefficient(row.r)}, df ${degrees(row.df)}, ${adjusted(row, context.alpha)}${weak}${row.bootstrap?.low != null && html`; ${percent(row.bootstrap.confidence)} interval ${coefficient(row.bootstrap.low)} to ${coefficient(row.bootstrap.high)}`}`;
}

/** Closes the parenthesis with the model's Glx term, the condition for the correlation. */
function term(context: ReportContext, glx: GlxResults, index: { component: number; metric: string }): Child {
  const model = ofIndex(glx.models, index)[0];
  const row = ofIndex(glx.partial, index)[0];
  if (row === undefined || row.r === null) return null;
  if (model === undefined || model.glx.p === null) return ')';
  return html`; model term ${fTest(model.glx)}, ${adjusted(model.glx, context.alpha)}${!isSignificant(model.glx, context.alpha) && html`, <em class="hedge">itself not significant</em>`})`;
}

function interactions(context: ReportContext, { name, glx }: Found): Child {
  const possible = glx.models.filter((row) => row.interaction.p !== null);
  if (possible.length === 0) return null;
  const found = possible.filter((row) => isSignificant(row.interaction, context.alpha));
  const least = [...possible].sort((a, b) => (a.interaction.pAdjusted ?? 1) - (b.interaction.pAdjusted ?? 1))[0];
  if (found.length === 0) return html`<p>In ${name} no relation differed between groups (interaction; smallest ${least !== undefined && adjusted(least.interaction, context.alpha)}).</p>`;
  return html`<p>In ${name} the relation differed between groups for ${list(found.map((row) => html`${indexName(row)} (${fTest(row.interaction)}, ${adjusted(row.interaction, context.alpha)})`))}: one slope for all groups does not describe it.</p>`;
}

/** The metabolite itself between groups. */
function levels(context: ReportContext, { name, glx }: Found, label: string): Child {
  const pairs = glx.groupPairs.filter((row) => isSignificant(row, context.alpha));
  const overall = glx.group === null ? null : glx.group.F === null ? html` (not computed: ${context.pseudonyms.redact(glx.group.reason ?? 'no reason recorded', name)})` : html` (overall ${fTest(glx.group)}, ${adjusted(glx.group, context.alpha)})`;
  const basis = html`In ${name}, over ${plural(glx.n, 'participant')} with a usable spectrum${glx.excluded.length > 0 && ` (${glx.excluded.length} left out)`}, ${label}`;
  if (pairs.length === 0) return html`<p>${basis} did not differ significantly between any two groups${overall}.</p>`;
  const told = pairs.map((row) => html`${(row.estimate ?? row.t ?? 0) < 0 ? 'lower' : 'higher'} in ${row.a} than in ${row.b} (t = ${statistic(row.t)}, df ${degrees(row.df)}, ${adjusted(row, context.alpha)}${isWeak(row, context.alpha) && html`; <em class="hedge">weak evidence</em>`})`);
  return html`<p>${basis} was ${list(told)}${overall}.</p>`;
}

/** Whether any cohort has spectroscopy. */
export function hasGlx(cohorts: readonly (readonly [string, CohortResults])[]): boolean {
  return cohorts.some(([, cohort]) => cohort.glx !== null);
}
