/** Workers that are killed between and inside the steps of real programs: what was finished is not done again, and nothing is left lying about. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type Cluster } from '../faults/cluster.js';
import { readResults, until } from '../workflow/harness.js';
import { asides, finishedSteps, REAL, scanStudy, type Finished, type ScanStudy } from './scans.js';

const LONG = 1_800_000;
const OUTPUTS = 'derivatives/mrtrix3-dti';
const STEPS = 13;
const PROGRAMS = ['mrconvert', 'dwidenoise', 'mrdegibbs', 'dwiextract', 'mrmath', 'dwi2mask', 'mrgrid', 'mrcalc', 'dwi2tensor', 'tensor2metric', 'mrstats'];
/** Every other one waits for a program that runs. */
const KILLS = 6;

/** Programs of MRtrix3 that read or write in a folder. */
function running(folder: string): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
      return PROGRAMS.includes(basename(program)) && args.some((a) => a.startsWith(folder)) ? [basename(program)] : [];
    } catch { return []; }
  });
}

describe.skipIf(!REAL)('workers that are killed while MRtrix3 works', () => {
  let study: ScanStudy, cluster: Cluster;
  beforeAll(async () => {
    study = await scanStudy([{ name: 'tokyo', size: 8 }, { name: 'toronto', size: 8 }]);
    cluster = await startCluster(study);
  }, LONG);
  afterAll(async () => { await cluster?.close(); await study?.remove(); }, LONG);

  it(`leave what is finished alone, no program and no half output: ${KILLS} kills, between and inside steps`, async () => {
    const steps = 16 * STEPS, seen: Map<string, Finished>[] = [], killed: string[] = [];
    let worker = await cluster.worker();
    const run = cluster.command(['run', 'study.yaml']);
    let over = false;
    void run.finished.then(() => { over = true; });
    while (killed.length < KILLS) {
      const inside = killed.length % 2 === 0, enough = (seen.at(-1)?.size ?? 0) + 5;
      const what = await until(`step ${enough} of ${steps}${inside ? ' and a program that runs' : ''}`, () => {
        expect(over, 'the run is over too soon').toBe(false);
        if (finishedSteps(study, OUTPUTS).size < enough) return null;
        const now = running(study.directory);
        return inside === (now.length > 0) ? now.join(' ') || 'between' : null;
      }, 600_000);
      worker.child.kill('SIGKILL');
      await worker.ended;
      await until('the programs to end', () => (running(study.directory).length === 0 ? true : null), 60_000);
      killed.push(what);
      seen.push(finishedSteps(study, OUTPUTS));
      worker = await cluster.worker();
    }
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const done = finishedSteps(study, OUTPUTS);
    expect(done.size).toBe(steps);
    expect(asides(study, OUTPUTS)).toEqual([]);
    for (const before of seen) for (const [name, { mark }] of before) expect(done.get(name)?.mark, name).toBe(mark);
    expect(Object.values(readResults(study.results).cohorts).map((c) => [c.subjects, c.excluded])).toEqual([[8, []], [8, []]]);
    process.stdout.write(`measured: killed in ${killed.join(', ')}; finished by then: ${seen.map((s) => s.size).join(', ')} of ${steps}, none of them again\n`);
  }, LONG);
});
