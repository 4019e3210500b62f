/** Evidence for group differences: every index at a glance, each replicated one by participant, the tables. */
import type { CohortResults, ReplicatedIndex } from '../../contracts/results.js';
import { ofIndex, type ReportContext } from '../context.js';
import { figure } from '../figure.js';
import { bracketLevels, type Bracket } from '../figures/brackets.js';
import { groupFigure } from '../figures/groups.js';
import { html, slug, type Child } from '../html.js';
import { adjusted, fTest, isSignificant } from '../numbers.js';
import { folded } from '../table.js';
import { capitalise, indexName, metricName } from '../words.js';
import { covariateEvidence } from './covariates.js';
import { differencesFigure, effectsFigure } from './effects.js';
import { ancovaTable, covariateTable, meansTable, pairTable } from './group-tables.js';
import { residualEvidence } from './residuals.js';
import { everyNth, thinned } from './thinned.js';
import { assumptionTable } from './uncertainty.js';

export function groupEvidence(context: ReportContext): Child {
  if (!context.analysed) return null;
  const tested = context.cohorts.filter(([, cohort]) => cohort.ancova.length > 0);
  return html`<section id="groups"><h3>Differences between groups</h3>
${effectsFigure(context, tested)}
${context.results.replicated.map((index) => indexFigure(context, index))}
${differencesFigure(context, tested)}
${tested.map(([name, cohort]) => ancovaTable(context, name, cohort))}
${tested.map(([name, cohort]) => folded(`Adjusted means, ${name}`, meansTable(context, name, cohort)))}
${tested.map(([name, cohort]) => pairTable(context, `Pairs of groups, ${name}`, name, cohort.pairs))}
${tested.map(([name, cohort]) => cohort.pairsAlternative.length > 0 && folded(`Pairs by the ${cohort.pairsAlternative[0]?.method ?? 'other'} method, ${name}`, pairTable(context, `Pairs of groups by the ${cohort.pairsAlternative[0]?.method ?? 'other'} method, ${name}`, name, cohort.pairsAlternative)))}
${covariateEvidence(context, tested)}
${tested.map(([name, cohort]) => cohort.covariates.length > 0 && folded(`Effects of the covariates, ${name}`, covariateTable(context, name, cohort)))}
${residualEvidence(context)}${tested.map(([name, cohort]) => assumptionTable(context, name, cohort))}</section>\n`;
}

/** The paper's figure 2, one index. */
function indexFigure(context: ReportContext, index: ReplicatedIndex): Child {
  const title = capitalise(indexName(index));
  const significant = (results: CohortResults): Bracket[] => ofIndex(results.pairs, index).flatMap((pair) => (isSignificant(pair, context.alpha) ? [{ a: pair.a, b: pair.b, pAdjusted: pair.pAdjusted ?? 1 }] : []));
  const levels = Math.max(0, ...context.cohorts.map(([, results]) => bracketLevels(Object.keys(results.groups), significant(results))));
  const points = (cohort: string, group?: string) => context.points(cohort, index.component, index.metric).filter((point) => group === undefined || point.group === group);
  const panels = context.cohorts.filter(([, results]) => Object.keys(results.groups).length > 0).map(([cohort, results]) => {
    const row = ofIndex(results.ancova, index)[0];
    const columns = Object.keys(results.groups).map((group) => {
      const estimate = row?.marginalMeans?.find((one) => one.group === group);
      return { name: group, style: context.groupStyle(group), values: points(cohort, group), adjusted: estimate === undefined ? null : { mean: estimate.mean, se: estimate.se } };
    });
    return groupFigure({ id: slug('groups', cohort, index.metric, index.component), name: cohort, title: `${title} by group, ${cohort}`, label: metricName(index.metric), unit: context.unit(index.metric), columns, brackets: significant(results), levels, every: context.drawEvery, alpha: context.alpha });
  });
  const drawn = context.cohorts.some(([cohort]) => points(cohort).length > 0);
  const tests = context.cohorts.map(([cohort, results]) => {
    const row = ofIndex(results.ancova, index)[0], family = ofIndex(results.pairs, index)[0];
    return row !== undefined && html` ${capitalise(cohort)}: n = ${row.n}, ${fTest(row)}, ${adjusted(row, context.alpha)} (family ${row.family})${family !== undefined && html`; pairs adjusted in ${family.family}, ${family.familySize} comparisons`}.`;
  });
  return figure({
    id: slug('figure', index.metric, index.component), panels, component: index.component,
    caption: html`<strong>${title}.</strong> ${drawn ? html`Each mark is a participant${everyNth(context)}; the box spans the quartiles, its thin line is the median, the thick line the mean.` : 'Adjusted means with one standard error.'} Brackets: adjusted p of the significant pairs. Each cohort has its own axis.${tests}`,
    data: { columns: ['cohort', 'participant', 'group', index.metric], rows: context.cohorts.flatMap(([cohort]) => thinned(context, points(cohort)).map((point) => [cohort, point.participant, point.group, point.value])) },
  });
}
