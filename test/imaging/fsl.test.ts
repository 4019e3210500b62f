/**
 * mrtrix3-dti with distortion correction: MRtrix3's real dwifslpreproc, which finds FSL, prepares its files and takes in what it leaves; and stand-ins for FSL 6's topup,
 * applytopup and eddy, which take the arguments that dwifslpreproc gives and no others, correct nothing, and tell a known motion.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readResults, start } from '../workflow/harness.js';
import { finishedSteps, REAL, scanStudy, type ScanStudy } from './scans.js';

const LONG = 1_800_000;
const OUTPUTS = 'derivatives/mrtrix3-dti';
const fsl = realpathSync(mkdtempSync(join(tmpdir(), 'sulcus-fsl-')));
afterAll(() => rmSync(fsl, { recursive: true, force: true })); // also when all below is skipped

const COMMON = String.raw`
const fs = require('fs'), { execFileSync } = require('child_process');
const end = (text) => { process.stderr.write(text + '\n'); process.exit(1); };
const run = (program, ...args) => execFileSync(program, [...args, '-quiet', '-force'], { stdio: 'inherit' });
function options(known, needed) {
  const found = {};
  for (const given of process.argv.slice(2)) {
    const [, name, value = ''] = /^--([A-Za-z_]+)(?:=(.*))?$/.exec(given) || [];
    if (!known.includes(name)) end('unknown option ' + given);
    found[name] = value;
  }
  for (const name of needed) if (!(name in found)) end('--' + name + ' is missing');
  for (const name of ['imain', 'mask', 'datain', 'acqp', 'index', 'bvecs', 'bvals', 'config']) if (name in found && !fs.existsSync(found[name]) && !fs.existsSync(found[name] + '.nii.gz')) end('cannot read ' + found[name]);
  return found;
}
`;
const PROGRAMS = {
  flirt: "if (process.argv[2] === '-version') console.log('FLIRT version 6.0');",
  topup: String.raw`
const o = options(['imain', 'datain', 'out', 'fout', 'config', 'verbose'], ['imain', 'datain', 'out', 'fout', 'config']);
const rows = fs.readFileSync(o.datain, 'utf8').trim().split('\n').map((row) => row.trim().split(/\s+/).map(Number));
if (rows.some((row) => row.length !== 4 || !(row[3] > 0))) end('datain has four columns');
if (new Set(rows.map((row) => row.slice(0, 3).join())).size !== 2) end('two directions of phase encoding are needed');
run('mrmath', o.imain, 'min', 'low.mif', '-axis', '3');
run('mrcalc', 'low.mif', '0', '-mult', o.fout);
run('mrcalc', 'low.mif', '0', '-mult', o.out + '_fieldcoef.nii.gz');
fs.writeFileSync(o.out + '_movpar.txt', rows.map(() => '0 0 0 0 0 0').join('\n') + '\n');
`,
  applytopup: String.raw`
const o = options(['imain', 'datain', 'inindex', 'topup', 'out', 'method'], ['imain', 'datain', 'inindex', 'topup', 'out']);
if (!fs.existsSync(o.topup + '_fieldcoef.nii.gz') || o.method !== 'jac') end('usage');
run('mrconvert', o.imain, o.out.replace(/\.nii(\.gz)?$/, '') + '.nii.gz');
`,
  eddy_openmp: String.raw`
const o = options(['imain', 'mask', 'acqp', 'index', 'bvecs', 'bvals', 'topup', 'out', 'verbose'], ['imain', 'mask', 'acqp', 'index', 'bvecs', 'bvals', 'out']);
run('mrconvert', o.imain, o.out + '.nii.gz');
fs.copyFileSync(o.bvecs, o.out + '.eddy_rotated_bvecs');
const volumes = fs.readFileSync(o.index, 'utf8').trim().split(/\s+/);
fs.writeFileSync(o.out + '.eddy_movement_rms', volumes.map((_, i) => (0.1 * i).toFixed(6) + '  ' + (i === 0 ? 0 : 0.31).toFixed(6) + '  ').join('\n') + '\n');
fs.writeFileSync(o.out + '.eddy_parameters', volumes.map(() => Array(16).fill('0').join('  ')).join('\n') + '\n');
`,
};

describe.skipIf(!REAL)('mrtrix3-dti with distortion correction', () => {
  let study: ScanStudy;
  beforeAll(async () => {
    mkdirSync(join(fsl, 'bin'));
    mkdirSync(join(fsl, 'etc', 'flirtsch'), { recursive: true });
    writeFileSync(join(fsl, 'etc', 'flirtsch', 'b02b0.cnf'), '# stand-in\n');
    for (const [name, code] of Object.entries(PROGRAMS)) writeFileSync(join(fsl, 'bin', name), `#!${process.execPath}\n${COMMON}${code}`, { mode: 0o755 });
    study = await scanStudy([{ name: 'tokyo', size: 6 }]);
    study.edit('bval: "dwi/{id}.bval" }', 'bval: "dwi/{id}.bval", se_epi: "dwi/{id}_epi.nii.gz" }\n    parameters: { distortion_correction: pair, phase_encoding: AP, readout_time: 0.05 }');
    study.edit('ranks: [2, 4]', 'ranks: [2, 2]');
    for (const id of study.people['tokyo']!) {
      const at = (name: string): string => join(study.directory, 'tokyo', 'dwi', `${id}${name}`);
      execFileSync('mrconvert', [at('_dwi.nii.gz'), '-coord', '3', '0,0', at('_epi.nii.gz'), '-quiet']);
    }
  }, LONG);
  afterAll(async () => {
    await study?.remove();
  });

  it('goes through dwifslpreproc, tells the motion that eddy tells, and the maps are made of what comes out', async () => {
    const { code, stderr } = await start(['run', 'study.yaml'], study.directory, { PATH: `${join(fsl, 'bin')}:${process.env['PATH']}`, FSLDIR: fsl, FSLOUTPUTTYPE: 'NIFTI_GZ' }).finished;
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const done = finishedSteps(study, OUTPUTS);
    for (const id of study.people['tokyo']!) {
      const { record } = done.get(`tokyo/${id}/preproc`)!;
      expect(record).toMatchObject({ program: { name: 'fsl', version: '6.0' }, outputs: [{ path: 'dwi.mif' }, { path: 'eddy/eddy_movement_rms' }] });
      // 31 volumes, of which the first has not moved from one before.
      expect(record.quality).toEqual([{ name: 'motion_mm', value: expect.closeTo((30 * 0.31) / 31, 6), minimum: null, maximum: 2 }]);
      expect(done.get(`tokyo/${id}/tensor`)?.record.inputs.map(({ name }) => name)).toContain('preproc:dwi');
      expect(readFileSync(join(study.directory, 'tokyo', OUTPUTS, id, 'preproc', 'eddy', 'eddy_parameters'), 'utf8').trim().split('\n')).toHaveLength(31);
    }
    expect(readResults(study.results).cohorts['tokyo']).toMatchObject({ subjects: 6, excluded: [] });
  }, LONG);
});
