import { describe, expect, it } from 'vitest';
import { Family } from '../../../activities/imaging/guard/family.js';
import { listProcesses, processesFromPs, type ProcessRow } from '../../../activities/imaging/guard/processes.js';

const row = (pid: number, parent: number, group: number, session: number, start = `${pid}`, ended = false): ProcessRow => ({ pid, parent, group, session, start, ended, resident: null });
const pids = (rows: readonly ProcessRow[]): number[] => rows.map(({ pid }) => pid).sort((a, b) => a - b);

/** What other people run. */
const STRANGERS = [row(1, 0, 1, 1), row(10, 1, 10, 10), row(11, 10, 11, 10), row(900_001, 10, 900_001, 10)];
const PROGRAM = row(100, 50, 100, 100), CHILD = row(101, 100, 100, 100), OWN_GROUP = row(102, 101, 102, 100), OWN_SESSION = row(103, 101, 103, 103);
const ALL = [PROGRAM, CHILD, OWN_GROUP, OWN_SESSION];

describe('the processes of a program', () => {
  it('are its descendants, whatever group or session they are in', () => {
    expect(pids(new Family(100).update([...STRANGERS, ...ALL]))).toEqual([100, 101, 102, 103]);
  });

  it('are those of its group and session whose parents have ended, also when the program was never seen', () => {
    const orphans = [row(102, 1, 102, 100), row(104, 1, 100, 0)];
    expect(pids(new Family(100).update([...STRANGERS, ...orphans]))).toEqual([102, 104]);
  });

  it('stay what they are when all that tied them to it is gone', () => {
    const family = new Family(100);
    family.update([...STRANGERS, ...ALL]);
    expect(pids(family.update([...STRANGERS, row(103, 1, 103, 103)]))).toEqual([103]);
    expect(pids(family.update([...STRANGERS, row(103, 1, 103, 103), row(105, 103, 105, 105)]))).toEqual([103, 105]);
  });

  it('are not those who were given their number afterwards', () => {
    const family = new Family(100);
    family.update([...STRANGERS, ...ALL]);
    expect(family.update([...STRANGERS, row(101, 10, 101, 10, 'later')])).toEqual([]);
    expect(family.update([...STRANGERS, row(100, 10, 100, 100, 'later'), row(110, 10, 100, 100, 'later')])).toEqual([]);
  });

  it('do not live when they have ended and nobody has asked', () => {
    const family = new Family(100);
    expect(pids(family.update([...STRANGERS, row(100, 50, 100, 100, '100', true), CHILD]))).toEqual([101]);
  });

  it('are never those without a group of their own, nor the first of the machine', () => {
    const family = new Family(100);
    expect(pids(family.update([...STRANGERS, row(2, 0, 0, 0), row(3, 2, 0, 0), PROGRAM, row(101, 100, 0, 0)]))).toEqual([100, 101]);
    expect(pids(family.update([...STRANGERS, row(2, 0, 0, 0), row(3, 2, 0, 0), row(101, 1, 0, 0)]))).toEqual([101]);
  });
});

describe('the processes of the machine', () => {
  it('are told with parent, group and start, the same however they are asked for', async () => {
    for (const rows of [await listProcesses(), await processesFromPs()]) {
      const own = rows.find(({ pid }) => pid === process.pid);
      expect(own).toMatchObject({ parent: process.ppid, ended: false });
      expect(own!.start).not.toBe('');
    }
    const [usual, byPs] = [await listProcesses(), await processesFromPs()].map((rows) => rows.find(({ pid }) => pid === process.pid)!);
    expect(byPs!.group).toBe(usual!.group);
    expect(byPs!.resident).toBeGreaterThan(10 * 1024);
    expect((await processesFromPs()).find(({ pid }) => pid === process.pid)!.start).toBe(byPs!.start);
  });
});
