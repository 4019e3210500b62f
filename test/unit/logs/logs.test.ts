/** Reading the logs of several workers: by time, by study, and going on where reading stopped. */
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followLogs, readLogs, type Wanted } from '../../../client/logs/index.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'sulcus-logs-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

const line = (time: number, msg: string, more: Record<string, unknown> = {}): string => `${JSON.stringify({ level: 30, time, msg, workflowId: 'acc', ...more })}\n`;
const ALL: Wanted = { study: null, level: 0, run: null };
const messages = async (wanted: Wanted = ALL): Promise<string[]> => (await readLogs(folder, wanted)).lines.map(({ line: l }) => l.msg);

describe('reading', () => {
  it('takes the lines of all workers by time, turned over ones too, and no other file', async () => {
    await writeFile(join(folder, 'worker.log'), line(3, 'c') + line(5, 'e'));
    await writeFile(join(folder, 'worker.log.1'), line(1, 'a'));
    await writeFile(join(folder, 'worker-compute-2.log'), line(2, 'b') + line(4, 'd'));
    await writeFile(join(folder, 'temporal-server.log'), line(2, 'server'));
    expect(await messages()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('takes a study with its cohorts, not another study whose name begins alike', async () => {
    await writeFile(join(folder, 'worker.log'), line(1, 'study') + line(2, 'cohort', { workflowId: 'acc/tokyo' }) + line(3, 'other', { workflowId: 'acc-only-tokyo' }) + line(4, 'worker', { workflowId: undefined }));
    expect(await messages({ ...ALL, study: 'acc' })).toEqual(['study', 'cohort']);
  });

  it('takes a level, and a run by the beginning of its id', async () => {
    await writeFile(join(folder, 'worker.log'), line(1, 'info', { runId: 'abc1' }) + line(2, 'warn', { level: 40, runId: 'abd2' }));
    expect(await messages({ ...ALL, level: 40 })).toEqual(['warn']);
    expect(await messages({ ...ALL, run: 'abc' })).toEqual(['info']);
  });

  it('leaves out what is no line of ours, and half a line at the end', async () => {
    await writeFile(join(folder, 'worker.log'), `node: out of memory\n${line(1, 'a')}{"level":30,"time":2,"ms`);
    expect(await messages()).toEqual(['a']);
  });

  it('finds nothing where there is nothing', async () => {
    expect((await readLogs(join(folder, 'none'), ALL)).lines).toEqual([]);
  });
});

describe('following', () => {
  it('gives each new line once, the rest of a half one, and goes on when a file is turned over', async () => {
    const file = join(folder, 'worker.log');
    await writeFile(file, `${line(1, 'old')}{"level":30,"time":2,`);
    const { lines, ends } = await readLogs(folder, ALL);
    expect(lines).toHaveLength(1);
    const seen: string[] = [], end = new AbortController();
    const until = async (n: number): Promise<void> => { for (let i = 0; i < 200 && seen.length < n; i++) await pause(50); };
    const following = followLogs(folder, ALL, ends, ({ line: l }) => seen.push(l.msg), end.signal);
    await appendFile(file, `"msg":"half"}\n${line(3, 'new')}`);
    await until(2);
    await rename(file, `${file}.1`);
    await appendFile(`${file}.1`, line(4, 'to the old file'));
    await writeFile(file, line(5, 'to the new file'));
    await until(4);
    end.abort();
    await following;
    expect(seen).toEqual(['half', 'new', 'to the old file', 'to the new file']);
  });
});
