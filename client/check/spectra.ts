/** Spectra of a cohort: LCModel tables, tissue fractions, and how many would pass. */
import { createHash } from 'node:crypto';
import { failedLimits, fwhmStep, nearLimits, type QualityMeasure } from '../../analysis/spectroscopy/index.js';
import { MOST_TABLE_BYTES, readWithin } from '../../activities/ingest/data-file.js';
import { blockingDiagnostics, readLcmodel, spectrumFile } from '../../activities/ingest/spectra.js';
import type { CohortSurvey } from '../../activities/ingest/survey.js';
import { readFractions, tissueFile, type TissueRows } from '../../activities/ingest/fractions.js';
import { correctionMethod, waterScaling } from '../../activities/ingest/tissue.js';
import { Bounds, createProblem, nearest, type Problem, type StudyFile } from '../../config/index.js';
import type { SpectroscopySpec } from '../../contracts/study.js';
import { controlNumber, readLcmodelControl } from '../../formats/index.js';
import { failureOf } from './facts.js';
import type { SpectrumFile } from './findings/duplicates.js';
import { personalFields } from './personal.js';

export interface SpectraSummary {
  read: number;
  usable: number;
  /** Spectra failing each limit; one may fail several. */
  failed: Record<QualityMeasure, number>;
  /** Spectra within one printed step of a limit. */
  nearLimit: number;
}

export async function checkSpectra(study: StudyFile, survey: CohortSurvey): Promise<{ problems: Problem[]; summary: SpectraSummary | null; files: SpectrumFile[] }> {
  const spec = study.spec.spectroscopy;
  if (spec === null) return { problems: [], summary: null, files: [] };
  const problems: Problem[] = [], files: SpectrumFile[] = [], bounds = new Bounds(study.directory, study.spec.outside);
  const summary: SpectraSummary = { read: 0, usable: 0, failed: { snr: 0, fwhm: 0, sd: 0 }, nearLimit: 0 };
  const tissue = await tissueOf(study, survey, spec, problems);
  for (const { id, rowProblem } of survey.subjects) {
    if (rowProblem?.code === 'BAD_ID') continue;
    const passes = await checkSpectrum(id, study, bounds, survey, spec, problems, summary, files);
    if (checkFractions(id, survey, spec, tissue, problems) && passes) summary.usable++;
  }
  return { problems, summary, files };
}

/** Whether the participant's fractions can be used, or are not needed. */
function checkFractions(id: string, { cohort }: CohortSurvey, spec: SpectroscopySpec, tissue: Tissue, problems: Problem[]): boolean {
  if (tissue === 'none' || tissue === 'unreadable') return tissue === 'none';
  const row = tissue.get(id);
  if (row?.fractions != null) return true;
  problems.push(createProblem({
    code: row === undefined || / does not exist$/.test(row.problem ?? '') ? 'TISSUE_MISSING' : 'BAD_FRACTION', cohort: cohort.name, subject: id, input: 'tissue', file: row?.file ?? tissueFile(spec, cohort), line: row?.line ?? null,
    message: row === undefined ? 'found no row, expected tissue fractions of this participant' : `${row.problem}; expected fractions of the voxel from 0 to 1`, remedy: row?.line === null ? 'complete or correct the volumes: the spectrum cannot be corrected' : 'complete or correct the table: the spectrum cannot be corrected',
  }));
  return false;
}

type Tissue = TissueRows | 'none' | 'unreadable';

async function tissueOf(study: StudyFile, { cohort, subjects }: CohortSurvey, spec: SpectroscopySpec, problems: Problem[]): Promise<Tissue> {
  const method = correctionMethod(spec);
  if (method === 'none') return 'none';
  try {
    return await readFractions(study.spec, spec, cohort, study.directory, subjects.filter((s) => s.rowProblem?.code !== 'BAD_ID').map((s) => s.id), method === 'csf' ? 'csf' : 'all');
  } catch (error) {
    const failure = failureOf(error, tissueFile(spec, cohort) ?? '');
    const named = failure.code === 'MISSING_FILE';
    problems.push(createProblem({ ...failure, cohort: cohort.name, ...(named ? { file: study.file, line: study.locate(['spectroscopy', 'tissue', 'file']) } : {}) }));
    return 'unreadable';
  }
}

/** Whether the spectrum passes every limit and nothing else is against it. */
async function checkSpectrum(id: string, study: StudyFile, bounds: Bounds, { cohort }: CohortSurvey, spec: SpectroscopySpec, problems: Problem[], summary: SpectraSummary, files: SpectrumFile[]): Promise<boolean> {
  const file = spectrumFile(id, spec, cohort);
  const add = (code: string, message: string, remedy: string, severity: Problem['severity'] = 'error'): void => { problems.push(createProblem({ severity, code, cohort: cohort.name, subject: id, input: 'spectrum', file, message, remedy })); };
  try {
    const bytes = await readWithin(bounds, study.directory, file, MOST_TABLE_BYTES);
    const table = readLcmodel(bytes, file), control = readLcmodelControl(bytes);
    summary.read++;
    files.push({ cohort: cohort.name, subject: id, name: file, digest: createHash('sha256').update(bytes).digest('hex') });
    const before = problems.length;
    const found = table.concentrations.get(spec.metabolite), hz = table.hzpppm ?? spec.hzpppm;
    if (found === undefined) {
      // LCModel's name of what papers call Glx.
      const guess = /^glx$/i.test(spec.metabolite) && table.concentrations.has('Glu+Gln') ? 'Glu+Gln' : nearest(spec.metabolite, [...table.concentrations.keys()]);
      add('METABOLITE_MISSING', `found no row ${spec.metabolite}, expected one`, guess === null ? `its rows: ${[...table.concentrations.keys()].join(', ')}` : `did you mean ${guess}? Then write spectroscopy: metabolite: ${guess}`);
    } else if (found.sdPercent >= 999) add('NOT_FITTED', `found ${spec.metabolite} at 0 with 999 %SD, expected a fit`, 'look at the fit: LCModel did not find the metabolite', 'warning');
    if (hz === null) add('NO_HZPPPM', 'found no hzpppm in the table, expected it there or in the study file', 'give spectroscopy: hzpppm, the scanner\'s frequency in MHz: FWHM is stated in ppm');
    for (const { kind, code } of blockingDiagnostics(table.diagnostics, spec.waiveErrors)) {
      add('LCMODEL_ERROR', `found LCModel's ${kind} ${code}${code.startsWith('WSCALE') ? ' (water scaling failed: concentrations are not absolute)' : ''}, expected none`, kind === 'FATAL' ? 'fit the spectrum again' : `fit it again, or write waive_errors: [${code.split(' ')[0]}] under spectroscopy to use it nevertheless`);
    }
    if (correctionMethod(spec) === 'gasparovic' && waterScaling(control) === null) add('NOT_WATER_SCALED', 'found no water scaling (dows = T), expected it for correction: gasparovic', 'fit with a water reference, or choose correction: csf');
    for (const field of personalFields(bytes)) add('PERSONAL_HEADER', `the header seems to hold ${field}, expected none`, 'take it out of the file (the title is set in the control file)', 'warning');
    if (hz === null || found === undefined) return false;
    const figures = { snr: table.snr, fwhmHz: table.fwhmPpm * hz, sdPercent: found.sdPercent };
    const failed = failedLimits(figures, spec.quality);
    for (const measure of failed) summary.failed[measure]++;
    if (nearLimits(figures, spec.quality, fwhmStep(hz, { nunfil: controlNumber(control, 'nunfil'), deltat: controlNumber(control, 'deltat') })).length > 0) summary.nearLimit++;
    return failed.length === 0 && !problems.slice(before).some((p) => p.severity === 'error');
  } catch (error) {
    problems.push(createProblem({ ...failureOf(error, file), cohort: cohort.name, subject: id, input: 'spectrum' }));
    return false;
  }
}
