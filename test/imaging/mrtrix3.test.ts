/** Scans of two cohorts through the real MRtrix3 into a study and its report, by one command; then again, with another participant, and with damage. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepRecord } from '../../contracts/pipelines.js';
import { readNifti, readVertexText } from '../../formats/index.js';
import { readResults, sulcus } from '../workflow/harness.js';
import { asides, finishedSteps, METRICS, REAL, sampled, scanStudy, SIDES, truthOf, type ScanStudy } from './scans.js';

const LONG = 1_800_000;
const OUTPUTS = 'derivatives/mrtrix3-dti';
const STEPS = ['b0', 'b0-mean', 'check', 'convert', 'degibbs', 'denoise', 'mask', 'mask-mm', 'mask-volume', 'metrics', 'snr', 'snr-map', 'tensor'];
/** Of the values at the vertices: bias and spread of their errors over all people, and the worst of all. MD in mm2/s. */
const WITHIN = { fa: { bias: 0.004, sd: 0.01, worst: 0.06 }, md: { bias: 0.004e-3, sd: 0.006e-3, worst: 0.03e-3 } };

const figure = (line: string): void => { process.stdout.write(`measured: ${line}\n`); };

describe.skipIf(!REAL)('two cohorts of scans through mrtrix3-dti', () => {
  let study: ScanStudy, late: string;
  const table = (): string => join(study.directory, 'tokyo', 'participants.tsv');
  beforeAll(async () => {
    study = await scanStudy([{ name: 'tokyo', size: 7 }, { name: 'toronto', size: 6 }]);
    // The last one comes later.
    late = study.people['tokyo']!.pop()!;
    copyFileSync(table(), `${table()}.all`);
    writeFileSync(table(), readFileSync(table(), 'utf8').split('\n').filter((line) => !line.startsWith(`${late}\t`)).join('\n'));
  }, LONG);
  afterAll(() => study?.remove());

  it('become results and a report by one command', async () => {
    const began = Date.now(), { code, stdout, stderr } = await sulcus(['run', 'study.yaml'], study.directory);
    expect([code, stderr], stdout).toEqual([0, expect.any(String)]);
    const done = finishedSteps(study, OUTPUTS);
    expect([...done.keys()].sort()).toEqual(Object.entries(study.people).flatMap(([cohort, ids]) => ids.flatMap((id) => STEPS.map((step) => `${cohort}/${id}/${step}`))).sort());
    expect(asides(study, OUTPUTS)).toEqual([]);
    for (const { record } of done.values()) {
      expect(record).toMatchObject({ pipeline: 'mrtrix3-dti', program: { name: 'mrtrix3', version: expect.stringMatching(/^3\.\d/) }, exit: 0 });
      expect(record.command.join(' ')).not.toContain(study.directory);
    }
    const { cohorts } = readResults(study.results);
    expect([cohorts['tokyo']?.subjects, cohorts['toronto']?.subjects, cohorts['tokyo']?.excluded]).toEqual([6, 6, []]);
    expect(readFileSync(join(study.results, 'report.html'), 'utf8').length).toBeGreaterThan(50_000);
    const seconds = [...done.values()].reduce((sum, { record }) => sum + record.seconds, 0);
    figure(`${done.size} commands of 12 participants took ${seconds.toFixed(1)} s together; the whole run ${((Date.now() - began) / 1000).toFixed(0)} s`);
  }, LONG);

  it.each(METRICS)('have the %s that was put in at every vertex, within the stated error', (metric) => {
    const errors = Object.entries(study.people).flatMap(([cohort, ids]) => ids.flatMap((id) => SIDES.flatMap((side) => {
      const truth = truthOf(study, cohort, id, metric, side);
      return [...sampled(study, cohort, join(OUTPUTS, id, 'metrics', `${metric}.nii.gz`), side)].map((value, v) => value - truth[v]!);
    })));
    const bias = errors.reduce((a, b) => a + b, 0) / errors.length, sd = Math.sqrt(errors.reduce((s, e) => s + (e - bias) ** 2, 0) / errors.length), worst = errors.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(errors).toHaveLength(12 * 2 * 642);
    expect(errors.every(Number.isFinite)).toBe(true);
    const within = WITHIN[metric];
    expect(Math.abs(bias)).toBeLessThan(within.bias);
    expect(sd).toBeLessThan(within.sd);
    expect(worst).toBeLessThan(within.worst);
    figure(`${metric} at ${errors.length} vertices: bias ${bias.toExponential(1)}, sd ${sd.toExponential(1)}, worst ${worst.toExponential(1)}`);
  });

  it('reach the indices of the study with the same error', () => {
    const { header, rows } = readTable(join(study.results, 'tables', 'indices.tsv'));
    const [cohortAt, idAt, componentAt, metricAt, valueAt] = ['cohort', 'participant', 'component', 'metric', 'value'].map((name) => header.indexOf(name)) as [number, number, number, number, number];
    const worst = { fa: 0, md: 0 };
    for (const row of rows) {
      const cohort = row[cohortAt]!, metric = row[metricAt] as 'fa' | 'md';
      const inside = SIDES.flatMap((side) => {
        const labels = readVertexText(readFileSync(join(study.results, 'parcellation', `${cohort}_${side}.txt`)), { file: side, vertices: 642 });
        return [...(truthOf(study, cohort, row[idAt]!, metric, side) as Float64Array)].filter((_, v) => labels[v] === Number(row[componentAt]));
      });
      worst[metric] = Math.max(worst[metric], Math.abs(Number(row[valueAt]) - inside.reduce((a, b) => a + b, 0) / inside.length));
    }
    expect(rows.length).toBeGreaterThanOrEqual(12 * 2 * 2);
    expect(worst.fa).toBeLessThan(WITHIN.fa.bias);
    expect(worst.md).toBeLessThan(WITHIN.md.bias);
    figure(`worst mean of a component: fa ${worst.fa.toExponential(1)}, md ${worst.md.toExponential(1)}`);
  });

  it('tell the signal to noise that was put in, the volume of the mask, and have what a person is to look at', () => {
    const found = Object.entries(study.people).flatMap(([cohort, ids]) => ids.map((id) => {
      const at = (step: string, ...names: string[]): string => join(study.directory, cohort, OUTPUTS, id, step, ...names);
      const value = (step: string): number => (JSON.parse(readFileSync(at(step, 'step.json'), 'utf8')) as StepRecord).quality[0]!.value;
      const mask = readNifti(readFileSync(at('mask', 'mask.nii.gz')), { file: 'mask' }), [a, b, c] = mask.shape;
      const voxels = Array.from({ length: a * b * c }, (_, i) => mask.at(i)).filter((v) => v > 0).length;
      // 5 mm a side; whole millilitres are told.
      expect(value('mask-volume')).toBe(Math.floor((voxels * 125) / 1000));
      expect(existsSync(at('b0-mean', 'mean.nii.gz'))).toBe(true);
      return { snr: value('snr'), ml: value('mask-volume') };
    }));
    // 1/80 of the unweighted signal (docs/simulation.md).
    for (const { snr } of found) expect(Math.abs(snr / 80 - 1)).toBeLessThan(0.05);
    const between = (values: number[]): string => `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
    figure(`signal to noise of ${found.length} people: ${between(found.map((f) => f.snr))}; masks of ${between(found.map((f) => f.ml))} ml`);
  });

  it('are not touched by a second run', async () => {
    const before = finishedSteps(study, OUTPUTS), began = Date.now();
    const { code, stdout, stderr } = await sulcus(['run', 'study.yaml', '--json'], study.directory);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'done', computed: 0 });
    expect(finishedSteps(study, OUTPUTS)).toEqual(before);
    figure(`the second run took ${((Date.now() - began) / 1000).toFixed(1)} s and ran no command`);
  }, LONG);

  it('are joined by one participant more, who alone is worked on', async () => {
    const before = finishedSteps(study, OUTPUTS);
    renameSync(`${table()}.all`, table());
    study.people['tokyo']!.push(late);
    const { code, stderr } = await sulcus(['run', 'study.yaml'], study.directory);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const after = finishedSteps(study, OUTPUTS);
    expect([...after.keys()].filter((name) => !before.has(name)).sort()).toEqual(STEPS.map((step) => `tokyo/${late}/${step}`));
    for (const [name, { mark }] of before) expect(after.get(name)?.mark, name).toBe(mark);
    expect(readResults(study.results).cohorts['tokyo']?.subjects).toBe(7);
  }, LONG);

  it('have what is damaged made again, with the same bytes, and nothing that follows', async () => {
    const before = finishedSteps(study, OUTPUTS), [id] = study.people['toronto'] as [string];
    const damaged = join(study.directory, 'toronto', OUTPUTS, id, 'denoise', 'dwi.mif');
    truncateSync(damaged, 1000);
    const { code, stderr } = await sulcus(['run', 'study.yaml'], study.directory);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const after = finishedSteps(study, OUTPUTS), again = [...after].filter(([name, { mark }]) => before.get(name)?.mark !== mark).map(([name]) => name);
    expect(again).toEqual([`toronto/${id}/denoise`]);
    expect(after.get(again[0]!)?.record.outputs).toEqual(before.get(again[0]!)?.record.outputs);
  }, LONG);

  it('leave out a participant whose scan is unusable, with the reason', async () => {
    const [, id] = study.people['toronto'] as [string, string], scan = join(study.directory, 'toronto', 'dwi', `${id}_dwi.nii.gz`);
    mkdirSync(join(study.directory, 'aside'));
    copyFileSync(scan, join(study.directory, 'aside', 'scan'));
    truncateSync(scan, 100_000);
    const { code, stdout, stderr } = await sulcus(['run', 'study.yaml'], study.directory);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const { subjects, excluded } = readResults(study.results).cohorts['toronto']!;
    expect([subjects, excluded]).toEqual([5, [expect.objectContaining({ id, code: 'STEP_FAILED', reason: expect.stringMatching(/convert.*exit code 1.*ERROR/s) })]]);
    // Its threads tell of the error in any order: what is last, and so in the reason, may be another line.
    expect(readFileSync(join(study.directory, excluded[0]?.file ?? ''), 'utf8')).toContain('GZ');
    expect(excluded[0]?.reason).not.toContain(id);
    process.stdout.write(`${stdout}\nexcluded: ${JSON.stringify(excluded)}\n`);
    copyFileSync(join(study.directory, 'aside', 'scan'), scan);
    expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(0);
    expect(readResults(study.results).cohorts['toronto']).toMatchObject({ subjects: 6, excluded: [] });
  }, LONG);
});

function readTable(file: string): { header: string[]; rows: string[][] } {
  const [header, ...rows] = readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split('\t'));
  return { header: header as string[], rows };
}
