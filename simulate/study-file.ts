/** The study file of a simulated study, as a user would write it. */
import type { SimulatedCohort } from './cohort.js';
import { CLOZAPINE, RESISTANT } from './people.js';
import { HZPPPM, QUALITY } from './spectra.js';

/** Text of study.yaml. Clinical measures name only groups that occur; a measure without any group is left out. */
export function studyFile(cohorts: readonly SimulatedCohort[], vertices: number): string {
  const groups = new Set(cohorts.flatMap((c) => c.groups));
  const among = (names: readonly string[]): string => `[${names.filter((g) => groups.has(g)).join(', ')}]`;
  const clinical = [
    ...['panss_positive', 'panss_negative', 'panss_general'].map((m) => [m, among(RESISTANT)]),
    ...['rbans_total', 'age_at_onset', 'illness_duration', 'cpz_dose'].map((m) => [m, 'patients']),
    ['clozapine_dose', among(CLOZAPINE)],
  ].filter(([, g]) => g !== '[]');
  return `# A simulated study: see truth/ for what is in it.
study: acc-trs
surface: { vertices: ${vertices}, hemispheres: [left, right], mesh: { left: atlas/mid_left.obj, right: atlas/mid_right.obj } }
region:
  labels: { left: atlas/dkt40_left.txt, right: atlas/dkt40_right.txt }
  table: atlas/DKTatlas40.labels
  include: [caudal anterior cingulate, rostral anterior cingulate]
metrics:
  thickness: { file: "civet/{id}/thickness/{prefix}_{id}_native_rms_rsl_tlink_30mm_{side}.txt", unit: mm }
  area:      { file: "civet/{id}/surfaces/{prefix}_{id}_mid_surface_rsl_{side}_native_area_40mm.txt", unit: mm2 }
  md:        { file: "dwi/{id}_mid_{side}_MD_rsl.txt", unit: mm2/s }
  fa:        { file: "dwi/{id}_mid_{side}_FA_rsl.txt" }
cohorts:
${cohorts.map((c) => `  ${c.name}: { directory: ${c.name}, prefix: ${c.prefix}, participants: participants.tsv, groups: [${c.groups.join(', ')}] }`).join('\n')}
columns: { id: participant_id, group: group, age: age, sex: sex }
control: HC
spectroscopy:
  table: "mrs/{id}.table"
  metabolite: Glu+Gln
  hzpppm: ${HZPPPM}
  quality: { snr: ${QUALITY.snr}, fwhm: ${QUALITY.fwhm}, sd: ${QUALITY.sd} }
  tissue: { file: "mrs/tissue.tsv", columns: { gm: f_gm, wm: f_wm, csf: f_csf } }
clinical:
${clinical.map(([measure, g]) => `  - { measure: ${measure}, groups: ${g} }`).join('\n')}
demographics: [panss_total, cgi_s]
factorization: { ranks: [2, 10], solver: accelerated, tolerance: 1e-4, normalization: { zscore: all, shift: global, within_halves: true } }
stability: { splits: 10, seed: 0, stratify: [group, age], threshold: 0.8 }
rank: auto
statistics: { alpha: 0.05, covariates: [age, sex], pairwise: subset, families: { ancova: cohort, pairs: index, glx: cohort, clinical: index } }
missing: exclude
`;
}
