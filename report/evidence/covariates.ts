/** Effects of age, sex and whatever else the models hold constant. */
import type { CohortResults, CovariateRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { figure } from '../figure.js';
import { forestFigure, type ForestRow } from '../figures/forest.js';
import { ageFigure } from '../figures/lines.js';
import { stripFigure } from '../figures/strip.js';
import { styleOf } from '../figures/styles.js';
import { formatCoefficient, formatNumber, formatP } from '../format.js';
import { html, slug, type Child, type Html } from '../html.js';
import { folded } from '../table.js';
import { list, metricName } from '../words.js';
import { everyNth, thinned } from './thinned.js';

type Named = [name: string, cohort: CohortResults];

/** Of a term of a linear model, from its F: exact. */
const partialEta = ({ F, df1, df2 }: CovariateRow): number | null => (F === null || df1 === null || df2 === null ? null : (F * df1) / (F * df1 + df2));

export function covariateEvidence(context: ReportContext, tested: readonly Named[]): Child {
  const ages = byAge(context), sexes = bySex(context);
  return html`${effects(context, tested)}${ages.length > 0 && folded('Every index by age', html`${ages}`)}${sexes.length > 0 && folded('Every index by sex', html`${sexes}`)}`;
}

function effects(context: ReportContext, tested: readonly Named[]): Child {
  const cohorts = tested.filter(([, cohort]) => cohort.covariates.length > 0), metrics = context.results.parameters.metrics.map((metric) => metric.name);
  const terms = [...new Set(cohorts.flatMap(([, cohort]) => cohort.covariates.map((row) => row.term)))];
  const highest = Math.max(0.05, ...cohorts.flatMap(([, cohort]) => cohort.covariates.map((row) => partialEta(row) ?? 0)));
  const rowsOf = (cohort: CohortResults): ForestRow[] => [...cohort.covariates].sort((a, b) => terms.indexOf(a.term) - terms.indexOf(b.term) || metrics.indexOf(a.metric) - metrics.indexOf(b.metric) || a.component - b.component).map((row, place, all) => ({
    label: `${row.term}: ${metricName(row.metric)} ${row.component}`, opens: place > 0 && all[place - 1]?.term !== row.term, value: partialEta(row), low: null, high: null, strong: (row.p ?? 1) < context.alpha, style: terms.indexOf(row.term),
    told: `${row.term}, ${metricName(row.metric)} of component ${row.component}: ${partialEta(row) === null ? 'not computed' : formatCoefficient(partialEta(row) ?? 0)}${row.p === null ? '' : `, p ${formatP(row.p, context.alpha)} (not adjusted)`}`,
  }));
  return figure({
    id: 'covariates-figure',
    panels: cohorts.map(([name, cohort]) => forestFigure({ id: slug('covariates', name), name, title: `Effects of the covariates, ${name}`, description: `Partial eta squared. ${rowsOf(cohort).map((row) => row.told).join('; ')}.`, label: 'partial η²', rows: rowsOf(cohort), domain: [0, highest * 1.05], letters: 24, legend: terms.map((label, place) => ({ label, style: styleOf(place) })) })),
    caption: html`<strong>Effects of the covariates</strong> (${list(terms)}) on every index: partial η² in the model with group. Filled: p below ${context.alpha}, not adjusted; these tests only say why the covariates are there. ${list(cohorts.map(([name, { ancova }]) => `n = ${Math.max(...ancova.map((row) => row.n))} in ${name}`))}.`,
    data: { columns: ['cohort', 'component', 'metric', 'term', 'partial_eta_squared', 'F', 'df1', 'df2', 'p'], rows: cohorts.flatMap(([name, { covariates }]) => covariates.map((row) => [name, row.component, row.metric, row.term, partialEta(row), row.F, row.df1, row.df2, row.p])) },
  });
}

const componentsOf = (cohort: CohortResults): number[] => Array.from({ length: cohort.parcellation?.rank ?? 0 }, (_, index) => index + 1);

function byAge(context: ReportContext): Html[] {
  return context.results.parameters.metrics.flatMap(({ name: metric }) => {
    const cohorts = context.cohorts.map(([name, cohort]) => ({ name, series: componentsOf(cohort).map((component) => ({ component, points: context.points(name, component, metric).flatMap(({ age, value, participant }) => (age === null ? [] : [{ age, value, participant }])) })).filter(({ points }) => new Set(points.map((point) => point.age)).size > 2) })).filter(({ series }) => series.length > 0);
    const made = figure({
      id: slug('age', metric), panels: cohorts.map(({ name, series }) => ageFigure({ id: slug('age', name, metric), name, title: `${metricName(metric)} by age, ${name}`, label: metricName(metric), unit: context.unit(metric), series, every: context.drawEvery })),
      caption: html`<strong>${metricName(metric)} by age.</strong> A point is a participant’s value in one component${everyNth(context)}; lines are least-squares fits to everyone, numbered by component, without other covariates. ${list(cohorts.map(({ name, series }) => `n = ${series[0]?.points.length ?? 0} in ${name}`))}.`,
      data: { columns: ['cohort', 'participant', 'component', 'age', metric], rows: cohorts.flatMap(({ name, series }) => series.flatMap(({ component, points }) => thinned(context, points).map((point) => [name, point.participant, component, point.age, point.value]))) },
    });
    return made === null ? [] : [made];
  });
}

function bySex(context: ReportContext): Html[] {
  const levels = [...new Set(context.cohorts.flatMap(([name, cohort]) => componentsOf(cohort).slice(0, 1).flatMap((component) => context.results.parameters.metrics.flatMap(({ name: metric }) => context.points(name, component, metric).flatMap(({ sex }) => sex ?? [])))))].sort();
  if (levels.length < 2) return [];
  const half = 0.36 / levels.length, offset = (place: number): number => (place - (levels.length - 1) / 2) * half * 2.1;
  return context.results.parameters.metrics.flatMap(({ name: metric }) => {
    const cohorts = context.cohorts.filter(([name, cohort]) => componentsOf(cohort).some((component) => context.points(name, component, metric).length > 0));
    const points = (name: string, component: number, sex: string) => context.points(name, component, metric).filter((point) => point.sex === sex);
    const made = figure({
      id: slug('sex', metric),
      panels: cohorts.map(([name, cohort]) => {
        const columns = componentsOf(cohort).flatMap((component) => levels.map((sex, place) => ({ name: sex, place: component - 1 + offset(place), style: place, points: points(name, component, sex).map((point) => ({ value: point.value, told: '' })) })));
        const told = componentsOf(cohort).map((component) => `component ${component}: ${levels.map((sex) => { const own = points(name, component, sex); return `${sex} ${own.length === 0 ? 'none' : formatNumber(own.reduce((sum, point) => sum + point.value, 0) / own.length)}`; }).join(', ')}`).join('; ');
        return stripFigure({ id: slug('sex', name, metric), name, title: `${metricName(metric)} by sex, ${name}`, description: `Means, ${told}.`, label: metricName(metric), unit: context.unit(metric), labels: componentsOf(cohort).map(String), xLabel: 'component', columns, half: half * 0.9, every: context.drawEvery, plain: true, legend: levels.map((label, place) => ({ label, style: styleOf(place) })) });
      }),
      caption: html`<strong>${metricName(metric)} by sex.</strong> Boxes span the quartiles, their line is the median, the mark the mean; without other covariates. ${list(cohorts.map(([name]) => html`${name}: ${list(levels.map((sex) => `${points(name, 1, sex).length} ${sex}`))}`))}.`,
      data: { columns: ['cohort', 'participant', 'component', 'sex', metric], rows: cohorts.flatMap(([name, cohort]) => componentsOf(cohort).flatMap((component) => thinned(context, levels.flatMap((sex) => points(name, component, sex))).map((point) => [name, point.participant, component, point.sex, point.value]))) },
    });
    return made === null ? [] : [made];
  });
}
