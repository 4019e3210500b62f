import { readFile } from 'node:fs/promises';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { guarded, toFailure } from '../../../activities/failures.js';
import { FactorizationError } from '../../../analysis/opnmf/index.js';
import { SulcusError } from '../../../contracts/errors.js';
import { MAX_PAYLOAD_BYTES } from '../../../contracts/limits.js';
import { ArtifactMissingError } from '../../../storage/store.js';

const failure = (error: unknown): ApplicationFailure => {
  const found = toFailure(error);
  if (!(found instanceof ApplicationFailure)) throw new Error('not an ApplicationFailure');
  return found;
};
const systemError = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}: no luck`), { code });
const caught = async (run: () => Promise<unknown>): Promise<unknown> => run().then(() => { throw new Error('nothing was thrown'); }, (error: unknown) => error);

describe('toFailure', () => {
  it('our errors keep their code as type and their remedy in the message, and are not retried', () => {
    const error = new FactorizationError('NEGATIVE_VALUE', '-1 at row 2, column 3', 'shift the matrix');
    const found = failure(error);
    expect(found).toMatchObject({ type: 'NEGATIVE_VALUE', message: '-1 at row 2, column 3 (shift the matrix)', nonRetryable: true });
    expect(found.cause).toBe(error);
    expect(failure(new ArtifactMissingError({ kind: 'fit', key: 'ab' }))).toMatchObject({ type: 'ARTIFACT_MISSING', nonRetryable: true });
    expect(failure(new SulcusError('X', 'no remedy')).message).toBe('no remedy');
  });

  it.each(['STORE_UNAVAILABLE', 'FIT_STALLED', 'FIT_THREAD_DIED'])('%s may be better next time', (code) => {
    expect(failure(new SulcusError(code, 'x'))).toMatchObject({ type: code, nonRetryable: false });
  });

  it.each([['EACCES', true], ['EROFS', true], ['EPERM', true], ['EIO', false], ['ENOSPC', false], ['EMFILE', false]])('system error %s: hopeless %s', (code, hopeless) => {
    expect(failure(systemError(code))).toMatchObject({ type: code, message: `${code}: no luck`, nonRetryable: hopeless });
  });

  it('anything else is UNEXPECTED and retried, with its cause', () => {
    const error = new TypeError('x is not a function');
    expect(failure(error)).toMatchObject({ type: 'UNEXPECTED', message: 'x is not a function', nonRetryable: false });
    expect(failure(error).cause).toMatchObject({ name: 'TypeError', message: 'x is not a function' });
    expect((failure(error).cause as Error).stack).toMatch(/^TypeError: x is not a function\n\s+at .*failures\.test/);
    expect(failure('a string')).toMatchObject({ type: 'UNEXPECTED', message: 'a string' });
  });

  it.each<[string, (error: Error) => unknown]>([
    ['as the system throws it', (error) => error],
    ['inside one of ours', (cause) => new SulcusError('STORE_UNAVAILABLE', 'the store cannot be read', { cause })],
  ])('the path that the system quotes, and with it who is in it, stays out of every field: %s', async (_, wrap) => {
    const error = await caught(() => readFile("/data/cohort o'hara/sub-TKY0042/thickness.txt")), found = failure(wrap(error as Error));
    for (let at: unknown = found; at instanceof Error; at = at.cause) expect(`${at.message}\n${at.stack}`).not.toMatch(/TKY0042|o'hara/);
    expect(found.type).toBe(wrap(error as Error) === error ? 'ENOENT' : 'STORE_UNAVAILABLE');
    if (found.type === 'ENOENT') expect(found.message).toBe("ENOENT: no such file or directory, open '…'");
  });

  it('messages stay far below the 4 KiB that Temporal keeps', () => {
    for (const error of [new SulcusError('LONG', 'x'.repeat(9000), { remedy: 'y'.repeat(9000) }), new Error('x'.repeat(9000))]) expect(failure(error).message).toHaveLength(1500);
  });

  it('Temporal\'s own failures pass through untouched', () => {
    for (const error of [ApplicationFailure.create({ type: 'T', message: 'm' }), new CancelledFailure('cancelled')]) expect(toFailure(error)).toBe(error);
  });
});

describe('guarded', () => {
  const activities = guarded({
    echo: async (input: { n: number }) => ({ text: 'x'.repeat(input.n) }),
    nothing: async () => undefined,
    fails: async () => { throw new SulcusError('NOPE', 'no', { remedy: 'do otherwise' }); },
    throwsAtOnce: (_input: object): Promise<object> => { throw systemError('EACCES'); },
  });

  it('passes results through', async () => {
    expect(await activities.echo({ n: 3 })).toEqual({ text: 'xxx' });
    expect(await activities.nothing()).toBeUndefined();
  });

  it('types what is thrown, late or at once', async () => {
    expect(await caught(() => activities.fails())).toMatchObject({ type: 'NOPE', message: 'no (do otherwise)', nonRetryable: true });
    expect(await caught(() => activities.throwsAtOnce({}))).toMatchObject({ type: 'EACCES', nonRetryable: true });
  });

  it('refuses a result one byte above the limit, naming the activity, and counts bytes, not characters', async () => {
    const overhead = '{"text":""}'.length;
    expect(await activities.echo({ n: MAX_PAYLOAD_BYTES - overhead })).toBeDefined();
    expect(await caught(() => activities.echo({ n: MAX_PAYLOAD_BYTES - overhead + 1 }))).toMatchObject({ type: 'RESULT_TOO_LARGE', message: expect.stringContaining('activity echo would return 16385 bytes'), nonRetryable: true });
    const wide = guarded({ say: async (_: object) => ({ text: 'é'.repeat(MAX_PAYLOAD_BYTES / 2) }) });
    expect(await caught(() => wide.say({}))).toMatchObject({ type: 'RESULT_TOO_LARGE' });
  });
});
