import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPrograms } from '../../activities/imaging/programs.js';
import { toFailure } from '../../activities/failures.js';
import { Lab, step } from './lab.js';

const A = 'TKY_0012', B = 'TKY_0013';
let lab: Lab;
beforeEach(() => { lab = new Lab([A, B]); });
afterEach(() => lab.end());

/** The pipeline of one step, for one participant. */
function only(command: string[], change: Parameters<typeof step>[2] = {}): void {
  lab.list([A]);
  lab.pipeline.steps = [step('first', command, change)];
}

const leftAside = (): string[] => lab.names(A).filter((name) => name.startsWith('.') && name !== '.failed');

describe('a pipeline', () => {
  it('runs each step once; a second time nothing; then what changed, for whom it changed, and what follows', async () => {
    const { plan, outcomes } = await lab.everything();
    expect([plan.participants, plan.pending, plan.lacking]).toEqual([2, 2, 0]);
    expect(outcomes.map(({ steps, failure }) => [steps, failure])).toEqual(Array(2).fill([{ ran: 2, reused: 0 }, null]));
    expect(lab.takeRuns()).toHaveLength(4);
    expect(readFileSync(lab.of(A, 'second', 'second.txt'), 'utf8')).toBe(`scan of ${A}, motion 0.5\noneend`);
    expect(lab.names(A)).toEqual(['first', 'second']);
    expect(lab.names(A, 'first')).toEqual(['first.txt', 'stderr.txt', 'stdout.txt', 'step.json']);
    expect(lab.record(A, 'second')).toMatchObject({
      pipeline: 'letters', step: 'second', program: { name: 'tool', version: '1.2.3' }, exit: 0, by: { runId: 'run-1' },
      command: ['tool', 'copy', `derivatives/letters/${A}/first/first.txt`, 'second.txt', 'end'],
      inputs: [{ name: 'first:out', path: `derivatives/letters/${A}/first/first.txt`, sha256: lab.record(A, 'first').outputs[0]?.sha256 }],
    });

    expect(await lab.plan()).toMatchObject({ pending: 0, lacking: 0 });
    expect(await lab.run(plan, 0, 'second')).toMatchObject({ reused: true });
    expect(lab.takeRuns()).toEqual([]);

    lab.append(`dwi/${B}_dwi.txt`, 'more');
    expect((await lab.everything()).outcomes.map((one) => one.steps)).toEqual([{ ran: 2, reused: 0 }]);
    expect(lab.takeRuns()).toEqual([`copy ${B}`, `copy ${B}`]);
    expect(readFileSync(lab.of(B, 'second', 'second.txt'), 'utf8')).toContain('moreoneend');

    lab.pipeline.parameters = { tail: 'END', other: 'changed' };
    expect((await lab.everything()).outcomes.map((one) => one.steps)).toEqual(Array(2).fill({ ran: 1, reused: 1 }));
    lab.pipeline.parameters = { tail: 'END', other: 'changed again, and used by no step' };
    lab.pipeline.steps = lab.pipeline.steps.map((one) => ({ ...one, needs: { ...one.needs, threads: 2 } }));
    expect((await lab.plan()).pending).toBe(0);
    expect((await lab.plan('1.2.4')).pending).toBe(2);
    lab.pipeline.steps = lab.pipeline.steps.map((one) => ({ ...one, environment: { pass: [], set: { MODE: 'other' } } }));
    expect((await lab.plan()).pending).toBe(2);
  });

  it('makes again what was damaged, cut short or removed', async () => {
    only(['copy', '{input:dwi}', '{output:out}']);
    const whole = async (): Promise<string> => { await lab.everything(); return readFileSync(lab.of(A, 'first', 'first.txt'), 'utf8'); };
    const content = await whole(), file = lab.of(A, 'first', 'first.txt');
    writeFileSync(file, content.replace('0.5', '0.6')); // as long as before
    expect((await lab.plan()).pending).toBe(1);
    expect(await whole()).toBe(content);
    truncateSync(file, 3);
    expect((await lab.plan()).pending).toBe(1);
    writeFileSync(file, content); // as it was, at another time
    expect((await lab.plan()).pending).toBe(0);
    rmSync(file);
    expect((await lab.plan()).pending).toBe(1);
    writeFileSync(file, content);
    truncateSync(lab.of(A, 'first', 'step.json'), 40);
    expect((await lab.plan()).pending).toBe(1);
    expect(await whole()).toBe(content);
    expect(lab.takeRuns()).toHaveLength(3);
  });

  it('takes data that were moved for what they are', async () => {
    only(['copy', '{input:dwi}', '{output:out}']);
    await lab.everything();
    rmSync(lab.of(A, '.digests.json'));
    renameSync(lab.of(A), lab.of('aside'));
    mkdirSync(lab.of(A, 'first'), { recursive: true });
    for (const name of ['first.txt', 'step.json']) writeFileSync(lab.of(A, 'first', name), readFileSync(lab.of('aside', 'first', name)));
    expect((await lab.plan()).pending).toBe(0);
  });
});

describe('a step', () => {
  it('that is cancelled leaves nothing that looks finished, and the next attempt does it', async () => {
    only(['hang', '{input:dwi}', '{output:out}']);
    const plan = await lab.plan(), cancelled = new AbortController();
    const running = lab.run(plan, 0, 'first', cancelled.signal);
    while (!lab.beats.some(({ state, bytes }) => state === 'running' && bytes > 0)) await Promise.race([sleep(20), running]);
    expect(existsSync(lab.of(A, 'first'))).toBe(false);
    cancelled.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    expect(lab.names(A)).toEqual([]);
    lab.pipeline.steps = [step('first', ['copy', '{input:dwi}', '{output:out}'])];
    expect((await lab.everything()).outcomes[0]?.steps).toEqual({ ran: 1, reused: 0 });
  });

  it('done by two workers at once is there once and whole', async () => {
    only(['slow', '{input:dwi}', '{output:out}', '0.3']);
    const plan = await lab.plan();
    const both = await Promise.all([lab.run(plan, 0, 'first'), lab.run(plan, 0, 'first')]);
    expect(both.map(({ reused }) => reused).sort()).toEqual([false, true]);
    expect(lab.names(A)).toEqual(['first']);
    expect(lab.names(A, 'first')).toEqual(['first.txt', 'stderr.txt', 'stdout.txt', 'step.json']);
    expect((await lab.plan()).pending).toBe(0);
  });

  it.each([
    ['nothing', 'first: the program ended well, but output out (first.txt) was not written'],
    ['empty', 'first: the program ended well, but output out (first.txt) is empty'],
    ['link', 'first: the program ended well, but output out (first.txt) is a link, expected a file'],
  ])('whose program leaves %s has failed', async (what, message) => {
    only([what, '{input:dwi}', '{output:out}']);
    expect((await lab.everything()).outcomes[0]?.failure).toEqual({ step: 'first', code: 'STEP_OUTPUT', message });
    expect(lab.names(A)).toEqual(['.failed']);
  });

  it('means by its exit code what the pipeline says, and keeps what was printed', async () => {
    const codes: Record<string, string> = { 1: 'STEP_FAILED', 7: 'STEP_REFUSED', 8: 'STEP_EXCLUDED' };
    for (const [exit, code] of Object.entries(codes)) {
      only(['fail', '{input:dwi}', '{output:out}', exit]);
      const plan = await lab.plan(), error: unknown = await lab.run(plan, 0, 'first').catch((e: unknown) => e);
      expect(error).toMatchObject({ code, message: `first: tool ended with exit code ${exit}; it printed last: cannot read "<input:dwi>" of <input:dwi> into <path>` });
      expect(toFailure(error)).toMatchObject({ type: code, nonRetryable: true });
      expect(leftAside()).toEqual([]);
      expect(lab.names(A, '.failed', 'first')).toEqual(['failure.json', 'stderr.txt', 'stdout.txt']);
      expect(readFileSync(lab.of(A, '.failed', 'first', 'stderr.txt'), 'utf8')).toContain(join(lab.study, 'tokyo', 'dwi', `${A}_dwi.txt`));
      expect(JSON.parse(readFileSync(lab.of(A, '.failed', 'first', 'failure.json'), 'utf8'))).toMatchObject({ code, exit: Number(exit), command: ['tool', 'fail', `dwi/${A}_dwi.txt`, 'first.txt', exit] });
    }
    only(['copy', '{input:dwi}', '{output:out}']);
    await lab.everything();
    expect(lab.names(A, '.failed')).toEqual([]);
  });

  it('whose input changes under it is not taken', async () => {
    only(['rewrite', '{input:dwi}', '{output:out}']);
    expect((await lab.everything()).outcomes[0]?.failure).toMatchObject({ code: 'INPUT_CHANGED', message: 'first: input dwi changed while the program ran' });
    expect(lab.names(A)).toEqual(['.failed']);
  });

  it('sees the environment it was promised, and no more', async () => {
    process.env['SULCUS_TEST_SECRET'] = 'secret';
    process.env['SULCUS_TEST_PASSED'] = 'passed';
    try {
      only(['environment', '{input:dwi}', '{output:out}'], { needs: { threads: 3, memory: 2048, seconds: 60, silence: null }, environment: { pass: ['SULCUS_TEST_PASSED', 'SULCUS_TEST_NOT_THERE'], set: { MODE: 'quiet' } } });
      await lab.everything();
      const lines = readFileSync(lab.of(A, 'first', 'first.txt'), 'utf8').trim().split('\n').map((line) => line.split('='));
      const { PATH, HOME, TMPDIR, PWD, ...others } = Object.fromEntries(lines) as Record<string, string>; // PWD is the shell's own
      expect(others).toEqual({ LANG: 'C.UTF-8', OMP_NUM_THREADS: '3', SULCUS_TEST_PASSED: 'passed', MODE: 'quiet' });
      expect([PATH, PWD]).toEqual([process.env['PATH'], expect.stringContaining(A)]);
      expect([HOME, existsSync(HOME ?? '')]).toEqual([TMPDIR, false]);
    } finally {
      delete process.env['SULCUS_TEST_SECRET'];
      delete process.env['SULCUS_TEST_PASSED'];
    }
  });
});

describe('programs', () => {
  it('are found with their version, which must be accepted, and stays what it was when the run began', async () => {
    expect(await findPrograms(lab.pipeline, lab.study)).toEqual({ versions: { tool: '1.2.3' } });
    const plan = await lab.plan();
    lab.setVersion('3.1');
    await expect(findPrograms(lab.pipeline, lab.study)).rejects.toMatchObject({ code: 'PROGRAM_VERSION', message: 'tool is version 3.1, and the pipeline accepts >=1 <3' });
    await expect(lab.run(plan, 0, 'first')).rejects.toMatchObject({ code: 'PROGRAM_VERSION', message: 'this worker has tool 3.1, and the run began with 1.2.3' });
    expect(lab.takeRuns()).toEqual([]);
    lab.pipeline.programs = { tool: { version: ['tool', '--version'], pattern: 'tool version (\\S+)', accept: null } };
    await expect(findPrograms(lab.pipeline, lab.study)).rejects.toMatchObject({ code: 'PROGRAM_VERSION', message: expect.stringContaining('does not say which version') });
    lab.pipeline.programs = { tool: { version: ['no-such-tool'], pattern: '(.*)', accept: null } };
    await expect(findPrograms(lab.pipeline, lab.study)).rejects.toMatchObject({ code: 'PROGRAM_MISSING' });
  });

  it('see what their steps may see of the environment when they are asked, and no more', async () => {
    lab.pipeline.programs = { tool: { version: ['env'], pattern: '^SULCUS_TEST_LIBRARY=(.*)$', accept: null } };
    process.env['SULCUS_TEST_LIBRARY'] = '7.8';
    try {
      await expect(findPrograms(lab.pipeline, lab.study)).rejects.toMatchObject({ code: 'PROGRAM_VERSION' });
      only(['copy', '{input:dwi}', '{output:out}'], { environment: { pass: ['SULCUS_TEST_LIBRARY'], set: {} } });
      expect(await findPrograms(lab.pipeline, lab.study)).toEqual({ versions: { tool: '7.8' } });
      await lab.run(await lab.plan('7.8'), 0, 'first');
      expect(lab.record(A, 'first').program).toEqual({ name: 'tool', version: '7.8' });
    } finally {
      delete process.env['SULCUS_TEST_LIBRARY'];
    }
  });
});
