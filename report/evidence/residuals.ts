/** Residuals of the group models, drawn for each replicated index (the first index of each metric when none was). */
import type { ReplicatedIndex } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { figure } from '../figure.js';
import { normalFigure, residualFigure } from '../figures/residuals.js';
import { html, slug, type Child } from '../html.js';
import { folded } from '../table.js';
import { capitalise, indexName, list, metricName } from '../words.js';
import { everyNth, thinned } from './thinned.js';

export function residualEvidence(context: ReportContext): Child {
  const { replicated, parameters } = context.results;
  const shown: ReplicatedIndex[] = replicated.length > 0 ? replicated : parameters.metrics.map(({ name }) => ({ component: 1, metric: name }));
  const figures = shown.map((index) => residuals(context, index)).filter((one) => one !== null);
  return figures.length > 0 && folded(`Residuals of the group models, ${replicated.length > 0 ? 'replicated indices' : 'component 1'}`, html`${figures}`);
}

function residuals(context: ReportContext, { component, metric }: ReplicatedIndex): Child {
  const cohorts = context.cohorts.map(([name, cohort]) => ({ name, groups: Object.keys(cohort.groups).map((group) => ({ name: group, style: context.groupStyle(group) })), residuals: context.residuals(name, component, metric) })).filter((one) => one.residuals.length > 0);
  const title = capitalise(indexName({ component, metric })), every = context.drawEvery;
  return figure({
    id: slug('residuals', metric, component), component,
    panels: cohorts.flatMap(({ name, groups, residuals: own }) => [
      residualFigure({ id: slug('residual', name, metric, component), name, title: `Residuals of ${indexName({ component, metric })}, ${name}`, label: metricName(metric), unit: context.unit(metric), groups, residuals: own, every }),
      normalFigure({ id: slug('normal', name, metric, component), name: `${name}, against normal`, title: `Residuals of ${indexName({ component, metric })} against the normal distribution, ${name}`, residuals: own, every }),
    ]),
    caption: html`<strong>${title}, residuals.</strong> Left: standardised residuals against fitted values${everyNth(context)}; right: in order against normal quantiles. ${list(cohorts.map(({ name, residuals: own }) => `n = ${own.length} in ${name}`))}.`,
    data: { columns: ['cohort', 'participant', 'group', 'fitted', 'standardised_residual'], rows: cohorts.flatMap(({ name, residuals: own }) => thinned(context, own).map((one) => [name, one.participant, one.group, one.fitted, one.standardised])) },
  });
}
