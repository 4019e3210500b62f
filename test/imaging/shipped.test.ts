/** The shipped pipelines t1-minc and lcmodel with the real minc-tools and Ghostscript, and stand-ins for CIVET, ANTs, minc-toolkit and LCModel: what they make is what the study reads. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../analysis/random.js';
import type { StepRecord } from '../../contracts/pipelines.js';
import { readNifti, writeNifti } from '../../formats/index.js';
import { brainAt } from '../../simulate/scans/anatomy.js';
import { PLAIN, readResults, smallStudy, start, type Finished, type SmallStudy } from '../workflow/harness.js';
import { REAL } from './scans.js';
import { BRIGHTNESS, installStandIns } from './stand-ins.js';

const LONG = 1_800_000;
const tools = realpathSync(mkdtempSync(join(tmpdir(), 'sulcus-stand-ins-'))), PATH = `${tools}:${process.env['PATH'] ?? ''}`;
afterAll(() => rmSync(tools, { recursive: true, force: true })); // also when all below is skipped
const SIDES = ['left', 'right'];
const PIPELINES = `pipelines:
  - use: t1-minc
    inputs: { t1: "t1/{id}.nii.gz", model: "{study}/models/model.mnc", brain_mask: "{study}/models/brain.mnc", head_mask: "{study}/models/head.mnc" }
    parameters: { from_nifti: true }
  - use: lcmodel
    inputs: { raw: "raw/{id}.raw", water: "raw/{id}_water.raw", basis: "{study}/models/press30.basis" }
    parameters: { points: 64, dwell: 5e-4, hzpppm: 127.7, water_scaling: true, control: "nratio=0, atth2o=0.7", picture: true }
`;
const T1 = ['civet', 'convert', 'crop', 'cut', 'head', 'invert', 'n4', 'nifti', 'register', 'view', 'weight', 'whole'], MRS = ['fit', 'picture', 'water'];

/** 160 mm in voxels of 5 mm: there is room around a head. */
const VOXELS = 32, START = -77.5;
function volume(inside: (x: number, y: number, z: number) => number): Uint8Array {
  const values = Float32Array.from({ length: VOXELS ** 3 }, (_, at) => inside(START + 5 * (at % VOXELS), START + 5 * (Math.floor(at / VOXELS) % VOXELS), START + 5 * Math.floor(at / VOXELS ** 2)));
  return writeNifti({ shape: [VOXELS, VOXELS, VOXELS], affine: [5, 0, 0, START, 0, 5, 0, START, 0, 0, 5, START], values, type: 'f4' });
}
/** 15 % larger than the brain: moved the wrong way, it would cut into it. */
const head = (x: number, y: number, z: number): boolean => brainAt(0.87 * x, 0.87 * y, 0.87 * z) > 0.5;
const QC = (intersections: number): string => `XSTEP=1\nYSTEP=1\nZSTEP=1.2\nMASK_ERROR= 8.35\nCSF_PERCENT=9.6\nBRAIN_VOL=1516.6\nLAPLACIAN_MIN=7.96\nLAPLACIAN_MAX=10.79\nLAPLACIAN_MEAN=9.99\nLEFT_INTER=44\nRIGHT_INTER=${intersections}\nLEFT_SURF_SURF=32\nRIGHT_SURF_SURF=12\n`;
const RAW = (first: number): string => ` $NMID\n ID='x', FMTDAT='(2E15.6)'\n VOLUME=1\n TRAMP=1\n $END\n${Array.from({ length: 64 }, (_, i) => ` ${(i === 0 ? first : 0.01).toExponential(6)} ${(0).toExponential(6)}`).join('\n')}\n`;

/** Of noise, as a picture's bytes are when they are compressed. */
function png(seed: string): Buffer {
  const random = createRandom(seed), side = 160, chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4), crc = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    crc.writeUInt32BE(crc32(Buffer.concat([Buffer.from(type), data])));
    return Buffer.concat([length, Buffer.from(type), data, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0); header.writeUInt32BE(side, 4); header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.from(Uint8Array.from({ length: side * (3 * side + 1) }, (_, i) => (i % (3 * side + 1) === 0 ? 0 : Math.floor(256 * random.uniform()))));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe.skipIf(!REAL)('t1-minc and lcmodel, with stand-ins for what cannot be had here', () => {
  let read: SmallStudy, made: SmallStudy, ids: string[] = [], torn = '', fresh: Finished;
  const at = (...names: string[]): string => join(made.directory, ...names);
  const run = (study: SmallStudy, ...more: string[]): Promise<Finished> => start(['run', 'study.yaml', ...more], study.directory, { PATH, PERL5LIB: 'mni' }).finished;
  const record = (pipeline: string, id: string, step: string): StepRecord => JSON.parse(readFileSync(at('tokyo', 'derivatives', pipeline, id, step, 'step.json'), 'utf8')) as StepRecord;

  beforeAll(async () => {
    installStandIns(tools);
    const options = { ...PLAIN, ranks: [2, 3] as [number, number], splits: 3, cohorts: [{ name: 'tokyo', size: 9 }] };
    // The same people twice: vertex files and tables as they are, and scans and spectra of which the programs make them again.
    [read, made] = [await smallStudy(options), await smallStudy({ ...options, edit: [
      ['metrics:\n', `${PIPELINES}metrics:\n`],
      ['"civet/{id}/thickness/{prefix}_{id}_native_rms_rsl_tlink_30mm_{side}.txt"', '"derivatives/t1-minc/{id}/civet/scan/thickness/sulcus_scan_native_rms_rsl_tlink_30mm_{side}.txt"'],
      ['"civet/{id}/surfaces/{prefix}_{id}_mid_surface_rsl_{side}_native_area_40mm.txt"', '"derivatives/t1-minc/{id}/civet/scan/surfaces/sulcus_scan_mid_surface_rsl_{side}_native_area_40mm.txt"'],
      ['"mrs/{id}.table"', '"derivatives/lcmodel/{id}/fit/spectrum.table"'],
    ] })];
    const table = readFileSync(at('tokyo', 'participants.tsv'), 'utf8').trim().split('\n');
    ids = table.slice(1).map((row) => row.split('\t')[0]!);
    torn = ids.pop()!;
    writeFileSync(join(read.directory, 'tokyo', 'participants.tsv'), `${table.slice(0, -1).join('\n')}\n`);
    for (const folder of ['models', 'tokyo/t1', 'tokyo/raw']) mkdirSync(at(folder), { recursive: true });
    for (const [name, inside] of [['model', brainAt], ['brain', (x: number, y: number, z: number) => (brainAt(x, y, z) > 0.5 ? 1 : 0)], ['head', (x: number, y: number, z: number) => (head(x, y, z) ? 1 : 0)]] as const) {
      writeFileSync(at('models', `${name}.nii`), volume(inside));
      execFileSync('nii2mnc', [at('models', `${name}.nii`), at('models', `${name}.mnc`)], { stdio: 'ignore' });
    }
    writeFileSync(at('models', 'press30.basis'), ' $SEQPAR\n FWHMBA=0.01, ECHOT=30., SEQ=\'PRESS\'\n $END\n');
    [...ids, torn].forEach((id, i) => {
      const answers = join(tools, 'answers', String(i)), from = (...names: string[]): string => at('tokyo', ...names);
      mkdirSync(answers, { recursive: true });
      for (const side of SIDES) {
        copyFileSync(from('civet', id, 'thickness', `TKY_${id}_native_rms_rsl_tlink_30mm_${side}.txt`), join(answers, `thickness_${side}.txt`));
        copyFileSync(from('civet', id, 'surfaces', `TKY_${id}_mid_surface_rsl_${side}_native_area_40mm.txt`), join(answers, `area_${side}.txt`));
        copyFileSync(at('atlas', `mid_${side}.obj`), join(answers, `mid_${side}.obj`));
      }
      copyFileSync(from('mrs', `${id}.table`), join(answers, 'table'));
      writeFileSync(join(answers, 'qc.txt'), QC(id === torn ? 172 : 48));
      writeFileSync(join(answers, 'picture.png'), png(id));
      // Scans lie 6 mm to the right of the model; what is not brain is dimmer.
      writeFileSync(from('t1', `${id}.nii.gz`), gzipSync(volume((x, y, z) => brainAt(x - 6, y, z) > 0.5 ? BRIGHTNESS + 10 * i : 300)));
      writeFileSync(from('raw', `${id}.raw`), RAW(i));
      writeFileSync(from('raw', `${id}_water.raw`), RAW(1000));
    });
    for (const kind of ['civet', 'mrs']) for (const id of [...ids, torn]) rmSync(at('tokyo', kind, kind === 'mrs' ? `${id}.table` : id), { recursive: true, force: true });
    expect((await run(read)).code).toBe(0);
    fresh = await run(made);
  }, LONG);
  afterAll(async () => {
    await Promise.all([read?.remove(), made?.remove()]);
  });

  it('make what the study reads: its results are those of the vertex files and tables themselves', () => {
    expect([fresh.code, fresh.stderr], fresh.stdout).toEqual([0, expect.any(String)]);
    const tables = (study: SmallStudy, name: string): string => readFileSync(join(study.results, 'tables', name), 'utf8');
    for (const name of ['participants.tsv', 'indices.tsv']) expect(tables(made, name)).toBe(tables(read, name));
    const glx = (study: SmallStudy): unknown => readResults(study.results).cohorts['tokyo']?.glx;
    expect(glx(made)).toEqual(glx(read));
    for (const id of ids) for (const [pipeline, steps] of [['t1-minc', T1], ['lcmodel', MRS]] as const) for (const step of steps) expect(record(pipeline, id, step)).toMatchObject({ pipeline, step, exit: 0 });
  });

  it('leave out whose surfaces CIVET\'s own limits call bad, with the number', () => {
    expect(readResults(made.results).cohorts['tokyo']?.excluded).toEqual([expect.objectContaining({ id: torn, code: 'QUALITY_LIMIT', file: expect.stringMatching(/_civet_qc\.txt$/), reason: expect.stringContaining('right_self_intersections is 172, above the limit 100') })]);
    expect(record('t1-minc', ids[0]!, 'civet').quality).toEqual(expect.arrayContaining([
      { name: 'mask_error', value: 8.35, minimum: null, maximum: null }, { name: 'laplacian_mean', value: 9.99, minimum: 9, maximum: null }, { name: 'right_self_intersections', value: 48, minimum: null, maximum: 100 },
    ]));
    expect(record('lcmodel', ids[0]!, 'fit').quality.map(({ name }) => name)).toEqual(['snr', 'fwhm_ppm']);
  });

  it('cut what lies outside of the head, in the scan\'s own place, and keep the voxels', () => {
    const [id] = ids as [string], view = readNifti(readFileSync(at('tokyo', 'derivatives', 't1-minc', id, 'view', 't1.nii')), { file: 'view' });
    const whole = readNifti(gunzipped(at('tokyo', 't1', `${id}.nii.gz`)), { file: 't1' }), voxels = ({ shape: [a, b, c], at: value }: typeof whole): number[] => Array.from({ length: a * b * c }, (_, i) => value(i));
    // Nothing of the brain is lost; of the rest, only what is in the head.
    const bright = (of: typeof whole): number => voxels(of).filter((v) => v > 900).length, dim = (of: typeof whole): number => voxels(of).filter((v) => v > 100 && v < 900).length;
    expect(bright(whole)).toBeGreaterThan(1000);
    expect(bright(view)).toBe(bright(whole));
    expect(dim(view)).toBeGreaterThan(0);
    expect(dim(view)).toBeLessThan(0.7 * dim(whole));
    expect(view.shape[0] * view.shape[1] * view.shape[2]).toBeLessThan(VOXELS ** 3);
  });

  it('give CIVET and LCModel names that are the same for everybody', () => {
    for (const id of ids) {
      const civet = record('t1-minc', id, 'civet'), fit = record('lcmodel', id, 'fit');
      expect(civet.command).toEqual(record('t1-minc', ids[0]!, 'civet').command);
      expect(civet.command.join(' ')).not.toContain(id);
      expect(readFileSync(at('tokyo', 'derivatives', 'lcmodel', id, 'fit', 'spectrum.table'), 'latin1')).toContain('dows=T');
      expect(fit.outputs.map(({ path }) => path)).toEqual(['spectrum.table', 'spectrum.coord', 'spectrum.ps']);
    }
  });

  it('do nothing a second time', async () => {
    const { code, stdout } = await run(made, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { status: 'done', computed: 0 }]);
  }, LONG);

  it('leave out a participant whose scan CIVET cannot make anything of, though it ends with 0, and whose spectrum LCModel cannot read', async () => {
    const [dark, cut] = ids as [string, string];
    writeFileSync(at('tokyo', 't1', `${dark}.nii.gz`), gzipSync(volume((x, y, z) => (brainAt(x - 6, y, z) > 0.5 ? 50_000 : 300))));
    writeFileSync(at('tokyo', 'raw', `${cut}.raw`), RAW(1).split('\n').slice(0, 30).join('\n'));
    const { code, stderr } = await run(made);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const { excluded } = readResults(made.results).cohorts['tokyo']!;
    expect(excluded).toEqual(expect.arrayContaining([
      expect.objectContaining({ id: dark, code: 'STEP_OUTPUT', reason: expect.stringMatching(/civet: the program ended well, but output thickness_left/) }),
      expect.objectContaining({ id: cut, code: 'STEP_OUTPUT', reason: expect.stringMatching(/fit: the program ended well, but output table/) }),
    ]));
    expect(excluded).toHaveLength(3);
  }, LONG);
});

const gunzipped = (file: string): Buffer => execFileSync('gzip', ['-dc', file], { maxBuffer: 1e9 });
