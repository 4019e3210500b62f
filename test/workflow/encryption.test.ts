/**
 * A study with encryption on, by the real command line on a real server: what the server and the store keep, what is logged and measured, what the UI shows with
 * and without the codec server, who listens where, and who is refused.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import { dataConverterOf, readKeyFile } from '../../security/index.js';
import { launch } from '../browser/page.js';
import { listeningAddresses } from '../server/sockets.js';
import { freePort } from '../../client/temporal/ports.js';
import { CLI, readResults, pidOf, smallStudy, start, until, type Finished, type SmallStudy } from './harness.js';

const PATIENCE = 240_000, TOKEN = 'token-of-the-reader-1';
let study: SmallStudy, env: Record<string, string>, run: Finished, failed: Finished, address: string, ui: string, codec: string, metrics: string;
const processes: ReturnType<typeof start>[] = [];

/** Starts a long-lived command and waits for a line of its own. */
async function lasting(args: string[], sign: RegExp, extra: Record<string, string> = {}): Promise<{ found: RegExpExecArray; pid: number }> {
  const one = start(args, study.directory, { ...env, ...extra });
  processes.push(one);
  let text = '';
  one.child.stdout?.on('data', (d: Buffer) => { text += d.toString(); });
  one.child.stderr?.on('data', (d: Buffer) => { text += d.toString(); });
  return { found: await until(`${args[0]} to say ${sign}`, () => sign.exec(text), PATIENCE), pid: one.child.pid ?? 0 };
}

let codecPid: number, metricsPort: number;
beforeAll(async () => {
  study = await smallStudy({ ranks: [2, 3], splits: 2 });
  const keys = join(study.directory, 'keys');
  env = { SULCUS_KEY_FILE: keys, SULCUS_ENCRYPT_STORE: '1' };
  await start(['keys', 'new', keys], study.directory).finished;
  // Somebody without files: the reasons of exclusions and of failures name participants and files.
  const gone = readdirSync(join(study.directory, 'tokyo', 'dwi')).filter((name) => name.includes('TKY003'));
  for (const name of gone) rmSync(join(study.directory, 'tokyo', 'dwi', name));
  [, address, ui] = (await lasting(['server'], /Temporal at (\S+), UI at (\S+);/)).found as unknown as [string, string, string];
  metricsPort = await freePort(null);
  metrics = `http://127.0.0.1:${metricsPort}/metrics`;
  await lasting(['worker', '--metrics-port', String(metricsPort), '--health-port', '0'], /worker runs/);
  const served = await lasting(['codec-server', '--port', '0', '--audit', join(study.state, 'logs', 'codec.log')], /codec server at (\S+)/, { SULCUS_CODEC_TOKEN: TOKEN });
  codec = served.found[1] as string;
  codecPid = served.pid;
  run = await start(['run', 'study.yaml', '--json'], study.directory, env).finished;
  const text = readFileSync(study.file, 'utf8');
  writeFileSync(join(study.directory, 'strict.yaml'), text.replace('missing: exclude', 'missing: fail').replace('study: acc-trs', 'study: strict'));
  failed = await start(['run', 'strict.yaml', '--json', '--out', 'strict'], study.directory, env).finished;
}, PATIENCE);
afterAll(async () => {
  for (const { child, finished } of processes.reverse()) { child.kill('SIGINT'); await finished; }
  await study.remove();
}, PATIENCE);

/** Everything that must not be readable: identifiers, groups as JSON and tables have them, file names and templates, measures, results. */
function secrets(): string[] {
  const rows = ['tokyo', 'toronto'].flatMap((cohort) => readFileSync(join(study.directory, cohort, 'participants.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split('\t')));
  const ids = rows.map(([id = '']) => id), results = readResults(study.results);
  const values = Object.values(results.cohorts).flatMap((c) => c.ranks.flatMap((r) => [r.stability.mean, r.error.mean])).filter((v): v is number => typeof v === 'number').map((v) => String(v).slice(0, 10));
  // Five bytes at least: `"HC"` is found by chance in some megabytes of random ones.
  return [
    ...ids, ...ids.map((id) => id.replace('sub-', '')), ...['FLR', 'TRS', 'CLZ', 'UTRS'].map((group) => `"${group}"`), ...values,
    'native_rms', 'MD_rsl', 'participants.tsv', '.table', 'study.yaml', 'strict.yaml', 'DKTatlas40', 'caudal anterior', 'panss', 'clozapine', 'thickness',
  ];
}

/** Every file under a folder, however deep. */
function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? filesUnder(join(folder, name)) : [join(folder, name)]));
}

const found = (bytes: Buffer): string[] => secrets().filter((word) => bytes.includes(word));

describe('an encrypted study', () => {
  it('runs as any other, and its failures are told in words', () => {
    expect([run.code, run.stderr.includes('is encrypted') || run.stderr]).toEqual([0, run.stderr]);
    expect(readResults(study.results).cohorts['tokyo']?.excluded).toHaveLength(1);
    expect(failed.code).toBe(1);
    expect((JSON.parse(failed.stdout) as { error: { code: string; message: string } }).error).toMatchObject({ code: 'SUBJECTS_EXCLUDED', message: expect.stringContaining('1 ') });
  });

  it('leaves nothing of itself readable in the server\'s database, nor beside it', () => {
    const database = readdirSync(study.state).filter((name) => name.startsWith('temporal.db'));
    expect(database).toContain('temporal.db');
    for (const name of database) expect([name, found(readFileSync(join(study.state, name)))]).toEqual([name, []]);
  });

  it('leaves nothing of itself readable in the artifact store', () => {
    const store = join(study.state, 'store'), files = filesUnder(store).map((file) => relative(store, file));
    expect(files.filter((file) => file.startsWith('artifacts/')).length).toBeGreaterThan(50);
    for (const file of files) expect([file, found(readFileSync(join(store, file))), found(Buffer.from(file))]).toEqual([file, [], []]);
  });

  it('is whole in that database all the same: with the key the words are there', async () => {
    const connection = await Connection.connect({ address });
    try {
      const client = new Client({ connection, dataConverter: dataConverterOf(readKeyFile(env['SULCUS_KEY_FILE'] as string)) });
      const codecs = client.options.loadedDataConverter.payloadCodecs;
      const texts: string[] = [];
      let plain = 0;
      for (const id of ['acc-trs', 'acc-trs/tokyo', 'strict']) {
        const visit = async (value: unknown): Promise<void> => {
          if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
          const { metadata, data } = value as { metadata?: Record<string, Uint8Array>; data?: Uint8Array };
          if (metadata?.['encoding'] !== undefined) {
            if (Buffer.from(metadata['encoding']).toString() !== 'binary/encrypted') plain++;
            const [decoded] = await (codecs[0] as (typeof codecs)[number]).decode([{ metadata, data: data ?? null }]);
            texts.push(Buffer.from(decoded?.data ?? []).toString());
            return;
          }
          for (const [key, one] of Object.entries(value)) if (key !== 'searchAttributes' && key !== 'indexedFields') await visit(one);
        };
        await visit((await client.workflow.getHandle(id).fetchHistory()).events);
      }
      const all = Buffer.from(texts.join('\n'));
      expect(plain).toBeLessThanOrEqual(2 * 3); // marks of `patched`, which the SDK keeps for itself: names of changes of the code
      expect(found(all)).toEqual(expect.arrayContaining(['"FLR"', 'native_rms', 'participants.tsv', 'caudal anterior', 'panss', 'thickness']));
    } finally {
      await connection.close();
    }
  }, PATIENCE);

  it('leaves nothing in logs, metrics and search attributes', async () => {
    for (const file of filesUnder(join(study.state, 'logs'))) expect([file, found(readFileSync(file)).filter((word) => word !== 'thickness')]).toEqual([file, []]);
    const page = await (await fetch(metrics)).text();
    expect(page).toContain('sulcus_');
    expect(found(Buffer.from(page))).toEqual([]);
    const connection = await Connection.connect({ address });
    try {
      const attributes: Record<string, unknown>[] = [];
      for await (const { typedSearchAttributes, workflowId } of new Client({ connection, dataConverter: dataConverterOf(readKeyFile(env['SULCUS_KEY_FILE'] as string)) }).workflow.list()) attributes.push({ workflowId, ...Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])) });
      expect(attributes.length).toBeGreaterThan(3);
      expect(new Set(attributes.flatMap((one) => Object.keys(one)).filter((name) => name.startsWith('Sulcus')))).toEqual(new Set(Object.keys(SEARCH_ATTRIBUTES).filter((name) => name !== 'SulcusReminders')));
      expect(found(Buffer.from(JSON.stringify(attributes)))).toEqual([]);
    } finally {
      await connection.close();
    }
  }, PATIENCE);

  it('has nobody listening for other machines', () => {
    const pids = { server: pidOf(join(study.state, 'server.json')), worker: pidOf(join(study.state, 'worker.json')), codec: codecPid };
    for (const [name, least] of [['server', 2], ['worker', 2], ['codec', 1]] as const) {
      const sockets = listeningAddresses(pids[name] as number);
      expect([name, sockets.length >= least, sockets.filter(({ loopback }) => !loopback)]).toEqual([name, true, []]);
    }
    expect(listeningAddresses(pids.worker as number).map(({ port }) => port)).toContain(metricsPort);
  });
});

describe('the UI', () => {
  let browser: Browser, page: Page;
  beforeAll(async () => { browser = await launch(); page = await browser.newPage(); }, PATIENCE);
  afterAll(() => browser.close());

  const show = async (): Promise<string> => {
    await page.goto(`${ui}/namespaces/default/workflows/acc-trs`, { timeout: PATIENCE });
    await page.getByText('encryption-key-id').or(page.getByText('caudal anterior')).first().waitFor({ timeout: PATIENCE });
    return page.locator('body').innerText();
  };
  const audit = (): { status: number; payloads: number; by: string | null }[] => readFileSync(join(study.state, 'logs', 'codec.log'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { status: number; payloads: number; by: string | null });

  it('shows nothing without the codec server, nor to somebody who is not signed in', async () => {
    expect(await show()).not.toContain('caudal anterior');
    await page.getByTestId('data-encoder-status').click();
    await page.getByPlaceholder('Paste your endpoint here').fill(codec);
    await page.getByText('Include cross-origin credentials').click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.goto(`${ui}/namespaces/default/workflows/acc-trs`, { timeout: PATIENCE }); // what is shown already is not asked for again
    await until('a request to the codec server', () => { try { return audit().some(({ status }) => status === 401) ? true : null; } catch { return null; /* no line yet */ } }, PATIENCE);
    expect(await page.locator('body').innerText()).not.toContain('caudal anterior');
  }, PATIENCE);

  it('shows inputs, results and summaries to somebody who is', async () => {
    await page.goto(`${codec}/signin`);
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Signed in').waitFor({ timeout: PATIENCE });
    await page.goto(`${ui}/namespaces/default/workflows/acc-trs`, { timeout: PATIENCE });
    await page.getByText('caudal anterior').first().waitFor({ timeout: PATIENCE });
    const text = await page.locator('body').innerText();
    for (const word of ['native_rms', 'tokyo · structural indices', 'results folder and report']) expect(text).toContain(word);
    expect(audit().some(({ status, by, payloads }) => status === 200 && by === 'cookie' && payloads > 0)).toBe(true);
    expect(found(Buffer.from(JSON.stringify(audit())))).toEqual([]);
  }, PATIENCE);
});

describe('whoever has other keys, or none', () => {
  const said = (cwd: string, extra: Record<string, string>, ...args: string[]): { code: number | null; stderr: string } => {
    const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TEMPORAL|SULCUS)_/.test(name)));
    const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd, env: { ...clean, ...extra }, encoding: 'utf8', timeout: PATIENCE });
    return { code: status, stderr };
  };

  it('is refused by the state folder in one line', () => {
    const other = join(study.directory, 'other'), none = said(study.directory, {}, 'run', 'study.yaml');
    said(study.directory, {}, 'keys', 'new', other);
    const wrong = said(study.directory, { SULCUS_KEY_FILE: other }, 'status');
    expect([none.code, none.stderr.trim().split('\n').length, none.stderr]).toEqual([2, 1, expect.stringContaining('was begun with encryption')]);
    expect([wrong.code, wrong.stderr.trim().split('\n').length, wrong.stderr]).toEqual([2, 1, expect.stringContaining('is not among the keys given')]);
  }, PATIENCE);

  it('is refused by the workers of a shared server, before anything is launched', () => {
    const folder = join(study.directory, 'elsewhere');
    mkdirSync(folder);
    for (const [i, args] of [['approve', 'acc-trs', '--rank', '2'], ['schedule', 'list']].entries()) for (const extra of [{}, { SULCUS_KEY_FILE: join(study.directory, 'other') }]) {
      const { code, stderr } = said(folder, { TEMPORAL_ADDRESS: address, SULCUS_STATE: join(folder, `state${i}${Object.keys(extra).length}`), ...extra }, ...args);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/they would not understand each other .*give both the same SULCUS_KEY_FILE/)]);
    }
  }, PATIENCE);
});
