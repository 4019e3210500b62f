/** The study file of simulated scans, as a user would write it. */

/** Text of study.yaml. The first group is the control group. */
export function scanStudyFile(cohorts: readonly string[], vertices: number, groups: readonly string[]): string {
  return `# Simulated diffusion scans of two groups: MRtrix3 makes FA and MD of them, which are sampled at a surface. See truth/ for what is in them.
study: scans
pipelines:
  - use: mrtrix3-dti
    inputs: { dwi: "dwi/{id}_dwi.nii.gz", bvec: "dwi/{id}.bvec", bval: "dwi/{id}.bval" }
surface: { vertices: ${vertices}, hemispheres: [left, right], mesh: { left: surface/mid_left.obj, right: surface/mid_right.obj } }
region: { vertices: { left: all, right: all } }
metrics:
  fa: { volume: "derivatives/mrtrix3-dti/{id}/metrics/fa.nii.gz", background: 0 }
  md: { volume: "derivatives/mrtrix3-dti/{id}/metrics/md.nii.gz", background: 0, unit: mm2/s }
cohorts:
${cohorts.map((name) => `  ${name}: { directory: ${name}, groups: [${groups.join(', ')}] }`).join('\n')}
# Any two parts that are alike in FA, or in MD, make a component of two that halves agree on: three and more are looked at.
factorization: { ranks: [3, 6] }
stability: { splits: 4 }
statistics: { resamples: 200, nulls: 99 }
`;
}
