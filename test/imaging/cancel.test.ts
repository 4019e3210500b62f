/** A study that is cancelled, or ends because a cohort failed, while programs run: it closes when all of them have ended, those of other cohorts too. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type Cluster } from '../faults/cluster.js';
import { isAlive, until } from '../workflow/harness.js';
import { pipelineStudy, type PipelineStudy } from '../workflow/pipeline-study.js';
import { REAL } from './scans.js';

const LONG = 600_000;
const EACH = 4;
/** Waits to be ended. At SIGTERM those of toronto take four seconds more, those of tokyo none; a scan that says `broken` ends at once, with exit code 3. */
const PROGRAM = `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path');
const [step, from] = process.argv.slice(2);
if (step === '--version') { console.log('lab-scan 1.4.2'); process.exit(0); }
process.on('SIGTERM', () => setTimeout(() => process.exit(0), from.includes('toronto') ? 4000 : 0));
fs.appendFileSync(path.join(__dirname, 'runs.log'), step + ' ' + process.pid + '\\n');
setInterval(() => { if (fs.existsSync(path.join(__dirname, 'fail')) && from.includes('tokyo')) process.exit(5); }, 50);
`;

let study: PipelineStudy, cluster: Cluster;
describe.skipIf(!REAL)('a study that ends while programs run', () => {
  beforeAll(async () => {
    study = await pipelineStudy([{ name: 'tokyo', size: EACH }, { name: 'toronto', size: EACH }]);
    writeFileSync(join(study.directory, 'lab', 'lab-scan'), PROGRAM);
    chmodSync(join(study.directory, 'lab', 'lab-scan'), 0o755);
    cluster = await startCluster(study);
    // Room for everybody's program at once, so that it is no chance whose run.
    await cluster.worker({ args: ['--tool-cores', String(2 * EACH), '--tool-memory', '16'] });
  }, LONG);
  afterAll(async () => { await cluster?.close(); await study?.remove(); }, LONG);

  const begun = (): number[] => study.runs().map((line) => Number(line.split(' ')[1]));

  /** Whoever of toronto's participants closed after the study, and the programs that live. */
  async function leftBehind(): Promise<{ workflows: string[]; programs: number[] }> {
    const programs = begun().filter(isAlive), closed = async (id: string): Promise<number> => Number((await cluster.client.workflow.getHandle(id).describe()).closeTime ?? Infinity);
    const of = ['acc-trs/tokyo', 'acc-trs/toronto'].flatMap((cohort) => [cohort, `${cohort}/lab-scan`, ...Array.from({ length: EACH }, (_, i) => `${cohort}/lab-scan/000${i + 1}`)]);
    const end = await closed('acc-trs'), times = await Promise.all(of.map(closed));
    return { programs, workflows: of.filter((_, i) => (times[i] as number) > end) };
  }

  async function everyProgramRuns(before: number): Promise<void> {
    await until('every program', () => (begun().length - before >= 2 * EACH ? true : null));
  }

  it('is closed by a cancel when the last program of every cohort has ended', async () => {
    const run = cluster.command(['run', 'study.yaml']);
    await everyProgramRuns(0);
    expect((await cluster.sulcus(['cancel', 'acc-trs'])).code).toBe(0);
    expect(await leftBehind()).toEqual({ programs: [], workflows: [] });
    expect((await run.finished).code).toBe(1);
  }, LONG);

  it('fails with one cohort when the programs of the other have ended', async () => {
    writeFileSync(study.file, readFileSync(study.file, 'utf8').replace('inputs: { scan:', 'on_failure: fail\n    inputs: { scan:'));
    const before = begun().length, run = cluster.command(['run', 'study.yaml']);
    await everyProgramRuns(before);
    writeFileSync(join(study.directory, 'lab', 'fail'), '');
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([1, expect.stringContaining('cohort tokyo: lab-scan could not be finished')]);
    expect(existsSync(join(study.results, 'results.json'))).toBe(false);
    expect(await leftBehind()).toEqual({ programs: [], workflows: [] });
  }, LONG);
});
