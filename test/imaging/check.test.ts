/** `check` and `doctor` before a pipeline has run: its programs, what participants bring, and what is still to be made. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkStudy, type CheckReport } from '../../client/check/index.js';
import { tableLines } from '../../client/check/inputs-table.js';
import { pipelineLine, programsLine } from '../../client/check/pipelines/lines.js';
import type { Finding } from '../../client/doctor/index.js';
import { examinePipelines, studyFiles } from '../../client/doctor/pipelines.js';
import { formatProblem, loadStudy, type Problem } from '../../config/index.js';
import { simulateScans } from '../../simulate/scans/index.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'sulcus-imaging-'))), tools = join(root, 'tools'), study = join(root, 'study'), before = process.env['PATH'];
const file = join(study, 'study.yaml'), HERE = { TEMPORAL_ADDRESS: '' };
const COMMANDS = ['mrinfo', 'mrconvert', 'dwidenoise', 'mrdegibbs', 'dwiextract', 'mrmath', 'dwi2mask', 'mrgrid', 'mrcalc', 'dwi2tensor', 'tensor2metric', 'mrstats'];
let ids: string[] = [], whole = '';

const at = (...names: string[]): string => join(study, 'tokyo', ...names);
const put = (content: string | Uint8Array, ...names: string[]): void => { mkdirSync(join(at(...names), '..'), { recursive: true }); writeFileSync(at(...names), content); };
const program = (name: string, version: string): void => {
  writeFileSync(join(tools, name), `#!${process.execPath}\nconsole.log('== ${name} ${version} ==');\n`);
  chmodSync(join(tools, name), 0o755);
};
const check = async (env: NodeJS.ProcessEnv = HERE): Promise<CheckReport> => checkStudy(await loadStudy(file), { threads: 0, env });
/** Groups are small on purpose. */
const told = ({ problems }: CheckReport): Problem[] => problems.filter((p) => p.code !== 'SMALL_GROUP');
const codes = (report: CheckReport): string[] => told(report).map((p) => `${p.severity} ${p.code}`);
/** With study.yaml changed, and put back. */
async function edited<T>(from: string | RegExp, to: string, body: () => Promise<T>): Promise<T> {
  expect(whole).toMatch(from);
  writeFileSync(file, whole.replace(from, to));
  try { return await body(); } finally { writeFileSync(file, whole); }
}

beforeAll(async () => {
  mkdirSync(tools);
  for (const name of COMMANDS) program(name, '3.0.4');
  // What watches over programs needs this one.
  symlinkSync(execFileSync('sh', ['-c', 'command -v mkfifo'], { encoding: 'utf8' }).trim(), join(tools, 'mkfifo'));
  process.env['PATH'] = tools;
  const { cohorts } = await simulateScans(study, { seed: 1, cohorts: [{ name: 'tokyo', size: 8 }] });
  ids = cohorts[0]?.people.map((p) => p.id) ?? [];
  whole = readFileSync(file, 'utf8');
});
afterAll(() => {
  process.env['PATH'] = before;
  rmSync(root, { recursive: true, force: true });
});

describe('check, before a pipeline has run', () => {
  it('has nothing against what it will make, and says so in one line', async () => {
    const report = await check();
    expect(told(report)).toEqual([]);
    expect(report.cohorts).toMatchObject([{ cohort: 'tokyo', subjects: 8, usable: 8, files: 0 }]);
    expect(report.pipelines).toEqual([{ cohort: 'tokyo', pipeline: 'mrtrix3-dti', subjects: 8, ready: 8, toMake: { inputs: ['fa left', 'fa right', 'md left', 'md right'], subjects: 8 } }]);
    expect(report.pipelines.flatMap(pipelineLine)).toEqual(['tokyo: made by pipeline mrtrix3-dti when the study runs: fa, md of 8 subjects']);
    expect(report.programs).toEqual([{ pipeline: 'mrtrix3-dti', program: 'mrtrix3', version: '3.0.4', accept: '>=3.0.3 <4' }]);
    expect(programsLine(report.programs, report.stepsRun)).toBe('programs on this machine: mrtrix3 3.0.4');
    expect(report.table.columns).toEqual(['participant', 'mrtrix3-dti dwi', 'mrtrix3-dti bvec', 'mrtrix3-dti bval', 'fa left', 'fa right', 'md left', 'md right']);
    expect(report.table.rows[0]?.states).toEqual(['present', 'present', 'present', 'present', 'pending', 'pending', 'pending', 'pending']);
    expect(tableLines(report.table, 40)).toEqual([]);
  });

  it('finds a program that is not there, one command of it, and another version', async () => {
    process.env['PATH'] = join(root, 'nowhere');
    const report = await check();
    expect(report.programs).toMatchObject([{ program: 'mrtrix3', version: null }]);
    expect(told(report).map(formatProblem)).toEqual([expect.stringMatching(/study\.yaml:4: pipeline mrtrix3-dti needs mrtrix3 on this machine: mrinfo is not on PATH .* Install it \(Debian, Ubuntu: apt-get install mrtrix3/)]);
    expect(codes(report)).toEqual(['error PROGRAM_MISSING']);
    process.env['PATH'] = tools;
    renameSync(join(tools, 'dwi2mask'), join(tools, 'aside'));
    const [missing, ...more] = told(await check());
    expect(more).toEqual([]);
    expect(missing).toMatchObject({ severity: 'error', code: 'PROGRAM_MISSING', message: expect.stringContaining('step mask: dwi2mask is not on PATH') });
    renameSync(join(tools, 'aside'), join(tools, 'dwi2mask'));
    program('mrinfo', '2.9.1');
    const [old] = told(await check());
    expect(old).toMatchObject({ code: 'PROGRAM_VERSION', message: expect.stringContaining('mrtrix3 is version 2.9.1, and the pipeline accepts >=3.0.3 <4') });
    program('mrinfo', '3.0.4');
  });

  it('only warns of programs and memory that machines of workers may have', async () => {
    process.env['PATH'] = join(root, 'nowhere');
    const report = await check({ TEMPORAL_ADDRESS: 'temporal.example:7233', SULCUS_TOOL_MEMORY: '3' });
    process.env['PATH'] = tools;
    expect(codes(report)).toEqual(['warning TOO_LITTLE_MEMORY', 'warning PROGRAM_MISSING']);
    expect(report.stepsRun).toBe('workers');
    expect(told(report).map(formatProblem).join('\n')).toMatch(/may take 4096 MiB of memory, and programs on this machine 3072 MiB(.|\n)*on this machine mrinfo is not on PATH(.|\n)*sulcus worker --role tools/);
    expect(codes(await check({ ...HERE, SULCUS_TOOL_MEMORY: '3' }))).toEqual(['error TOO_LITTLE_MEMORY']);
  });

  it('looks at every transform that goes with what is still to be made', async () => {
    const report = await edited('background: 0 }', 'background: 0, transform: "dwi/{id}.xfm" }', check);
    expect(new Set(codes(report))).toEqual(new Set(['error MISSING_FILE']));
    expect(told(report)[0]).toMatchObject({ file: `tokyo/dwi/${ids[0]}.xfm`, message: 'fa: its transform does not exist' });
  });

  it('looks at what a laboratory has already, and has nothing against what of it is not there', async () => {
    const existing = '  - use: mrtrix3-dti\n    existing: { mask: { mask: "old/{id}*.nii.gz" } }\n', [first = '', second = '', third = ''] = ids;
    const nobody = await edited('  - use: mrtrix3-dti\n', existing, check);
    expect(told(nobody).map(({ severity, code, message }) => [severity, code, message])).toEqual([['warning', 'EXISTING_NOWHERE', 'mrtrix3-dti: nobody has what `existing` names of step mask (old/{id}*.nii.gz), so it runs for everybody']]);
    put('mask', 'old', `${first}.nii.gz`);
    expect(told(await edited('  - use: mrtrix3-dti\n', existing, check))).toEqual([]);
    const two = existing.replace('mask: {', 'denoise: { dwi: "old/{id}.nii.gz", noise: "old/{id}_noise.nii.gz" }, mask: {');
    expect(told(await edited('  - use: mrtrix3-dti\n', two, check)).map(({ code, subject, message }) => [code, subject, message])).toEqual([
      ['EXISTING_IN_PART', first, 'mrtrix3-dti: of step denoise there is no noise already, so the step runs though its other outputs are there'],
    ]);
    put('mask', 'old', `${second}_a.nii.gz`);
    put('mask', 'old', `${second}_b.nii.gz`);
    symlinkSync('/etc/hostname', at('old', `${third}.nii.gz`));
    const report = await edited('  - use: mrtrix3-dti\n', existing, check);
    expect(told(report).map(({ severity, code, subject, message }) => [severity, code, subject, message]).sort()).toEqual([
      ['error', 'MATCHED_TWICE', second, `mrtrix3-dti: existing mask:mask: found ${second}_a.nii.gz and ${second}_b.nii.gz, expected one file`],
      ['error', 'OUTSIDE_STUDY', third, "mrtrix3-dti: existing mask:mask: a link leads out of the study's folder"],
    ]);
    put('{ "PatientName": "Yamada^Taro" }', 'old', `${first}.json`);
    const personal = await edited('  - use: mrtrix3-dti\n', existing.replace('*.nii.gz', '.nii.gz'), check);
    expect(told(personal).find(({ subject }) => subject === first)).toMatchObject({ code: 'PERSONAL_HEADER', message: expect.stringContaining('the JSON file beside existing mask:mask') as string });
    rmSync(at('old'), { recursive: true });
  });

  it('finds participants of two cohorts whose outputs would lie in one place', async () => {
    const two = async (prefix: string, dwi: string): Promise<CheckReport> => {
      const text = whole.replace('cohorts:\n', `cohorts:\n  kyoto: { directory: tokyo, prefix: ${prefix}, participants: few.tsv, groups: [HC, PAT] }\n`).replace('tokyo: { directory: tokyo,', 'tokyo: { directory: tokyo, prefix: TKY,').replace('dwi/{id}_dwi.nii.gz', dwi);
      writeFileSync(file, text);
      try { return await check(); } finally { writeFileSync(file, whole); }
    };
    // Of the first of them alone: the others are tokyo's.
    put(readFileSync(at('participants.tsv'), 'utf8').split('\n').slice(0, 2).join('\n'), 'few.tsv');
    const shared = (report: CheckReport): unknown[] => told(report).filter(({ code }) => code === 'SHARED_OUTPUTS').map(({ cohort, subject }) => [cohort, subject]).sort();
    expect(shared(await two('KYO', 'dwi/{prefix}_{id}_dwi.nii.gz'))).toEqual([['kyoto', ids[0]], ['tokyo', ids[0]]]);
    expect(shared(await two('TKY', 'dwi/{prefix}_{id}_dwi.nii.gz'))).toEqual([]);
    expect(shared(await two('KYO', 'dwi/{id}_dwi.nii.gz'))).toEqual([]);
    rmSync(at('few.tsv'));
  });

  it('has nothing against what one pipeline makes for another', async () => {
    const own = 'pipeline: lab\nabout: a second one\nprograms: { p: { version: [mrinfo], pattern: "mrinfo (\\\\S+)" } }\ninputs: { mask: the brain }\nsteps: { copy: { program: p, run: [mrinfo, "{input:mask}", "{output:m}"], outputs: { m: m.nii } } }\n';
    writeFileSync(join(study, 'lab.yaml'), own);
    const report = await edited('surface:', '  - { use: lab.yaml, inputs: { mask: "derivatives/mrtrix3-dti/{id}/mask/mask.nii.gz" } }\nsurface:', check);
    expect(told(report)).toEqual([]);
    expect(report.pipelines.map((p) => [p.pipeline, p.ready])).toEqual([['mrtrix3-dti', 8], ['lab', 8]]);
  });
});

describe('doctor', () => {
  const named = (findings: Finding[], name: string): Finding[] => findings.filter((f) => f.name === name);

  it('tells versions of what the study needs, and of shipped pipelines as optional', async () => {
    expect(studyFiles([], study)).toEqual([file]);
    const there = await examinePipelines([file], true);
    expect(named(there, 'mrtrix3')).toMatchObject([{ verdict: 'ok', found: '3.0.4; the study\'s pipeline mrtrix3-dti needs it' }]);
    expect(named(there, 'fsl')).toMatchObject([{ verdict: 'ok', found: 'not installed (optional)', cost: 'studies can use pipeline mrtrix3-dti only without its step preproc' }]);
    process.env['PATH'] = join(root, 'nowhere');
    const [here, elsewhere, none] = await Promise.all([examinePipelines([file], true), examinePipelines([file], false), examinePipelines([], true)]);
    process.env['PATH'] = tools;
    expect(named(here, 'mrtrix3')).toMatchObject([{ verdict: 'bad', found: 'mrinfo is not on PATH', remedy: expect.stringContaining('apt-get install mrtrix3') }]);
    expect(named(elsewhere, 'mrtrix3')).toMatchObject([{ verdict: 'warn', remedy: expect.stringContaining('sulcus worker --role tools') }]);
    expect(named(none, 'mrtrix3')).toMatchObject([{ verdict: 'ok', found: 'not installed (optional)', cost: 'studies cannot use pipeline mrtrix3-dti' }]);
  });

  it('says of a study file that cannot be used where to read why', async () => {
    const findings = await edited('metrics/fa.nii.gz', 'metrix/fa.nii.gz', () => examinePipelines([file], true));
    expect(named(findings, 'study file')).toMatchObject([{ verdict: 'warn', remedy: expect.stringContaining('sulcus check') }]);
  });
});

describe('check of what participants bring', () => {
  it('tells each fault once, and of whom the pipeline has every input', async () => {
    const image = (name: string): string => `dwi/${name}_dwi.nii.gz`, [a, b, c, d, e, f, g, h] = ids as [string, string, string, string, string, string, string, string];
    rmSync(at(`dwi/${a}.bvec`));
    put('', `dwi/${b}.bval`);
    put('0 1000\n', `dwi/${c}.bval`);
    truncateSync(at(image(d)), 5000);
    rmSync(at(image(e)));
    symlinkSync('nowhere', at(image(e)));
    rmSync(at(`dwi/${f}.bvec`));
    mkdirSync(at(`dwi/${f}.bvec`));
    rmSync(at(`dwi/${g}.bvec`));
    symlinkSync(process.execPath, at(`dwi/${g}.bvec`));
    put('hello\n', image(h));
    const report = await check(), problems = told(report);
    expect(Object.fromEntries(problems.map((p) => [p.subject, [p.severity, p.code, p.input?.split(' ')[1]]]))).toEqual({
      [a]: ['error', 'INPUT_MISSING', 'bvec'], [b]: ['error', 'EMPTY_FILE', 'bval'], [c]: ['error', 'OTHER_LENGTH', 'bval'], [d]: ['warning', 'SEEMS_CUT', 'dwi'], [e]: ['error', 'INPUT_MISSING', 'dwi'],
      [f]: ['error', 'UNREADABLE_FILE', 'bvec'], [g]: ['error', 'OUTSIDE_STUDY', 'bvec'], [h]: ['error', 'NOT_NIFTI', 'dwi'],
    });
    expect(problems).toHaveLength(8);
    expect(report.cohorts).toMatchObject([{ usable: 1 }]);
    expect(report.pipelines.flatMap(pipelineLine)).toEqual(['tokyo: made by pipeline mrtrix3-dti when the study runs: fa, md of 1 subject', 'tokyo: pipeline mrtrix3-dti has the inputs of 1 of 8 subjects']);
    expect(report.table.rows.map((row) => row.states.slice(1, 5).join(' '))).toContain('present missing present missing');
    for (const p of problems) {
      expect(formatProblem(p)).not.toMatch(/undefined|\bNaN\b|\[object|\n/);
      expect((p.remedy ?? '').length, formatProblem(p)).toBeGreaterThan(8);
    }
    const doc = readFileSync(fileURLToPath(new URL('../../docs/checking.md', import.meta.url)), 'utf8');
    expect(['INPUT_MISSING', 'OTHER_LENGTH', 'SEEMS_CUT', 'FAILED_BEFORE', 'QUALITY_LIMIT', 'PROGRAM_MISSING', 'PROGRAM_VERSION', 'TOO_LITTLE_MEMORY', 'MATCHED_TWICE', 'UNREADABLE_FILE'].filter((code) => !doc.includes(`\`${code}\``))).toEqual([]);
  });

  it('tells a file of all once, and two that fit a template', async () => {
    const twice = await edited(/dwi: "[^"]*"/, 'dwi: "dwi/{id}*"', check);
    expect(told(twice).filter((p) => p.code === 'MATCHED_TWICE').length).toBeGreaterThan(0);
  });
});

describe('check, when a pipeline has run before', () => {
  it('checks files that are there as always, and tells what failed or was found unfit', async () => {
    const folder = (id: string, ...names: string[]): string[] => ['derivatives/mrtrix3-dti', id, ...names], [first = '', second = '', third = ''] = ids.slice(3);
    put('hello\n', ...folder(first, 'metrics', 'fa.nii.gz'));
    put('{"code":"STEP_TIME","message":"dwidenoise was stopped after the 60 s it may take; it printed last: a\\nb"}', ...folder(second, '.failed', 'denoise', 'failure.json'));
    put('{"format":"sulcus/step/1","key":"k","outputs":[]}', ...folder(third, 'check', 'step.json'));
    put(' 12 0.4\n', ...folder(third, 'check', 'stdout.txt'));
    const report = await check(), of = (id: string): (string | RegExp)[][] => told(report).filter((p) => p.subject === id && p.code !== 'SEEMS_CUT' && !p.input?.startsWith('mrtrix3-dti')).map((p) => [p.severity, p.code, p.message]);
    expect(of(first).map(([severity, code]) => `${severity} ${code}`)).toEqual(['error NOT_NIFTI', 'error NOT_NIFTI']);
    expect(told(report).find((p) => p.subject === first && p.file?.endsWith('fa.nii.gz'))?.remedy).toContain('a run makes it again');
    expect(of(second)).toEqual([['warning', 'FAILED_BEFORE', 'mrtrix3-dti: step denoise failed in the last run (STEP_TIME): dwidenoise was stopped after the 60 s it may take; it printed last: a / b']]);
    expect(of(third)).toEqual([['warning', 'QUALITY_LIMIT', expect.stringContaining('mask_voxels is 12, below the limit 100')]]);
    expect(report.pipelines[0]?.toMake.inputs).toEqual(['md left', 'md right']);
  });
});
