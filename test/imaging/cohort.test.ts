import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { surveyManifest } from '../../activities/ingest/survey.js';
import { withoutUnprocessed } from '../../activities/ingest/unprocessed.js';
import { listExclusion } from '../../activities/operator/exclusions.js';
import { loadJson } from '../../activities/step.js';
import type { UnprocessedDocument } from '../../activities/imaging/documents.js';
import { Lab, step } from './lab.js';

// Their endings are no hexadecimal digits: whether one travels is looked for in text that has checksums.
const A = 'TKY_X012', B = 'TKY_X013', C = 'TKY_X014';
let lab: Lab;
beforeEach(() => {
  lab = new Lab([A, B, C]);
  lab.pipeline.steps = [step('first', ['copy', '{input:dwi}', '{output:out}'])];
});
afterEach(() => lab.end());

const problems = async (plan: Awaited<ReturnType<Lab['plan']>>): Promise<Record<string, string>> =>
  Object.fromEntries((await lab.manifest(plan)).subjects.flatMap(({ id, problem }) => (problem === null ? [] : [[id, `${problem.code}: ${problem.reason}`]])));

describe('a cohort', () => {
  it('has those with something to do first, and says who lacks what', async () => {
    lab.put(`dwi/${B}_dwi_2.txt`, 'another');
    lab.pipeline.inputs = { dwi: 'dwi/{id}_dwi*.txt' };
    writeFileSync(join(lab.root, 'elsewhere.txt'), 'elsewhere');
    symlinkSync(join(lab.root, 'elsewhere.txt'), join(lab.study, 'tokyo', 'dwi', 'TKY_0015_dwi.txt'));
    lab.list(['TKY_0099', B, 'TKY_0015', A, C]);
    const plan = await lab.plan();
    expect(plan).toMatchObject({ participants: 5, pending: 2, lacking: 3 });
    expect((await lab.manifest(plan)).subjects.slice(0, 2)).toEqual([A, C].map((id) => ({ id, inputs: { dwi: `tokyo/dwi/${id}_dwi.txt` }, problem: null })));
    expect(await problems(plan)).toEqual({
      TKY_0099: 'INPUT_MISSING: letters: input dwi does not exist', [B]: `MATCHED_TWICE: letters: input dwi: found ${B}_dwi.txt and ${B}_dwi_2.txt, expected one file`,
      TKY_0015: "OUTSIDE_STUDY: letters: input dwi: a link leads out of the study's folder",
    });
    const collected = await lab.collect(plan, []);
    expect(collected.excluded).toBe(3);
  });

  it('writes nowhere that a link leads to', async () => {
    lab.list([A]);
    const plan = await lab.plan(), elsewhere = join(lab.root, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(lab.of(''), { recursive: true });
    symlinkSync(elsewhere, lab.of(A));
    await expect(lab.run(plan, 0, 'first')).rejects.toMatchObject({ code: 'OUTSIDE_STUDY', message: "step first: a link among the outputs leads out of the study's folder" });
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(join(lab.study, 'tokyo', 'derivatives'), { recursive: true });
    symlinkSync(elsewhere, join(lab.study, 'tokyo', 'derivatives'));
    await expect(lab.plan()).rejects.toMatchObject({ code: 'OUTSIDE_STUDY', file: 'tokyo/derivatives/letters' });
  });

  it('leaves alone whoever is left out for another reason', async () => {
    await listExclusion(lab.store, { study: 'letters-study', cohort: 'tokyo', subject: A, reason: 'moved', by: null, at: '2026-01-01T00:00:00.000Z', readmit: false, salt: '' }, 'a'.repeat(64));
    lab.list([A, B, C]);
    lab.put('participants.tsv', `participant_id\tgroup\n${A}\tHC\n${B}\tHC\n${C}\tunknown\n`);
    expect(await lab.plan()).toMatchObject({ participants: 3, pending: 1, lacking: 0 });
    const earlier = await lab.collect(await lab.plan(), [{ participant: 0, steps: { ran: 0, reused: 0 }, failure: { step: 'first', code: 'STEP_FAILED', message: 'first: ended' } }]);
    expect(await lab.plan('1.2.3', [earlier.exclusions!])).toMatchObject({ participants: 3, pending: 0, lacking: 0 });
  });

  it('goes on without those of whom a step fails: with code, step, reason, file and remedy, and no name in what travels', async () => {
    // A can be read, B moves too much, C is refused.
    lab.put(`dwi/${B}_dwi.txt`, `scan of ${B}, motion 1.25\n`);
    lab.pipeline.steps = [
      step('first', ['copy', '{input:dwi}', '{output:out}'], { quality: [{ name: 'motion', output: null, pattern: '^motion: (\\S+)', minimum: null, maximum: 1 }] }),
    ];
    lab.put(`dwi/${C}_dwi.txt`, `scan of ${C}, motion x\n`);
    const { plan, outcomes } = await lab.everything();
    const collected = await lab.collect(plan, outcomes), document = await loadJson<UnprocessedDocument>(lab.store, collected.exclusions!);
    expect(document.excluded).toEqual([
      expect.objectContaining({ id: B, code: 'QUALITY_LIMIT', reason: 'letters, first: motion is 1.25, above the limit 1', file: `tokyo/derivatives/letters/${B}/first/stdout.txt` }),
      expect.objectContaining({ id: C, code: 'QUALITY_LIMIT', reason: 'letters, first: motion was not found in what the program printed' }),
    ]);
    expect(document.excluded.every(({ remedy }) => remedy!.length > 10)).toBe(true);
    // The next run finds the same, word for word: nothing is computed again for it.
    expect((await lab.manifest(await lab.plan())).subjects.flatMap(({ problem }) => problem ?? [])).toEqual(expect.arrayContaining(document.excluded));
    expect(lab.record(B, 'first').quality).toEqual([{ name: 'motion', value: 1.25, minimum: null, maximum: 1 }]);
    const manifest = await withoutUnprocessed(lab.store, await surveyManifest(lab.spec, lab.study, 'tokyo'), { spec: lab.spec, cohort: 'tokyo' }, [collected.exclusions!]);
    expect(manifest.subjects.map(({ id, problem }) => [id, problem?.code, problem?.pipeline])).toEqual([[A, undefined, undefined], [B, 'QUALITY_LIMIT', 'letters'], [C, 'QUALITY_LIMIT', 'letters']]);

    // Judged already: nothing is run, and another limit needs no run either.
    expect(lab.takeRuns()).toHaveLength(3);
    const again = await lab.plan();
    expect(again).toMatchObject({ pending: 0, lacking: 2 });
    expect((await lab.collect(again, [])).excluded).toBe(2);
    lab.pipeline.steps[0]!.quality[0]!.maximum = 1.5;
    expect(await lab.plan()).toMatchObject({ pending: 0, lacking: 1 });

    // `fail` is about steps that did not work, not about data that were judged.
    lab.pipeline.onFailure = 'fail';
    expect((await lab.collect(await lab.plan(), [])).excluded).toBe(1);
    const broken = { participant: 0, steps: { ran: 0, reused: 0 }, failure: { step: 'first', code: 'STEP_TIME', message: 'first: too long' } };
    await expect(lab.collect(plan, [broken])).rejects.toMatchObject({ code: 'PARTICIPANTS_FAILED', message: 'cohort tokyo: letters could not be finished for 1 participant (1 STEP_TIME), and the study says on_failure: fail' });

    const travels = JSON.stringify([plan, outcomes, collected, again, lab.beats]);
    for (const id of [A, B, C]) expect(travels).not.toContain(id.slice(4));
    expect(travels).not.toContain(lab.root);
  });

  it('takes in a new participant, whose steps alone are run', async () => {
    lab.list([A]);
    await lab.everything();
    lab.takeRuns();
    lab.list([A, B]);
    expect((await lab.plan())).toMatchObject({ participants: 2, pending: 1 });
    expect((await lab.everything()).outcomes).toHaveLength(1);
    expect(lab.takeRuns()).toEqual([`copy ${B}`]);
    expect(readFileSync(lab.of(B, 'first', 'first.txt'), 'utf8')).toContain(B);
  });
});
