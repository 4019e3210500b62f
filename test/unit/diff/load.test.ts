/** What the store keeps of a finished run, read back within bounds. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadRuns } from '../../../client/diff/load.js';
import { FileStore } from '../../../storage/file-store.js';

const RUN = '01a20578-63f8-728a-b3f9-05fec26cb5bd';
let state: string, before: string | undefined;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'sulcus-diff-'));
  mkdirSync(join(state, 'store'));
  before = process.env['SULCUS_STATE'];
  process.env['SULCUS_STATE'] = state;
});
afterEach(() => {
  if (before === undefined) delete process.env['SULCUS_STATE'];
  else process.env['SULCUS_STATE'] = before;
  rmSync(state, { recursive: true, force: true });
});
const keep = (document: Uint8Array): Promise<void> => new FileStore(join(state, 'store')).recordRun({ runId: RUN, workflowId: 'acc', study: 'acc', finishedAt: '2026-01-02T03:04:05.000Z', out: '/out', partial: false }, document);

it('a document is read whole, also one that compresses well', async () => {
  // Labels of a whole cortex outside the region: the most that sulcus writes of one character.
  const labels = { tokyo_left: '0\n'.repeat(163_842) };
  await keep(gzipSync(JSON.stringify({ results: {}, provenance: {}, labels })));
  const [run] = await loadRuns(RUN, 'acc');
  expect(run).toMatchObject({ name: RUN, folder: null, labels });
});

it('one that would fill the memory is refused in one line', async () => {
  const bomb = gzipSync(Buffer.alloc(48 * 2 ** 20, 32));
  expect(bomb.length).toBeLessThan(64 * 1024);
  await keep(bomb);
  await expect(loadRuns(RUN, 'acc')).rejects.toMatchObject({
    code: 'TOO_LARGE', message: expect.stringMatching(new RegExp(`^run ${RUN} in the store: its document expands to more than \\d+ bytes: it was not written by sulcus$`)), remedy: 'name its results folder',
  });
});

it('one that is damaged says so', async () => {
  await keep(gzipSync(JSON.stringify({ results: {} })).subarray(0, 20));
  await expect(loadRuns(RUN, 'acc')).rejects.toMatchObject({ code: 'BAD_RESULTS', message: `what the store keeps of run ${RUN} is damaged` });
});
