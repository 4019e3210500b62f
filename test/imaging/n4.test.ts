/** A lab's own pipeline: N4 of SimpleITK (Tustison et al. 2010), a Python script that the lab keeps with its data, declared in a file beside the study file. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNifti } from '../../formats/index.js';
import { createRandom } from '../../analysis/random.js';
import { brainAt } from '../../simulate/scans/anatomy.js';
import { AFFINE, VOXELS } from '../../simulate/scans/diffusion.js';
import { readResults, sulcus } from '../workflow/harness.js';
import { finishedSteps, REAL, sampled, scanStudy, SIDES, type ScanStudy } from './scans.js';

const LONG = 1_200_000;
const PYTHON = process.env['SULCUS_IMAGING_PYTHON'] ?? 'python3';
const SCRIPT = `import sys
import SimpleITK as sitk
source, target, threads = sys.argv[1:]
sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(int(threads))
image = sitk.ReadImage(source, sitk.sitkFloat32)
sitk.WriteImage(sitk.N4BiasFieldCorrection(image, sitk.OtsuThreshold(image, 0, 1, 200)), target)
`;
const PIPELINE = `pipeline: n4
about: bias field of T1-weighted scans
programs:
  simpleitk:
    version: [${PYTHON}, -c, "import SimpleITK; print(SimpleITK.Version.VersionString())"]
    pattern: '^(\\d+\\.\\d+\\S*)'
    accept: '>=2.5 <3'
inputs:
  t1: T1-weighted volume, NIfTI
  script: { about: the lab's script, shared: true }
steps:
  correct:
    program: simpleitk
    run: [${PYTHON}, '{input:script}', '{input:t1}', '{output:t1}', '{threads}']
    outputs: { t1: t1.nii.gz }
    needs: { threads: 1, memory: 2 GiB, time: 30m }
`;

/** A brain of one tissue, brighter in front and on top by up to a third, as the coils of a person's scan make it. */
function brain(strength: number): Uint8Array {
  const values = Float32Array.from({ length: VOXELS ** 3 }, (_, at) => {
    const index = [at % VOXELS, Math.floor(at / VOXELS) % VOXELS, Math.floor(at / VOXELS ** 2)];
    const [x, y, z] = [0, 1, 2].map((r) => AFFINE[4 * r + r]! * index[r]! + AFFINE[4 * r + 3]!) as [number, number, number];
    return 1000 * brainAt(x, y, z) * Math.exp(strength * (y / 50) + 0.2 * Math.sin(z / 30)) + 5;
  });
  return gzipSync(writeNifti({ shape: [VOXELS, VOXELS, VOXELS], affine: AFFINE, values, type: 'f4' }));
}

const variation = (values: number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length) / mean;
};

describe.skipIf(!REAL)('N4 as a command of a lab', () => {
  let study: ScanStudy;
  beforeAll(async () => {
    study = await scanStudy([{ name: 'tokyo', size: 6 }]);
    const at = (...path: string[]): string => join(study.directory, ...path), random = createRandom('n4');
    mkdirSync(at('pipelines'));
    mkdirSync(at('tokyo', 't1'));
    writeFileSync(at('pipelines', 'n4.yaml'), PIPELINE);
    writeFileSync(at('tokyo', 'n4.py'), SCRIPT);
    for (const id of study.people['tokyo']!) writeFileSync(at('tokyo', 't1', `${id}.nii.gz`), brain(0.2 + 0.15 * random.uniform()));
    const text = readFileSync(study.file, 'utf8');
    writeFileSync(study.file, text
      .replace(/pipelines:\n.*\n.*\n/, 'pipelines:\n  - use: pipelines/n4.yaml\n    inputs: { t1: "t1/{id}.nii.gz", script: n4.py }\n')
      .replace(/metrics:\n.*\n.*\n/, 'metrics:\n  t1: { volume: "derivatives/n4/{id}/correct/t1.nii.gz", background: 0 }\n')
      .replace('ranks: [2, 4]', 'ranks: [2, 2]'));
  }, LONG);
  afterAll(() => study?.remove());

  it('takes the bias field out of every scan: what varied by a sixth at the vertices varies by less than 2 %', async () => {
    const { code, stdout, stderr } = await sulcus(['run', 'study.yaml'], study.directory);
    expect([code, stderr], stdout).toEqual([0, expect.any(String)]);
    const ids = study.people['tokyo']!, done = finishedSteps(study, 'derivatives/n4');
    expect([...done.keys()]).toEqual(ids.map((id) => `tokyo/${id}/correct`));
    for (const { record } of done.values()) expect(record).toMatchObject({ program: { name: 'simpleitk', version: expect.stringMatching(/^2\.5/) }, inputs: [{ name: 'input:script', path: 'n4.py' }, { name: 'input:t1' }] });
    const of = (map: (id: string) => string): number[] => ids.map((id) => variation(SIDES.flatMap((side) => [...sampled(study, 'tokyo', map(id), side)])));
    const before = of((id) => join('t1', `${id}.nii.gz`)), after = of((id) => join('derivatives', 'n4', id, 'correct', 't1.nii.gz'));
    expect(Math.min(...before)).toBeGreaterThan(0.09);
    expect(Math.max(...after)).toBeLessThan(0.02);
    expect(readResults(study.results).cohorts['tokyo']).toMatchObject({ subjects: 6, excluded: [] });
    process.stdout.write(`measured: coefficient of variation at the vertices ${Math.min(...before).toFixed(3)} to ${Math.max(...before).toFixed(3)} before N4, ${Math.min(...after).toFixed(4)} to ${Math.max(...after).toFixed(4)} after\n`);
  }, LONG);

  it('is run again when the script changes, and only then', async () => {
    const before = finishedSteps(study, 'derivatives/n4');
    expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(0);
    expect(finishedSteps(study, 'derivatives/n4')).toEqual(before);
    writeFileSync(join(study.directory, 'tokyo', 'n4.py'), `# Twice as good.\n${SCRIPT}`);
    expect((await sulcus(['run', 'study.yaml'], study.directory)).code).toBe(0);
    const after = finishedSteps(study, 'derivatives/n4');
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [name, { record }] of after) {
      expect(record.key).not.toBe(before.get(name)?.record.key);
      expect(record.outputs).toEqual(before.get(name)?.record.outputs);
    }
  }, LONG);
});
