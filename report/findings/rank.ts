/** Which rank, why, how stable, and whether the cohorts agree: in sentences. */
import type { CohortResults, MatchingRow } from '../../contracts/results.js';
import { rankRow, type ReportContext } from '../context.js';
import { formatInstant } from '../format.js';
import { html, type Child, type Html } from '../html.js';
import { coefficient, count, measured } from '../numbers.js';
import { everyCohort, list, plural } from '../words.js';

/** Below this two parcellations share too little for "component 1" to mean the same place in both. */
const WEAK_AGREEMENT = 0.5;

export function rankFinding(context: ReportContext): Html {
  const { rank, parameters } = context.results;
  if (rank.chosen === null) return undecided(context);
  const opening = html`The <strong>${count(rank.chosen)}-component solution</strong> ${how(context)}.`;
  const reason = rank.reason === '' ? null : html` Reason recorded: ${context.pseudonyms.redact(rank.reason)}${!/[.!?]$/.test(rank.reason) && '.'}`;
  const doubt = rank.doubt && html` <strong class="hedge">No rank was stable in every cohort</strong>, so this is the best of unstable ones and everything that follows from it is provisional.`;
  const next = context.cohorts.map(([name, cohort]) => [name, rankRow(cohort, (rank.chosen ?? 0) + 1)?.stability.mean ?? null] as const).filter(([, mean]) => mean !== null);
  const after = next.length > 0 && html` One component more, at rank ${rank.chosen + 1}, mean stability was ${list(next.map(([name, mean]) => html`${coefficient(mean)} in ${name}`))}.`;
  return html`<p>${opening}${doubt}${reason}</p><p>${stability(context, rank.chosen)}${after}</p>${unconverged(context)}${parameters.splits < 5 && html`<p class="hedge">Stability rests on ${plural(parameters.splits, 'split')} only.</p>`}`;
}

function how({ results: { rank } }: ReportContext): Child {
  if (rank.policy === 'number') return 'was set in the study file, not chosen from the data';
  if (rank.policy === 'auto') return 'was chosen by the automatic rule';
  const by = rank.approvedBy === null ? 'after review' : `by ${rank.approvedBy}`;
  return html`was approved ${by}${rank.approvedAt !== null && ` on ${formatInstant(rank.approvedAt)}`}${rank.note !== null && html` with the note “${rank.note}”`}`;
}

function undecided(context: ReportContext): Html {
  const { threshold } = context.results.parameters;
  const lines = context.cohorts.map(([name, cohort]) => {
    const stable = cohort.ranks.filter((row) => (row.stability.mean ?? -1) > threshold);
    const best = stable[stable.length - 1];
    if (best === undefined) return html`<li>In ${name} no rank had a mean stability above ${threshold}.</li>`;
    return html`<li>In ${name}, ${stable.length === 1 ? 'rank' : 'ranks'} ${list(stable.map((row) => row.rank))} had a mean stability above ${threshold}; the highest of them is ${best.rank} (${spread(best)}).</li>`;
  });
  const { reason } = context.results.rank;
  return html`<p><strong>No rank has been chosen.</strong>${reason !== '' && ` ${context.pseudonyms.redact(reason)}`}</p><ul>${lines}</ul>`;
}

function spread(row: CohortResults['ranks'][number]): Html {
  const splits = row.stability.splits.filter((value) => value !== null).length;
  return html`${coefficient(row.stability.mean)}, SD ${coefficient(row.stability.sd)}, ${plural(splits, 'split')}`;
}

function stability(context: ReportContext, chosen: number): Child {
  const { threshold } = context.results.parameters;
  const rows = context.cohorts.map(([name, cohort]) => ({ name, row: rankRow(cohort, chosen) }));
  const known = rows.flatMap(({ name, row }) => (row === undefined || row.stability.mean === null ? [] : [{ name, row, stable: row.stability.mean > threshold }]));
  const missing = rows.filter(({ name }) => !known.some((one) => one.name === name)).map(({ name }) => name);
  const unstable = known.filter((one) => !one.stable).map((one) => one.name);
  const verdict = unstable.length === 0 ? html`above the threshold of ${threshold} in ${everyCohort(known.map((one) => one.name))}` : html`<strong class="hedge">not above the threshold of ${threshold} in ${list(unstable)}</strong>`;
  return html`${known.length > 0 && html`Its mean stability was ${list(known.map(({ name, row }) => html`${coefficient(row.stability.mean)} in ${name} (SD ${coefficient(row.stability.sd)}, ${plural(row.stability.splits.filter((value) => value !== null).length, 'split')})`))}: ${verdict}.`}${missing.length > 0 && html` Stability at this rank was not computed in ${list(missing)}.`}`;
}

/** The fit the findings rest on: said at once when it is not a solution. */
function unconverged(context: ReportContext): Child {
  const faulty = context.cohorts.filter(([, cohort]) => cohort.parcellation?.converged === false);
  if (faulty.length === 0) return null;
  return html`<p><strong class="hedge">⚠ The parcellation of ${list(faulty.map(([name, cohort]) => html`${name} (residual ${measured(cohort.parcellation?.residual)})`))} did not reach its tolerance</strong> of ${context.results.parameters.tolerance}; findings that rest on it may change with a longer fit.</p>`;
}

export function agreementFinding(context: ReportContext): Child {
  const { matching, rank } = context.results;
  if (matching.length === 0) return context.names.length > 1 && html`<p>The cohorts’ parcellations were not compared.</p>`;
  return matching.map((row) => html`<p>${sentence(row, rank.chosen, context.alpha)}</p>`);
}

function sentence(row: MatchingRow, chosen: number | null, alpha: number): Html {
  if (row.ari === null) return html`The agreement of ${row.a} and ${row.b} could not be computed${chosen === null && ': no rank was chosen'}.`;
  const verdict = row.ari < WEAK_AGREEMENT ? html`: <strong class="hedge">weak agreement</strong>, so the same component number may not mean the same place` : '';
  const chance = row.byRank.find((one) => one.rank === chosen)?.surrogates;
  const against = chance === undefined || chance.p === null ? null : html` Parcels of the same sizes and smoothness at random places reach ${coefficient(chance.mean)} on average, and 95 % of them stay below ${coefficient(chance.q95)}${chance.p >= alpha && html`: <strong class="hedge">the agreement is not beyond that</strong>`}.`;
  return html`The parcellations of ${row.a} and ${row.b} agree with an <strong>adjusted Rand index of ${coefficient(row.ari)}</strong> (1: identical, 0: as by chance)${verdict}.${against}`;
}
