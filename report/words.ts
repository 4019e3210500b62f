/** Small pieces of English. */
import { html, join, type Child, type Html } from './html.js';

/** "a", "a and b", "a, b and c". */
export function list(items: readonly Child[], conjunction = 'and'): Html {
  if (items.length < 2) return html`${items}`;
  return html`${join(items.slice(0, -1), ', ')} ${conjunction} ${items[items.length - 1]}`;
}

/** "1 participant", "3 participants". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const ACRONYMS = new Set(['md', 'fa', 'ad', 'rd', 'ct', 'sa', 'mt', 'r1', 'qsm']);

/** A metric as it is read: the study's name, common acronyms in capitals. */
export function metricName(metric: string): string {
  return ACRONYMS.has(metric) ? metric.toUpperCase() : metric;
}

/** "thickness of component 1"; a relation with Glx itself has no component. */
export function indexName(row: { component: number | null; metric: string }): string {
  return row.component === null ? glxName(row.metric) : `${metricName(row.metric)} of component ${row.component}`;
}

export function glxName(metabolite: string): string {
  return /^(glx|glu\+gln)$/i.test(metabolite) ? 'Glx' : metabolite;
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Indices told by metric: "thickness of components 1 and 2; md of component 1". */
export function indexList(rows: readonly { component: number; metric: string }[]): Html {
  const byMetric = new Map<string, number[]>();
  for (const row of rows) byMetric.set(row.metric, [...(byMetric.get(row.metric) ?? []), row.component]);
  const parts = [...byMetric].map(([metric, components]) => {
    const sorted = [...components].sort((a, b) => a - b);
    return html`${metricName(metric)} of ${sorted.length === 1 ? 'component' : 'components'} ${list(sorted)}`;
  });
  return list(parts);
}

/** "every cohort", "both cohorts" or the one cohort's name. */
export function everyCohort(names: readonly string[]): string {
  if (names.length === 1) return names[0] ?? '';
  return names.length === 2 ? 'both cohorts' : `all ${names.length} cohorts`;
}
