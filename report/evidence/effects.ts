/** Effect sizes with intervals: the group term of every index, and the pairs of the replicated ones. */
import type { CohortResults, PairRow } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { figure } from '../figure.js';
import { forestFigure, type ForestRow } from '../figures/forest.js';
import { styleOf } from '../figures/styles.js';
import { formatCoefficient, formatP, formatStatistic } from '../format.js';
import { html, slug, type Child } from '../html.js';
import { isSignificant } from '../numbers.js';
import { list, metricName } from '../words.js';
import { percent } from './uncertainty.js';

type Named = [name: string, cohort: CohortResults];

const between = (low: number | null | undefined, high: number | null | undefined, format: (value: number) => string): string => (low == null || high == null ? '' : `, interval ${format(low)} to ${format(high)}`);

/** Partial eta squared of the group term for all components and metrics. */
export function effectsFigure(context: ReportContext, tested: readonly Named[]): Child {
  const order = context.results.parameters.metrics.map((metric) => metric.name);
  const rowsOf = ({ ancova }: CohortResults): (ForestRow & { n: number })[] => [...ancova].sort((a, b) => order.indexOf(a.metric) - order.indexOf(b.metric) || a.component - b.component).map((row, index, all) => ({
    label: `${metricName(row.metric)}, component ${row.component}`, opens: index > 0 && all[index - 1]?.metric !== row.metric, n: row.n, value: row.partialEtaSquared,
    low: row.partialEtaSquaredInterval?.low ?? null, high: row.partialEtaSquaredInterval?.high ?? null, strong: row.significant, style: Math.max(0, order.indexOf(row.metric)),
    told: `${metricName(row.metric)}, component ${row.component}: ${row.partialEtaSquared === null ? 'not computed' : formatCoefficient(row.partialEtaSquared)}${between(row.partialEtaSquaredInterval?.low, row.partialEtaSquaredInterval?.high, formatCoefficient)}${row.pAdjusted === null ? '' : `; adjusted p ${formatP(row.pAdjusted, context.alpha)} (${row.familySize} comparisons)`}`,
  }));
  const panels = tested.map(([name, cohort]) => ({ name, cohort, rows: rowsOf(cohort) }));
  const highest = Math.max(0.05, ...panels.flatMap(({ rows }) => rows.flatMap((row) => [row.value ?? 0, row.high ?? 0])));
  const interval = tested.flatMap(([, cohort]) => cohort.ancova).find((row) => row.partialEtaSquaredInterval !== undefined)?.partialEtaSquaredInterval;
  return figure({
    id: 'effects-figure',
    panels: panels.map(({ name, cohort, rows }) => forestFigure({ id: slug('effects', name), name, title: `Group effect of every index, ${name}`, description: `Partial eta squared of the group term; ${cohort.ancova.filter((row) => row.significant).length} of ${cohort.ancova.length} significant. ${rows.map((row) => row.told).join('; ')}.`, label: 'partial η²', rows, domain: [0, highest * 1.05] })),
    caption: html`<strong>Group effect of every index.</strong> Partial η² of the group term (covariates: ${list(context.results.parameters.covariates)})${interval !== undefined && ` with its ${percent(interval.confidence)} interval`}; filled where significant after adjustment within the cohort (${list(tested.map(([, { ancova }]) => `family ${ancova[0]?.family ?? ''}, ${ancova[0]?.familySize ?? 0} comparisons`))}), hollow where not. ${list(tested.map(([name, { ancova }]) => `n = ${Math.max(...ancova.map((row) => row.n))} in ${name}`))}.`,
    data: { columns: ['cohort', 'component', 'metric', 'n', 'partial_eta_squared', 'low', 'high', 'p_adjusted', 'family', 'family_size'], rows: tested.flatMap(([name, { ancova }]) => ancova.map((row) => [name, row.component, row.metric, row.n, row.partialEtaSquared, row.partialEtaSquaredInterval?.low ?? null, row.partialEtaSquaredInterval?.high ?? null, row.pAdjusted, row.family, row.familySize])) },
  });
}

/** Hedges's g of every pair of every replicated index; nothing without them. */
export function differencesFigure(context: ReportContext, tested: readonly Named[]): Child {
  const panels = tested.flatMap(([name, cohort]) => (cohort.pairs.some((row) => row.hedgesG?.g != null) ? [{ name, cohort }] : []));
  const index = (row: PairRow): string => `${metricName(row.metric)} ${row.component ?? ''}`;
  const metrics = context.results.parameters.metrics.map((metric) => metric.name);
  const reach = Math.max(0.5, ...panels.flatMap(({ cohort }) => cohort.pairs.flatMap((row) => [row.hedgesG?.low, row.hedgesG?.high].map((value) => Math.abs(value ?? 0)))));
  const rowsOf = ({ pairs }: CohortResults): ForestRow[] => pairs.map((row, place) => ({
    label: `${index(row)}: ${row.a} − ${row.b}`, opens: place > 0 && index(row) !== index(pairs[place - 1] ?? row), value: row.hedgesG?.g ?? null, low: row.hedgesG?.low ?? null, high: row.hedgesG?.high ?? null,
    strong: isSignificant(row, context.alpha), style: Math.max(0, metrics.indexOf(row.metric)),
    told: `${index(row)}, ${row.a} minus ${row.b}: g ${row.hedgesG?.g == null ? 'not computed' : formatStatistic(row.hedgesG.g)}${between(row.hedgesG?.low, row.hedgesG?.high, formatStatistic)}${row.pAdjusted === null ? '' : `; adjusted p ${formatP(row.pAdjusted, context.alpha)} (${row.familySize} comparisons)`}`,
  }));
  const confidence = panels.flatMap(({ cohort }) => cohort.pairs).find((row) => row.hedgesG !== undefined)?.hedgesG?.confidence ?? 0.95;
  return figure({
    id: 'differences-figure',
    panels: panels.map(({ name, cohort }) => forestFigure({ id: slug('differences', name), name, title: `Differences between pairs of groups, ${name}`, description: `Hedges's g. ${rowsOf(cohort).map((row) => row.told).join('; ')}.`, label: 'Hedges’s g (first group minus second)', rows: rowsOf(cohort), domain: [-reach * 1.05, reach * 1.05], letters: 30, legend: metrics.flatMap((metric, place) => (cohort.pairs.some((row) => row.metric === metric) ? [{ label: metricName(metric), style: styleOf(place) }] : [])) })),
    caption: html`<strong>Pairs of groups, replicated indices.</strong> Hedges’s g of the adjusted means with its ${percent(confidence)} interval; filled where significant after adjustment within the index, hollow where not. n of each pair is in the tables below.`,
    data: { columns: ['cohort', 'component', 'metric', 'a', 'b', 'n', 'g', 'low', 'high', 'p_adjusted', 'family', 'family_size'], rows: panels.flatMap(({ name, cohort }) => cohort.pairs.map((row) => [name, row.component, row.metric, row.a, row.b, row.n, row.hedgesG?.g ?? null, row.hedgesG?.low ?? null, row.hedgesG?.high ?? null, row.pAdjusted, row.family, row.familySize])) },
  });
}
