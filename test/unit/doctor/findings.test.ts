/** Each look of the doctor, on real folders and processes where it can be, else on the numbers it judges by. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { existingFolder, tryDisk } from '../../../client/doctor/disk.js';
import type { Finding } from '../../../client/doctor/finding.js';
import { examine } from '../../../client/doctor/index.js';
import { examineInstalled } from '../../../client/doctor/installed.js';
import { examineMachine, thisMachine, type Machine } from '../../../client/doctor/machine.js';
import { examineState } from '../../../client/doctor/state.js';
import { ownIdentity } from '../../../client/temporal/process.js';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'sulcus-doctor-test-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const named = (findings: Finding[], name: string): Finding => {
  const finding = findings.find((f) => f.name === name);
  if (finding === undefined) throw new Error(`nothing is said about ${name}`);
  return finding;
};

describe('the machine', () => {
  const good: Machine = { cores: 8, quota: null, memory: 16e9, available: 12e9, files: 65_536 };

  it.each([
    ['cores', { cores: 1 }, 'warn'], ['cores', { quota: 2.5 }, 'warn'], ['cores', {}, 'ok'],
    ['memory', { memory: 1e9, available: 0.5e9 }, 'bad'], ['memory', { available: 1e9 }, 'warn'], ['memory', {}, 'ok'],
    ['open files', { files: 256 }, 'warn'], ['open files', { files: null }, 'ok'],
  ] as [string, Partial<Machine>, string][])('%s with %o: %s', (name, change, verdict) => {
    expect(named(examineMachine({ ...good, ...change }, {}), name).verdict).toBe(verdict);
  });

  it('is measured', () => {
    const { cores, memory, available } = thisMachine();
    expect(cores).toBeGreaterThan(0);
    expect(memory).toBeGreaterThan(1e8);
    expect(available).toBeLessThanOrEqual(memory);
    expect(['WebAssembly SIMD', 'shared memory'].map((name) => named(examineMachine(thisMachine(), {}), name).verdict)).toEqual(['ok', 'ok']);
  });

  it('has a proxy that would be asked for the way to 127.0.0.1', () => {
    expect(named(examineMachine(good, { http_proxy: 'http://proxy:3128' }), 'proxy').verdict).toBe('warn');
    expect(named(examineMachine(good, { http_proxy: 'http://proxy:3128', no_proxy: 'localhost,127.0.0.1' }), 'proxy').verdict).toBe('ok');
  });
});

describe('the disk', () => {
  it('is tried, and left as it was', async () => {
    const trial = await tryDisk(folder);
    expect(trial).toMatchObject({ failed: null, free: expect.any(Number), kind: { name: expect.any(String) } });
    expect(trial.syncMs).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that cannot be written is bad, with the system\'s code', async () => {
    // /proc takes no folder from anybody, root included.
    expect((await tryDisk('/proc')).failed).toMatchObject({ step: 'create', code: expect.stringMatching(/^E/) });
    const finding = named(await examineState('/proc/sulcus', true), 'writing');
    expect(finding).toMatchObject({ verdict: 'bad', found: expect.stringMatching(/a folder cannot be made where the state folder would be made \(E\w+\)/) });
  });

  it('is that of the nearest folder that exists', async () => {
    expect(await existingFolder(join(folder, 'a', 'b'))).toBe(folder);
    expect(named(await examineState(join(folder, 'a', '.sulcus'), true), 'content').verdict).toBe('ok');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the state folder', () => {
  const make = (): string => {
    const state = join(folder, '.sulcus');
    mkdirSync(join(state, 'users'), { recursive: true });
    mkdirSync(join(state, 'lock'));
    mkdirSync(join(state, 'store', 'artifacts', 'fit', 'ab'), { recursive: true });
    chmodSync(state, 0o700);
    return state;
  };

  it('is well when nothing is left behind', async () => {
    const findings = await examineState(make(), true);
    expect(findings.filter((f) => f.verdict !== 'ok' && !['space', 'file system', 'writing'].includes(f.name))).toEqual([]);
  });

  it('that others may read is told', async () => {
    const state = make();
    chmodSync(state, 0o755);
    expect(named(await examineState(state, true), 'permissions')).toMatchObject({ verdict: 'warn', found: expect.stringContaining('mode 755') });
  });

  it('counts what was set aside as damaged', async () => {
    const state = make(), at = join(state, 'store', 'artifacts', 'fit', 'ab');
    for (const name of ['ab1', 'ab2', 'ab3.damaged-1700000000000', 'ab4.1-ff.tmp']) writeFileSync(join(at, name), '');
    expect(named(await examineState(state, true), 'store')).toMatchObject({ verdict: 'warn', found: '2 artifacts, 1 set aside as damaged' });
  });

  it('sees who holds the lock, and that a dead owner holds nothing', async () => {
    const state = make();
    writeFileSync(join(state, 'lock', 'lock.7'), JSON.stringify({ pid: process.pid, startTime: 'another process' }));
    expect(named(await examineState(state, true), 'lock').found).toContain('last owner was killed');
    writeFileSync(join(state, 'lock', 'lock.8'), JSON.stringify(ownIdentity()));
    expect(named(await examineState(state, true), 'lock').found).toBe('held by a command that is starting or leaving');
  });

  it('sees a server that lives and does not answer', async () => {
    const state = make();
    writeFileSync(join(state, 'server.json'), JSON.stringify({ ...ownIdentity(), port: 1, uiPort: 1, binary: 'x', version: 'x', keep: false }));
    expect(named(await examineState(state, true), 'embedded server')).toMatchObject({ verdict: 'bad', found: expect.stringContaining('does not answer on 127.0.0.1:1') });
  });
});

describe('programs', () => {
  it('a server that cannot be had is bad without Go, needless with one of your own; nothing is fetched', async () => {
    const env = { PATH: folder, HOME: folder, TMPDIR: folder };
    const alone = named(await examineInstalled(false, env), 'Temporal server');
    // The SDK's download lies in the temporary folder of the machine: where somebody has fetched it, it counts.
    if (!alone.found.includes('download')) expect(alone).toMatchObject({ verdict: 'bad', found: expect.stringContaining('temporal on PATH: not there') });
    expect(named(await examineInstalled(true, env), 'Temporal server').verdict).toBe('ok');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that are only useful are never needed', async () => {
    const env = { PATH: folder, HOME: folder };
    for (const name of ['Chromium', 'R', 'Octave', 'promtool']) expect(named(await examineInstalled(true, env), name)).toMatchObject({ verdict: 'ok', found: 'not installed (optional)', cost: expect.any(String), remedy: expect.any(String) });
  });
});

describe('everything', () => {
  it('has a cost and a remedy for whatever is not ok, and says so of settings that contradict', async () => {
    const findings = await examine(join(folder, '.sulcus'), [], { ...process.env, TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: 'alone' });
    expect(new Set(findings.map((f) => f.area))).toEqual(new Set(['installed', 'pipelines', 'machine', 'state', 'temporal']));
    expect(named(findings, 'settings')).toMatchObject({ verdict: 'bad', remedy: expect.stringContaining('TEMPORAL_ADDRESS') });
    expect(findings.filter((f) => f.verdict !== 'ok' && (f.cost === null || f.remedy === null))).toEqual([]);
    expect(JSON.stringify(findings)).not.toContain(folder);
  }, 120_000);
});
