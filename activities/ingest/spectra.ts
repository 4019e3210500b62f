/** Spectroscopy of a cohort's subjects: LCModel's output, tissue correction, and what is wrong with each spectrum. */
import { join } from 'node:path';
import { fwhmStep } from '../../analysis/spectroscopy/index.js';
import type { SpectrumRow } from '../../analysis/statistics/study/index.js';
import { Bounds } from '../../config/index.js';
import type { SpectraInput, SpectraOutput } from '../../contracts/activities.js';
import { SulcusError } from '../../contracts/errors.js';
import type { TissueCorrection } from '../../contracts/glx-rows.js';
import type { CohortSpec, SpectroscopySpec } from '../../contracts/study.js';
import { controlNumber, detectFormat, readLcmodelControl, readLcmodelCoord, readLcmodelTable, type LcmodelDiagnostic, type LcmodelTable } from '../../formats/index.js';
import type { ControlContext } from '../context.js';
import { keep, loadJson } from '../step.js';
import { MOST_TABLE_BYTES, readWithin } from './data-file.js';
import type { DatasetDocument } from './documents.js';
import { readFractions, type TissueRows } from './fractions.js';
import { fillTemplate } from './templates.js';
import { correct, correctionMethod, describeCorrection } from './tissue.js';
import { unfinishedFile } from './unprocessed.js';

export interface SpectraDocument {
  metabolite: string;
  /** The formula, for the methods text. */
  correction: string;
  tissue?: TissueCorrection;
  rows: SpectrumRow[];
}

export async function readSpectra({ store }: Pick<ControlContext, 'store'> & Partial<ControlContext>, input: SpectraInput): Promise<SpectraOutput> {
  const spec = input.spec.spectroscopy;
  const cohort = input.spec.cohorts.find((c) => c.name === input.cohort);
  if (spec === null || cohort === undefined) throw new SulcusError('NO_SPECTROSCOPY', `the study has no spectroscopy for cohort ${input.cohort}`);
  const dataset = await loadJson<DatasetDocument>(store, input.dataset);
  const method = correctionMethod(spec);
  const tissue = method === 'none' ? null : await readFractions(input.spec, spec, cohort, input.directory, dataset.subjects.map((s) => s.id), method === 'csf' ? 'csf' : 'all');
  const rows: SpectrumRow[] = [], bounds = new Bounds(input.directory, input.spec.outside);
  for (const { id } of dataset.subjects) {
    const unfinished = unfinishedFile(spectrumFile(id, spec, cohort), id, dataset.unfinished, input.spec, cohort.name) !== null;
    rows.push(unfinished ? { ...NO_SPECTRUM, id, problems: ['unfinished'] } : await readSpectrum(id, spec, cohort, input.directory, bounds, tissue));
  }
  const correction = describeCorrection(spec);
  return { spectra: await keep(store, input.run, 'spectra', { metabolite: spec.metabolite, correction: correction.formula, tissue: correction, rows } satisfies SpectraDocument) };
}

/** Name of a subject's LCModel table, relative to the study's folder. */
export function spectrumFile(id: string, spec: SpectroscopySpec, cohort: CohortSpec): string {
  return join(cohort.directory, fillTemplate(spec.table, { id, prefix: cohort.prefix }));
}

/** An LCModel .table, or the same in a .coord. Throws the readers' errors. */
export function readLcmodel(bytes: Uint8Array, file: string): LcmodelTable {
  return detectFormat(bytes) === 'lcmodel-coord' ? readLcmodelCoord(bytes, { file }) : readLcmodelTable(bytes, { file });
}

/** LCModel's errors that the study does not waive. A fatal one is never waived: there is no fit. */
export function blockingDiagnostics(diagnostics: readonly LcmodelDiagnostic[], waived: SpectroscopySpec['waiveErrors']): LcmodelDiagnostic[] {
  const isWaived = (d: LcmodelDiagnostic): boolean => waived === true || (Array.isArray(waived) && waived.some((w) => w === d.routine || w === d.code));
  return diagnostics.filter((d) => d.kind === 'FATAL' || (d.kind === 'ERROR' && !isWaived(d)));
}

const NO_SPECTRUM = { concentration: null, snr: null, fwhmHz: null, sdPercent: null };

async function readSpectrum(id: string, spec: SpectroscopySpec, cohort: CohortSpec, directory: string, bounds: Bounds, tissue: TissueRows | null): Promise<SpectrumRow> {
  const name = spectrumFile(id, spec, cohort);
  const row: SpectrumRow = { ...NO_SPECTRUM, id, problems: [] };
  try {
    return spectrumRow(row, await readWithin(bounds, directory, name, MOST_TABLE_BYTES), name, spec, tissue);
  } catch (error) {
    if (error instanceof SulcusError) return { ...row, problems: ['unreadable'] };
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { ...row, problems: ['missing'] };
    if (code === 'EACCES') return { ...row, problems: ['unreadable'] };
    throw error;
  }
}

/** The figures of a table and every reason against it. Throws the table reader's errors. */
function spectrumRow(start: SpectrumRow, bytes: Uint8Array, file: string, spec: SpectroscopySpec, tissue: TissueRows | null): SpectrumRow {
  const table = readLcmodel(bytes, file), control = readLcmodelControl(bytes);
  const hz = table.hzpppm ?? spec.hzpppm;
  const found = table.concentrations.get(spec.metabolite);
  const row: SpectrumRow = { ...start, problems: [], snr: table.snr, fwhmHz: hz === null ? null : table.fwhmPpm * hz, sdPercent: found?.sdPercent ?? null };
  row.fwhmStepHz = hz === null ? null : fwhmStep(hz, { nunfil: controlNumber(control, 'nunfil'), deltat: controlNumber(control, 'deltat') });
  if (hz === null) row.problems.push('no hzpppm');
  if (found === undefined) row.problems.push('metabolite not in the table');
  if (blockingDiagnostics(table.diagnostics, spec.waiveErrors).length > 0) row.problems.push('diagnostic');
  const fractions = tissue?.get(start.id);
  row.csf = fractions?.fractions?.csf ?? null;
  if (correctionMethod(spec) !== 'none' && fractions?.fractions == null) row.problems.push('tissue');
  if (found === undefined) return row;
  const corrected = correct(spec, found.value, fractions, control);
  if (typeof corrected === 'number') row.concentration = corrected;
  else if (!row.problems.includes(corrected)) row.problems.push(corrected);
  return row;
}
