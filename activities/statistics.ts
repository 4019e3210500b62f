/** The statistics of the study, from indices, participants and spectra. */
import type { CohortInput, StudyStatisticsOutput } from '../analysis/statistics/study/index.js';
import type { Table } from '../analysis/statistics/index.js';
import type { StatisticsInput, StatisticsOutput } from '../contracts/activities.js';
import { SulcusError } from '../contracts/errors.js';
import type { ArtifactKind } from '../contracts/refs.js';
import type { StudySpec } from '../contracts/study.js';
import type { ArtifactStore } from '../storage/store.js';
import type { ControlContext } from './context.js';
import type { IndicesDocument } from './indices.js';
import type { DatasetDocument } from './ingest/documents.js';
import type { SpectraDocument } from './ingest/spectra.js';
import { aside } from './resampling/runner.js';
import { decodeJson, encodeJson, loadJson, once, stepRow } from './step.js';
import type { Account } from './why/index.js';

export const STATISTICS_VERSION = 2;

export async function computeStatistics({ store, tasks }: ControlContext, input: StatisticsInput): Promise<StatisticsOutput> {
  const { run, spec } = input;
  const { clinical, demographics, columns, control, spectroscopy } = spec;
  // How often is resampled changes nothing here.
  const { resamples: _resamples, nulls: _nulls, seed: _seed, ...statistics } = spec.statistics;
  const asked = { statistics, clinical, demographics, columns, control, quality: spectroscopy?.quality ?? null };
  const { families: _families, ...tests } = statistics;
  const account: Account = {
    place: { step: 'statistics' },
    parameters: { ...tests, clinical, demographics, columns, control, quality: asked.quality, groups: Object.fromEntries(spec.cohorts.map((c) => [c.name, c.groups])), metrics: spec.metrics.map((m) => m.name) },
    datasets: Object.fromEntries(input.cohorts.map((c) => [c.cohort, c.dataset.key])),
    made: Object.fromEntries(input.cohorts.flatMap((c): [string, { kind: ArtifactKind; keys: string[] }][] => [
      [`structural indices of ${c.cohort}`, { kind: 'indices', keys: [c.indices.key] }], ...(c.spectra === null ? [] : [[`spectra of ${c.cohort}`, { kind: 'spectra', keys: [c.spectra.key] }] as [string, { kind: ArtifactKind; keys: string[] }]]),
    ])),
  };
  const step = await once(store, run, 'statistics', STATISTICS_VERSION, { asked, cohorts: input.cohorts, groups: spec.cohorts.map((c) => c.groups), metrics: spec.metrics.map((m) => m.name) }, account, async () => {
    const cohorts: CohortInput[] = [];
    for (const refs of input.cohorts) cohorts.push(await cohortInput(store, spec, refs));
    return encodeJson(await tasks.run({ kind: 'statistics', input: { cohorts, clinical, demographics, statistics: spec.statistics } }, aside()));
  });
  await store.recordSteps(run.runId, 'statistics', [stepRow(run, { step: 'statistics' }, step.ref.key, step.provenance)]);
  return { statistics: step.ref, replicated: decodeJson<StudyStatisticsOutput>(step.bytes).replicated };
}

/** What the statistics of one cohort are computed from. */
export async function cohortInput(store: ArtifactStore, spec: StudySpec, refs: StatisticsInput['cohorts'][number]): Promise<CohortInput> {
  const { spectroscopy, control } = spec;
  const dataset = await loadJson<DatasetDocument>(store, refs.dataset);
  const indices = await loadJson<IndicesDocument>(store, refs.indices);
  const spectra = refs.spectra === null ? null : await loadJson<SpectraDocument>(store, refs.spectra);
  const groups = spec.cohorts.find((c) => c.name === refs.cohort)?.groups ?? [];
  return {
    name: refs.cohort, groups, control: controlOf(control, groups, refs.cohort), participants: participantTable(dataset, spec),
    indices: indices.map((i) => ({ component: i.component, metric: dataset.metrics[i.metric] as string, values: i.values })),
    spectra: spectra === null || spectroscopy === null ? null : { metabolite: spectra.metabolite, correction: spectra.correction, ...(spectra.tissue === undefined ? {} : { tissue: spectra.tissue }), quality: spectroscopy.quality, rows: spectra.rows },
  };
}

function controlOf(control: string | null, groups: string[], cohort: string): string {
  const name = control ?? groups[0];
  if (name === undefined) throw new SulcusError('NO_GROUPS', `cohort ${cohort} lists no groups`);
  return name;
}

/** Columns id, group, age, sex by role, and every other column by its own name. */
export function participantTable(dataset: DatasetDocument, spec: Pick<StudySpec, 'columns'>): Table {
  const table: Table = {
    id: dataset.subjects.map((s) => s.id), group: dataset.subjects.map((s) => s.group), age: dataset.subjects.map((s) => s.age), sex: dataset.subjects.map((s) => s.sex),
  };
  const roles = new Set(Object.values(spec.columns));
  for (const name of Object.keys(dataset.subjects[0]?.values ?? {})) {
    if (roles.has(name) || name in table) continue;
    table[name] = dataset.subjects.map((s) => s.values[name] ?? null);
  }
  return table;
}
