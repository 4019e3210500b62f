/** The dashboard can be laid out, and the page on monitoring knows every metric, alert variable and log field there is. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BoundedLabels, METRICS } from '../../../workers/metrics.js';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

interface Panel { id: number; type: string; title: string; description?: string; gridPos: { x: number; y: number; w: number; h: number }; targets?: { expr: string; legendFormat: string }[] }

describe('the dashboard', () => {
  const { panels, templating } = JSON.parse(read('deploy/grafana/sulcus.json')) as { panels: Panel[]; templating: { list: { name: string }[] } };

  it('has panels that lie beside one another, each with its own id, a title and a sentence', () => {
    expect(new Set(panels.map((p) => p.id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`));
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map((p) => p.gridPos.x + p.gridPos.w))).toBeLessThanOrEqual(24);
    for (const p of panels.filter((one) => one.type !== 'row')) expect([p.title, p.description, p.targets?.length].every(Boolean), p.title).toBe(true);
  });

  it('uses no variable that it does not define', () => {
    const defined = new Set([...templating.list.map((v) => v.name), '__rate_interval', '__range']);
    const used = panels.flatMap((p) => p.targets ?? []).flatMap(({ expr }) => [...expr.matchAll(/\$(\w+)/g)].map(([, name = '']) => name));
    expect(used.filter((name) => !defined.has(name))).toEqual([]);
    expect(used).toContain('instance');
  });
});

describe('the page', () => {
  const page = read('docs/monitoring.md');

  it('lists every metric, and no other', () => {
    const served = Object.entries(METRICS).map(([name, { kind }]) => (kind === 'counter' ? `${name}_total` : name)).sort();
    const listed = [...page.matchAll(/^\| (`(?:sulcus|process)_[^|]*) \| (?:histogram|counter|gauge) /gm)].flatMap(([, names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)).sort();
    expect(listed).toEqual(served);
  });

  it('lists every variable that a worker reads', () => {
    const sources = ['workers/args.ts', 'workers/health-checks.ts', 'workers/log.ts'].map(read).join('\n');
    const variables = [...sources.matchAll(/'(SULCUS_\w+)'/g)].map(([, name = '']) => name);
    expect(variables.length).toBeGreaterThan(2);
    for (const name of [...variables, 'SULCUS_METRICS_PORT', 'SULCUS_METRICS_HOST', 'SULCUS_HEALTH_PORT', 'SULCUS_HEALTH_HOST']) expect(page).toContain(name);
  });
});

describe('labels', () => {
  it('are bounded: what comes after the first 60 values is `other`', () => {
    const labels = new BoundedLabels();
    const bound = (metric: string, cohort: string): string | undefined => labels.bound(metric, { cohort })['cohort'];
    const seen = Array.from({ length: 500 }, (_, i) => bound('sulcus_fits', `c${i}`));
    expect(new Set(seen)).toEqual(new Set([...Array.from({ length: 60 }, (_, i) => `c${i}`), 'other']));
    expect(bound('sulcus_fits', 'c3')).toBe('c3');
    expect(bound('sulcus_checkpoints', 'c499')).toBe('c499'); // each metric by itself
  });
});
