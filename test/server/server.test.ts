import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireServer, openTemporal, runningServer, ServerStartError, stopServer, type AcquiredServer } from '../../client/temporal/index.js';
import { isRunning } from '../../client/temporal/process.js';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import { startOwner, temporaryState } from './harness.js';
import { listeningAddresses } from './sockets.js';

let temporary: ReturnType<typeof temporaryState>;
let state: string;
beforeEach(() => {
  temporary = temporaryState();
  state = temporary.state;
});
afterEach(() => temporary.remove());

async function withClient<T>(server: AcquiredServer, body: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  try {
    return await body(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const gone = async (pid: number): Promise<boolean> => {
  for (let i = 0; i < 100; i++, await pause(50)) if (runningServer(state)?.pid !== pid) return true;
  return false;
};

describe('the embedded server', () => {
  it('starts, keeps what it holds over a restart, and keeps its ports', async () => {
    const first = await acquireServer(state);
    expect(first.adopted).toBe(false);
    await withClient(first, async (client) => {
      await client.workflow.start('nobodyRunsThis', {
        workflowId: 'kept', taskQueue: 'nobody-listens', args: [{ ref: 'x' }], staticSummary: 'kept over a restart',
        typedSearchAttributes: [
          { key: defineSearchAttributeKey('SulcusStudy', 'KEYWORD'), value: 'kept' },
          { key: defineSearchAttributeKey('SulcusSubjects', 'INT'), value: 73 },
        ],
      });
    });
    await first.release();
    expect(runningServer(state)).toBeNull();

    const second = await acquireServer(state);
    expect([second.adopted, second.address, second.uiUrl]).toEqual([false, first.address, first.uiUrl]);
    await withClient(second, async (client) => {
      const found = await client.workflow.getHandle('kept').describe();
      expect([found.status.name, found.type]).toEqual(['RUNNING', 'nobodyRunsThis']);
    });
    await second.release();
  });

  it('knows the search attributes', async () => {
    const server = await acquireServer(state);
    await withClient(server, async (client) => {
      const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace: 'default' });
      expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));
    });
    await server.release();
  });

  it('listens on the loopback interface only, its UI answers, and its files are nobody else’s', async () => {
    const server = await acquireServer(state);
    const addresses = listeningAddresses(server.pid);
    expect(addresses.map((a) => a.port)).toEqual(expect.arrayContaining([Number(server.address.split(':')[1]), Number(new URL(server.uiUrl).port)]));
    expect(addresses.filter((a) => !a.loopback)).toEqual([]);
    expect((await fetch(server.uiUrl)).status).toBe(200);
    expect(statSync(state).mode & 0o077).toBe(0);
    await server.release();
  });

  it('is used by a second command and stops when the last one leaves', async () => {
    const mine = await acquireServer(state);
    const other = await startOwner(state);
    expect(other.server).toEqual({ address: mine.address, adopted: true, pid: mine.pid });
    await mine.release();
    await mine.release();
    expect(runningServer(state)?.pid).toBe(mine.pid);
    await other.leave();
    expect(runningServer(state)).toBeNull();
  });

  it('is one, when two commands start at once', async () => {
    const [a, b] = await Promise.all([startOwner(state), startOwner(state)]);
    expect(a.server.pid).toBe(b.server.pid);
    expect([a.server.adopted, b.server.adopted].sort()).toEqual([false, true]);
    await a.leave();
    expect(runningServer(state)?.pid).toBe(b.server.pid);
    await b.leave();
    expect(runningServer(state)).toBeNull();
  });

  it('outlives a command that is killed, and belongs to the next one', async () => {
    const killed = await startOwner(state);
    killed.process.kill('SIGKILL');
    await new Promise((resolve) => killed.process.once('close', resolve));
    const next = await acquireServer(state);
    expect([next.adopted, next.pid]).toEqual([true, killed.server.pid]);
    await next.release();
    expect(runningServer(state)).toBeNull();
  });

  it('that was killed itself is started again', async () => {
    const first = await acquireServer(state);
    process.kill(first.pid, 'SIGKILL');
    expect(await gone(first.pid)).toBe(true);
    const second = await acquireServer(state);
    // On the same port, unless something else took it in the meantime.
    expect(second.adopted).toBe(false);
    expect(second.pid).not.toBe(first.pid);
    await Promise.all([first.release(), second.release()]);
    expect(runningServer(state)).toBeNull();
  });

  it('that lives but does not answer is replaced', async () => {
    const first = await acquireServer(state);
    process.kill(first.pid, 'SIGSTOP');
    const lines: string[] = [];
    const second = await acquireServer(state, { patienceMs: 500, log: (line) => lines.push(line) });
    expect(second.adopted).toBe(false);
    expect(second.pid).not.toBe(first.pid);
    expect(lines[0]).toContain(`process ${first.pid}) does not answer`);
    await Promise.all([first.release(), second.release()]);
  });

  it('that cannot start says why, with the end of its log', async () => {
    mkdirSync(join(state, 'temporal.db'), { recursive: true });
    const error = await acquireServer(state).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ServerStartError);
    expect(error).toMatchObject({ code: 'server-start', file: join(state, 'logs', 'temporal-server.log') });
    expect((error as Error).message).toMatch(/stopped while starting \(exit 1\); its log ends:\n.+/);
    expect(runningServer(state)).toBeNull();
  });

  it('stays when asked to, until it is stopped', async () => {
    const first = await acquireServer(state);
    await first.release({ keep: true });
    const second = await acquireServer(state);
    expect(second.adopted).toBe(true);
    await second.release();
    expect(runningServer(state)?.pid).toBe(first.pid);
    expect(await stopServer(state)).toBe(true);
    expect(await stopServer(state)).toBe(false);
  });

  it('another process with its pid is not taken for it', async () => {
    const server = await acquireServer(state);
    const record = JSON.parse(readFileSync(join(state, 'server.json'), 'utf8')) as { pid: number; startTime: string };
    expect(isRunning(record)).toBe(true);
    expect(isRunning({ pid: process.pid, startTime: record.startTime })).toBe(false);
    await server.release();
  });

  it('is not started when a server is named; that one gets the search attributes', async () => {
    const foreign = await acquireServer(state);
    const elsewhere = temporaryState();
    const opened = await openTemporal(elsewhere.state, { env: { ...process.env, TEMPORAL_ADDRESS: foreign.address, TEMPORAL_NAMESPACE: 'default' } });
    expect([opened.embedded, opened.address, opened.namespace]).toEqual([false, foreign.address, 'default']);
    await opened.release();
    expect(runningServer(elsewhere.state)).toBeNull();
    expect(runningServer(state)?.pid).toBe(foreign.pid);
    await elsewhere.remove();
    await foreign.release();
  });
});
