/** Example inputs of the report: a complete study of two cohorts, one where nothing replicated, one cohort alone. */
import type { PipelineResults, CohortResults, RankRow, StepRow, StudyResults } from '../../../contracts/results.js';
import type { GlxRow, IndexRow, ParticipantRow, ReportInput } from '../../../report/index.js';
import { BASE, effect, exampleStatistics, METRICS, REPLICATED } from './example-statistics.js';
import { generator } from './numbers.js';

const GROUPS: Record<string, Record<string, number>> = { tokyo: { HC: 26, FLR: 24, TRS: 23 }, toronto: { HC: 26, FLR: 17, CLZ: 15, UTRS: 21 } };

export const participantId = (cohort: string, place: number): string => `${cohort.slice(0, 3).toUpperCase()}-${String(place).padStart(3, '0')}`;

function ranks(seed: number): RankRow[] {
  const random = generator(seed);
  const means = [0.991, 0.972, 0.986, 0.731, 0.642, 0.611, 0.574, 0.552, 0.531];
  const errors = [361.2, 338.1, 304.6, 301.0, 297.8, 295.6, 292.7, 290.1, 286.8];
  return means.map((mean, index) => {
    const splits = Array.from({ length: 10 }, () => Math.min(0.999, mean + (1 - mean) * 0.16 * random.normal()));
    const average = splits.reduce((sum, value) => sum + value, 0) / 10;
    const error = (errors[index] ?? 0) + random.uniform();
    return { rank: index + 2, stability: { mean: average, sd: 0.02 * (1.2 - mean), median: average, splits, surrogates: index === 8 ? { nulls: 0, mean: null, sd: null, q95: null, p: null, reason: 'the parcels of a half have no contrast' } : { nulls: 500, mean: 0.3 + 0.04 * index, sd: 0.08, q95: 0.44 + 0.04 * index, p: 1 / 501 } }, error: { mean: error, sd: 1.1, full: error * 1.41 }, gradient: index === 0 ? null : error - (errors[index - 1] ?? 0), fits: 21, notConverged: index === 7 ? 2 : 0 };
  });
}

function cohort(name: string, seed: number, replicates: boolean): CohortResults {
  const groups = GROUPS[name] ?? {};
  const subjects = Object.values(groups).reduce((sum, size) => sum + size, 0);
  return {
    subjects,
    groups,
    excluded: name === 'tokyo' ? [{ id: 'TOK-901', reason: 'participant TOK-901 has no file tokyo/civet/TOK-901/thickness/TKY_TOK-901_left.txt', code: 'MISSING_FILE', file: 'tokyo/civet/TOK-901/thickness/TKY_TOK-901_left.txt', line: null, remedy: 'Export the file or leave TOK-901 out of participants.tsv.' }] : [],
    vertices: 1694,
    region: { left: 847, right: 847, midlineDropped: 0, counts: [{ side: 'left', region: 847, cortex: 698 }, { side: 'right', region: 847, cortex: 698 }] },
    ranks: ranks(seed),
    parcellation: { rank: 4, sizes: [512, 431, 398, 353], error: 430.12, residual: 8.3e-5, converged: true, iterations: 117, solver: 'accelerated', stopped: 'residual', spread: 2.1e-5 },
    ...exampleStatistics(name, groups, seed, replicates),
  };
}

function steps(cohorts: readonly string[]): StepRow[] {
  const step = (row: Partial<StepRow> & Pick<StepRow, 'step'>): StepRow => ({ cohort: null, rank: null, split: null, half: null, key: 'sha256-0a1b', computed: true, reusedFrom: null, seconds: 0.4, ...row });
  const fits = cohorts.flatMap((name) => [2, 3, 4].flatMap((rank) => (['A', 'B'] as const).map((half) => step({ step: 'fit', cohort: name, rank, split: 0, half, computed: name !== 'tokyo', reusedFrom: name === 'tokyo' ? 'run-0007' : null, seconds: 1.7 }))));
  return [...cohorts.map((name) => step({ step: 'ingest', cohort: name, seconds: 3.2 })), ...fits, ...cohorts.map((name) => step({ step: 'stability', cohort: name, rank: 4 })), step({ step: 'rank' }), step({ step: 'match' }), ...cohorts.map((name) => step({ step: 'statistics', cohort: name })), step({ step: 'report' })];
}

function pipeline(cohort: string, subjects: number): PipelineResults {
  const step = (name: string, command: string[], seconds: number): PipelineResults['steps'][number] => ({ step: name, program: 'mrtrix3', versions: ['3.0.3'], command, ran: 1, reused: subjects - 1, seconds });
  return {
    pipeline: 'mrtrix3-dti', cohort, participants: subjects, excluded: 2,
    steps: [step('denoise', ['dwidenoise', '{input:dwi}', '{output:dwi}', '-nthreads', '{threads}'], 5400), step('metrics', ['/opt/mrtrix3/bin/tensor2metric', '{denoise:dwi}', '-fa', '{output:fa}'], 720)],
  };
}

function results(cohorts: Record<string, CohortResults>, replicates: boolean): StudyResults {
  return {
    schema: 'sulcus/results/1',
    study: 'acc-trs',
    run: { workflowId: 'study-acc-trs', runId: 'run-0008', version: '0.1.0', finishedAt: '2026-03-02T14:05:09.000Z', partial: false },
    parameters: {
      solver: 'accelerated', tolerance: 1e-4, maxIterations: 3000, ranks: [2, 10], normalization: { zscore: 'all', shift: 'global', withinHalves: true }, splits: 10, seed: 0, threshold: 0.8, alpha: 0.05,
      covariates: ['age', 'sex'], pairwise: 'subset', missing: 'exclude', resamples: 2000, nulls: 500, confidence: 0.95, statisticsSeed: 0, metrics: [{ name: 'thickness', unit: 'mm' }, { name: 'area', unit: 'mm2' }, { name: 'md', unit: 'mm2/s' }, { name: 'fa', unit: null }],
    },
    rank: { chosen: 4, policy: 'auto', reason: 'Rank 4 is the highest rank stable in every cohort before the drop at 5.', doubt: false, approvedBy: null, approvedAt: null, note: null },
    cohorts,
    matching: [{ a: 'tokyo', b: 'toronto', ari: 0.803, byRank: [0.91, 0.86, 0.803, 0.66, 0.55, 0.49, 0.46, 0.42, 0.4].map((ari, index) => ({ rank: index + 2, ari, surrogates: { nulls: 500, mean: 0.25, sd: 0.1, q95: 0.43, p: index > 6 ? 0.08 : 1 / 501 } })), permutation: [2, 1, 3, 4], overlap: [[480, 20, 8, 4], [25, 390, 10, 6], [6, 12, 360, 20], [3, 8, 22, 320]] }],
    replicated: replicates ? REPLICATED : [],
    doubts: ['The spectrum of participant TOK-005 is close to the line-width limit.', 'Toronto has groups of different sizes (15 to 26).'],
    pipelines: Object.keys(cohorts).map((name) => pipeline(name, cohorts[name]?.subjects ?? 0)),
    steps: steps(Object.keys(cohorts)),
  };
}

/** Rows of participants, their indices and their metabolite levels, for every cohort of the results. */
function rows(study: StudyResults): Required<Pick<ReportInput, 'participants' | 'indices' | 'glx'>> {
  const random = generator(42);
  const participants: ParticipantRow[] = [];
  const indices: IndexRow[] = [];
  const glx: GlxRow[] = [];
  for (const [name, { groups }] of Object.entries(study.cohorts)) {
    Object.entries(groups).forEach(([group, size], place) => {
      for (let one = 0; one < size; one += 1) {
        const participant = participantId(name, participants.filter((row) => row.cohort === name).length + 1);
        const level = 10 + place * 0.9 + random.normal() * 1.3;
        participants.push({ cohort: name, participant, group, age: 41, sex: 'F' });
        glx.push({ cohort: name, participant, value: level });
        for (const metric of METRICS) for (const component of [1, 2, 3, 4]) {
          const [mean, sd] = BASE[metric] ?? [1, 1];
          indices.push({ cohort: name, participant, component, metric, value: mean + sd * (effect(metric, component, study.replicated.length > 0 ? place : 0, 1) + random.normal() * 0.9) });
        }
      }
    });
  }
  return { participants, indices, glx };
}

const input = (study: StudyResults): ReportInput & { results: StudyResults } => structuredClone({ results: study, ...rows(study) });

/** Two cohorts, four indices replicated. A fresh copy each time: tests may break it. */
export function completeStudy(): ReportInput {
  return input(results({ tokyo: cohort('tokyo', 11, true), toronto: cohort('toronto', 23, true) }, true));
}

/** Two cohorts in which nothing differs. */
export function nullStudy(): ReportInput {
  return input({ ...results({ tokyo: cohort('tokyo', 11, false), toronto: cohort('toronto', 23, false) }, false), study: 'null-study' });
}

/** One cohort up to its rank evidence and parcellation, as `sulcus run --cohort` leaves it. */
export function partialStudy(): ReportInput {
  const none = { demographics: [], covariates: [], ancova: [], pairs: [], pairsAlternative: [], glx: null, clinical: [] };
  const study = results({ tokyo: { ...cohort('tokyo', 11, true), ...none } }, false);
  return { results: { ...study, run: { ...study.run, partial: true }, matching: [], doubts: [], rank: { ...study.rank, chosen: null, reason: 'One cohort alone decides no rank.' } } };
}
