/** The second section: what a careful reader should doubt, as the run recorded it and as the results show it. */
import type { CohortResults } from '../contracts/results.js';
import { ofIndex, rankRow, type ReportContext } from './context.js';
import { decidedBy } from './decisions.js';
import { html, type Child, type Html } from './html.js';
import { coefficient, isSignificant, measured } from './numbers.js';
import { spectrumReason } from './reasons.js';
import { table } from './table.js';
import { indexName, list, plural } from './words.js';

/** Groups below this size are named: with 20 a side, a difference of half a standard deviation is found one time in three. */
const SMALL_GROUP = 20;

export function doubtsSection(context: ReportContext): Html {
  const { doubts } = context.results;
  const seen = [...ranks(context), ...fits(context), ...smallGroups(context), ...agreement(context), ...methods(context), ...impossible(context)];
  const recorded = doubts.length > 0 ? html`<ul>${doubts.map((doubt) => html`<li>${context.pseudonyms.redact(doubt)}</li>`)}</ul>` : html`<p>The run recorded no doubt of its own.</p>`;
  return html`<section id="doubts"><h2>What to doubt</h2>
<h3>Recorded by the run</h3>${recorded}
${seen.length > 0 && html`<h3>Seen in the results</h3><ul>${seen.map((line) => html`<li>${line}</li>`)}</ul>`}
<h3>Participants left out</h3>${exclusions(context)}${spectra(context)}</section>\n`;
}

function ranks(context: ReportContext): Child[] {
  const { rank, parameters } = context.results;
  const unstable = context.cohorts.flatMap(([name, cohort]) => {
    const mean = rankRow(cohort, rank.chosen)?.stability.mean;
    return mean !== undefined && mean !== null && mean <= parameters.threshold ? [html`${coefficient(mean)} in ${name}`] : [];
  });
  if (rank.doubt) return [html`<strong>Unstable rank:</strong> no rank was stable in every cohort; rank ${rank.chosen ?? '–'} was the best of them${unstable.length > 0 && html` (${list(unstable)}, threshold ${parameters.threshold})`}.`];
  return unstable.length === 0 ? [] : [html`<strong>Unstable rank:</strong> at rank ${rank.chosen ?? '–'} mean stability was ${list(unstable)}, not above ${parameters.threshold}.`];
}

function fits(context: ReportContext): Child[] {
  const final = context.cohorts.flatMap(([name, { parcellation }]) => (parcellation?.converged === false ? [html`⚠ <strong>Not converged:</strong> the parcellation of ${name} at rank ${parcellation.rank} stopped at a residual of ${measured(parcellation.residual)} (${parcellation.stopped}).`] : []));
  const evidence = context.cohorts.flatMap(([name, cohort]) => {
    const rows = cohort.ranks.filter((row) => row.notConverged > 0);
    return rows.length === 0 ? [] : [html`⚠ <strong>Not converged</strong> in ${name}: ${list(rows.map((row) => `${row.notConverged} of ${plural(row.fits, 'fit')} at rank ${row.rank}`))}. Stability and error of these ranks are marked wherever they are shown.`];
  });
  return [...final, ...evidence];
}

function smallGroups(context: ReportContext): Child[] {
  const small = context.cohorts.flatMap(([name, cohort]) => Object.entries(cohort.groups).filter(([, size]) => size < SMALL_GROUP).map(([group, size]) => `${group} in ${name} (${size})`));
  return small.length === 0 ? [] : [html`<strong>Small groups</strong> (fewer than ${SMALL_GROUP}): ${list(small)}.`];
}

function agreement({ results }: ReportContext): Child[] {
  return results.matching.filter((row) => row.ari !== null && row.ari < 0.5).map((row) => html`The parcellations of ${row.a} and ${row.b} agree weakly (adjusted Rand index ${coefficient(row.ari)}).`);
}

/** Pairs whose verdict depends on how the comparison is made. */
function methods(context: ReportContext): Child[] {
  const differing = context.cohorts.flatMap(([name, cohort]) =>
    cohort.pairs.flatMap((row) => {
      const other = ofIndex(cohort.pairsAlternative, row).find((one) => one.a === row.a && one.b === row.b);
      if (other === undefined || other.pAdjusted === null || row.pAdjusted === null || isSignificant(other, context.alpha) === isSignificant(row, context.alpha)) return [];
      return [html`${indexName(row)}, ${row.a} and ${row.b} in ${name} (significant by the ${isSignificant(row, context.alpha) ? row.method : other.method} method only)`];
    }),
  );
  return differing.length === 0 ? [] : [html`The two pairwise methods disagree on ${list(differing)}.`];
}

function impossible(context: ReportContext): Child[] {
  return context.cohorts.flatMap(([name, cohort]) => {
    const rows = [...cohort.demographics, ...cohort.covariates, ...cohort.ancova, ...cohort.pairs, ...(cohort.glx?.partial ?? []), ...cohort.clinical].filter((row) => row.p === null);
    return rows.length === 0 ? [] : [html`${plural(rows.length, 'analysis', 'analyses')} of ${name} could not be computed; the reason is beside each in the tables.`];
  });
}

function exclusions(context: ReportContext): Child {
  const rows = context.cohorts.flatMap(([cohort, { excluded }]) => excluded.map((row) => ({ cohort, ...row })));
  const none = context.cohorts.filter(([, cohort]) => cohort.excluded.length === 0).map(([name]) => name);
  const said = none.length > 0 && html`<p>${rows.length === 0 ? 'No participant was left out.' : html`None in ${list(none)}.`}</p>`;
  return html`${table({
    caption: 'Participants left out of the whole analysis',
    note: 'Numbered in the order of their identifiers within the cohort; results.json names them.',
    rows,
    columns: [
      { head: 'participant', cell: (row) => context.pseudonyms.of(row.cohort, row.id), header: true },
      { head: 'reason', text: true, cell: (row) => context.pseudonyms.redact(`${row.reason}${decidedBy(row)}`, row.cohort) },
      { head: 'what to do', text: true, cell: (row) => (row.remedy === undefined || row.remedy === null ? '' : context.pseudonyms.redact(row.remedy, row.cohort)) },
    ],
  })}${said}`;
}

function spectra(context: ReportContext): Child {
  const present = context.cohorts.flatMap(([name, { groups, glx }]) => (glx === null ? [] : [{ name, groups: Object.keys(groups), glx }]));
  if (present.length === 0) return null;
  const rows = present.flatMap(({ name, glx }) => glx.excluded.map((row) => ({ cohort: name, ...row })));
  const summary = present.map(({ name, glx }) => {
    const groups = [...new Set(glx.excluded.map((row) => row.group))].map((group) => `${glx.excluded.filter((row) => row.group === group).length} ${group}`);
    return html`${glx.excluded.length} in ${name}${groups.length > 0 && html` (${list(groups)})`}`;
  });
  return html`<h3>Spectra left out</h3><p>${list(summary)}.${unequal(present) && ' A loss that differs between groups can bias the relations with Glx.'}</p>${table({
    caption: 'Spectra left out of the Glx analyses',
    rows,
    columns: [
      { head: 'participant', cell: (row) => context.pseudonyms.of(row.cohort, row.id), header: true },
      { head: 'group', cell: (row) => row.group },
      { head: 'reason', text: true, cell: (row) => list(row.reasons.map((reason) => spectrumReason(reason))) },
      { head: 'S/N', cell: (row) => measured(row.snr), numeric: true },
      { head: 'FWHM (Hz)', cell: (row) => measured(row.fwhmHz), numeric: true },
      { head: '%SD', cell: (row) => measured(row.sdPercent), numeric: true },
    ],
  })}`;
}

/** One group lost at least three spectra more than another of its cohort. */
function unequal(present: readonly { groups: string[]; glx: NonNullable<CohortResults['glx']> }[]): boolean {
  return present.some(({ groups, glx }) => {
    const counts = new Map<string, number>();
    for (const row of glx.excluded) counts.set(row.group, (counts.get(row.group) ?? 0) + 1);
    const losses = groups.map((group) => counts.get(group) ?? 0);
    return Math.max(...losses) - Math.min(...losses) >= 3;
  });
}
