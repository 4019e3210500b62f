/** The findings in a few sentences, before the numbers. */
import { ofIndex, type ReportContext } from '../context.js';
import { html, type Child, type Html } from '../html.js';
import { coefficient, count, isSignificant, isWeak } from '../numbers.js';
import { everyCohort, glxName, indexList, list, metricName, plural } from '../words.js';
import { clinicalTests } from './clinical.js';

export function inShort(context: ReportContext): Child {
  if (!context.analysed || context.results.rank.chosen === null) return null;
  return html`<p class="lead">${[parcels(context), groups(context), metabolite(context), clinical(context)].filter((one) => one !== null).map((one, index) => html`${index > 0 && ' '}${one}`)}</p>`;
}

function parcels({ results, names }: ReportContext): Html {
  const aris = results.matching.map((row) => row.ari).filter((ari): ari is number => ari !== null), lowest = Math.min(...aris);
  const agreement = aris.length > 0 && html`, ${lowest < 0.5 ? 'on which the cohorts agree weakly' : `in similar places in ${everyCohort(names)}`} (adjusted Rand index ${coefficient(lowest)}${aris.length > 1 && ' at the lowest'})`;
  return html`The region was divided into ${count(results.rank.chosen)} components${agreement}${results.rank.doubt && html`; <em class="hedge">no number of components was stable</em>`}.`;
}

function groups(context: ReportContext): Html {
  const { replicated } = context.results, where = everyCohort(context.names);
  if (replicated.length === 0) return html`No index differed reliably among groups in ${where}.`;
  const weak = replicated.filter((index) => context.cohorts.some(([, cohort]) => ofIndex(cohort.ancova, index).some((row) => isWeak(row, context.alpha)))).length;
  return html`In ${where} groups differed in ${indexList(replicated)}${directions(context)}${weak > 0 && html` <em class="hedge">(weakly in ${weak} of ${replicated.length})</em>`}.`;
}

/** ": against HC, thickness is lower and MD higher", of the metrics whose significant pairs all point one way. */
function directions(context: ReportContext): Child {
  const reference = Object.keys(context.cohorts[0]?.[1].groups ?? {}).find((group) => context.cohorts.every(([, cohort]) => group in cohort.groups));
  const told = [...new Set(context.results.replicated.map((index) => index.metric))].flatMap((metric) => {
    const pairs = context.cohorts.flatMap(([, cohort]) => cohort.pairs.filter((row) => row.metric === metric && isSignificant(row, context.alpha) && (row.a === reference || row.b === reference)));
    const signs = new Set(pairs.map((row) => Math.sign(row.estimate ?? row.t ?? 0) * (row.b === reference ? 1 : -1)));
    return signs.size === 1 ? [`${metricName(metric)} ${signs.has(-1) ? 'lower' : 'higher'}`] : [];
  });
  return reference !== undefined && told.length > 0 && html`: against ${reference}, ${list(told)}`;
}

function metabolite(context: ReportContext): Html | null {
  const present = context.cohorts.flatMap(([, cohort]) => (cohort.glx === null ? [] : [cohort.glx])), tested = present.flatMap((glx) => glx.partial.filter((row) => row.r !== null));
  if (tested.length === 0) return null;
  const found = tested.filter((row) => isSignificant(row, context.alpha)), label = glxName(present[0]?.metabolite ?? 'Glx');
  return found.length === 0 ? html`None of ${plural(tested.length, 'relation')} with ${label} was significant.` : html`Of ${plural(tested.length, 'relation')} with ${label}, ${found.length} ${found.length === 1 ? 'was' : 'were'} significant (${[...new Set(found.map((row) => ((row.r ?? 0) < 0 ? 'negative' : 'positive')))].join(' and ')}).`;
}

function clinical(context: ReportContext): Html | null {
  const tested = clinicalTests(context).filter(({ row }) => row.p !== null), found = tested.filter(({ row }) => isSignificant(row, context.alpha)).length;
  if (tested.length === 0) return null;
  return found === 0 ? html`None of ${plural(tested.length, 'test')} of clinical measures was significant.` : html`${found} of ${plural(tested.length, 'test')} of clinical measures ${found === 1 ? 'was' : 'were'} significant.`;
}
