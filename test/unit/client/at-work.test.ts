import { describe, expect, it } from 'vitest';
import { areAllServed, POLL_LASTS_MS, presentWorkers, type Poll } from '../../../client/at-work.js';

const NOW = 1_800_000_000_250;
const polledAgo = (seconds: number, identity = 'w'): Poll => {
  const at = NOW - seconds * 1000;
  return { identity, lastAccessTime: { seconds: Math.floor(at / 1000), nanos: Math.round(at % 1000) * 1e6 } };
};

describe('who is taken for present', () => {
  it.each([0, 29, 31, 59, 62, 89])('a worker that polled %i s ago, for a poll lasts a minute and clocks differ', (seconds) => {
    expect(presentWorkers('q', [polledAgo(seconds)], NOW)).toEqual({ queue: 'q', workers: ['w'], silentMs: seconds * 1000 });
  });

  it.each([91, 299])('not one that polled %i s ago', (seconds) => {
    expect(presentWorkers('q', [polledAgo(seconds)], NOW)).toEqual({ queue: 'q', workers: [], silentMs: seconds * 1000 });
  });

  it('one whose server\'s clock is ahead; nobody where nobody is remembered', () => {
    expect(presentWorkers('q', [polledAgo(-20)], NOW)).toEqual({ queue: 'q', workers: ['w'], silentMs: 0 });
    expect(presentWorkers('q', [], NOW)).toEqual({ queue: 'q', workers: [], silentMs: Infinity });
    expect(presentWorkers('q', [{ identity: 'w' }], NOW)).toEqual({ queue: 'q', workers: [], silentMs: Infinity });
  });

  it('those of several that are; the silence is that of the last', () => {
    expect(presentWorkers('q', [polledAgo(200, 'gone'), polledAgo(70, 'late'), polledAgo(5, 'there')], NOW)).toEqual({ queue: 'q', workers: ['late', 'there'], silentMs: 5000 });
  });

  it('a queue without anybody is not made up for by another', () => {
    const served = presentWorkers('a', [polledAgo(5)], NOW), deserted = presentWorkers('b', [polledAgo(200)], NOW);
    expect([areAllServed([served, served]), areAllServed([served, deserted])]).toEqual([true, false]);
  });

  it('an idle worker is never overdue: the oldest last poll measured is 59.0 s old', () => expect(POLL_LASTS_MS).toBeGreaterThan(59_000));
});
