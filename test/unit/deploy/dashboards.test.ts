/** What dashboards and alert rules ask for must be something that workers say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metricsIn, read, ROOT, yaml, type Document } from './files.js';

const sources = readdirSync(join(ROOT, 'workers')).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(ROOT, 'workers', name), 'utf8')).join('\n');
/** As the exporter names the parts of a histogram. */
const base = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');

function said(name: string): boolean {
  return name.startsWith('temporal_') || sources.includes(`'${name}'`) || sources.includes(`'${base(name)}'`) || sources.includes(`'${name.replace(/_total$/, '')}'`);
}

/** Every expression of a dashboard, whatever panel it is in. */
function expressions(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(expressions);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, v]) => ((key === 'expr' || key === 'query') && typeof v === 'string' ? [v] : expressions(v)));
}

describe('what is watched', () => {
  it('the dashboard asks for metrics that workers have', () => {
    const asked = [...new Set(expressions(JSON.parse(read('deploy/grafana/sulcus.json'))).flatMap(metricsIn))];
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !said(name))).toEqual([]);
  });

  it('the alert rules do, too', () => {
    const rules = (yaml('deploy/prometheus/alerts.yml') as { groups: { rules: Document[] }[] }).groups.flatMap((g) => g.rules);
    const asked = [...new Set(rules.flatMap((rule) => metricsIn(rule['expr'] as string)))];
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !said(name))).toEqual([]);
    expect(said('sulcus_no_such_metric_total')).toBe(false);
  });
});
