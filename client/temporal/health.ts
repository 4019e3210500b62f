import { Connection } from '@temporalio/client';
import { setTimeout as pause } from 'node:timers/promises';
import { accepts } from './ports.js';

const ANSWER_MS = 5000;

/** True when the server answers a question about its namespace, i.e. also its database is in order. */
export async function answers(port: number, namespace = 'default'): Promise<boolean> {
  if (!(await accepts(port))) return false;
  let connection: Connection | null = null;
  try {
    connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: ANSWER_MS });
    const { workflowService } = connection;
    await connection.withDeadline(Date.now() + ANSWER_MS, () => workflowService.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

/** True as soon as the server answers; false when it has not within `ms` (it may only be busy, so ask for longer than one question takes). */
export async function answersWithin(port: number, ms: number): Promise<boolean> {
  for (const until = Date.now() + ms; ; await pause(200)) {
    if (await answers(port)) return true;
    if (Date.now() > until) return false;
  }
}
