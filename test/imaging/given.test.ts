/** What programs are given besides their arguments: standard input, files under names of their own, and what a laboratory has already. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab, step } from './lab.js';

const A = 'TKY_0012', B = 'TKY_0013', DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
let lab: Lab;
beforeEach(() => { lab = new Lab([A, B]); });
afterEach(() => lab.end());

const read = (id: string, name: string): string => readFileSync(lab.of(id, name, `${name}.txt`), 'utf8');
/** Participants with something to do, and what was then run. */
async function again(): Promise<{ pending: number; runs: string[] }> {
  lab.takeRuns();
  const { plan } = await lab.everything();
  return { pending: plan.pending, runs: lab.takeRuns() };
}

describe('standard input', () => {
  const control = (stdin: string | undefined): void => { lab.pipeline.steps = [step('first', ['control', 'x', '{output:out}'], stdin === undefined ? {} : { stdin }), step('second', ['copy', '{first:out}', '{output:out}'])]; };

  it('is what the step says, filled in, and part of what makes it done', async () => {
    control(" $LCMODL\n title='{parameter:tail}'\n filraw='{input:dwi}'\n filps='{folder}/x.ps' {output:out}\n $END\n");
    await lab.everything();
    expect(read(A, 'first')).toMatch(new RegExp(`^ \\$LCMODL\n title='end'\n filraw='${lab.study}/tokyo/dwi/${A}_dwi.txt'\n filps='/.*/outputs/x.ps' first.txt\n \\$END\n$`));
    expect(lab.record(A, 'first')).toMatchObject({ stdin: ` $LCMODL\n title='end'\n filraw='dwi/${A}_dwi.txt'\n filps='{folder}/x.ps' first.txt\n $END\n`, inputs: [{ name: 'input:dwi' }] });
    expect(lab.names(A)).toEqual(['first', 'second']);
    expect(lab.names(A, 'first')).toEqual(['first.txt', 'stderr.txt', 'stdout.txt', 'step.json']);
    expect(await again()).toEqual({ pending: 0, runs: [] });
    lab.append(`dwi/${B}_dwi.txt`, 'more');
    expect(await again()).toMatchObject({ pending: 1, runs: [`control ${B}`, `copy ${B}`] });
    lab.pipeline.parameters = { tail: 'other', other: 'unused' };
    expect((await again()).pending).toBe(2);
    control('short');
    expect((await again()).pending).toBe(2);
    expect(read(A, 'second')).toBe('short');
  });

  it('is empty where the step says nothing, and nobody has to read it', async () => {
    lab.pipeline.steps = [step('first', ['copy', '{input:dwi}', '{output:out}', 'x'], { stdin: 'line\n'.repeat(3000) })];
    expect((await lab.everything()).outcomes.map(({ failure }) => failure)).toEqual([null, null]);
    control(undefined);
    expect((await lab.everything()).outcomes[0]?.failure).toMatchObject({ code: 'STEP_OUTPUT', message: 'first: the program ended well, but output out (first.txt) is empty' });
  });
});

describe('a file that is put where a program looks for it', () => {
  it('is a copy: what the program does to it leaves the original as it is', async () => {
    lab.pipeline.steps = [
      step('first', ['find', 'native/x_t1.mnc', '{output:out}'], { place: { 'native/x_t1.mnc': '{input:dwi}' } }),
      step('second', ['find', 'x', '{output:out}'], { place: { x: '{first:out}' } }),
    ];
    const file = join(lab.study, 'tokyo', 'dwi', `${A}_dwi.txt`), before = readFileSync(file, 'utf8');
    chmodSync(file, 0o444);
    expect((await lab.everything()).outcomes.map(({ failure }) => failure)).toEqual([null, null]);
    expect([readFileSync(file, 'utf8'), read(A, 'first'), read(A, 'second')]).toEqual([before, before, before]);
    expect(lab.record(A, 'first').inputs).toMatchObject([{ name: 'input:dwi', path: `dwi/${A}_dwi.txt` }]);
    expect(lab.names(A, 'first')).toEqual(['first.txt', 'stderr.txt', 'stdout.txt', 'step.json']);
    expect(await again()).toEqual({ pending: 0, runs: [] });
    lab.append(`dwi/${B}_dwi.txt`, 'more');
    expect(await again()).toMatchObject({ pending: 1, runs: [`find ${B}`, `find ${B}`] });
  });
});

describe('what a laboratory has already', () => {
  const old = (id: string, text: string): void => { mkdirSync(join(lab.study, 'tokyo', 'old'), { recursive: true }); lab.put(`old/${id}_first.txt`, text); };
  beforeEach(() => { lab.pipeline.existing = { first: { out: 'old/{id}_first.txt' } }; });

  it('is taken instead of running the step, by those who have all of it', async () => {
    old(A, 'made before');
    const { outcomes } = await lab.everything();
    expect(outcomes.map(({ failure, steps }) => [failure, steps])).toEqual(Array(2).fill([null, { ran: 2, reused: 0 }]));
    expect(lab.takeRuns().sort()).toEqual([`copy ${A}`, `copy ${B}`, `copy ${B}`]);
    expect([read(A, 'first'), read(A, 'second'), read(B, 'second')]).toEqual(['made before', 'made beforeend', `scan of ${B}, motion 0.5\noneend`]);
    expect(lab.names(A, 'first')).toEqual(['first.txt', 'step.json']);
    const { sha256 } = lab.record(A, 'first').outputs[0]!;
    expect(lab.record(A, 'first')).toMatchObject({ existing: [{ name: 'out', path: `old/${A}_first.txt`, sha256 }], command: [], inputs: [], exit: 0, program: { name: 'tool', version: '' } });
    expect(lab.record(B, 'first')).not.toHaveProperty('existing');
    expect(await again()).toEqual({ pending: 0, runs: [] });

    // It is theirs, and copied: theirs stays, and ours does not change with it until the next run.
    writeFileSync(lab.of(A, 'first', 'first.txt'), 'damaged');
    expect(await again()).toEqual({ pending: 1, runs: [] });
    expect([read(A, 'first'), readFileSync(join(lab.study, 'tokyo', 'old', `${A}_first.txt`), 'utf8')]).toEqual(['made before', 'made before']);
  });

  it('counts by its content: other files, more and fewer of them', async () => {
    old(A, 'made before');
    await lab.everything();
    lab.append(`dwi/${A}_dwi.txt`, 'an input that nothing follows from here');
    expect(await again()).toEqual({ pending: 0, runs: [] });
    old(A, 'made again');
    expect(await again()).toEqual({ pending: 1, runs: [`copy ${A}`] });
    expect(read(A, 'second')).toBe('made againend');
    old(B, 'late');
    expect(await again()).toEqual({ pending: 1, runs: [`copy ${B}`] });
    rmSync(join(lab.study, 'tokyo', 'old', `${B}_first.txt`));
    expect(await again()).toEqual({ pending: 1, runs: [`copy ${B}`, `copy ${B}`] });
    delete lab.pipeline.existing;
    expect(await again()).toEqual({ pending: 1, runs: [`copy ${A}`, `copy ${A}`] });
  });

  it('is not taken in part, nor when it is empty, gone, or leads elsewhere', async () => {
    lab.list([A]);
    lab.pipeline.steps = [step('first', ['copy', '{input:dwi}', '{output:out}'], { outputs: { out: 'first.txt', log: 'stdout.log' } }), lab.pipeline.steps[1]!];
    lab.pipeline.existing = { first: { out: 'old/{id}_first.txt', log: 'old/{id}.log' } };
    old(A, 'made before');
    const failure = async () => (await lab.everything()).outcomes[0]?.failure;
    // The program runs, and makes one of two.
    expect(await failure()).toMatchObject({ code: 'STEP_OUTPUT', message: 'first: the program ended well, but output log (stdout.log) was not written' });
    lab.put(`old/${A}.log`, '');
    expect(await failure()).toEqual({ step: 'first', code: 'STEP_OUTPUT', message: 'first: what is there already cannot be taken: output log (stdout.log) is empty' });
    expect(lab.names(A).filter((name) => name !== '.failed')).toEqual([]);
    lab.put(`old/${A}.log`, 'log');
    const plan = await lab.plan();
    rmSync(join(lab.study, 'tokyo', 'old', `${A}.log`));
    await expect(lab.run(plan, 0, 'first')).rejects.toMatchObject({ code: 'INPUT_MISSING', message: 'first: existing log is gone' });
    symlinkSync('/etc/hostname', join(lab.study, 'tokyo', 'old', `${A}.log`));
    expect((await lab.plan()).lacking).toBe(1);
    expect((await lab.manifest(await lab.plan())).subjects[0]?.problem).toMatchObject({ code: 'OUTSIDE_STUDY', reason: "letters: existing first:log: a link leads out of the study's folder" });
    rmSync(join(lab.study, 'tokyo', 'old', `${A}.log`));
    lab.put(`old/${A}.log`, 'PatientName: Yamada Taro\n');
    expect(await failure()).toMatchObject({ code: 'PERSONAL_HEADER' });
  });

  it('is judged like what a program made', async () => {
    lab.list([A]);
    old(A, 'snr 3\nsnr 1\n');
    lab.pipeline.steps = [step('first', ['copy', '{input:dwi}', '{output:out}'], { quality: [{ name: 'snr', output: 'out', pattern: 'snr (\\d+)', take: 'smallest', minimum: 2, maximum: null }] })];
    expect((await lab.everything()).outcomes[0]?.failure).toMatchObject({ code: 'QUALITY_LIMIT', message: 'first: snr is 1, below the limit 2' });
    expect(lab.record(A, 'first').quality).toEqual([{ name: 'snr', value: 1, minimum: 2, maximum: null }]);
  });

  it('is there whole or not at all when a worker is killed between its copy and its place', async () => {
    lab.list([A]);
    old(A, 'made before');
    const plan = await lab.plan(), worker = join(lab.root, 'worker.mjs');
    writeFileSync(worker, `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const rename = fs.promises.rename;
      // The copy lies aside, and is about to be put in place.
      fs.promises.rename = async (from, to) => { if (to.endsWith('/first')) { fs.writeFileSync(process.argv[3], fs.readFileSync(from + '/first.txt')); process.kill(process.pid, 'SIGKILL'); } return rename(from, to); };
      syncBuiltinESMExports();
      const [{ runCommand }, { FileStore }] = await Promise.all([import(${JSON.stringify(`${DIST}activities/imaging/run.js`)}), import(${JSON.stringify(`${DIST}storage/file-store.js`)})]);
      await runCommand({ store: new FileStore(process.argv[2]), slots: { take: async () => () => undefined } }, ${JSON.stringify(lab.order(plan, 0, 'first'))}, { signal: new AbortController().signal, beat: () => undefined });
    `);
    let signal: unknown = null;
    try { execFileSync(process.execPath, [worker, join(lab.root, 'store'), join(lab.root, 'seen.txt')], { stdio: 'pipe' }); } catch (error) { ({ signal } = error as { signal: unknown }); }
    expect([signal, readFileSync(join(lab.root, 'seen.txt'), 'utf8')]).toEqual(['SIGKILL', 'made before']);
    expect(existsSync(lab.of(A, 'first'))).toBe(false);
    expect(lab.names(A)).toEqual([expect.stringMatching(/^\.first\.[0-9a-f]{12}$/)]);
    expect((await lab.plan()).pending).toBe(1);
    expect((await lab.everything()).outcomes[0]?.failure).toBeNull();
    expect(lab.names(A)).toEqual(['first', 'second']);
    expect(read(A, 'first')).toBe('made before');
  });
});

describe('files and outputs that cohorts have in common', () => {
  it('an input may lie in the folder of the study', async () => {
    mkdirSync(join(lab.study, 'templates'));
    writeFileSync(join(lab.study, 'templates', 'atlas.txt'), 'atlas ');
    lab.pipeline.inputs = { dwi: '{study}/templates/atlas.txt' };
    await lab.everything();
    expect(read(A, 'second')).toBe('atlas oneend');
    expect(lab.record(A, 'first').inputs[0]?.path).toBe('../templates/atlas.txt');
    rmSync(join(lab.study, 'templates', 'atlas.txt'));
    symlinkSync('/etc/hostname', join(lab.study, 'templates', 'atlas.txt'));
    expect((await lab.manifest(await lab.plan())).subjects[0]?.problem).toMatchObject({ code: 'OUTSIDE_STUDY', file: 'templates/atlas.txt' });
  });

  it('one folder for two participants of one id is refused, unless their inputs are the same', async () => {
    const other = { name: 'kyoto', directory: './tokyo', prefix: 'KYO', participants: 'kyoto.tsv', groups: ['HC'] };
    lab.more = [other];
    lab.put('kyoto.tsv', `participant_id\tgroup\n${A}\tHC\nKYO_1\tHC\n`);
    expect(await lab.plan()).toMatchObject({ pending: 2, lacking: 0 });
    lab.put(`dwi/TKY_${B}.txt`, 'scan');
    lab.pipeline.inputs = { dwi: 'dwi/{prefix}_{id}.txt' };
    const { subjects } = await lab.manifest(await lab.plan());
    expect(subjects.map(({ id, problem }) => [id, problem?.code, problem?.reason])).toEqual([
      [B, undefined, undefined],
      [A, 'SHARED_OUTPUTS', 'letters: cohort kyoto has a participant of this id in the same folder, and other files for them: the outputs of both would lie in one place'],
    ]);
    lab.put('kyoto.tsv', 'participant_id\tgroup\nKYO_1\tHC\n');
    expect((await lab.manifest(await lab.plan())).subjects.map(({ problem }) => problem?.code)).toEqual([undefined, 'INPUT_MISSING']);
  });
});
