import { spawn } from 'node:child_process';
import { Connection } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { ensureSearchAttributes, findTemporal, foreignServer, openTemporal, ServerUnreachableError, TemporalSettingsError } from '../../client/temporal/index.js';
import { answersWithin } from '../../client/temporal/health.js';
import { freePort } from '../../client/temporal/ports.js';
import { identityOf, stopProcess } from '../../client/temporal/process.js';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import { temporaryState } from './harness.js';

const NOTHING = { HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' };

describe('the server that variables or a profile name', () => {
  it('is none when nothing is set', () => {
    expect(foreignServer(NOTHING)).toBeNull();
  });

  it('is the one TEMPORAL_ADDRESS names, with its namespace', () => {
    expect(foreignServer({ ...NOTHING, TEMPORAL_ADDRESS: 'temporal.lab:7233' })).toMatchObject({ address: 'temporal.lab:7233', namespace: 'default' });
    expect(foreignServer({ ...NOTHING, TEMPORAL_ADDRESS: 'a:1', TEMPORAL_NAMESPACE: 'n' })).toMatchObject({ namespace: 'n', connectionOptions: { address: 'a:1' } });
  });

  it('is refused when an address is missing or the profile does not exist', () => {
    expect(() => foreignServer({ ...NOTHING, TEMPORAL_NAMESPACE: 'n' })).toThrow(TemporalSettingsError);
    expect(() => foreignServer({ ...NOTHING, TEMPORAL_PROFILE: 'lab' })).toThrow(TemporalSettingsError);
  });

  it('says so when it does not answer, and nothing is started in its place', async () => {
    const { state, remove } = temporaryState();
    const port = await freePort(null);
    const error = await openTemporal(state, { env: { ...NOTHING, TEMPORAL_ADDRESS: `127.0.0.1:${port}` } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ServerUnreachableError);
    expect((error as Error).message).toContain(`127.0.0.1:${port}`);
    await remove();
  });

  it('is given the search attributes it lacks, once', async () => {
    const [port, uiPort] = [await freePort(null), await freePort(null)];
    const { path } = await findTemporal();
    const child = spawn(path, ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort), '--log-level', 'never'], { stdio: 'ignore' });
    try {
      expect(await answersWithin(port, 20_000)).toBe(true);
      const connection = await Connection.connect({ address: `127.0.0.1:${port}` });
      await ensureSearchAttributes(connection, 'default');
      await ensureSearchAttributes(connection, 'default');
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));
      expect(customAttributes['SulcusRank']).toBe(3);
      await connection.close();
    } finally {
      const identity = identityOf(child.pid ?? 0);
      if (identity !== null) await stopProcess(identity);
    }
  });
});
