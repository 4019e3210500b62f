/** `on_failure: keep`: whom a pipeline is not finished for stays in the study, and what it makes is not read for them, whatever lies there. */
import { existsSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PipelineManifest, UnprocessedDocument } from '../../activities/imaging/documents.js';
import { planPipeline } from '../../activities/imaging/plan.js';
import type { ManifestDocument } from '../../activities/ingest/documents.js';
import { readSpectra, type SpectraDocument } from '../../activities/ingest/spectra.js';
import { surveyManifest } from '../../activities/ingest/survey.js';
import { withoutUnprocessed } from '../../activities/ingest/unprocessed.js';
import { pipelineWork } from '../../activities/publish/pipelines.js';
import { keep, loadJson } from '../../activities/step.js';
import type { ArtifactRef } from '../../contracts/refs.js';
import type { StudySpec } from '../../contracts/study.js';
import { Lab, step } from './lab.js';

const [A, B, C] = ['TKY_0012', 'TKY_0013', 'TKY_0014'] as const;
const RUN = { workflowId: 'letters-study', runId: 'run-1' };
let lab: Lab, left: ArtifactRef;
beforeEach(async () => {
  lab = new Lab([A, B, C]);
  lab.pipeline.onFailure = 'keep';
  lab.pipeline.steps = [step('first', ['copy', '{input:dwi}', '{output:out}'], { quality: [{ name: 'motion', output: null, pattern: '^motion: (\\S+)', minimum: null, maximum: 1 }] })];
  // A is sound, B moved too much, C has no scan.
  lab.put(`dwi/${B}_dwi.txt`, `scan of ${B}, motion 1.25\n`);
  rmSync(`${lab.study}/tokyo/dwi/${C}_dwi.txt`);
  const { plan, outcomes } = await lab.everything();
  left = (await lab.collect(plan, outcomes)).exclusions!;
});
afterEach(() => lab.end());

const spectroscopy = { table: 'derivatives/letters/{id}/first/first.txt', metabolite: 'Glu+Gln', hzpppm: 127.7, quality: { snr: 10, fwhm: 10, sd: 20 }, tissue: null, correction: 'none', waiveErrors: false } as unknown as StudySpec['spectroscopy'];
const without = async (spec: StudySpec): Promise<ManifestDocument> => withoutUnprocessed(lab.store, await surveyManifest(spec, lab.study, 'tokyo'), { spec, cohort: 'tokyo' }, [left]);

describe('a pipeline that keeps whom it is not finished for', () => {
  it('leaves nobody out who needs nothing of it, and tells who they are and why', async () => {
    const document = await loadJson<UnprocessedDocument>(lab.store, left);
    expect(document.keep).toBe(true);
    const manifest = await without(lab.spec);
    expect(manifest.subjects.map(({ id, problem }) => [id, problem])).toEqual([[A, null], [B, null], [C, null]]);
    expect(manifest.unfinished?.map(({ id, code, pipeline }) => [id, code, pipeline]).sort()).toEqual([[B, 'QUALITY_LIMIT', 'letters'], [C, 'INPUT_MISSING', 'letters']]);
  });

  it('gives no spectrum of theirs, though the file is there', async () => {
    expect(existsSync(lab.of(B, 'first', 'first.txt'))).toBe(true);
    const spec = { ...lab.spec, spectroscopy }, manifest = await without(spec);
    const dataset = await keep(lab.store, RUN, 'dataset', { cohort: 'tokyo', metrics: [], subjects: manifest.subjects, keys: [], excluded: [], unfinished: manifest.unfinished, splits: [] });
    const { spectra } = await readSpectra({ store: lab.store }, { run: RUN, cohort: 'tokyo', spec, directory: lab.study, dataset });
    // A's is read: it is no table.
    expect((await loadJson<SpectraDocument>(lab.store, spectra)).rows.map(({ id, problems, concentration }) => [id, problems, concentration])).toEqual([[A, ['unreadable'], null], [B, ['unfinished'], null], [C, ['unfinished'], null]]);
  });

  it('leaves out whoever needs a vertex file of it, with its reason', async () => {
    const metric = { name: 'thickness', file: 'derivatives/letters/{id}/first/first.txt', unit: null } as unknown as StudySpec['metrics'][number];
    const manifest = await without({ ...lab.spec, metrics: [metric] });
    expect(manifest.subjects.map(({ id, problem }) => [id, problem?.code, problem?.pipeline])).toEqual([[A, undefined, undefined], [B, 'QUALITY_LIMIT', 'letters'], [C, 'INPUT_MISSING', 'letters']]);
    expect(manifest.unfinished).toBeUndefined();
  });

  it('gives nothing of theirs to a later pipeline, which has its own participants without it', async () => {
    const later = { ...lab.pipeline, name: 'later', outputs: 'derivatives/later', inputs: { dwi: 'derivatives/letters/{id}/first/first.txt' } }, spec = { ...lab.spec, pipelines: [lab.pipeline, later] };
    const plan = await planPipeline(lab.store, { run: RUN, cohort: 'tokyo', directory: lab.study, pipeline: 'later', spec, versions: { tool: '1.2.3' }, exclusions: [left] });
    expect(plan).toMatchObject({ participants: 3, pending: 1, lacking: 2 });
    const { subjects } = await loadJson<PipelineManifest>(lab.store, plan.manifest);
    expect(subjects.map(({ id, problem }) => [id, problem?.reason])).toEqual(expect.arrayContaining([[A, undefined], [B, 'later: input dwi is made by letters, which was not finished'], [C, expect.stringContaining('later: input dwi')]]));
    // After a rating it does not begin with them again.
    expect(await lab.plan('1.2.3', [left])).toMatchObject({ pending: 0 });
  });

  it('is told in the results: analysed without it', async () => {
    const manifest = await without(lab.spec), subjects = manifest.subjects.map(({ files: _f, problem: _p, ...about }) => about);
    const dataset = { cohort: 'tokyo', metrics: [], subjects, keys: [], excluded: [], unfinished: manifest.unfinished, splits: [] } as unknown as Parameters<typeof pipelineWork>[1][number]['dataset'];
    const [result] = (await pipelineWork({ spec: lab.spec, directory: lab.study, run: RUN }, [{ cohort: 'tokyo', dataset }])).results;
    expect(result).toMatchObject({ pipeline: 'letters', participants: 1, excluded: 0 });
    expect(result!.unfinished?.map(({ id }) => id).sort()).toEqual([B, C]);
  });
});
