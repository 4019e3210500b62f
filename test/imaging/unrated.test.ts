/** Who of a cohort waits for a rating, who goes on and who is left out; what the step does that looks for a rating; who is told. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectPipeline } from '../../activities/imaging/collect.js';
import { ParticipantFolder } from '../../activities/imaging/folder.js';
import { ratingFile, ratingOf, sheetFile, writeRating } from '../../activities/imaging/ratings.js';
import { reviewStep } from '../../activities/imaging/review.js';
import { loadJson } from '../../activities/step.js';
import type { PlanPipelineOutput, ReviewStepOutput } from '../../contracts/pipeline-activities.js';
import type { RatingValue } from '../../contracts/pipelines.js';
import type { UnprocessedDocument } from '../../activities/imaging/documents.js';
import { Lab, step } from './lab.js';

const [A, B, C] = ['TKY_0012', 'TKY_0013', 'TKY_0014'] as const;
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOoBwAAgQCB5Sz5dQAAAABJRU5ErkJggg==', 'base64');
let lab: Lab, about: { run: { workflowId: string; runId: string }; cohort: string; directory: string; pipeline: string };
beforeEach(() => {
  lab = new Lab([A, B, C]);
  // The scan is a picture, and so is its copy.
  for (const id of [A, B, C]) writeFileSync(`${lab.study}/tokyo/dwi/${id}_dwi.txt`, PNG);
  lab.pipeline.steps = [step('first', ['copy', '{input:dwi}', '{output:out}'], { sheet: { picture: '{output:out}' } }), step('second', ['copy', '{first:out}', '{output:out}'])];
  lab.pipeline.review = ['first'];
  about = { run: { workflowId: 'letters-study', runId: 'run-1' }, cohort: 'tokyo', directory: lab.study, pipeline: 'letters' };
});
afterEach(() => lab.end());

const review = async (plan: PlanPipelineOutput, id: string, name = 'first'): Promise<ReviewStepOutput> => {
  const { onFailure: _f, window: _w, ...spec } = lab.pipeline, participant = (await lab.manifest(plan)).subjects.findIndex((one) => one.id === id);
  const slots = { take: () => Promise.resolve(() => undefined) };
  return reviewStep({ store: lab.store, slots }, { ...about, spec: { ...spec, steps: spec.steps.filter((one) => one.name === name) }, step: name, manifest: plan.manifest, participant }, new AbortController().signal);
};
const rate = (id: string, rating: RatingValue, name = 'first'): Promise<void> =>
  writeRating(new ParticipantFolder(lab.of(id)).path, ratingOf(lab.record(id, name), { rating, note: `of ${id}`, by: 'A. Reviewer', at: '2026-01-02T00:00:00.000Z' }));
/** As the workflows do it: a step, then a look at its rating. */
async function untilRated(): Promise<PlanPipelineOutput> {
  const plan = await lab.plan();
  for (const [i, { id }] of (await lab.manifest(plan)).subjects.slice(0, plan.pending).entries()) { await lab.run(plan, i, 'first'); await review(plan, id); }
  return plan;
}

describe('participants whose step is reviewed', () => {
  it('wait with their sheets until they are rated; the good and the doubtful go on, the unfit are left out', async () => {
    const first = await untilRated();
    expect(first).toMatchObject({ participants: 3, pending: 3 });
    expect(first).not.toHaveProperty('unrated');
    for (const id of [A, B, C]) expect(readFileSync(sheetFile(lab.of(id), 'first')).equals(PNG)).toBe(true);
    expect(await lab.plan()).toMatchObject({ pending: 0, lacking: 0, unrated: { first: 3 } });
    await rate(A, 'unfit');
    await rate(B, 'doubtful');
    const next = await lab.plan();
    expect(next).toMatchObject({ pending: 1, lacking: 1, unrated: { first: 1 } });
    expect((await lab.manifest(next)).subjects.map(({ id, problem }) => [id, problem?.code, problem?.reason, problem?.file])).toEqual([
      [B, undefined, undefined, undefined], [A, 'RATED_UNFIT', 'letters, first: a person rated it unfit', `tokyo/derivatives/letters/${A}/.ratings/first.json`], [C, undefined, undefined, undefined],
    ]);
    await rate(A, 'good');
    expect(await lab.plan()).toMatchObject({ pending: 2, lacking: 0, unrated: { first: 1 } });
  });

  it('are asked about again when the outputs are others, or the rating is damaged; a review that is added runs nothing', async () => {
    await lab.everything();
    lab.takeRuns();
    delete lab.pipeline.review;
    expect(await lab.plan()).toMatchObject({ pending: 0 });
    lab.pipeline.review = ['second'];
    lab.pipeline.steps[1]!.sheet = { picture: '{output:out}' };
    const plan = await lab.plan();
    expect(plan.pending).toBe(3); // sheets are to be drawn
    for (const id of [A, B, C]) expect(await review(plan, id, 'second')).toEqual({ rating: null });
    expect([(await lab.plan()).unrated, lab.takeRuns()]).toEqual([{ second: 3 }, []]);
    for (const id of [A, B, C]) await rate(id, 'good', 'second');
    expect(await lab.plan()).not.toHaveProperty('unrated');
    writeFileSync(ratingFile(lab.of(A), 'second'), '{');
    lab.append(`dwi/${B}_dwi.txt`, 'more');
    expect(await lab.plan()).toMatchObject({ pending: 1, unrated: { second: 1 } });
    await lab.everything();
    expect((await lab.plan()).pending).toBe(1); // another sheet
    rmSync(sheetFile(lab.of(A), 'second'));
    expect((await lab.plan()).pending).toBe(2);
  });

  it('draws a sheet once, and names nobody', async () => {
    const plan = await untilRated(), file = sheetFile(lab.of(A), 'first'), drawn = statSync(file).mtimeMs;
    expect(await review(plan, A)).toEqual({ rating: null });
    expect(statSync(file).mtimeMs).toBe(drawn);
    await rate(A, 'good');
    await rate(B, 'unfit');
    expect(await review(plan, A)).toEqual({ rating: 'good' });
    await expect(review(plan, B)).rejects.toMatchObject({ code: 'RATED_UNFIT', message: 'first: a person rated it unfit' });
    writeFileSync(`${lab.study}/tokyo/dwi/${C}_dwi.txt`, `no picture of ${C}`);
    const again = await lab.plan();
    await lab.run(again, (await lab.manifest(again)).subjects.findIndex(({ id }) => id === C), 'first');
    const failed = await review(again, C).then(() => null, (error: Error & { code: string }) => error);
    expect([failed?.code, failed?.message]).toEqual(['SHEET_FAILED', 'first: its contact sheet cannot be drawn: the picture of the sheet is neither a PNG nor a JPEG']);
    expect(existsSync(lab.of(C, 'first'))).toBe(true);
  });

  it('who were left out for a rating that is another now are in again; others are not tried twice in a run', async () => {
    const plan = await untilRated();
    await rate(A, 'unfit');
    await rate(C, 'good');
    const rest = { ...about, spec: lab.pipeline, manifest: plan.manifest };
    const failures = [{ participant: 0, steps: { ran: 1, reused: 0 }, failure: { step: 'first', code: 'RATED_UNFIT', message: 'first: a person rated it unfit' } }, { participant: 1, steps: { ran: 1, reused: 0 }, failure: { step: 'first', code: 'STEP_FAILED', message: 'first: ended' } }];
    const left = await collectPipeline({ store: lab.store }, { ...rest, failures, previous: null });
    const told = async (ref: typeof left): Promise<unknown> => (await loadJson<UnprocessedDocument>(lab.store, ref.exclusions!)).excluded.map(({ id, code, file }) => [id, code, file]);
    expect(await told(left)).toEqual([[A, 'RATED_UNFIT', `tokyo/derivatives/letters/${A}/.ratings/first.json`], [B, 'STEP_FAILED', `tokyo/derivatives/letters/${B}/first/stderr.txt`]]);
    await rate(A, 'good');
    const next = await lab.plan('1.2.3', [left.exclusions!]);
    expect(next).toMatchObject({ pending: 2, lacking: 0 });
    const after = await collectPipeline({ store: lab.store }, { ...rest, manifest: next.manifest, failures: [], previous: left.exclusions, ratedSince: true });
    expect([after.excluded, await told(after)]).toEqual([1, [[B, 'STEP_FAILED', `tokyo/derivatives/letters/${B}/first/stderr.txt`]]]);
    for (const id of [A, B, C]) expect(JSON.stringify([plan, next, left, after])).not.toContain(id);
  });
});
