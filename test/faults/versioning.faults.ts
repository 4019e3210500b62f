/**
 * Two versions of the workers of a deployment at once, as real processes with real code of their own: a study that began on the old version ends on it,
 * one that begins after the promotion runs on the new one. The new code has a step more, so that a history of the old one would not replay on it.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeploymentVersion } from '../../client/deploy/versions.js';
import { startCluster, type Cluster } from './cluster.js';
import { smallStudy, type SmallStudy } from '../workflow/harness.js';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const LONG = 1_800_000;

let folder: string, study: SmallStudy, cluster: Cluster;
beforeAll(async () => {
  // Inside dist/, so that the packages are found from there.
  folder = mkdtempSync(join(DIST, '.next-'));
  for (const name of readdirSync(DIST)) if (!name.startsWith('.')) cpSync(join(DIST, name), join(folder, 'dist', name), { recursive: true });
  cpSync(join(DIST, '..', 'package.json'), join(folder, 'package.json'));
  const bundle = join(folder, 'dist', 'workflow-bundle.js'), code = readFileSync(bundle, 'utf8');
  const place = /\n( +)const \[spectra, fits\] = /.exec(code), sdk = /(_temporalio_workflow__WEBPACK_IMPORTED_MODULE_\d+__)\.upsertSearchAttributes\)\(\[\{ key: _attributes/.exec(code);
  if (place === null || sdk === null) throw new Error('the workflow bundle has no such place any more');
  writeFileSync(bundle, `${code.slice(0, place.index)}\n${place[1]}await (0,${sdk[1]}.sleep)(1);${code.slice(place.index)}`);
  study = await smallStudy({ ranks: [2, 3], splits: 2, edit: [['rank: auto', 'rank: review']] });
  writeFileSync(join(study.directory, 'later.yaml'), readFileSync(study.file, 'utf8').replace('rank: review', 'rank: 3').replace('study: acc-trs', 'study: later'));
  cluster = await startCluster(study);
}, LONG);
afterAll(async () => {
  await cluster.close();
  await study.remove();
  rmSync(folder, { recursive: true, force: true });
});

const versions = async (): Promise<DeploymentVersion[]> => (JSON.parse((await cluster.sulcus(['deploy', 'status', 'lab', '--json'])).stdout) as { versions: DeploymentVersion[] }).versions;

/** Build ids that did the workflow's steps, and its timers. */
async function whoDid(workflowId: string): Promise<{ builds: string[]; timers: number }> {
  const { events } = await cluster.client.workflow.getHandle(workflowId).fetchHistory();
  const builds = (events ?? []).flatMap((e) => e.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? []);
  return { builds: [...new Set(builds)], timers: (events ?? []).filter((e) => e.timerStartedEventAttributes != null).length };
}

it('a study that waits ends on the old version, children and all, while a new one runs on the new version', async () => {
  await cluster.worker({ args: ['--deployment', 'lab'] });
  const [old] = (await versions()).map((v) => v.buildId) as [string];
  expect(old).toMatch(/^\d+\.\d+\.\d+-[0-9a-f]{12}$/);
  expect(await versions()).toMatchObject([{ deployment: 'lab', status: 'inactive' }]);
  expect((await cluster.sulcus(['deploy', 'promote', 'lab', old])).code).toBe(0);
  expect((await cluster.sulcus(['run', 'study.yaml'])).code).toBe(3);           // a person is needed

  await cluster.worker({ args: ['--deployment', 'lab'], program: join(folder, 'dist', 'workers', 'main.js') });
  const next = (await versions()).map((v) => v.buildId).find((id) => id !== old) as string;
  expect((await cluster.sulcus(['deploy', 'promote', 'lab', next])).code).toBe(0);
  expect((await versions()).map((v) => [v.buildId, v.status])).toEqual(expect.arrayContaining([[next, 'current'], [old, 'draining']]));

  // The old study: a participant is left out, so that a cohort begins anew, and then the rank is approved.
  const someone = readFileSync(join(study.directory, 'tokyo', 'participants.tsv'), 'utf8').split('\n')[1]?.split('\t')[0] as string;
  expect((await cluster.sulcus(['exclude', 'acc-trs', '--cohort', 'tokyo', '--subject', someone, '--reason', 'moved'])).code).toBe(0);
  const going = cluster.command(['run', 'study.yaml']), later = cluster.sulcus(['run', 'later.yaml', '--out', 'later']);
  expect((await going.finished).code).toBe(3);
  expect((await cluster.sulcus(['approve', 'acc-trs', '--rank', '3', '--unstable'])).code).toBe(0);
  expect(await cluster.client.workflow.getHandle('acc-trs').result()).toMatchObject({ rank: { chosen: 3 } });
  expect((await later).code).toBe(0);

  expect((await whoDid('acc-trs')).builds).toEqual([old]);                      // its timers are reminders
  expect(await whoDid('acc-trs/tokyo')).toEqual({ builds: [old], timers: 0 });
  expect((await whoDid('later')).builds).toEqual([next]);
  expect(await whoDid('later/tokyo')).toEqual({ builds: [next], timers: 1 });
}, LONG);

it('a deployment or version that is not there is refused in words', async () => {
  const none = await cluster.sulcus(['deploy', 'status', 'nowhere', '--json']);
  expect([none.code, JSON.parse(none.stdout)]).toEqual([1, expect.objectContaining({ error: expect.objectContaining({ code: 'NO_DEPLOYMENT' }) as unknown })]);
  const absent = await cluster.sulcus(['deploy', 'promote', 'lab', '9.9.9', '--json']);
  expect([absent.code, (JSON.parse(absent.stdout) as { error: { code: string } }).error.code]).toEqual([1, expect.stringMatching(/^(NO_DEPLOYMENT|NOT_READY)$/)]);
}, LONG);
