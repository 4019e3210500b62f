/** results.json from the artifacts of a run. */
import type { StudyStatisticsOutput } from '../../analysis/statistics/study/index.js';
import { componentSizes, hardLabels } from '../../analysis/parcellation/labels.js';
import type { PublishInput } from '../../contracts/activities.js';
import { EXCLUDED_BY_PERSON } from '../../contracts/operator.js';
import { flatRanks } from '../../contracts/rank-standing.js';
import type { CohortResults, CohortStatistics, MatchingRow, ParcellationRow, StepRow, StudyResults } from '../../contracts/results.js';
import type { ControlContext } from '../context.js';
import { decodeFit, type FitDocument } from '../fit.js';
import type { IndicesDocument } from '../indices.js';
import { regionSize, type DatasetDocument } from '../ingest/documents.js';
import type { SpectraDocument } from '../ingest/spectra.js';
import type { EvidenceDocument } from '../stability.js';
import { load, loadJson } from '../step.js';
import { resamplingDoubts } from './resampling.js';

/** Everything of one cohort that the results folder is written from. */
export interface CohortMaterial {
  cohort: string;
  dataset: DatasetDocument;
  evidence: EvidenceDocument;
  spectra: SpectraDocument | null;
  fit: FitDocument | null;
  labels: Int32Array | null;
  indices: IndicesDocument | null;
}

export async function gatherCohort({ store }: ControlContext, c: PublishInput['cohorts'][number]): Promise<CohortMaterial> {
  const { outcome } = c;
  const dataset = await loadJson<DatasetDocument>(store, outcome.data.dataset);
  const fit = c.parcellation === null ? null : decodeFit(await load(store, c.parcellation));
  return {
    cohort: outcome.cohort, dataset, fit,
    evidence: await loadJson<EvidenceDocument>(store, outcome.evidence),
    spectra: outcome.spectra === null ? null : await loadJson<SpectraDocument>(store, outcome.spectra),
    labels: fit === null ? null : hardLabels(fit.W, fit.vertices, fit.rank),
    indices: c.indices === null ? null : await loadJson<IndicesDocument>(store, c.indices),
  };
}

const NO_STATISTICS: CohortStatistics = { demographics: [], covariates: [], ancova: [], pairs: [], pairsAlternative: [], glx: null, clinical: [] };

export function buildResults(
  input: PublishInput, version: string, cohorts: CohortMaterial[], matching: MatchingRow[], statistics: StudyStatisticsOutput | null, steps: StepRow[],
): StudyResults {
  const { spec, decision } = input;
  const f = spec.factorization;
  const byCohort = Object.fromEntries(cohorts.map((c) => [c.cohort, cohortResults(c, spec.cohorts.find((k) => k.name === c.cohort)?.groups ?? [], statistics?.cohorts[c.cohort] ?? NO_STATISTICS)]));
  return {
    schema: 'sulcus/results/1', study: spec.study,
    run: { workflowId: input.run.workflowId, runId: input.run.runId, version, finishedAt: input.finishedAt, partial: input.partial },
    parameters: {
      solver: f.solver, tolerance: f.tolerance, maxIterations: f.maxIterations, ranks: f.ranks, normalization: f.normalization,
      splits: spec.stability.splits, seed: spec.stability.seed, threshold: spec.stability.threshold,
      alpha: spec.statistics.alpha, covariates: spec.statistics.covariates, pairwise: spec.statistics.pairwise, missing: spec.missing,
      resamples: spec.statistics.resamples ?? 0, nulls: spec.statistics.nulls ?? 0, confidence: spec.statistics.confidence ?? 0.95, statisticsSeed: spec.statistics.seed ?? 0,
      metrics: spec.metrics.map(({ name, unit }) => ({ name, unit })),
    },
    rank: decision, cohorts: byCohort, matching, replicated: statistics?.replicated ?? [],
    doubts: [...doubtsOf(input, byCohort), ...(statistics?.doubts ?? []), ...resamplingDoubts(decision, cohorts, matching, statistics, spec.statistics.alpha)],
    decisions: input.decisions ?? [], steps,
  };
}

function cohortResults(c: CohortMaterial, order: string[], statistics: CohortStatistics): CohortResults {
  const { dataset } = c;
  const groups = Object.fromEntries(order.map((g) => [g, dataset.subjects.filter((s) => s.group === g).length]));
  const counts = Object.fromEntries(dataset.region.hemispheres.map((h) => [h.side, h.vertices.length]));
  return {
    subjects: dataset.subjects.length, excluded: dataset.excluded, groups,
    vertices: regionSize(dataset.region),
    region: { ...counts, midlineDropped: dataset.region.midlineDropped, ...(dataset.region.counts === undefined ? {} : { counts: dataset.region.counts }) },
    ranks: c.evidence.ranks, parcellation: c.fit === null || c.labels === null ? null : parcellationRow(c.fit, c.labels), ...statistics,
  };
}

function parcellationRow(fit: FitDocument, labels: Int32Array): ParcellationRow {
  const { rank, error, residual, converged, iterations, solver, stopped, spread, flat } = fit;
  return { rank, sizes: componentSizes(labels, rank), error, residual, converged, iterations, solver, stopped, spread, flat };
}

function doubtsOf(input: PublishInput, cohorts: Record<string, CohortResults>): string[] {
  const doubts: string[] = [];
  const { decision, spec } = input;
  if (decision.doubt) doubts.push(`The rank is in doubt: ${decision.reason}.`);
  for (const [name, c] of Object.entries(cohorts)) {
    for (const [by, why] of [[false, 'because of missing or unusable files or rows'], [true, 'by a person, for the reasons listed']] as const) {
      const n = c.excluded.filter((e) => (e.code === EXCLUDED_BY_PERSON) === by).length;
      if (n > 0) doubts.push(`${n} participant${n === 1 ? '' : 's'} of ${name} ${n === 1 ? 'was' : 'were'} excluded ${why}.`);
    }
    const failed = c.ranks.reduce((s, r) => s + r.notConverged, 0), fits = c.ranks.reduce((s, r) => s + r.fits, 0);
    if (failed > 0) doubts.push(`${failed} of ${fits} fits of ${name} did not reach the tolerance ${spec.factorization.tolerance} (ranks ${c.ranks.filter((r) => r.notConverged > 0).map((r) => r.rank).join(', ')}).`);
    if (c.parcellation !== null && !c.parcellation.converged) doubts.push(`The parcellation of ${name} itself did not converge: residual ${c.parcellation.residual.toExponential(1)}.`);
    const flat = flatRanks(c.ranks);
    if (flat !== null) doubts.push(`At ${flat} more components were asked for than the data of ${name} determine: very many parcellations fit about as well, and which of them is found hangs on the start.`);
    if (c.parcellation?.flat === true) doubts.push(`The parcellation of ${name} itself is one of these.`);
    if (c.parcellation?.sizes.includes(0)) doubts.push(`A component of ${name} owns no vertex at the chosen rank.`);
  }
  return doubts;
}
