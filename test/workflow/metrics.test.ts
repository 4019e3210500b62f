/** A worker that is watched: its metrics tell what the results tell, its health tells what is broken, and none of it, nor its log, names anybody. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../client/temporal/ports.js';
import { parseLogLine, type LogLine } from '../../contracts/log-line.js';
import { METRICS } from '../../workers/metrics.js';
import { CLI, PLAIN, pidOf, readResults, smallStudy, start, until, type Finished, type SmallStudy } from './harness.js';
import { metricsIn, readScrape, sumOf, type Sample } from './prometheus.js';

const LONG = 600_000;
const deploy = (name: string): string => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url));
const distOf = (name: string): string => join(dirname(dirname(CLI)), name);

let study: SmallStudy, worker: { child: ChildProcess; finished: Promise<Finished> };
let metricsPort = 0, healthPort = 0, page = '';
let ids: string[] = [];
const at = (...parts: string[]): string => join(study.directory, ...parts);
const thickness = (id: string): string => at('tokyo', 'civet', id, 'thickness');

async function scrape(): Promise<Sample[]> {
  page = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return readScrape(page);
}

async function probe(path: string, port = healthPort): Promise<{ status: number; reasons: string[] }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, reasons: ((await response.json()) as { reasons: string[] }).reasons };
}

const ready = (status: number, because = ''): Promise<unknown> => until(`/readyz to answer ${status} ${because}`, async () => {
  const found = await probe('/readyz').catch(() => null);
  return found?.status === status && found.reasons.join().includes(because) ? found : null;
}, 120_000);

const run = (): Promise<Finished> => start(['run', 'study.yaml'], study.directory, { TEMPORAL_ADDRESS: `127.0.0.1:${(JSON.parse(readFileSync(join(study.state, 'server.json'), 'utf8')) as { port: number }).port}` }).finished;

const logged = (): string => readdirSync(join(study.state, 'logs')).map((name) => readFileSync(join(study.state, 'logs', name), 'utf8')).join('');
const logLines = (): LogLine[] => logged().split('\n').flatMap((line) => parseLogLine(line) ?? []);

beforeAll(async () => {
  // Fits that take seconds together: the gauge of those that run is set once a second.
  study = await smallStudy({ meshLevel: 4, ranks: [2, 6], splits: 6, ...PLAIN });
  ids = ['tokyo', 'toronto'].flatMap((cohort) => readdirSync(at(cohort, 'civet')));
  metricsPort = await freePort(null);
  healthPort = await freePort(null);
  worker = start(['worker', '--metrics-port', String(metricsPort), '--health-port', String(healthPort)], study.directory, { SULCUS_CHECKPOINT_SECONDS: '0.01' });
  await ready(200);
}, LONG);

afterAll(async () => {
  worker.child.kill('SIGTERM');
  await worker.finished;
  await study.remove();
}, LONG);

describe('a worker that is watched', () => {
  it('counts what the results say, whose files fail included', async () => {
    const [gone, blocked] = ids as [string, string];
    rmSync(join(thickness(gone), `TKY_${gone}_native_rms_rsl_tlink_30mm_left.txt`));
    // A link that leads to itself excludes nobody: the step fails until it is mended, and the system's message holds the path.
    renameSync(thickness(blocked), `${thickness(blocked)}.aside`);
    symlinkSync(thickness(blocked), thickness(blocked));
    const running = run();
    await until('a step to fail', async () => (sumOf(await scrape(), 'sulcus_activity_failures_total', { code: 'ELOOP' }) > 0 ? true : null), 120_000);
    rmSync(thickness(blocked));
    renameSync(`${thickness(blocked)}.aside`, thickness(blocked));
    const busy = await until('fits to run', async () => { const s = await scrape(); return sumOf(s, 'sulcus_running_fits') > 0 ? s : null; }, 120_000);
    expect(sumOf(busy, 'sulcus_checkpoint_age_seconds')).toBeGreaterThan(0);
    const { code, stderr } = await running;
    expect(code, stderr).toBe(0);

    const results = readResults(study.results);
    const samples = await until('the gauges to be set once more', async () => { const s = await scrape(); return sumOf(s, 'sulcus_running_fits') === 0 ? s : null; });
    const fits = results.steps.filter((s) => s.step === 'fit');
    expect(sumOf(samples, 'sulcus_fits_total')).toBe(fits.length);
    expect(sumOf(samples, 'sulcus_fit_duration_seconds_count', { cohort: 'tokyo' })).toBe(fits.filter((s) => s.cohort === 'tokyo').length);
    expect(sumOf(samples, 'sulcus_fit_duration_seconds_sum')).toBeCloseTo(fits.reduce((sum, s) => sum + s.seconds, 0), 6);
    expect(sumOf(samples, 'sulcus_fit_passes_count')).toBe(fits.length);
    expect(sumOf(samples, 'sulcus_checkpoints_total')).toBeGreaterThan(0);
    expect(sumOf(samples, 'sulcus_fit_residual_bucket', { le: '0.0001' })).toBe(sumOf(samples, 'sulcus_fits_total', { converged: 'true' }));
    expect(sumOf(samples, 'sulcus_steps_total', { step: 'fit', result: 'computed' })).toBe(fits.length);
    expect(sumOf(samples, 'sulcus_steps_total', { result: 'reused' })).toBe(0);
    for (const [cohort, { subjects, excluded }] of Object.entries(results.cohorts)) {
      expect(sumOf(samples, 'sulcus_cohort_subjects', { cohort, standing: 'analysed' })).toBe(subjects);
      expect(sumOf(samples, 'sulcus_cohort_subjects', { cohort, standing: 'excluded' })).toBe(excluded.length);
    }
    expect(results.cohorts['tokyo']?.excluded).toHaveLength(1);
    expect(sumOf(samples, 'sulcus_queue_wait_seconds_count', { queue: 'sulcus-compute' })).toBe(sumOf(samples, 'temporal_activity_schedule_to_start_latency_seconds_count', { task_queue: 'sulcus-compute' }));
    expect(sumOf(samples, 'sulcus_ready')).toBe(1);
    expect(sumOf(samples, 'sulcus_store_free_bytes')).toBeGreaterThan(0);
  }, LONG);

  it('counts what is reused when the study runs again', async () => {
    const before = await scrape();
    expect((await run()).code).toBe(0);
    const after = await scrape();
    expect(sumOf(after, 'sulcus_fits_total')).toBe(sumOf(before, 'sulcus_fits_total'));
    expect(sumOf(after, 'sulcus_steps_total', { step: 'fit', result: 'reused' })).toBe(sumOf(before, 'sulcus_steps_total', { step: 'fit', result: 'computed' }));
  }, LONG);

  it('says of every activity whose it was, and nothing about a subject', async () => {
    const samples = await scrape();
    const activities = logLines().filter((l) => l.msg.startsWith('activity '));
    expect(activities.filter((l) => l.activity === 'factorize').length).toBeGreaterThan(3);
    for (const line of activities) {
      expect(line).toMatchObject({ workflowId: expect.stringMatching(/^acc-trs/), runId: expect.stringMatching(/^[0-9a-f-]{36}$/), activity: expect.any(String), attempt: expect.any(Number), seconds: expect.any(Number), wait: expect.any(Number) });
      if (['ingestShard', 'factorize', 'assembleCohort'].includes(line.activity ?? '')) expect(line.cohort).toMatch(/^(tokyo|toronto)$/);
    }
    const failure = activities.find((l) => l.code === 'ELOOP');
    expect(failure?.failure).toMatch(/^ELOOP: [^/]*'…'$/); // the folder is the operator's own: it stays out of Temporal and the log
    const said = logged();
    expect(said.length).toBeGreaterThan(5000);
    for (const id of ids) {
      expect(said).not.toContain(id);
      expect(page).not.toContain(id);
    }
    // Labels are bounded: no workflow, no run, no participant.
    expect(samples.filter((s) => Object.values(s.labels).some((v) => v.includes('acc-trs') || /[0-9a-f]{8}-[0-9a-f]{4}/.test(v)))).toEqual([]);
  }, LONG);

  it('has every metric and label that the dashboard and the alerts ask for', async () => {
    const samples = await scrape();
    const asked = expressions();
    expect(asked.length).toBeGreaterThan(30);
    const sdk = readFileSync(createRequire(createRequire(import.meta.url).resolve('@temporalio/worker')).resolve('@temporalio/core-bridge/package.json').replace('package.json', `releases/${bridge()}/index.node`), 'latin1');
    for (const expression of asked) {
      for (const { name, labels } of metricsIn(expression)) {
        const own = METRICS[name.replace(/_(bucket|sum|count|total)$/, '') as keyof typeof METRICS] ?? METRICS[name as keyof typeof METRICS];
        const seen = samples.filter((s) => s.name === name);
        // What counts rare events is not there before the first: it must then be one of ours, or known to the SDK.
        if (seen.length === 0) expect(own !== undefined || sdk.includes(name.replace(/^temporal_/, '').replace(/_(total|seconds_bucket)$/, '')), name).toBe(true);
        if (seen.length > 0) expect(labels.filter((l) => l !== 'instance' && l !== 'job' && !seen.some((s) => l in s.labels)), `labels of ${name} in ${expression}`).toEqual([]);
      }
    }
    // And nothing that is served is unknown to the table of metrics.
    const unknown = samples.map((s) => s.name).filter((n) => /^(sulcus|process)_/.test(n) && !(n in METRICS) && !(n.replace(/_(bucket|sum|count|total)$/, '') in METRICS));
    expect(unknown).toEqual([]);
  }, LONG);

  it('answers 503 with one line of reason when the server dies, and 200 when it is back', async () => {
    process.kill(pidOf(join(study.state, 'server.json')) as number, 'SIGKILL');
    await ready(503, 'temporal: ');
    expect((await probe('/readyz')).reasons).toHaveLength(1);
    expect((await probe('/livez')).status).toBe(200); // a restart would not help
    await until('the metric to say so', async () => (sumOf(await scrape(), 'sulcus_check_ok', { check: 'temporal' }) === 0 && sumOf(await scrape(), 'sulcus_ready') === 0 ? true : null));
    const server = start(['server'], study.directory);
    await ready(200);
    expect((await run()).code).toBe(0);
    server.child.kill('SIGTERM');
    expect((await server.finished).code).toBe(0);
    await ready(200); // the worker is its user, too
  }, LONG);

  it('answers 503 when the store cannot be written, and 200 when it can', async () => {
    const store = join(study.state, 'store');
    renameSync(store, `${store}.aside`);
    writeFileSync(store, '');
    await ready(503, 'store: the artifact store cannot be written: ');
    rmSync(store);
    renameSync(`${store}.aside`, store);
    await ready(200);
  }, LONG);
});

describe('a worker that cannot work', () => {
  it('with too little space is not ready, and says how much there is', async () => {
    const port = await freePort(null);
    const tight = start(['worker', '--role', 'compute', '--health-port', String(port)], study.directory, { SULCUS_MIN_FREE_MB: '1e12' });
    const found = await until('the reason', async () => { const p = await probe('/readyz', port).catch(() => null); return p?.reasons.some((r) => r.startsWith('store: ')) ? p : null; }, 120_000);
    expect(found.status).toBe(503);
    expect(found.reasons).toEqual([expect.stringMatching(/^store: the disk of the artifact store is almost full: \d+ MB free, 1000000000000 MB wanted$/)]);
    tight.child.kill('SIGTERM');
    expect((await tight.finished).code).toBe(0);
  }, LONG);

  it('whose ports are taken does not start, and says which', async () => {
    const taken = await start(['worker', '--metrics-port', String(metricsPort)], study.directory).finished;
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain(`metrics cannot be served on 127.0.0.1:${metricsPort}`);
    const health = await start(['worker', '--health-port', String(healthPort)], study.directory).finished;
    expect(health.code).toBe(1);
    expect(health.stderr).toContain(`health cannot be served on 127.0.0.1:${healthPort}`);
  }, LONG);

  it('that a command brought along works without the page, and its log says why', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sulcus-taken-')), state = join(folder, '.sulcus');
    const apart = await start(['run', 'study.yaml', '--out', join(folder, 'results')], study.directory, { SULCUS_STATE: state, SULCUS_METRICS_PORT: String(metricsPort), SULCUS_HEALTH_PORT: String(healthPort) }).finished;
    expect(apart.code, apart.stderr).toBe(0);
    const lines = readFileSync(join(state, 'logs', 'worker.log'), 'utf8').split('\n').flatMap((line) => parseLogLine(line) ?? []);
    expect(lines.filter((l) => l.msg.includes('not served')).map((l) => l.msg)).toEqual(['metrics are not served', 'health is not served']);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, LONG);

  it('whose event loop is stuck answers 503 to both, from a thread of its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sulcus-stuck-'));
    const script = join(folder, 'stuck.mjs');
    writeFileSync(script, `
      import { serveHealth } from ${JSON.stringify(pathToFileURL(distOf('workers/health.js')).href)};
      const { port } = await serveHealth({ port: 0, host: '127.0.0.1' }, () => ({ workers: ['RUNNING'], sickness: {}, stuck: null }));
      process.stdout.write(port + '\\n');
      process.stdin.once('data', () => { for (;;); });
    `);
    const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const port = Number(String((await once(child.stdout, 'data'))[0]));
      expect((await probe('/livez', port)).status).toBe(200);
      await until('readiness', async () => ((await probe('/readyz', port)).status === 200 ? true : null));
      child.stdin.write('stick\n');
      const found = await until('503', async () => { const p = await probe('/livez', port); return p.status === 503 ? p : null; });
      expect(found.reasons).toEqual([expect.stringMatching(/^the event loop has been stuck for \d+ s$/)]);
      expect((await probe('/readyz', port)).status).toBe(503);
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  }, LONG);
});

describe('promtool', () => {
  it('finds nothing wrong with the scrape, the rules and every query of the dashboard', ({ skip }) => {
    const promtool = (process.env['PATH'] ?? '').split(delimiter).map((f) => join(f, 'promtool')).find((f) => { try { return execFileSync(f, ['--version']).length > 0; } catch { return false; } });
    if (promtool === undefined) return skip('promtool is not installed (Debian: prometheus)');
    execFileSync(promtool, ['check', 'metrics'], { input: page });
    execFileSync(promtool, ['check', 'config', deploy('prometheus/prometheus.yml')]);
    execFileSync(promtool, ['test', 'rules', deploy('prometheus/alerts.test.yml')]);
    const folder = mkdtempSync(join(tmpdir(), 'sulcus-promtool-'));
    mkdirSync(join(folder, 'copy'));
    const rules = expressions().map((expr, i) => ({ record: `query_${i}`, expr }));
    writeFileSync(join(folder, 'dashboard.yml'), JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    execFileSync(promtool, ['check', 'rules', join(folder, 'dashboard.yml')]);
    // It would find something: the same with a query that is none.
    cpSync(deploy('prometheus/alerts.yml'), join(folder, 'copy', 'alerts.yml'));
    writeFileSync(join(folder, 'copy', 'alerts.yml'), readFileSync(join(folder, 'copy', 'alerts.yml'), 'utf8').replace('sulcus_ready == 0', 'sulcus_ready === 0'));
    expect(() => execFileSync(promtool, ['check', 'rules', join(folder, 'copy', 'alerts.yml')], { stdio: 'pipe' })).toThrow();
    rmSync(folder, { recursive: true });
  });
});

interface Panel { title: string; targets?: { expr: string }[] }

/** Queries of the dashboard (its variables filled in) and of the alerts. */
function expressions(): string[] {
  const { panels } = JSON.parse(readFileSync(deploy('grafana/sulcus.json'), 'utf8')) as { panels: Panel[] };
  const { groups } = parse(readFileSync(deploy('prometheus/alerts.yml'), 'utf8')) as { groups: { rules: { expr: string }[] }[] };
  const filled = panels.flatMap((p) => p.targets ?? []).map(({ expr }) => expr.replace(/\$__rate_interval|\$__range/g, '5m').replace(/\$(instance|cohort)/g, '.*'));
  return [...filled, ...groups.flatMap((g) => g.rules.map((r) => r.expr))];
}

/** The folder of the SDK's native library for this machine. */
function bridge(): string {
  const cpu = process.arch === 'x64' ? 'x86_64' : 'aarch64';
  return `${cpu}-${process.platform === 'darwin' ? 'apple-darwin' : process.platform === 'win32' ? 'pc-windows-msvc' : 'unknown-linux-gnu'}`;
}
