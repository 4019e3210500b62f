import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { loadStudy, parseStudy, readPipeline, readPipelineFile, shippedPipelines, StudyFileError, type Problem } from '../../../config/index.js';
import { orderOf } from '../../../config/pipeline-order.js';
import { patternProblem } from '../../../config/pipeline-pattern.js';
import { replacePlaceholders } from '../../../config/pipeline-placeholders.js';
import { parts, pipelineKeys, studyPipeline } from '../../../config/pipeline-schema.js';
import { topLevelKeys } from '../../../config/schema.js';
import type { PipelineSpec } from '../../../contracts/pipelines.js';
import { launchDigest } from '../../../storage/keys.js';
import { MINIMAL } from './study-text.js';

const doc = async (name: string): Promise<string> => readFile(fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url)), 'utf8');
/** The example of docs/pipelines.md. */
let LAB = '';
let mrtrix = { text: '', file: '' };
beforeAll(async () => {
  LAB = /```yaml\n(pipeline: [^]*?)```/.exec(await doc('pipelines.md'))?.[1] ?? '';
  const source = await readPipelineFile('mrtrix3-dti', 'study.yaml');
  if (!('text' in source)) throw new Error(source.message);
  mrtrix = source;
});

const WITH = (entry: string, study = MINIMAL): string => `${study}pipelines:\n  - ${entry}\n`;
const USE = 'use: lab.yaml\n    inputs: { t1: "t1/{id}.nii", atlas: atlas.nii }\n    parameters: { site: A }\n';
const IN = 'inputs: { dwi: "{id}.nii", bvec: "{id}.bvec", bval: "{id}.bval" }';

const study = (entry = USE, pipeline = LAB, base = MINIMAL) => parseStudy(WITH(entry, base), 'study.yaml', new Map([['lab.yaml', { text: pipeline, file: 'lab.yaml' }], ['mrtrix3-dti', mrtrix]]));
const spec = (entry = USE, pipeline = LAB): PipelineSpec => study(entry, pipeline).spec.pipelines![0]!;
const dti = (more = '', inputs = IN): PipelineSpec => spec(`use: mrtrix3-dti\n    ${inputs}\n    ${more}`);
function problems(entry = USE, pipeline = LAB, base = MINIMAL): Problem[] {
  try {
    return study(entry, pipeline, base).warnings;
  } catch (error) {
    if (!(error instanceof StudyFileError)) throw error;
    return error.problems;
  }
}

describe('a pipeline', () => {
  it('that is shipped has no problems, and says in a line what it is', async () => {
    const names = await shippedPipelines();
    expect(names).toContain('mrtrix3-dti');
    for (const name of names) {
      const source = await readPipelineFile(name, 'study.yaml');
      const { definition, problems: found } = readPipeline('text' in source ? source.text : '', name);
      expect(found).toEqual([]);
      expect(definition?.name).toBe(name);
    }
  });

  it('comes into the study whole, with defaults', () => {
    const { steps, ...rest } = spec();
    expect(rest).toEqual({
      name: 'lab-bias',
      programs: {
        ants: { version: ['N4BiasFieldCorrection', '--version'], pattern: String.raw`ANTs Version: v?(\d\S*)`, accept: '>=2.3 <3' },
        lab: { version: ['/opt/lab/bin/extract-brain', '--version'], pattern: String.raw`(\d+\.\d+)`, accept: null },
      },
      inputs: { t1: 't1/{id}.nii', atlas: 'atlas.nii' }, parameters: { shrink: 4, extraction: 'true', site: 'A' }, outputs: 'derivatives/lab-bias', onFailure: 'exclude', window: 16,
    });
    expect(steps.map(({ name }) => name)).toEqual(['bias', 'brain', 'final']);
    expect(steps[0]).toEqual({
      name: 'bias', program: 'ants', command: ['N4BiasFieldCorrection', '-d', '3', '-i', '{input:t1}', '-s', '{parameter:shrink}', '-o', '[{output:t1},{output:field}]'],
      outputs: { t1: 't1.nii.gz', field: 'field.nii.gz' }, needs: { threads: 2, memory: 2048, seconds: 3600, silence: 1200 }, progress: null, exits: { refuse: [], exclude: [] }, retries: 1,
      environment: { pass: [], set: {} }, quality: [],
    });
    expect(steps[1]).toMatchObject({
      needs: { threads: 1, memory: 2048, seconds: 7200, silence: null }, progress: String.raw`done (\d+)%`, exits: { refuse: [2], exclude: [3, 4] }, retries: 2,
      environment: { pass: ['LAB_LICENCE'], set: { LAB_SEED: '1' } }, quality: [{ name: 'volume', output: null, minimum: 500, maximum: 2500 }],
    });
  });

  it('without a step that is left out, which nobody need have the program and inputs for', () => {
    for (const off of ['false', '0', 'none', 'No', '"off"', '""', ' FALSE ']) {
      const left = spec(`use: lab.yaml\n    inputs: { t1: "t1/{id}.nii" }\n    parameters: { extraction: ${off} }`);
      expect(left.steps.map(({ name }) => name)).toEqual(['bias', 'final']);
      expect(left.steps[1]?.command).toEqual(['CopyImageHeaderInformation', '{input:t1}', '{bias:t1}', '{output:t1}', '1', '1', '1']);
      expect([Object.keys(left.programs), left.inputs]).toEqual([['ants'], { t1: 't1/{id}.nii' }]);
    }
  });

  it('mrtrix3-dti asks for FSL only with distortion correction', () => {
    const steps = (found: PipelineSpec): string[] => found.steps.map(({ name }) => name);
    expect(steps(dti())).toEqual(['convert', 'denoise', 'degibbs', 'b0', 'b0-mean', 'mask', 'mask-mm', 'mask-volume', 'snr-map', 'snr', 'tensor', 'metrics', 'check']);
    expect(Object.keys(dti().programs)).toEqual(['mrtrix3']);
    expect(dti().steps.find(({ name }) => name === 'tensor')?.command).toContain('{degibbs:dwi}');
    const corrected = dti('parameters: { distortion_correction: pair, phase_encoding: AP, readout_time: 0.05 }', IN.replace('}"', '}"').replace(' }', ', se_epi: "{id}_epi.nii" }'));
    expect(steps(corrected)).toEqual(['convert', 'denoise', 'degibbs', 'preproc', ...steps(dti()).slice(3)]);
    expect(corrected.steps.find(({ name }) => name === 'tensor')?.command).toContain('{preproc:dwi}');
    expect(corrected.parameters).toEqual({ distortion_correction: 'pair', phase_encoding: 'AP', readout_time: 0.05 });
    expect(problems(`use: mrtrix3-dti\n    ${IN}\n    parameters: { distortion_correction: pair }`).map(({ message }) => message)).toEqual([
      expect.stringContaining('inputs.se_epi: se_epi is missing'), expect.stringContaining('parameters.phase_encoding'), expect.stringContaining('parameters.readout_time'),
    ]);
  });

  it('says what its programs read, and what a person is shown', () => {
    const [, brain, final] = spec().steps;
    expect([brain?.stdin, brain?.place]).toEqual(['images = {scratch}/images\npicture = {folder}/view.png\n', { 'images/original.nii.gz': '{input:t1}' }]);
    expect([brain?.sheet, final?.sheet]).toEqual([{ picture: '{output:view}' }, { image: '{output:t1}', outline: '{brain:t1}', planes: ['axial', 'sagittal'], slices: 16, range: [0, 1500], volume: 0 }]);
    expect(brain?.quality[0]).toEqual({ name: 'volume', output: null, pattern: String.raw`volume: (\d+) ml`, take: 'last', minimum: 500, maximum: 2500 });
    // What is taken instead of a step that is left out is taken everywhere.
    expect(spec(USE.replace('site: A', 'extraction: off')).steps[1]?.sheet).toMatchObject({ outline: '{bias:t1}' });
    const bare = LAB.replace(/sheet: \{ image.*/, "sheet: { image: '{output:t1}' }").replace('take: last, ', '');
    expect(spec(USE, bare).steps[2]?.sheet).toEqual({ image: '{output:t1}', outline: null, planes: ['axial'], slices: 12, range: null, volume: 0 });
    expect(spec(USE, bare).steps[1]?.quality[0]).not.toHaveProperty('take');
  });

  it('without what is new in it is what it was, to the byte', () => {
    // Written by the version before standard input, sheets, reviews, existing outputs and images came.
    const old = `pipeline: p
about: x
programs: { n: { version: [node, --version], pattern: 'v(.*)', accept: '>=20' } }
inputs: { a: a }
parameters: { n: 1 }
steps:
  s: { program: n, run: [node, '{input:a}', '{parameter:n}', '{output:o}'], outputs: { o: o.txt }, quality: [{ name: q, output: o, pattern: '(.)' }] }
`;
    expect(JSON.stringify(spec('use: lab.yaml\n    inputs: { a: "{id}.txt" }', old))).toBe('{"name":"p","programs":{"n":{"version":["node","--version"],"pattern":"v(.*)","accept":">=20"}},"steps":[{"name":"s","program":"n","command":["node","{input:a}","{parameter:n}","{output:o}"],"outputs":{"o":"o.txt"},"needs":{"threads":1,"memory":2048,"seconds":7200,"silence":null},"progress":null,"exits":{"refuse":[],"exclude":[]},"retries":1,"environment":{"pass":[],"set":{}},"quality":[{"name":"q","output":"o","pattern":"(.)","minimum":null,"maximum":null}]}],"inputs":{"a":"{id}.txt"},"parameters":{"n":1},"outputs":"derivatives/p","onFailure":"exclude","window":16}');
  });

  it('takes what the study wants of its steps and programs', () => {
    const found = spec(`${USE}    review: [final, brain]\n    existing: { bias: { t1: "old/{id}.nii", field: "{study}/old/{id}_field.nii" } }\n    images: { ants: images/ants.sif, lab: "docker://lab/brain:1.2" }`);
    expect([found.review, found.existing]).toEqual([['brain', 'final'], { bias: { t1: 'old/{id}.nii', field: '{study}/old/{id}_field.nii' } }]);
    expect([found.programs['ants']?.image, found.programs['lab']?.image]).toEqual([{ engine: 'apptainer', name: 'images/ants.sif' }, { engine: 'docker', name: 'lab/brain:1.2' }]);
    expect(spec(`${USE}    images: { lab: docker:brain, ants: /lab/ants }`).programs['ants']?.image).toEqual({ engine: 'apptainer', name: '/lab/ants' });
    expect(spec(USE.replace('atlas.nii', '"{study}/templates/atlas.nii"')).inputs['atlas']).toBe('{study}/templates/atlas.nii');
  });

  it('the same files give the same specification, whatever the order of steps in the file', () => {
    expect(JSON.stringify(study().spec)).toBe(JSON.stringify(study().spec));
    const [head, ...steps] = LAB.split(/(?<=\n)(?= {2}(?:bias|brain|final):\n)/);
    for (const order of [[0, 1, 2], [2, 1, 0], [1, 2, 0]]) expect(spec(USE, head! + order.map((i) => steps[i]).join(''))).toEqual(spec());
  });

  it('is part of what tells launches apart', () => {
    const digest = (entry: string): string => launchDigest({ spec: study(entry).spec, directory: '/d', out: '/o', cohorts: ['tokyo'] });
    expect(digest(USE)).toBe(digest(USE));
    expect(digest(USE)).not.toBe(digest(USE.replace('site: A', 'site: B')));
    expect(parseStudy(MINIMAL, 's').spec).not.toHaveProperty('pipelines');
  });
});

describe('problems of a pipeline file', () => {
  it.each([
    ['programs:\n  ants', 'programms:\n  ants', 'pipeline-key-unknown', 'did you mean `programs`?'],
    ['program: lab', 'program: labs', 'pipeline-program', 'did you mean lab?'],
    ['{input:t1}\', -s', '{input:t2}\', -s', 'pipeline-input', 'did you mean t1?'],
    ['{parameter:shrink}', '{parameter:shrnk}', 'pipeline-parameter', 'did you mean shrink?'],
    ['{output:field}', '{output:feld}', 'pipeline-output', 'did you mean field?'],
    ['{brain:t1}', '{brian:t1}', 'pipeline-step', 'did you mean brain?'],
    ['{brain:t1}', '{brain:t2}', 'pipeline-output', 'brain:t1'],
    ['{brain:t1}', '{constructor:t1}', 'pipeline-step', 'constructor'],
    ['{brain:t1}', '{brain:constructor}', 'pipeline-output', 'constructor'],
    ['{scratch}', '{id}', 'pipeline-placeholder', 'not filled in'],
    ['{scratch}', '{tmp', 'pipeline-placeholder', 'brace'],
    ['{scratch}', 'a\\0b', null, null],
    ['\'{scratch}\'', '"a\\0b"', 'pipeline-value', 'control characters'],
    ['\'{scratch}\'', 'true', 'pipeline-value', 'quotes'],
    ['run: [CopyImageHeaderInformation, ', 'run: [', 'pipeline-value', 'must begin with a program'],
    ['run: [CopyImageHeaderInformation, ', 'run: [bin/copy, ', 'pipeline-value', 'must begin with a program'],
    ['run: [CopyImageHeaderInformation, ', 'run: [/lab/../copy, ', 'pipeline-value', 'must begin with a program'],
    ['run: [CopyImageHeaderInformation, ', 'run: [bash, -ec, \'cp $0 $1\', ', 'pipeline-value', 'shell'],
    ['run: [CopyImageHeaderInformation, ', 'run: [/bin/sh, -c, ', 'pipeline-value', 'shell'],
    ['version: [N4BiasFieldCorrection, --version]', 'version: [N4BiasFieldCorrection, "{threads}"]', 'pipeline-placeholder', 'version'],
    ['>=2.3 <3', '^2.3', 'pipeline-value', '>=3.0.3 <4'],
    ['field: field.nii.gz', 'field: T1.nii.gz', 'pipeline-duplicate', 'same name'],
    ['field: field.nii.gz', 'field: t1.nii.gz/field', 'pipeline-duplicate', 'folder'],
    ['t1: brain.nii.gz', 't1: ../brain.nii.gz', 'pipeline-value', 'name of a file'],
    ['t1: brain.nii.gz', 't1: /tmp/brain.nii.gz', 'pipeline-value', 'name of a file'],
    ['t1: brain.nii.gz', 't1: a//brain.nii.gz', 'pipeline-value', 'name of a file'],
    ['t1: brain.nii.gz', 't1: .failed', 'pipeline-value', 'name of a file'],
    ['t1: brain.nii.gz', 't1: "a\\\\..\\\\b"', 'pipeline-value', 'name of a file'],
    ['t1: brain.nii.gz', 't1: Step.json', 'pipeline-value', 'every step has'],
    ['  bias:\n', '  Bias:\n', 'pipeline-name', 'lower-case'],
    ['  bias:\n', '  input:\n', 'pipeline-name', 'braces'],
    ['  bias:\n', '  __proto__:\n', 'pipeline-name', '__proto__'],
    ['view: view.png }', 'view: view.png, __proto__: x }', 'pipeline-value', '__proto__'],
    ['LAB_SEED: 1', '__proto__: 1', 'pipeline-value', '__proto__'],
    ['LAB_SEED: 1', 'PATH: /tmp', 'pipeline-name', 'set for every program'],
    ['LAB_SEED: 1', '"A=B": 1', 'pipeline-name', 'environment variable'],
    ['[LAB_LICENCE]', '[HOME]', 'pipeline-value', 'set for every program'],
    ['memory: 2 GiB', 'memory: 2 GB', 'pipeline-value', 'a size such as 4 GiB'],
    ['memory: 2 GiB', 'memory: 2', 'pipeline-value', 'a size such as 4 GiB'],
    ['memory: 2 GiB', 'memory: 999999999999999 TiB', 'pipeline-value', 'between 1 MiB and 4 TiB'],
    ['memory: 2 GiB', 'memory: 0 GiB', 'pipeline-value', 'between 1 MiB and 4 TiB'],
    ['time: 1h', 'time: never', 'pipeline-value', 'a time such as 2h'],
    ['time: 1h', 'time: 60', 'pipeline-value', 'a time such as 2h'],
    ['time: 1h', 'time: 9999d', 'pipeline-value', 'a second and a year'],
    ['silence: 20m', 'silence: soon', 'pipeline-value', 'or never'],
    ['threads: 2', 'threads: 1e9', 'pipeline-value', 'threads'],
    ['threads: 2', 'threads: 1.5', 'pipeline-value', 'threads'],
    ['retries: 2', 'retries: 1000', 'pipeline-value', 'retries'],
    ['shrink: 4', 'shrink: .inf', 'pipeline-value', 'shrink'],
    ['shrink: 4', 'shrink: 1e300', 'pipeline-value', 'shrink'],
    ['shrink: 4', 'shrink: [4]', 'pipeline-value', 'text, a number'],
    ['exclude: [3, 4]', 'exclude: [2]', 'pipeline-value', 'both refuse and exclude'],
    ['exclude: [3, 4]', 'exclude: [256]', 'pipeline-value', 'exits.exclude'],
    ['exclude: [3, 4]', 'exclude: [0]', 'pipeline-value', 'exits.exclude'],
    ['{scratch}/images', '{scratch/images', 'pipeline-placeholder', 'the text that begins with images = {scratch/images has a brace'],
    ['picture = {folder}', 'picture = {input:t2}', 'pipeline-input', 'did you mean t1?'],
    ['picture = {folder}', 'picture = {final:t1}', 'pipeline-cycle', 'brain takes from final'],
    ['stdin: |', 'stdin: ""\n    about: |', 'pipeline-value', 'must not be empty'],
    ['stdin: |\n', `stdin: |\n      ${'x'.repeat(17_000)}\n`, 'pipeline-value', '16 KiB'],
    ['stdin: |\n      images = {scratch}/images\n      picture = {folder}/view.png\n', 'stdin: "a\\a"\n', 'pipeline-value', 'control characters other'],
    ['images/original.nii.gz:', '../original.nii.gz:', 'pipeline-name', 'within the scratch folder'],
    ['images/original.nii.gz:', '/tmp/original.nii.gz:', 'pipeline-name', 'within the scratch folder'],
    ["original.nii.gz: '{input:t1}'", "original.nii.gz: 'x{input:t1}'", 'pipeline-placeholder', 'nothing else'],
    ["original.nii.gz: '{input:t1}'", "original.nii.gz: '{output:t1}'", 'pipeline-placeholder', '{input:NAME} or {STEP:NAME}'],
    ["original.nii.gz: '{input:t1}'", "original.nii.gz: '{input:t1}', Images: '{input:t1}'", 'pipeline-duplicate', 'folder of the other'],
    ['take: last', 'take: median', 'pipeline-value', 'take'],
    ["picture: '{output:view}'", "picture: '{output:veiw}'", 'pipeline-output', 'did you mean view?'],
    ["picture: '{output:view}'", "picture: '{input:t1}'", 'pipeline-placeholder', '{output:NAME}'],
    ["picture: '{output:view}'", "picture: '{output:view}', slices: 3", 'pipeline-value', 'slices is of a sheet with image'],
    ["{ picture: '{output:view}' }", '{ slices: 3 }', 'pipeline-value', 'either image or picture'],
    ["outline: '{brain:t1}'", "outline: '{brian:t1}'", 'pipeline-step', 'did you mean brain?'],
    ['[axial, sagittal]', '[axial, axial]', 'pipeline-value', 'twice'],
    ['[axial, sagittal]', '[]', 'pipeline-value', 'must name a plane'],
    ['slices: 16', 'slices: 0', 'pipeline-value', 'slices'],
    ['range: [0, 1500]', 'range: [1, 0]', 'pipeline-value', 'smaller number'],
    ['range: [0, 1500]', 'range: [1]', 'pipeline-value', 'range'],
    ['range: [0, 1500], volume: 0', 'range: [0, 1500], volume: -1', 'pipeline-value', 'volume'],
    ['range: [0, 1500], volume: 0', 'range: [0, 1500], vollume: 0', 'pipeline-key-unknown', 'did you mean `volume`?'],
    ['minimum: 500', 'minimum: 5000', 'pipeline-value', 'more than its maximum'],
    ['name: volume,', 'name: volume, output: t2,', 'pipeline-output', 'did you mean t1?'],
    ['(\\d+) ml', '\\d+ ml', 'pipeline-value', 'catches nothing'],
    ['(\\d+) ml', '((\\d+)*) ml', 'pipeline-value', 'for ever'],
    ['done (\\d+)%', 'done (\\d+', 'pipeline-value', 'no regular expression'],
    ['when: extraction', 'when: extract', 'pipeline-parameter', 'extraction'],
    ['    otherwise: { t1: \'{bias:t1}\' }\n', '', 'pipeline-otherwise', 'otherwise'],
    ['    when: extraction\n', '', 'pipeline-value', 'never is'],
    ['otherwise: { t1: \'{bias:t1}\' }', 'otherwise: { t1: \'{bias:t1}.gz\' }', 'pipeline-placeholder', 'nothing else'],
    ['otherwise: { t1: \'{bias:t1}\' }', 'otherwise: { t1: \'{final:t1}\' }', 'pipeline-cycle', 'brain takes from final takes from brain'],
    ['\'{bias:t1}\', \'{output:t1}\']', '\'{final:t1}\', \'{output:t1}\']', 'pipeline-cycle', 'circle'],
    ['pipeline: lab-bias', 'pipeline: lab/bias', 'pipeline-value', 'letters, digits'],
    ['about: bias', 'abuot: bias', 'pipeline-key-unknown', 'did you mean `about`?'],
    ['steps:\n  bias', 'steps:\n  bias: &a [*a]\n  bias', 'pipeline-key-duplicate', 'twice'],
    ['pipeline: lab-bias', 'pipeline: [', 'pipeline-yaml', 'YAML'],
  ])('%s -> %s: %s', (from, to, code, words) => {
    expect(LAB).toContain(from);
    const text = LAB.replace(from, () => to), { problems: found } = readPipeline(text, 'lab.yaml');
    if (code === null) return expect(found).toEqual([]);
    const one = found.find((problem) => problem.code === code);
    expect(`${one?.message} ${one?.remedy}`).toContain(words);
    expect(one?.severity).toBe('error');
    // The line of the key that holds it, or, where the key itself is written wrong or missing, of one that does.
    const at = text.split('\n')[(one?.line ?? 0) - 1] ?? '';
    expect(at.trim()).not.toBe('');
  });

  it('are all told at once, each at its line, and once though the file is used twice', () => {
    const broken = LAB.replace('minimum: 500', 'minimum: x').replace('time: 1h', 'time: 1y').replace("'{brain:t1}', '{output:t1}'", "'{brain:t1}', '{output:t2}'");
    expect(problems(`${USE}  - ${USE}`, broken).map(({ line, code }) => [broken.split('\n')[line! - 1], code])).toEqual([
      [expect.stringContaining('time: 1y'), 'pipeline-value'], [expect.stringContaining('minimum: x'), 'pipeline-value'], [expect.stringContaining('{output:t2}'), 'pipeline-output'],
    ]);
  });

  it('what would take too much room or time is refused', () => {
    const bomb = `pipeline: x\nabout: &a [${'x,'.repeat(50)}]\nprograms: &b [${'*a,'.repeat(50)}]\ninputs: &c [${'*b,'.repeat(50)}]\nsteps: [${'*c,'.repeat(50)}]\n`;
    expect(readPipeline(bomb, 'x').problems).toEqual([expect.objectContaining({ code: 'pipeline-yaml' })]);
    expect(readPipeline('['.repeat(60_000), 'x').problems).toEqual([expect.objectContaining({ code: 'pipeline-yaml', message: expect.stringContaining('nested') as string })]);
    const many = Array.from({ length: 101 }, (_, i) => `  s${i}: { program: p, run: [p], outputs: { a: a } }`).join('\n');
    expect(readPipeline(`pipeline: x\nabout: x\nprograms: { p: { version: [p], pattern: (.) } }\ninputs: { a: a }\nsteps:\n${many}\n`, 'x').problems.map(({ message }) => message)).toEqual(['steps: found 101, there may be 100']);
    const long = `pipeline: x\nabout: x\nprograms: { p: { version: [p], pattern: (.) } }\ninputs: { a: a }\nsteps:\n  s: { program: p, run: &r [p, '{input:a}', ${'"'}${'x'.repeat(3000)}${'"'}], outputs: { a: a } }\n${Array.from({ length: 30 }, (_, i) => `  s${i}: { program: p, run: *r, outputs: { a: a } }`).join('\n')}\n`;
    expect(problems('use: lab.yaml\n    inputs: { a: "{id}" }', long)[0]?.message).toMatch(/more than 65536/);
  });
});

describe('problems of what a study says of a pipeline', () => {
  it.each([
    ['use: mrtrix-dti', 'study-pipeline', 'was not read'],
    [USE.replace('t1:', 't2:'), 'study-key-unknown', 'did you mean t1?'],
    [USE.replace('t1: "t1/{id}.nii", ', ''), 'study-key-missing', 't1 is missing (T1-weighted scan, NIfTI)'],
    [USE.replace('"t1/{id}.nii"', '"t1/scan.nii"'), 'study-template', 'every subject'],
    [USE.replace('"t1/{id}.nii"', '"t1/{id}_{side}.nii"'), 'study-template', '{side}'],
    [USE.replace('"t1/{id}.nii"', '"../{id}.nii"'), 'study-path', 'leads out'],
    [USE.replace('"t1/{id}.nii"', '"/data/{id}.nii"'), 'study-path', 'leads out'],
    [USE.replace('site: A', 'siet: A'), 'study-key-unknown', 'did you mean site?'],
    [USE.replace('site: A', 'shrink: 2'), 'study-key-missing', 'site is missing'],
    [USE.replace('site: A', 'site: A, shrink: "4"'), 'study-value', 'expected a number such as 4'],
    [USE.replace('site: A', '__proto__: A'), 'study-value', '__proto__'],
    [USE.replace('atlas: atlas.nii', '__proto__: a'), 'study-value', '__proto__'],
    [USE.replace('site: A', 'site: A, shrink: .nan'), 'study-value', 'shrink'],
    [`${USE}    outputs: ../elsewhere`, 'study-value', 'within the cohort'],
    [`${USE}    outputs: "d/{id}"`, 'study-value', 'within the cohort'],
    [`${USE}    outputs: .`, 'study-value', 'within the cohort'],
    [`${USE}    on_failure: ignore`, 'study-value', 'on_failure'],
    [`${USE}    review: [brain, bias]`, 'study-value', 'the step bias of lab-bias has no contact sheet those with one: brain, final'],
    [`${USE}    review: [brian]`, 'study-value', 'did you mean brain?'],
    [`${USE.replace('site: A', 'extraction: off')}    review: [brain]`, 'study-value', 'no step brain with these parameters'],
    [`${USE}    existing: { bais: { t1: "{id}" } }`, 'study-value', 'did you mean bias?'],
    [`${USE}    existing: { bias: { t1: "{id}" } }`, 'study-key-missing', 'field is missing'],
    [`${USE}    existing: { bias: { t1: "{id}", feild: "{id}" } }`, 'study-value', 'did you mean field?'],
    [`${USE}    existing: { brain: { t1: "{id}", view: "{id}.png" } }`, 'study-value', 'what its program prints'],
    [`${USE}    existing: { final: { t1: "t1.nii" } }`, 'study-template', 'every subject'],
    [`${USE}    existing: { final: { t1: "../{id}.nii" } }`, 'study-path', 'leads out'],
    [`${USE}    existing: { final: { t1: "{study}/../{id}.nii" } }`, 'study-path', 'leads out'],
    [`${USE}    existing: { final: { t1: "derivatives/lab-bias/{id}/bias/t1.nii.gz" } }`, 'study-template', 'runs with it'],
    [`${USE}    images: { atns: a.sif }`, 'study-key-unknown', 'did you mean ants?'],
    [`${USE}    images: { ants: library://a }`, 'study-value', 'nothing is fetched'],
    [`${USE}    images: { ants: ../a.sif }`, 'study-path', 'leads out'],
    [USE.replace('atlas.nii', '"{study}/../atlas.nii"'), 'study-path', 'leads out'],
    [USE.replace('atlas.nii', '"x/{study}/atlas.nii"'), 'study-template', 'at the beginning'],
    [`${USE}    window: 0`, 'study-value', 'window'],
    [`${USE}    windw: 1`, 'study-key-unknown', 'did you mean `window`?'],
    [`${USE}  - ${USE}`, 'study-duplicate', 'listed twice'],
    [`${USE}  - use: mrtrix3-dti\n    ${IN}\n    outputs: derivatives/Lab-Bias/dti`, 'study-duplicate', 'folder'],
    [USE.replace('"t1/{id}.nii"', '"derivatives/lab-bias/{id}/bias/t1.nii.gz"'), 'study-template', 'runs with it'],
    [`${USE.replace('"t1/{id}.nii"', '"derivatives/mrtrix3-dti/{id}/metrics/fa.nii.gz"')}  - use: mrtrix3-dti\n    ${IN}`, 'study-template', 'runs later'],
  ])('%s: %s', (entry, code, words) => {
    const found = problems(entry).filter((problem) => problem.code === code);
    expect(found.map((problem) => `${problem.message} ${problem.remedy}`).join('\n')).toContain(words);
    const lines = WITH(entry).split('\n').slice(MINIMAL.split('\n').length - 1);
    expect(found.every(({ file, line }) => file === 'study.yaml' && line! >= MINIMAL.split('\n').length && line! <= MINIMAL.split('\n').length + lines.length)).toBe(true);
  });

  it('a name that is nearly right is told once, not as missing too', () => {
    expect(problems(USE.replace('t1:', 't11:').replace('site:', 'siet:')).map(({ code }) => code)).toEqual(['study-key-unknown', 'study-key-unknown']);
  });

  it('pipelines are a list', () => {
    expect(() => parseStudy(`${MINIMAL}pipelines: mrtrix3-dti\n`, 's')).toThrow('expected a list');
    expect(parseStudy(`${MINIMAL}pipelines: []\n`, 's').spec).toEqual(parseStudy(`${MINIMAL}pipelines:\n`, 's').spec);
  });

  it.each([
    ['derivatives/mrtrix3-dti/{id}/metrics/fa.nii.gz', null],
    ['derivatives/mrtrix3-dti/{id}/metrics/f*.nii.gz', null],
    ['elsewhere/{id}/fa.nii.gz', null],
    ['derivatives/mrtrix3-dti/{id}/metrics/fa.nii', 'did you mean fa.nii.gz?'],
    ['derivatives/mrtrix3-dti/{id}/metric/fa.nii.gz', 'did you mean metrics?'],
    ['derivatives/mrtrix3-dti/{id}/preproc/dwi.mif', 'no step preproc with these parameters'],
    ['derivatives/mrtrix3-dti/{label}/metrics/fa.nii.gz', 'named by the participant'],
    ['./derivatives/mrtrix3-dti//{id}/metrics/fa_{side}.nii.gz', 'makes no fa_left.nii.gz'],
  ])('a metric of %s', (volume, words) => {
    const base = MINIMAL.replace('fa: { file: "dwi/{id}_{side}.txt" }', `fa: { volume: "${volume}", surface: "{id}_{side}.obj" }`);
    const found = problems(`use: mrtrix3-dti\n    ${IN}`, LAB, base);
    expect(found.map((problem) => `${problem.code} ${problem.message} ${problem.remedy}`)).toEqual(words === null ? [] : [expect.stringContaining(words)]);
    if (words !== null) expect(found[0]).toMatchObject({ code: 'study-template', line: base.split('\n').findIndex((text) => text.includes(volume)) + 1 });
  });
});

describe('the file of a pipeline', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sulcus-pipelines-'));
    await mkdir(join(folder, 'study/lab'), { recursive: true });
    await mkdir(join(folder, 'study/tokyo'));
    await mkdir(join(folder, 'shared'));
    await writeFile(join(folder, 'shared/lab.yaml'), LAB);
    await writeFile(join(folder, 'study/lab/bias.yaml'), LAB);
    await writeFile(join(folder, 'study/big.yaml'), `${LAB}${'#'.repeat(70_000)}`);
    await symlink(join(folder, 'shared'), join(folder, 'study/linked'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const load = async (use: string, more = '') => {
    await writeFile(join(folder, 'study/study.yaml'), `${WITH(USE.replace('lab.yaml', use))}${more}`);
    return loadStudy(join(folder, 'study/study.yaml'));
  };
  const messageOf = (use: string): Promise<string> => load(use).then(() => 'loaded', (error: unknown) => (error as Error).message);

  it('is relative to the study file, and stays within its bounds', async () => {
    expect((await load('lab/bias.yaml')).spec.pipelines).toEqual([spec()]);
    expect((await load('./lab/../lab/bias.yaml')).spec.pipelines).toEqual([spec()]);
    expect((await load('linked/lab.yaml', `outside: [${join(folder, 'shared')}]\n`)).spec.pipelines).toEqual([spec()]);
    expect(await messageOf('linked/lab.yaml')).toContain('leads out');
    expect(await messageOf('../shared/lab.yaml')).toContain('leads out');
    expect(await messageOf(join(folder, 'shared/lab.yaml'))).toContain('leads out');
  });

  it('its outputs stay within bounds too, also before they are there', async () => {
    await symlink(join(folder, 'shared'), join(folder, 'study/tokyo/big-disk'));
    const more = '    outputs: big-disk/new/lab\n', refused = await load('lab/bias.yaml', more).catch((error: unknown) => error) as StudyFileError;
    expect(refused.problems).toEqual([expect.objectContaining({ code: 'study-path', message: expect.stringContaining('tokyo/big-disk is a link') as string })]);
    expect(refused.message).toContain(`study.yaml:${WITH(USE).split('\n').length}: `);
    expect((await load('lab/bias.yaml', `${more}outside: [${join(folder, 'shared')}]\n`)).spec.pipelines?.[0]?.outputs).toBe('big-disk/new/lab');
  });

  it('that cannot be had says why', async () => {
    expect(await messageOf('lab/bais.yaml')).toContain('there is no file');
    expect(await messageOf('lab/')).toContain('is not a file');
    expect(await messageOf('big.yaml')).toContain('a pipeline file has at most 64');
    expect(await messageOf('mrtrix3-dit')).toContain('Did you mean mrtrix3-dti?');
    expect(await messageOf('bias')).toContain('hipped are: ');
  });

  it('is named with what is wrong in it', async () => {
    await writeFile(join(folder, 'study/lab/wrong.yaml'), LAB.replace('retries: 2', 'retries: many'));
    const line = LAB.split('\n').findIndex((text) => text.includes('retries: 2')) + 1, file = join(folder, 'study/lab/wrong.yaml');
    const error = await load('lab/wrong.yaml').catch((caught: unknown) => caught) as StudyFileError;
    expect(error.problems).toEqual([expect.objectContaining({ code: 'pipeline-value', file, line })]);
    expect([error.file, error.line]).toEqual([file, line]);
  });
});

describe('regular expressions', () => {
  it.each([
    String.raw`== mrinfo (\S+) ==`, String.raw`(\d+)%`, String.raw`^mean:?\s+(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)`, String.raw`\((a)\)`, String.raw`[(*+](a)`, '(a|b)', '(?<value>x)', '((?:ab){3})+', '(a)?', String.raw`[^\]]+(x)`, 'a{2,3}?(b)',
  ])('%s can be used', (source) => expect(patternProblem(source)).toBeNull());

  it.each([
    ['(a+)+', 'for ever'], ['(a*)*', 'for ever'], ['(?:a|aa)+(b)', 'for ever'], ['((a+)b)*', 'for ever'], ['(a?){2,}', 'for ever'], ['((a{1,9}))*', 'for ever'], ['((?:x+y?)+)+', 'for ever'], [String.raw`(\w+\s*)+`, 'for ever'], ['(?:(a)|b){5}', 'for ever'],
    [String.raw`(a)\1`, 'refers back'], [String.raw`(?<x>a)\k<x>`, 'refers back'], ['(?=a)(b)', 'looks ahead'], ['(?<!a)(b)', 'looks ahead'],
    ['a', 'catches nothing'], ['(?:a)', 'catches nothing'], ['(', 'no regular expression'], ['[', 'no regular expression'], ['(a){3,1}', 'no regular expression'], [`(${'a'.repeat(200)})`, 'more than 200'], ['.*.*.*.*.*.*.*.*.*(a)', 'repetitions'], ['a\nb', 'control'],
  ])('%s is refused', (source, words) => expect(patternProblem(source)).toContain(words));

  it('those that are taken end soon on what almost matches', () => {
    const atoms = ['a', '[ab]', '.', String.raw`\w`, 'ab'], quantifiers = ['', '?', '*', '+', '{2}', '{1,3}'];
    const piece: fc.Arbitrary<string> = fc.letrec<{ one: string; group: string }>((tie) => ({
      one: fc.oneof({ depthSize: 'small' }, fc.tuple(fc.constantFrom(...atoms), fc.constantFrom(...quantifiers)).map((all) => all.join('')), tie('group')),
      group: fc.tuple(fc.array(tie('one'), { minLength: 1, maxLength: 3 }), fc.constantFrom('', '|'), fc.constantFrom(...quantifiers)).map(([inside, by, times]) => `(${inside.join(by)})${times}`),
    })).group;
    let taken = 0;
    fc.assert(
      fc.property(piece, (source) => {
        if (patternProblem(`^${source}$`) !== null) return;
        taken++;
        // Exponential time on 40 letters would be hours; eight repetitions of a polynomial are not tried here.
        if ((source.match(/[*+]/g) ?? []).length <= 3) new RegExp(`^${source}$`).exec(`${'a'.repeat(40)}!`);
      }),
      { numRuns: 400, seed: 1 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});

describe('the order of steps', () => {
  const names = Array.from({ length: 8 }, (_, i) => `s${i}`);
  const graph = fc.dictionary(fc.constantFrom(...names), fc.array(fc.constantFrom(...names), { maxLength: 3 }), { noNullPrototype: true });

  it('has each after those it takes from; or names a circle', () => {
    let circles = 0;
    fc.assert(
      fc.property(graph, (takes) => {
        const of = (name: string): string[] => takes[name] ?? [], found = orderOf(names, of);
        if ('order' in found) {
          expect([...found.order].sort()).toEqual(names);
          for (const name of names) for (const other of of(name)) expect(found.order.indexOf(other)).toBeLessThan(found.order.indexOf(name));
        } else {
          circles++;
          found.circle.forEach((name, i) => expect(of(name)).toContain(found.circle[(i + 1) % found.circle.length]));
        }
      }),
      { numRuns: 300, seed: 2 },
    );
    expect(circles).toBeGreaterThan(30);
    expect(circles).toBeLessThan(300);
  });

  it('is the file\'s where nothing decides', () => {
    expect(orderOf(names, () => [])).toEqual({ order: names });
  });
});

describe('what is filled in', () => {
  it('is looked at once: a value in braces stays as it is', () => {
    expect(replacePlaceholders('{input:a}-{x}-{threads}', ({ kind }) => `{output:${kind}}`)).toBe('{output:input}-{x}-{output:threads}');
  });
});

describe('the documentation', () => {
  /** Keys of a schema, and of those in it: `needs.threads`. */
  const keysOf = (schema: z.ZodType, before = ''): string[] => {
    const { shape, innerType, out, element } = schema.def as { shape?: Record<string, z.ZodType>; innerType?: z.ZodType; out?: z.ZodType; element?: z.ZodType };
    const inner = innerType ?? out;
    if (inner !== undefined) return keysOf(inner, before);
    if (element !== undefined) return keysOf(element, before);
    return Object.entries(shape ?? {}).flatMap(([key, value]) => [`${before}${key}`, ...keysOf(value, `${before}${key}.`)]);
  };
  const step = keysOf(parts.step), program = keysOf(parts.program), input = keysOf(parts.input);

  it('tells every key of the study file and of pipelines', async () => {
    const [page, of] = [await doc('study-file.md'), await doc('pipelines.md')];
    expect([step.length, program.length, input.length]).toEqual([35, 3, 2]);
    for (const key of topLevelKeys) expect(page).toMatch(new RegExp(`^\\| \`${key}[\`.]`, 'm'));
    for (const key of keysOf(studyPipeline)) {
      expect(of).toMatch(new RegExp(`^\\| \`${key}\` `, 'm'));
      expect(page).toMatch(new RegExp(`^\\| \`pipelines\` .*[ \`{]${key}[,\` }]`, 'm'));
    }
    const table = of.split('\n').filter((line) => line.startsWith('| `')).join('\n');
    for (const key of [...pipelineKeys, ...[...step, ...program, ...input].map((name) => name.split('.').at(-1)!)]) expect(table).toMatch(new RegExp(`[\`. {]${key}[\`., }]`));
    for (const word of ['input:NAME', 'output:NAME', 'STEP:NAME', 'parameter:NAME', 'threads', 'scratch', 'folder']) expect(of).toContain(`| \`{${word}}\` |`);
  });

  it('has an example with every key', () => {
    for (const key of [...step, ...program, ...input, ...pipelineKeys].map((name) => name.split('.').at(-1)!).filter((name) => name !== 'output')) expect(LAB).toMatch(new RegExp(`(^|[ {])${key}:`, 'm'));
  });

  it('tells every code', async () => {
    const [page, of] = [await doc('study-file.md'), await doc('pipelines.md')];
    for (const code of ['yaml', 'key-duplicate', 'key-unknown', 'key-missing', 'value', 'name', 'duplicate', 'placeholder', 'program', 'input', 'parameter', 'step', 'output', 'otherwise', 'cycle']) expect(of).toContain(`\`pipeline-${code}\``);
    expect(page).toContain('`study-pipeline`');
  });

  it('its two uses of pipelines are right', async () => {
    const of = await doc('pipelines.md'), use = /```yaml\n(pipelines:[^]*?)```/.exec(of)?.[1] ?? '';
    const [pipelines = '', metrics = ''] = use.split(/^metrics:\n/m);
    const base = `${MINIMAL.replace(/metrics:\n[^]*?cohorts:/, `metrics:\n${metrics}cohorts:`)}surface: { mesh: { left: l.obj, right: r.obj } }\n${pipelines}`;
    expect(parseStudy(base, 's', new Map([['mrtrix3-dti', mrtrix]])).spec.pipelines).toEqual([dti('', 'inputs: { dwi: "dwi/{id}_dwi.nii.gz", bvec: "dwi/{id}.bvec", bval: "dwi/{id}.bval" }')]);
  });

  it('its study that begins with everything that is shipped is right, and takes what the pipelines make', async () => {
    const whole = /```yaml\n(study: acc-trs\n[^]*?)```/.exec(await doc('pipelines.md'))?.[1] ?? '', names = await shippedPipelines();
    const sources = new Map(await Promise.all(names.map(async (name) => [name, await readPipelineFile(name, 'study.yaml')] as const)));
    const { spec: found, warnings } = parseStudy(whole, 's', sources);
    expect([warnings, found.pipelines?.map(({ name }) => name).sort(), found.pipelines?.[0]?.review]).toEqual([[], names, ['view', 'civet']]);
    for (const [right, wrong] of [['sulcus_scan_native_rms_rsl_tlink_30mm', 'sulcus_scan_native_rms_rsl_tlink_20mm'], ['fit/spectrum.table', 'fit/table'], ['sulcus_scan_t1_tal.xfm', 't1_tal.xfm']] as const) {
      expect(whole).toContain(right);
      expect(() => parseStudy(whole.replace(right, wrong), 's', sources)).toThrow(/makes no/);
    }
  });
});
