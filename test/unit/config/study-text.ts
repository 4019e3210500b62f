/** The shortest study file that works. */
export const MINIMAL = `study: acc-trs
region:
  labels: { left: atlas/left.txt, right: atlas/right.txt }
  table: atlas/table.labels
  include: [rostral anterior cingulate]
metrics:
  thickness: { file: "civet/{id}/{prefix}_{id}_{side}.txt", unit: mm }
  fa: { file: "dwi/{id}_{side}.txt" }
cohorts:
  tokyo: { prefix: TKY, groups: [HC, FLR, TRS] }
`;

/** The study file of the paper, as the design gives it. */
export const PAPER = `study: acc-trs
surface: { vertices: 40962, hemispheres: [left, right] }
region: { labels: { left: atlas/dkt40_left.txt, right: atlas/dkt40_right.txt }, table: atlas/DKTatlas40.labels,
          include: [caudal anterior cingulate, rostral anterior cingulate] }
metrics:
  thickness:   { file: "civet/{id}/thickness/{prefix}_{id}_native_rms_rsl_tlink_30mm_{side}.txt", unit: mm }
  area:        { file: "civet/{id}/surfaces/{prefix}_{id}_mid_surface_rsl_{side}_native_area_40mm.txt", unit: mm2 }
  md:          { file: "dwi/{id}_mid_{side}_MD_rsl.txt", unit: mm2/s }
  fa:          { file: "dwi/{id}_mid_{side}_FA_rsl.txt" }
cohorts:
  tokyo:   { directory: tokyo, prefix: TKY, participants: participants.tsv, groups: [HC, FLR, TRS] }
  toronto: { directory: toronto, prefix: TOR, participants: participants.tsv, groups: [HC, FLR, CLZ, UTRS] }
columns: { id: participant_id, group: group, age: age, sex: sex }
spectroscopy: { table: "mrs/{id}.table", metabolite: Glu+Gln, hzpppm: 127.7, quality: { snr: 10, fwhm: 10, sd: 20 },
                tissue: { file: "mrs/tissue.tsv", columns: { gm: f_gm, wm: f_wm, csf: f_csf } } }
clinical: [ { measure: panss_positive, groups: [TRS, UTRS] }, { measure: rbans_total, groups: patients } ]
factorization: { ranks: [2, 10], solver: accelerated, tolerance: 1e-4, normalization: { zscore: all, shift: global, within_halves: true } }
stability: { splits: 10, seed: 0, stratify: [group, age], threshold: 0.8 }
rank: auto
statistics: { alpha: 0.05, covariates: [age, sex], pairwise: subset, families: { ancova: cohort, pairs: index, glx: cohort, clinical: index } }
missing: exclude
`;
