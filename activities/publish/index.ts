/** The results folder, written beside its place and moved there whole: a folder that exists is complete. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { StudyStatisticsOutput } from '../../analysis/statistics/study/index.js';
import type { PublishInput, PublishOutput } from '../../contracts/activities.js';
import { SulcusError } from '../../contracts/errors.js';
import type { ArtifactRef } from '../../contracts/refs.js';
import type { MatchingRow, StepName, StepRow } from '../../contracts/results.js';
import { stepKey } from '../../storage/keys.js';
import type { ControlContext } from '../context.js';
import { aside } from '../resampling/runner.js';
import { cachedJson, loadJson } from '../step.js';
import { listedCohorts } from './list.js';
import { PAGE_CODE } from './page-code.js';
import { parcellationFiles } from './parcellation.js';
import { pipelineWork } from './pipelines.js';
import { previousResults } from './previous.js';
import { provenanceDocument, runDocument } from './provenance.js';
import { replaceable } from './replaceable.js';
import { reportFiles } from './report.js';
import { addResampling } from './resampling.js';
import { buildResults, gatherCohort, type CohortMaterial } from './results.js';
import { drawnSurface } from './surface.js';
import { stepsBehind } from './steps.js';
import { tableFiles, type ResultFile } from './tables.js';
import { uncertaintyFiles } from './uncertainty-tables.js';

const ORDER: StepName[] = ['ingest', 'fit', 'stability', 'rank', 'match', 'indices', 'statistics', 'surrogates', 'bootstrap', 'report'];

export async function publishResults(context: ControlContext, input: PublishInput): Promise<PublishOutput> {
  return publishFolder(context, input, input.match === null ? [] : await loadJson<MatchingRow[]>(context.store, input.match));
}

/** The folder as `input` says, with the agreement between cohorts as it is given. */
export async function publishFolder(context: ControlContext, asked: PublishInput, matching: MatchingRow[]): Promise<PublishOutput> {
  const { store, version } = context;
  const input: PublishInput = { ...asked, cohorts: await listedCohorts(store, asked) };
  const started = performance.now();
  const cohorts = [];
  for (const c of input.cohorts) cohorts.push(await gatherCohort(context, c));
  const statistics = input.statistics === null ? null : await loadJson<StudyStatisticsOutput>(store, input.statistics);
  if (input.resampling !== undefined) await addResampling(store, input.resampling, cohorts, matching, statistics);
  const report: StepRow = { step: 'report', cohort: null, rank: null, split: null, half: null, key: null, computed: true, reusedFrom: null, seconds: 0, why: 'written by every run', comparedWith: null };
  const steps = sorted(stepsBehind(cohorts, await store.steps(input.run.runId)));
  const results = buildResults(input, version, cohorts, matching, statistics, [...steps, report]);
  const parcelled = cohorts.find(({ fit }) => fit !== null);
  const surface = parcelled === undefined ? { files: [], problems: [] } : await drawnSurface(store, input, parcelled.dataset.region);
  results.doubts.push(...surface.problems);
  const pipelines = await pipelineWork(input, cohorts);
  if (pipelines.results.length > 0) results.pipelines = pipelines.results;
  report.seconds = (performance.now() - started) / 1000;
  const provenance = provenanceDocument(input, cohorts, results);
  const files: ResultFile[] = [
    ['results.json', `${JSON.stringify(results, null, 1)}\n`],
    ['provenance.json', `${JSON.stringify(provenance, null, 1)}\n`],
    ...tableFiles(cohorts, results, input.spec),
    ...uncertaintyFiles(results),
    ...pipelines.files,
    ...(statistics === null ? [] : await residuals(context, input, cohorts)),
    ...parcellationFiles(cohorts),
    ...surface.files,
    ...(await previousResults(input.out, results)),
  ];
  files.push(...(await reportFiles(context, input.run, input.spec, results, files)));
  await replaceFolder(input.out, files);
  // The next run overwrites the folder: what this one found stays comparable.
  if (input.decision.chosen !== null) await store.recordRun({ ...results.run, study: results.study, out: input.out }, runDocument(results, provenance, files));
  return { out: input.out, computed: steps.filter((s) => s.computed).length, reused: steps.filter((s) => !s.computed).length };
}

/** tables/residuals.tsv, found again when the models are of the same participants, indices and study file, and computed by the same code. */
async function residuals({ store, tasks }: ControlContext, { run, spec, cohorts: asked }: PublishInput, cohorts: CohortMaterial[]): Promise<ResultFile[]> {
  const inputs = asked.map(({ outcome, indices }) => [outcome.cohort, outcome.data.dataset.key, indices?.key ?? null]);
  const ref: ArtifactRef = { kind: 'residuals', key: stepKey('residuals', 1, { code: PAGE_CODE.residuals, spec, inputs }) };
  return cachedJson<ResultFile[]>(store, run, ref, () => tasks.run({ kind: 'residuals', cohorts: cohorts.map(({ cohort, dataset, indices }) => ({ cohort, dataset, indices })), spec }, aside()));
}

function sorted(steps: StepRow[]): StepRow[] {
  const by = (s: StepRow): [number, string, number, number, string] => [ORDER.indexOf(s.step), s.cohort ?? '', s.rank ?? 0, s.split ?? -1, s.half ?? ''];
  return [...steps].sort((a, b) => {
    const x = by(a), y = by(b);
    for (let i = 0; i < x.length; i++) { const p = x[i] as number | string, q = y[i] as number | string; if (p !== q) return p < q ? -1 : 1; }
    return 0;
  });
}

async function replaceFolder(out: string, files: ResultFile[]): Promise<void> {
  if (!(await replaceable(out))) throw new SulcusError('OUT_NOT_EMPTY', `${out} holds something else than a sulcus result`, { remedy: 'choose another folder with --out' });
  const tag = randomBytes(4).toString('hex');
  const fresh = join(dirname(out), `.${basename(out)}.new-${tag}`), old = join(dirname(out), `.${basename(out)}.old-${tag}`);
  try {
    for (const [path, content] of files) {
      await mkdir(dirname(join(fresh, path)), { recursive: true });
      await writeFile(join(fresh, path), content, { flush: true });
    }
    const existed = await rename(out, old).then(() => true, (error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return false; throw error; });
    await rename(fresh, out);
    if (existed) await rm(old, { recursive: true, force: true });
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}
