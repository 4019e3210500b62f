/** Memory that runs out in a fit thread: the fit fails in words, the worker lives, others go on. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { smallStudy, sulcus } from '../workflow/harness.js';
import { startCluster } from './cluster.js';
import { figure } from './figure.js';
import { bits } from './science.js';

const PRELOAD = fileURLToPath(new URL('./preload-memory.mjs', import.meta.url));
const small = { meshLevel: 3, ranks: [2, 3], splits: 2 } as const;

it('no memory for the matrix of one study', async (context) => {
  // The second study's matrix is sixteen times as large; the limit lies between.
  const fits = await smallStudy({ ...small, ranks: [2, 3] });
  const large = await smallStudy({ ...small, ranks: [2, 3], meshLevel: 4, cohorts: [{ name: 'tokyo', size: 96 }, { name: 'toronto', size: 96 }], edit: [['study: acc-trs', 'study: large']] });
  const cluster = await startCluster(fits);
  try {
    const worker = await cluster.worker({ threads: 2, preload: PRELOAD, env: { FAULT_GROW_LIMIT: String(1_500_000) } });
    const [failed, done] = await Promise.all([cluster.sulcus(['run', large.file, '--json']), cluster.sulcus(['run', 'study.yaml', '--json'])]);
    const { error } = JSON.parse(failed.stdout) as { error: { code: string; message: string } };
    expect([failed.code, error.code]).toEqual([1, 'FIT_OUT_OF_MEMORY']);
    expect(error.message).toContain('needs more memory than there is');
    expect(failed.stderr).not.toMatch(/\n\s+at /);
    expect([done.code, worker.child.exitCode, worker.child.signalCode]).toEqual([0, null, null]);
    figure(context, 'A fit for which there is no memory fails with one message that says so, after 3 attempts; its worker lives and does what else there is', `"${error.message.slice(0, 160)}"; the other study ended with exit code 0 on the same worker`);
  } finally {
    await cluster.close();
    await Promise.all([fits.remove(), large.remove()]);
  }
});

it('the heap of a fit thread full, once', async (context) => {
  const [quiet, study] = [await smallStudy({ ...small, ranks: [2, 3] }), await smallStudy({ ...small, ranks: [2, 3] })];
  const cluster = await startCluster(study), once = join(study.directory, 'fill');
  try {
    expect((await sulcus(['run', 'study.yaml'], quiet.directory)).code).toBe(0);
    writeFileSync(once, '');
    const worker = await cluster.worker({ preload: PRELOAD, env: { FAULT_HEAP_ONCE: once, NODE_OPTIONS: '--max-old-space-size=256' } });
    const { code, stderr } = await cluster.sulcus(['run', 'study.yaml']);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect([existsSync(once), worker.child.exitCode, worker.child.signalCode]).toEqual([false, null, null]);
    expect(cluster.log()).toContain('FIT_OUT_OF_MEMORY');
    expect(bits(study)).toEqual(bits(quiet));
    figure(context, 'A fit thread that ran out of heap is replaced; the fit is tried again', 'one thread died of a full heap of 256 MB, its fit was done by another, exit code 0; bits identical');
  } finally {
    await cluster.close();
    await Promise.all([quiet.remove(), study.remove()]);
  }
});
