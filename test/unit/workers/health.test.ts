/** What makes a worker unready, with real folders. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWorkerOptions } from '../../../workers/args.js';
import { fitsCheck, storeCheck, watch, type Sickness } from '../../../workers/health-checks.js';
import { reasonsAgainst } from '../../../workers/health.js';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'sulcus-health-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const next = (checks: Parameters<typeof watch>[0]): Promise<Sickness> => new Promise((resolve) => { const end = watch(checks, (found) => { end(); resolve(found); }); });

describe('the store', () => {
  it('is well when it can be written, and nothing is left behind', async () => {
    let free = 0;
    expect(await storeCheck(join(folder, 'store'), (bytes) => { free = bytes; }, 1).look()).toBeNull();
    expect(free).toBeGreaterThan(2 ** 20);
    expect(readdirSync(join(folder, 'store'))).toEqual([]);
  });

  it('is sick when a file stands in its place, or the disk is nearly full', async () => {
    writeFileSync(join(folder, 'store'), '');
    expect(await storeCheck(join(folder, 'store'), () => undefined).look()).toMatch(/cannot be written: (EEXIST|ENOTDIR)/);
    expect(await storeCheck(folder, () => undefined, Number.MAX_SAFE_INTEGER).look()).toMatch(/almost full: \d+ MB free/);
  });
});

describe('the watch', () => {
  it('collects the reasons by name; a check that throws has failed', async () => {
    const found = await next([
      { name: 'well', look: () => Promise.resolve(null) },
      { name: 'sick', look: () => Promise.resolve('it hurts') },
      { name: 'broken', look: () => Promise.reject(new Error('first line\nsecond')) },
    ]);
    expect(found).toEqual({ sick: 'it hurts', broken: 'first line' });
  });

  it('does not wait for a check that hangs', async () => {
    expect(await next([{ name: 'disk', look: () => new Promise(() => undefined) }, { name: 'well', look: () => Promise.resolve(null) }])).toEqual({ disk: expect.stringMatching(/^no answer for \d+ s$/) });
  });

  it('sees a fit that does not move', async () => {
    expect(await fitsCheck(() => ({ running: 1, checkpointAge: 500, progressAge: 119 })).look()).toBeNull();
    expect(await fitsCheck(() => ({ running: 1, checkpointAge: 500, progressAge: 121 })).look()).toBe('a fit has not moved for 121 s');
  });
});

describe('readiness', () => {
  const well = { workers: ['RUNNING', 'RUNNING'], sickness: {}, stuck: null };

  it.each([
    ['all is well', well, 10, [], []],
    ['nothing runs yet', { ...well, workers: [], sickness: null }, 10, [], ['the worker is starting']],
    ['nothing was looked at yet', { ...well, sickness: null }, 10, [], ['the first checks have not ended']],
    ['a worker leaves', { ...well, workers: ['RUNNING', 'DRAINING'] }, 10, [], ['the worker is DRAINING']],
    ['a check failed', { ...well, sickness: { store: 'cannot be written' } }, 10, [], ['store: cannot be written']],
    ['the event loop is stuck', well, 4000, ['the event loop has been stuck for 4 s'], ['the event loop has been stuck for 4 s']],
    ['a fit thread is stuck', { ...well, stuck: 'a fit thread has not moved for 301 s' }, 10, ['a fit thread has not moved for 301 s'], ['a fit thread has not moved for 301 s']],
  ])('%s', (_, standing, silentMs, live, ready) => {
    expect(reasonsAgainst(standing, silentMs)).toEqual({ live, ready });
  });
});

describe('what a worker is told', () => {
  it('by options, else by variables; nothing is served unless asked', () => {
    expect(readWorkerOptions(['--store', '/s/store'], {})).toMatchObject({ metrics: null, health: null, logs: '/s/logs', identifiers: false });
    const env = { SULCUS_METRICS_PORT: '9464', SULCUS_METRICS_HOST: '0.0.0.0', SULCUS_HEALTH_PORT: '9090', SULCUS_LOG_IDENTIFIERS: '1' };
    expect(readWorkerOptions(['--store', '/s', '--health-port', '0'], env)).toMatchObject({ metrics: { port: 9464, host: '0.0.0.0' }, health: { port: 0, host: '127.0.0.1' }, identifiers: true });
  });

  it.each([['--metrics-port', '0'], ['--metrics-port', '65536'], ['--health-port', 'x']])('%s %s is refused', (option, value) => {
    expect(() => readWorkerOptions(['--store', '/s', option, value], {})).toThrow(`${option} "${value}" is not a port number`);
  });
});
