/** `sulcus doctor` beside real servers: running, of one's own, left behind, dead. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pidOf, start, sulcus, until, type Finished } from './harness.js';

interface Answer {
  ok: boolean;
  counts: Record<string, number>;
  findings: { area: string; name: string; verdict: string; found: string; cost: string | null; remedy: string | null }[];
}

const LONG = 600_000;
let folder = '', server: ReturnType<typeof start>, address = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sulcus-doctor-sub-TKY001-'));
  server = start(['server'], folder);
  await until('the server', () => { const pid = pidOf(join(folder, '.sulcus', 'server.json')); return pid === null ? null : pid; }, 200_000);
  await until('its answer', async () => ((await examine()).find('embedded server').verdict === 'ok' ? true : null), 200_000);
  address = `127.0.0.1:${(JSON.parse(readFileSync(join(folder, '.sulcus', 'server.json'), 'utf8')) as { port: number }).port}`;
}, LONG);

afterAll(async () => {
  await sulcus(['server', '--stop'], folder);
  await server.finished;
  rmSync(folder, { recursive: true, force: true });
}, LONG);

async function examine(env: Record<string, string> = {}): Promise<Finished & Answer & { find(name: string): Answer['findings'][number] }> {
  const finished = await start(['doctor', '--json'], folder, env).finished;
  const answer = JSON.parse(finished.stdout) as Answer;
  return { ...finished, ...answer, find: (name) => answer.findings.find((f) => f.name === name) ?? { area: '', name, verdict: 'absent', found: '', cost: null, remedy: null } };
}

describe('sulcus doctor', () => {
  it('finds the embedded server that runs: version, namespace, search attributes, clock, workers', async () => {
    const { code, ok, find } = await examine();
    expect([code, ok]).toEqual([0, true]);
    expect(find('embedded server').found).toMatch(/^runs on 127\.0\.0\.1:\d+ for 1 command; no worker/);
    expect(find('server').found).toMatch(/^the embedded one, 127\.0\.0\.1:\d+: answers, version 1\.\d+\.\d+/);
    expect(find('namespace').verdict).toBe('ok');
    expect(find('search attributes').verdict).toBe('ok');
    expect(find('clock').found).toMatch(/^agrees with the server's within \d+ ms$/);
    expect(find('sulcus-compute')).toMatchObject({ verdict: 'ok', found: 'no worker polls it: commands bring one' });
  }, LONG);

  it('counts the workers of a server of one\'s own, and warns when there are none', async () => {
    expect((await examine({ TEMPORAL_ADDRESS: address })).find('sulcus-compute')).toMatchObject({ verdict: 'warn', found: 'no worker polls it' });
    const worker = start(['worker', '--role', 'compute'], folder, { TEMPORAL_ADDRESS: address });
    const found = await until('the worker to poll', async () => { const e = await examine({ TEMPORAL_ADDRESS: address }); return e.find('sulcus-compute').verdict === 'ok' ? e : null; }, 120_000);
    expect(found.find('sulcus-compute').found).toBe('1 worker polls it');
    expect(found.find('sulcus-control').verdict).toBe('warn');
    expect(found.code).toBe(0); // a warning is not a failure
    worker.child.kill('SIGTERM');
    await worker.finished;
  }, LONG);

  it('says what is needed and not there with exit code 1: no namespace, no server', async () => {
    const elsewhere = await examine({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'not-there' });
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.find('namespace')).toMatchObject({ verdict: 'bad', remedy: expect.stringContaining('TEMPORAL_NAMESPACE') });
    const nobody = await examine({ TEMPORAL_ADDRESS: 'secret-machine.invalid:7233' });
    expect(nobody.code).toBe(1);
    expect(nobody.find('server')).toMatchObject({ verdict: 'bad', found: expect.stringContaining('does not answer'), remedy: expect.stringContaining('TEMPORAL_ADDRESS') });
    expect(nobody.stdout + nobody.stderr).not.toContain('secret-machine');
  }, LONG);

  it('can be pasted: no folder, no host, no user', async () => {
    const said = await sulcus(['doctor'], folder), { stdout, stderr } = await examine({ TEMPORAL_ADDRESS: address });
    expect(said.code).toBe(0);
    const all = said.stdout + said.stderr + stdout + stderr;
    expect(all).not.toContain('TKY001');
    expect(all).not.toContain(folder);
    for (const name of [hostname(), userInfo().username]) if (!['root', 'node'].includes(name)) expect(all).not.toMatch(new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, 'u'));
    expect(said.stdout.trimEnd().split('\n').at(-1)).toMatch(/^all that is needed is there/);
  }, LONG);

  it('finds a server whose command was killed, and says how to end it', async () => {
    server.child.kill('SIGKILL');
    await server.finished;
    const { find, code } = await examine();
    expect(code).toBe(0);
    expect(find('embedded server')).toMatchObject({ verdict: 'warn', found: expect.stringContaining('nobody uses it'), remedy: '`sulcus server --stop`' });
    expect((await sulcus(['server', '--stop'], folder)).code).toBe(0);
    expect((await examine()).find('embedded server').found).toBe('not running: commands start it');
  }, LONG);
});
