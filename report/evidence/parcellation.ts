/** The parcellation: on the surface, its certificate, and what distinguishes the components. */
import type { ReportContext } from '../context.js';
import { figure } from '../figure.js';
import { profileFigure, type Profile } from '../figures/lines.js';
import { extent } from '../figures/scale.js';
import { deviation, mean } from '../figures/summary.js';
import { html, slug, type Child, type Html } from '../html.js';
import { count, measured } from '../numbers.js';
import { table } from '../table.js';
import { list, metricName } from '../words.js';

/** `brains`: the parcellation drawn on the surface, where there is one. */
export function parcellationEvidence(context: ReportContext, brains: Child): Html {
  const rows = context.cohorts.flatMap(([name, cohort]) => (cohort.parcellation === null ? [] : [{ name, cohort, fit: cohort.parcellation }]));
  const absent = context.cohorts.filter(([, cohort]) => cohort.parcellation === null).map(([name]) => name);
  return html`<section id="parcellation"><h3>Parcellation and its certificate</h3>${absent.length > 0 && html`<p>No parcellation of ${list(absent)}.</p>`}${brains}${rows.map(({ name, fit }) => sizes(name, fit.sizes, fit.converged))}${profiles(context)}${table({
    caption: 'Final fits',
    note: `The residual says how far W is from satisfying the optimality condition of OPNMF (tolerance ${context.results.parameters.tolerance}); “spread” is the relative difference between the worst and the best error of the starts that were finished to be compared.`,
    rows,
    mark: ({ fit }) => (fit.converged ? null : 'warn'),
    columns: [
      { head: 'cohort', cell: (row) => row.name, header: true },
      { head: 'rank', cell: ({ fit }) => count(fit.rank), numeric: true },
      { head: 'vertices (left, right)', cell: ({ cohort }) => html`${count(cohort.vertices)} (${cohort.region.left ?? '–'}, ${cohort.region.right ?? '–'})${cohort.region.midlineDropped > 0 && html`; ${count(cohort.region.midlineDropped)} midline removed`}`, numeric: true },
      { head: 'error', cell: ({ fit }) => measured(fit.error, 6), numeric: true },
      { head: 'residual', cell: ({ fit }) => measured(fit.residual), numeric: true },
      { head: 'converged', cell: ({ fit }) => (fit.converged ? 'yes' : html`<strong class="hedge">⚠ no</strong>`) },
      { head: 'iterations', cell: ({ fit }) => count(fit.iterations), numeric: true },
      { head: 'solver', cell: ({ fit }) => fit.solver },
      { head: 'stopped', cell: ({ fit }) => fit.stopped },
      { head: 'spread', cell: ({ fit }) => (fit.spread === null ? html`<span class="reason">one start</span>` : measured(fit.spread)), numeric: true },
    ],
  })}</section>\n`;
}

/** Share of the region by component, in words. */
function sizes(name: string, components: readonly number[], converged: boolean): Html {
  const total = components.reduce((sum, size) => sum + size, 0);
  return html`<p class="sizes" id="${slug('sizes', name)}"><b>${name}</b>${!converged && html` <span class="hedge">⚠ not converged</span>`}: ${list(components.map((size, index) => html`<span data-component="${index + 1}"><span class="swatch" style="background:var(--k${index + 1})"></span>component ${index + 1}</span> has ${count(size)} vertices (${total > 0 ? Math.round((size / total) * 100) : 0} %)`))}.</p>`;
}

/** Mean of each metric in each component, minus the mean over components, in SDs between participants. */
function profiles(context: ReportContext): Child {
  const metrics = context.results.parameters.metrics.map((metric) => metric.name);
  const cohorts = context.cohorts.flatMap(([name, cohort]) => {
    const rank = cohort.parcellation?.rank ?? 0, components = Array.from({ length: rank }, (_, index) => index + 1);
    const found = profilesOf(metrics.map((metric) => components.map((component) => context.points(name, component, metric).map((point) => point.value))));
    return found.some((profile) => profile.values.some((value) => value !== null)) ? [{ name, subjects: cohort.subjects, found }] : [];
  });
  const domain = extent(cohorts.flatMap(({ found }) => found.flatMap(({ values }) => values.filter((value): value is number => value !== null))), 0.1);
  return figure({
    id: 'profiles-figure',
    panels: cohorts.map(({ name, found }) => profileFigure({ id: slug('profiles', name), name, title: `Profile of the components over metrics, ${name}`, metrics: metrics.map(metricName), profiles: found, domain, description: found.map(({ component, values }) => `component ${component}: ${values.map((value, place) => `${metricName(metrics[place] ?? '')} ${value === null ? 'unknown' : value.toFixed(2)}`).join(', ')}`).join('; ') })),
    caption: html`<strong>Profile of each component.</strong> Mean of a metric in the component minus its mean over components, in standard deviations between participants: what sets a component apart, in every metric at once. Participants: ${list(cohorts.map(({ name, subjects }) => `n = ${subjects} in ${name}`))}.`,
    data: { columns: ['cohort', 'component', 'metric', 'difference_sd'], rows: cohorts.flatMap(({ name, found }) => found.flatMap(({ component, values }) => values.map((value, place) => [name, component, metrics[place] ?? '', value]))) },
  });
}

/** `values`: by metric and component, of every participant. */
function profilesOf(values: readonly (readonly (readonly number[])[])[]): Profile[] {
  const scaled = values.map((components) => {
    const known = components.filter((one) => one.length > 0), centre = mean(known.map(mean)), unit = mean(known.map(deviation));
    return components.map((one) => (one.length === 0 || !(unit > 0) ? null : (mean(one) - centre) / unit));
  });
  return (values[0] ?? []).map((_, index) => ({ component: index + 1, values: scaled.map((metric) => metric[index] ?? null) }));
}
