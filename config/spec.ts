import type { Hemisphere, RegionSpec, SpectroscopySpec, StudySpec } from '../contracts/study.js';
import type { Draft, RegionDraft } from './draft.js';

/** The study of a draft in which nothing is missing; null when something is (it has then been reported). */
export function specOf(draft: Draft): StudySpec | null {
  const { study, surface, region, columns, factorization, stability, statistics } = draft;
  if (study === null || surface === null || region === null || columns === null) return null;
  if (factorization === null || stability === null || statistics === null) return null;
  return {
    study,
    surface,
    region: regionOf(region),
    metrics: [...draft.metrics].map(([name, { file, unit }]) => ({ name, file, unit })),
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
    stability,
    rank: draft.rank,
    statistics: {
      alpha: statistics.alpha,
      covariates: statistics.covariates,
      pairwise: statistics.pairwise,
      glxType: statistics.glx_type,
      families: statistics.families,
    },
    missing: draft.missing,
  };
}

function sides(files: { left?: string | undefined; right?: string | undefined }): Partial<Record<Hemisphere, string>> {
  return { ...(files.left === undefined ? {} : { left: files.left }), ...(files.right === undefined ? {} : { right: files.right }) };
}

function regionOf(region: RegionDraft): RegionSpec {
  if ('mask' in region) return { kind: 'mask', mask: sides(region.mask) };
  return {
    kind: 'labels',
    labels: sides(region.labels),
    table: region.table,
    include: region.include,
    midline: region.midline,
    midlineMask: region.midline_mask === null ? null : sides(region.midline_mask),
  };
}

function spectroscopyOf(section: Draft['spectroscopy']): SpectroscopySpec | null {
  if (section === null) return null;
  const { table, metabolite, hzpppm, quality, tissue } = section;
  return { table, metabolite, hzpppm, quality, tissue, waiveErrors: section.waive_errors };
}
