/** Nobody whose files name them gets as far as a program, unless the study says so. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personalProblem } from '../../activities/imaging/personal.js';
import { Folders } from '../../activities/ingest/templates.js';
import { checkInputs } from '../../client/check/pipelines/inputs.js';
import { Bounds } from '../../config/index.js';
import { writeNifti } from '../../formats/index.js';
import { Lab, step } from './lab.js';

const A = 'TKY_0012', B = 'TKY_0013';
let lab: Lab;
beforeEach(() => {
  lab = new Lab([A, B]);
  lab.pipeline.steps = [step('first', ['copy', '{input:dwi}', '{output:out}'])];
});
afterEach(() => lab.end());

const problems = async (plan: Awaited<ReturnType<Lab['plan']>>): Promise<unknown[]> =>
  (await lab.manifest(plan)).subjects.flatMap(({ problem }) => (problem === null ? [] : [{ id: problem.id, code: problem.code, reason: problem.reason, file: problem.file }]));

describe('a participant whose files name a person', () => {
  it('is left out before a program runs, and the field is told, not what it holds', async () => {
    lab.put(`dwi/${A}_dwi.txt`, 'Patient Name: Doe^Jane\nmotion 0.5\n');
    const { plan, outcomes } = await lab.everything();
    expect(plan).toMatchObject({ participants: 2, pending: 1, lacking: 1 });
    expect(await problems(plan)).toEqual([{ id: A, code: 'PERSONAL_HEADER', reason: 'letters: input dwi: the file seems to hold a person\'s name', file: `tokyo/dwi/${A}_dwi.txt` }]);
    expect(outcomes).toMatchObject([{ failure: null, steps: { ran: 1 } }]);
    expect([lab.takeRuns().length, lab.names(A)]).toEqual([1, []]);
    expect((await lab.collect(plan, [])).excluded).toBe(1);
  });

  it('is processed where the study says so', async () => {
    lab.put(`dwi/${A}_dwi.txt`, 'Patient Name: Doe^Jane\nmotion 0.5\n');
    lab.pipeline.personal = 'keep';
    const { plan, outcomes } = await lab.everything();
    expect([plan.lacking, outcomes.map((one) => one.failure)]).toEqual([0, [null, null]]);
    // And is left out again when it no longer does, though the step is done.
    delete lab.pipeline.personal;
    expect(await lab.plan()).toMatchObject({ pending: 0, lacking: 1 });
  });

  it('is found when the file is another since the cohort was looked through', async () => {
    const plan = await lab.plan();
    lab.put(`dwi/${A}_dwi.txt`, 'Patient Name: Doe^Jane\n');
    await expect(lab.run(plan, 0, 'first')).rejects.toMatchObject({ code: 'PERSONAL_HEADER', message: 'first: input dwi: the file seems to hold a person\'s name' });
    expect(lab.takeRuns()).toEqual([]);
  });

  it('is left out when a program writes a name into what it makes', async () => {
    lab.pipeline.steps = [step('first', ['copy', '{input:dwi}', '{output:out}', 'PatientBirthDate=19700512'])];
    const plan = await lab.plan();
    await expect(lab.run(plan, 0, 'first')).rejects.toMatchObject({ code: 'PERSONAL_HEADER', message: 'first: output out: the file seems to hold a date of birth' });
    expect(lab.names(A).filter((name) => !name.startsWith('.'))).toEqual([]);
    expect(JSON.parse(readFileSync(lab.of(A, '.failed', 'first', 'failure.json'), 'utf8'))).toMatchObject({ code: 'PERSONAL_HEADER', message: 'output out: the file seems to hold a date of birth' });
  });

  it('is told by check: an error, or with `keep` a warning', async () => {
    lab.put(`dwi/${A}_dwi.txt`, 'Patient Name: Doe^Jane\n');
    const reach = { cohort: lab.spec.cohorts[0]!, directory: lab.study, folders: new Folders(), bounds: new Bounds(lab.study, []) };
    const check = async (): Promise<unknown[]> => (await checkInputs(lab.pipeline, [], [A, B], reach)).map(({ severity, code, subject, message }) => ({ severity, code, subject, message }));
    const about = { code: 'PERSONAL_HEADER', subject: A, message: 'letters: input dwi: the file seems to hold a person\'s name, expected none: programs copy headers into what they make' };
    expect(await check()).toEqual([{ ...about, severity: 'error' }]);
    lab.pipeline.personal = 'keep';
    expect(await check()).toEqual([{ ...about, severity: 'warning' }]);
  });

  it('may have its own identifier in its headers, and no other', async () => {
    lab.put(`dwi/${A}_dwi.txt`, `PatientID: ${A}\nmotion 0.5\n`);
    lab.put(`dwi/${B}_dwi.txt`, `PatientID: ${A}\nmotion 0.5\n`);
    expect(await problems(await lab.plan())).toMatchObject([{ id: B }]);
  });
});

describe('files', () => {
  const scan = Buffer.from(writeNifti({ shape: [8, 8, 8, 1], affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], values: Array.from({ length: 512 }, (_, i) => i), type: 'f4' }));
  const look = (name: string): Promise<string | null> => personalProblem([{ name: 'input t1', path: join(lab.root, name) }], A);

  it('are looked at compressed, with the JSON beside them, and as far as their headers go', async () => {
    const named = Buffer.from(scan);
    named.write('Doe^Jane', 148);
    // An extension that is longer than what is read first.
    const size = 200_000, extension = Buffer.alloc(size), extended = Buffer.concat([scan.subarray(0, 348), Buffer.from([1, 0, 0, 0]), extension, scan.subarray(352)]);
    extension.writeInt32LE(size, 0);
    extension.writeInt32LE(6, 4);
    extension.write('Date of birth: 12 May 1970', size - 100);
    extended.set(extension, 352);
    extended.writeFloatLE(352 + size, 108);
    const files: Record<string, Uint8Array | string> = {
      'a.nii': scan, 'b.nii.gz': gzipSync(scan), 'c.nii.gz': gzipSync(named), 'd.nii': extended, 'e.nii.gz': gzipSync(extended), 'f.nii.gz': gzipSync(scan), 'f.json': '{"PatientName": "Jane Doe"}',
      'g.nii.gz': gzipSync(named).subarray(0, 300), 'h.nii.gz': Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'i.nii': '',
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(lab.root, name), content);
    mkdirSync(join(lab.root, 'j.nii'));
    const told = Object.fromEntries(await Promise.all([...Object.keys(files), 'j.nii', 'k.nii'].filter((name) => !name.endsWith('.json')).map(async (name) => [name, await look(name)] as const)));
    const descrip = 'input t1: header field descrip seems to hold a name as DICOM writes it (FAMILY^GIVEN)', comment = 'input t1: a comment extension seems to hold a date of birth';
    expect(told).toEqual({
      'a.nii': null, 'b.nii.gz': null, 'c.nii.gz': descrip, 'd.nii': comment, 'e.nii.gz': comment, 'f.nii.gz': 'the JSON file beside input t1: PatientName in the JSON file seems to hold a person\'s name',
      'g.nii.gz': descrip, 'h.nii.gz': null, 'i.nii': null, 'j.nii': null, 'k.nii': null,
    });
  });
});
