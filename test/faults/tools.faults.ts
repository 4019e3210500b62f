/** Workers of roles apart, none of which runs programs: a study with a pipeline waits, and says for whom. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StudyStanding } from '../../client/status/standing.js';
import { until } from '../workflow/harness.js';
import { pipelineStudy, type PipelineStudy } from '../workflow/pipeline-study.js';
import { startCluster, type Cluster } from './cluster.js';

let study: PipelineStudy, cluster: Cluster;
beforeAll(async () => {
  study = await pipelineStudy([{ name: 'tokyo', size: 6 }]);
  cluster = await startCluster(study);
}, 300_000);
afterAll(async () => { await cluster.close(); await study.remove(); });

it('waits for a tools worker, which then takes one step at a time on its one core', async () => {
  await Promise.all([cluster.worker({ role: 'control' }), cluster.worker({ role: 'compute' })]);
  const run = cluster.command(['run', 'study.yaml']);
  const standing = await until('a study that waits for its programs', async () => {
    const { studies } = JSON.parse((await cluster.sulcus(['status', '--json'])).stdout) as { studies: StudyStanding[] };
    return studies[0]?.waitsFor === 'tools' ? studies[0] : null;
  });
  expect(standing.cohorts[0]).toMatchObject({ stage: 'pipeline', pipeline: { name: 'lab-scan', total: null, done: 0, excluded: 0 } });
  expect((await cluster.sulcus(['status'])).stdout).toContain('No worker runs programs: it goes on with `sulcus worker --role tools`');
  expect(study.runs()).toEqual([]);
  await cluster.worker({ role: 'tools', args: ['--tool-cores', '1', '--tool-memory', '1'] });
  const { code, stderr } = await run.finished;
  expect([code, stderr]).toEqual([0, expect.stringContaining('nobody here runs programs: the study waits at its pipeline lab-scan')]);
  // Each ends before the next begins.
  const words = study.runs().map((line) => line.split(' ')[2]);
  expect(words).toEqual(Array.from({ length: 6 * 2 }, () => ['begin', 'end']).flat());
}, 600_000);
