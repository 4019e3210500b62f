/** Which version a worker says it is, and memory that is not to be had. */
import { describe, expect, it } from 'vitest';
import { toFailure } from '../../../activities/failures.js';
import { readWorkerOptions } from '../../../workers/args.js';
import { outOfMemory } from '../../../workers/threads/memory.js';
import { versioning } from '../../../workers/version.js';

describe('the version of a worker', () => {
  const deployment = (args: string[], env: NodeJS.ProcessEnv = {}): unknown => readWorkerOptions(['--store', 'store', ...args], env).deployment;

  it('is none unless it is asked for', () => {
    expect(deployment([])).toBeNull();
    expect(versioning(null)).toEqual({});
  });

  it('comes from the command line or the environment', () => {
    expect(deployment(['--deployment', 'lab', '--build-id', '2.0'])).toEqual({ name: 'lab', buildId: '2.0' });
    expect(deployment([], { SULCUS_DEPLOYMENT: 'lab' })).toEqual({ name: 'lab', buildId: null });
    expect(deployment(['--deployment', 'other'], { SULCUS_DEPLOYMENT: 'lab', SULCUS_BUILD_ID: 'x' })).toEqual({ name: 'other', buildId: 'x' });
  });

  it('binds workflows to where they began', () => {
    expect(versioning({ name: 'lab', buildId: '2.0' })).toEqual({ workerDeploymentOptions: { version: { deploymentName: 'lab', buildId: '2.0' }, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' } });
  });

  it('is not that of a worker that a command brings along', () => {
    expect(deployment(['--await-server'], { SULCUS_DEPLOYMENT: 'lab' })).toBeNull();
  });

  it.each([[['--build-id', 'x']], [['--deployment', 'a.b']], [['--deployment', '__x']], [['--deployment', 'lab', '--build-id', 'a:b']]])('%j is refused', (args) => {
    expect(() => deployment(args)).toThrow(expect.objectContaining({ code: 'BAD_DEPLOYMENT' }) as Error);
  });
});

describe('memory that is not to be had', () => {
  const heap = Object.assign(new Error('Worker terminated due to reaching memory limit: JS heap out of memory'), { code: 'ERR_WORKER_OUT_OF_MEMORY' });

  it.each([[heap, 'than there is'], [new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory'), 'than there is'],
    [new RangeError('Array buffer allocation failed'), 'than there is'], [new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded'), '4 GiB']])('is told: %s', (error, words) => {
    expect(outOfMemory(error)).toMatchObject({ code: 'FIT_OUT_OF_MEMORY', message: expect.stringContaining(words) as string, remedy: expect.any(String) as string });
  });

  it('is what a real WebAssembly memory says', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    let thrown: unknown;
    try { memory.grow(2); } catch (error) { thrown = error; }
    expect(outOfMemory(thrown)?.code).toBe('FIT_OUT_OF_MEMORY');
  });

  it('is nothing else', () => {
    expect(outOfMemory(new RangeError('Invalid array length'))).toBeNull();
    expect(outOfMemory(new Error('memory'))).toBeNull();
  });

  it('is tried three times', () => {
    const error = outOfMemory(heap);
    expect([1, 2, 3].map((attempt) => (toFailure(error, attempt) as { nonRetryable: boolean }).nonRetryable)).toEqual([false, false, true]);
  });
});
