/** The shortest way from scans to results: two cohorts of four people through the real MRtrix3 by one command, and by the same again. Part of `npm test` where MRtrix3 is there. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readResults, sulcus } from '../workflow/harness.js';
import { asides, finishedSteps, METRICS, sampled, scanStudy, SIDES, truthOf, type ScanStudy } from './scans.js';

const LONG = 900_000;
const OUTPUTS = 'derivatives/mrtrix3-dti';
const EACH = 4;
/** Of the values at the vertices, over all people: bias and spread of their errors, as in mrtrix3.test.ts. MD in mm2/s. */
const WITHIN = { fa: { bias: 0.004, sd: 0.01 }, md: { bias: 0.004e-3, sd: 0.006e-3 } };
const missing = spawnSync('mrinfo', ['--version'], { stdio: 'ignore' }).status !== 0;

describe.skipIf(missing)(missing ? 'scans through mrtrix3-dti: left out, for MRtrix3 is not installed (apt-get install mrtrix3)' : 'scans through mrtrix3-dti', () => {
  let study: ScanStudy;
  beforeAll(async () => {
    study = await scanStudy([{ name: 'tokyo', size: 6 }, { name: 'toronto', size: 6 }]);
    study.edit('splits: 4', 'splits: 1');
    for (const [cohort, ids] of Object.entries(study.people)) {
      const table = join(study.directory, cohort, 'participants.tsv');
      writeFileSync(table, readFileSync(table, 'utf8').split('\n').slice(0, 1 + EACH).join('\n'));
      ids.splice(EACH);
    }
  }, LONG);
  afterAll(() => study?.remove());

  it('become results by one command, with the FA and MD that were put in; a second run does nothing', async () => {
    const began = Date.now(), { code, stderr } = await sulcus(['run', 'study.yaml'], study.directory);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const done = finishedSteps(study, OUTPUTS), seconds = [...done.values()].reduce((sum, { record }) => sum + record.seconds, 0);
    process.stdout.write(`measured: ${done.size} commands of ${2 * EACH} participants took ${seconds.toFixed(1)} s together; the whole run ${((Date.now() - began) / 1000).toFixed(0)} s\n`);
    expect([...done.values()].every(({ record }) => record.exit === 0)).toBe(true);
    expect(asides(study, OUTPUTS)).toEqual([]);
    expect(Object.values(readResults(study.results).cohorts).map(({ subjects, excluded }) => [subjects, excluded])).toEqual([[EACH, []], [EACH, []]]);

    for (const metric of METRICS) {
      const errors = Object.entries(study.people).flatMap(([cohort, ids]) => ids.flatMap((id) => SIDES.flatMap((side) => {
        const truth = truthOf(study, cohort, id, metric, side);
        return [...sampled(study, cohort, join(OUTPUTS, id, 'metrics', `${metric}.nii.gz`), side)].map((value, v) => value - truth[v]!);
      })));
      const bias = errors.reduce((a, b) => a + b, 0) / errors.length, sd = Math.sqrt(errors.reduce((s, e) => s + (e - bias) ** 2, 0) / errors.length);
      expect(errors).toHaveLength(2 * EACH * 2 * 642);
      expect(Math.abs(bias)).toBeLessThan(WITHIN[metric].bias);
      expect(sd).toBeLessThan(WITHIN[metric].sd);
    }

    const again = await sulcus(['run', 'study.yaml', '--json'], study.directory);
    expect([again.code, JSON.parse(again.stdout)]).toEqual([0, expect.objectContaining({ status: 'done', computed: 0 })]);
    expect(finishedSteps(study, OUTPUTS)).toEqual(done);
  }, LONG);
});
