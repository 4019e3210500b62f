/** Workers of the role tools that are gone: what a command does that follows a study with pipelines, and what `sulcus doctor` says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilNobodyWorks } from '../../client/stand-in.js';
import { startCluster, type Cluster, type WorkerProcess } from '../faults/cluster.js';
import { isAlive, readResults, until } from '../workflow/harness.js';
import { pipelineStudy, type PipelineStudy } from '../workflow/pipeline-study.js';
import { REAL } from './scans.js';

const LONG = 600_000;
let study: PipelineStudy, cluster: Cluster, tools: WorkerProcess;
describe.skipIf(!REAL)('workers of the role tools', () => {
  beforeAll(async () => {
    study = await pipelineStudy([{ name: 'tokyo', size: 6 }]);
    cluster = await startCluster(study);
    await cluster.worker({ role: 'control' });
    await cluster.worker({ role: 'compute' });
  }, LONG);
  afterAll(async () => { await cluster?.close(); await study?.remove(); }, LONG);

  async function doctor(): Promise<{ verdict: string; found: string } | undefined> {
    const { stdout } = await cluster.sulcus(['doctor', 'study.yaml', '--json']);
    return (JSON.parse(stdout) as { findings: { name: string; verdict: string; found: string }[] }).findings.find(({ name }) => name === 'sulcus-tools');
  }

  it('doctor counts them, and says what a study with pipelines waits for', async () => {
    expect(await doctor()).toMatchObject({ verdict: 'warn', found: 'no worker polls it', cost: 'a study with pipelines waits before its first program' });
    tools = await cluster.worker({ role: 'tools' });
    expect(await doctor()).toMatchObject({ verdict: 'ok', found: '1 worker polls it' });
  }, LONG);

  it('a command takes over from the last one where this machine has the programs, and says what is waited for where it has not', async () => {
    const held = study.hold('correct', study.ids('tokyo')[0] as string), run = cluster.command(['run', 'study.yaml']);
    const program = await until('a program', held.waiting), over = new AbortController(), notes: string[] = [];
    const elsewhere = untilNobodyWorks(cluster.client, { over: over.signal, note: (line) => notes.push(line), programs: () => Promise.resolve(false) });
    tools.child.kill('SIGKILL');
    await tools.ended;
    await until('the end of its program', () => (isAlive(program) ? null : true));
    held.release();
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/no worker has polled sulcus-tools for \d+ s: this command brings one of its own/)]);
    expect(readResults(study.results).cohorts['tokyo']?.subjects).toBe(6);
    over.abort();
    expect(await elsewhere).toBe(false);
    expect(notes).toEqual([expect.stringMatching(/^no worker has polled sulcus-tools for \d+ s, and not all programs of the study's pipelines are on this machine: it waits at them until `sulcus worker --role tools` runs where they are$/)]);
  }, LONG);
});
