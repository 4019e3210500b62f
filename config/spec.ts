import type { Hemisphere, MetricSpec, RegionSpec, SpectroscopySpec, StudySpec } from '../contracts/study.js';
import type { PipelineSpec } from '../contracts/pipelines.js';
import type { Draft, RegionDraft } from './draft.js';
import type { MetricEntry } from './schema.js';

/** The study of a draft in which nothing is missing; null when something is (it has then been reported). */
export function specOf(draft: Draft, pipelines: PipelineSpec[]): StudySpec | null {
  const { study, surface, region, columns, factorization, stability, statistics } = draft;
  if (study === null || surface === null || region === null || columns === null) return null;
  if (factorization === null || stability === null || statistics === null) return null;
  return {
    study,
    surface: { vertices: surface.vertices, hemispheres: surface.hemispheres, ...(surface.mesh === null ? {} : { mesh: sides(surface.mesh) }) },
    region: regionOf(region),
    metrics: [...draft.metrics].map(([name, metric]) => metricOf(name, metric)),
    cohorts: [...draft.cohorts].map(([name, cohort]) => ({ name, directory: cohort.directory ?? name, prefix: cohort.prefix, participants: cohort.participants, groups: cohort.groups })),
    columns,
    control: draft.control,
    spectroscopy: spectroscopyOf(draft.spectroscopy),
    clinical: [...draft.clinical.values()],
    demographics: draft.demographics,
    factorization: {
      ranks: factorization.ranks,
      solver: factorization.solver,
      tolerance: factorization.tolerance,
      maxIterations: factorization.max_iterations,
      normalization: {
        zscore: factorization.normalization.zscore,
        shift: factorization.normalization.shift,
        withinHalves: factorization.normalization.within_halves,
      },
    },
    stability: { ...stability, stratify: stability.stratify ?? (['group', 'age'] as const).filter((role) => columns[role] !== null) },
    rank: draft.rank,
    ...(draft.rank === 'review' || pipelines.some((one) => one.review !== undefined) ? { review: { remindSeconds: draft.review?.remind ?? null } } : {}),
    statistics: {
      alpha: statistics.alpha,
      covariates: statistics.covariates ?? (['age', 'sex'] as const).filter((role) => columns[role] !== null),
      pairwise: statistics.pairwise,
      glxType: statistics.glx_type,
      families: statistics.families,
      resamples: statistics.resamples,
      nulls: statistics.nulls,
      confidence: statistics.confidence,
      seed: statistics.seed,
    },
    missing: draft.missing,
    ...(pipelines.length === 0 ? {} : { pipelines }),
    ...(draft.outside.length === 0 ? {} : { outside: draft.outside }),
  };
}

function metricOf(name: string, { file, volume, unit, hemispheres, surface, transform, frame, background, smooth }: MetricEntry): MetricSpec {
  return {
    name, file: volume ?? file ?? '', unit,
    ...(hemispheres === 'together' ? { together: true as const } : {}),
    ...(volume === undefined ? {} : { sampling: { transforms: transform, frame, background } }),
    ...(surface === null ? {} : { surface }),
    ...(smooth === null ? {} : { smooth }),
  };
}

function sides<T>(files: { left?: T | undefined; right?: T | undefined }): Partial<Record<Hemisphere, T>> {
  return { ...(files.left === undefined ? {} : { left: files.left }), ...(files.right === undefined ? {} : { right: files.right }) };
}

function regionOf(region: RegionDraft): RegionSpec {
  const midline = { midline: region.midline, midlineMask: region.midline_mask === null ? null : sides(region.midline_mask) };
  if ('mask' in region) return { kind: 'mask', mask: sides(region.mask), ...midline };
  if ('vertices' in region) return { kind: 'vertices', vertices: sides(region.vertices), ...midline };
  return { kind: 'labels', labels: sides(region.labels), table: region.table, include: region.include, ...midline };
}

function spectroscopyOf(section: Draft['spectroscopy']): SpectroscopySpec | null {
  if (section === null) return null;
  const { table, metabolite, hzpppm, quality, acquisition, relaxation } = section, tissue = tissueOf(section.tissue);
  return {
    table, metabolite, hzpppm, quality, tissue, waiveErrors: section.waive_errors, correction: section.correction ?? (tissue === null ? 'none' : 'csf'),
    acquisition: acquisition && { te: acquisition.te, tr: acquisition.tr, waterTe: acquisition.water_te ?? acquisition.te, waterTr: acquisition.water_tr ?? acquisition.tr, field: acquisition.field },
    relaxation,
  };
}

function tissueOf(section: NonNullable<Draft['spectroscopy']>['tissue']): SpectroscopySpec['tissue'] {
  if (section === null) return null;
  const { file, columns, segmentation, voxel, classes } = section;
  return segmentation === undefined ? { file: file ?? '', columns } : { voxel: voxel ?? '', segmentation, classes };
}
