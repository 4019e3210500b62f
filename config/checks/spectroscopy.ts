import type { Draft } from '../draft.js';
import type { Report } from '../issues.js';

/** Field strengths whose relaxation times are tabulated: 3 T, as scanners' frequencies make it (123.2 to 127.8 Hz per ppm). */
const TABULATED = (field: number): boolean => field >= 2.8 && field <= 3.1;
/** Metabolites whose relaxation times are tabulated. */
const KNOWN = ['Glu', 'Gln', 'Glu+Gln'];

/** A tissue correction has what its formula needs. */
export function checkSpectroscopy(draft: Draft, report: Report): void {
  const section = draft.spectroscopy;
  if (section === null) return;
  const { correction, tissue, acquisition, relaxation, metabolite } = section;
  const absent = (key: string, why: string, remedy: string): void => report(['spectroscopy', key === 'tissue' ? 'correction' : key], { code: 'study-key-missing', message: `spectroscopy.${key} is missing: ${why}`, remedy });
  if ((correction === 'csf' || correction === 'gasparovic') && tissue === null) absent('tissue', `correction: ${correction} needs tissue fractions`, 'give tissue: { file: ... }, or write correction: none');
  if (tissue !== null) {
    const from = { file: tissue.file !== undefined, segmentation: tissue.segmentation !== undefined || tissue.voxel !== undefined };
    const wrong = (message: string, remedy: string): void => report(['spectroscopy', 'tissue'], { code: 'study-key-missing', message: `spectroscopy.tissue ${message}`, remedy });
    if (!from.file && !from.segmentation) wrong('has no file', 'give file: a table of fractions; or segmentation and voxel: NIfTI volumes');
    else if (from.file && from.segmentation) report(['spectroscopy', 'tissue'], { code: 'study-value', message: 'spectroscopy.tissue has both a file and a segmentation', remedy: 'keep one of the two' });
    else if (from.segmentation && (tissue.segmentation === undefined || tissue.voxel === undefined)) wrong(`has no ${tissue.voxel === undefined ? 'voxel' : 'segmentation'}`, 'give both: the segmentation, and the mask of the voxel on its grid');
  }
  if (correction !== 'gasparovic') return;
  if (acquisition === null) {
    absent('acquisition', 'correction: gasparovic needs echo and repetition times', 'give acquisition: { te: 30, tr: 3000 } in ms (water_te, water_tr where the water reference differs)');
    return;
  }
  const whole = relaxation !== null && relaxation.gm !== null && relaxation.wm !== null && relaxation.csf !== null && relaxation.metabolite !== null;
  if (!TABULATED(acquisition.field) && !whole) {
    absent('relaxation', `relaxation times are tabulated for 3 T, not ${acquisition.field} T`, 'give relaxation: { gm: { t1, t2 }, wm: ..., csf: ..., metabolite: ... } in ms');
  } else if (!KNOWN.includes(metabolite) && (relaxation === null || relaxation.metabolite === null)) {
    absent('relaxation', `relaxation times of ${metabolite} are not tabulated (those of ${KNOWN.join(', ')} are)`, 'give relaxation: { metabolite: { t1: ..., t2: ... } } in ms');
  }
}
