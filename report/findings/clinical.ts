/** Relations with clinical measures, or their absence. */
import type { ClinicalRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { html, type Child, type Html } from '../html.js';
import { adjusted, degrees, isSignificant, isWeak, measured, statistic } from '../numbers.js';
import { indexName, list, plural } from '../words.js';

export interface ClinicalTest {
  name: string;
  row: ClinicalRow;
}

/** Tests of the indices and of the metabolite together. */
export function clinicalTests(context: ReportContext): ClinicalTest[] {
  return context.cohorts.flatMap(([name, cohort]) => [...cohort.clinical, ...(cohort.glx?.clinical ?? [])].map((row) => ({ name, row })));
}

export function clinicalFinding(context: ReportContext): Child {
  const tests = clinicalTests(context);
  if (tests.length === 0) return html`<p>No clinical relation was tested${context.results.replicated.length === 0 && ': it takes an index that replicated'}.</p>`;
  const possible = tests.filter(({ row }) => row.p !== null);
  const found = possible.filter(({ row }) => isSignificant(row, context.alpha));
  const undone = tests.length - possible.length;
  const rest = undone > 0 && html` ${plural(undone, 'test')} could not be computed (reasons in the table).`;
  if (found.length > 0) return html`<p><strong>${found.length} of ${plural(possible.length, 'clinical test')} ${found.length === 1 ? 'was' : 'were'} significant</strong> after adjustment within ${found.length === 1 ? 'its' : 'their'} family; these analyses are exploratory.${rest}</p><ul>${found.map((test) => html`<li>${sentence(context, test)}</li>`)}</ul>`;
  const least = [...possible].sort((a, b) => (a.row.pAdjusted ?? 1) - (b.row.pAdjusted ?? 1))[0];
  const closest = least !== undefined && html` The smallest was ${subject(least.row)} with ${least.row.measure} in ${least.name}: ${adjusted(least.row, context.alpha)}.`;
  const measures = [...new Set(possible.map(({ row }) => row.measure))];
  return html`<p><strong>No clinical relation:</strong> none of ${plural(possible.length, 'test')} (${list(measures)}) was significant after adjustment.${closest} In samples of this size only large relations would have been.${rest}</p>`;
}

const subject = (row: ClinicalRow): string => (row.component === null ? 'Glx' : indexName(row));

function sentence(context: ReportContext, { name, row }: ClinicalTest): Html {
  const direction = (row.beta ?? 0) < 0 ? 'lower' : 'higher';
  return html`${subject(row)} is ${direction} where ${row.measure} is higher in ${name} (${list(row.groups)}, n = ${row.n}; beta = ${measured(row.beta)}, SE ${measured(row.se)}, t = ${statistic(row.t)}, df ${degrees(row.df)}, ${adjusted(row, context.alpha)}${isWeak(row, context.alpha) && html`; <em class="hedge">weak evidence</em>`}).`;
}
