import { ServiceError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { patiently } from '../../../client/patience.js';

/** As the SDK throws it: the gRPC error with its code is the cause. */
const serviceError = (code: number): ServiceError => new ServiceError('Failed to get Workflow execution history', { cause: Object.assign(new Error('gRPC'), { code }) });
const UNAVAILABLE = 14, DEADLINE_EXCEEDED = 4, PERMISSION_DENIED = 7;

/** Fails with each of these in turn, then answers. */
function failing(...errors: Error[]): { call: () => Promise<string>; calls: () => number } {
  let calls = 0;
  return { call: () => { const error = errors[calls++]; return error === undefined ? Promise.resolve('done') : Promise.reject(error); }, calls: () => calls };
}

describe('following over an outage', () => {
  it('asks again until the server answers, and says so once', async () => {
    const notes: string[] = [], { call, calls } = failing(serviceError(UNAVAILABLE), serviceError(DEADLINE_EXCEEDED));
    expect(await patiently(call, { over: new AbortController().signal, note: (line) => notes.push(line) })).toBe('done');
    expect([calls(), notes.length]).toEqual([3, 1]);
  });

  it('does not repeat what another try does not change, nor the failure of a study', async () => {
    for (const error of [serviceError(PERMISSION_DENIED), new Error('the study failed')]) {
      const { call, calls } = failing(error, error);
      await expect(patiently(call, { over: new AbortController().signal, note: () => undefined })).rejects.toBe(error);
      expect(calls()).toBe(1);
    }
  });

  it('ends with a code and a remedy when patience ends, and at once when nobody waits', async () => {
    const endless = (): Promise<string> => Promise.reject(serviceError(UNAVAILABLE));
    await expect(patiently(endless, { over: new AbortController().signal, note: () => undefined, patienceMs: -1 })).rejects.toMatchObject({ code: 'SERVER_AWAY', remedy: expect.stringContaining('same command') });
    await expect(patiently(endless, { over: AbortSignal.abort(), note: () => undefined })).rejects.toBeInstanceOf(ServiceError);
  });
});
