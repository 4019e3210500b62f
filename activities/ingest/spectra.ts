/** Spectroscopy of a cohort's subjects: LCModel tables, tissue correction, and what is wrong with each spectrum. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SpectrumRow } from '../../analysis/statistics/study/index.js';
import type { SpectraInput, SpectraOutput } from '../../contracts/activities.js';
import { SulcusError } from '../../contracts/errors.js';
import type { CohortSpec, SpectroscopySpec } from '../../contracts/study.js';
import { readLcmodelTable, readParticipants } from '../../formats/index.js';
import type { ControlContext } from '../context.js';
import { keep, loadJson } from '../step.js';
import type { DatasetDocument } from './documents.js';
import { readInput } from './read-input.js';
import { fillTemplate } from './survey.js';

export interface SpectraDocument {
  metabolite: string;
  /** The formula, for the methods text. */
  correction: string;
  rows: SpectrumRow[];
}

export async function readSpectra({ store }: ControlContext, input: SpectraInput): Promise<SpectraOutput> {
  const spec = input.spec.spectroscopy;
  const cohort = input.spec.cohorts.find((c) => c.name === input.cohort);
  if (spec === null || cohort === undefined) throw new SulcusError('NO_SPECTROSCOPY', `the study has no spectroscopy for cohort ${input.cohort}`);
  const dataset = await loadJson<DatasetDocument>(store, input.dataset);
  const tissue = spec.tissue === null ? null : await readTissue(spec.tissue, input, cohort);
  const rows: SpectrumRow[] = [];
  for (const { id } of dataset.subjects) rows.push(await readSpectrum(id, spec, cohort, input.directory, tissue));
  const correction = spec.tissue === null ? 'none' : 'concentration / (1 - CSF fraction)';
  return { spectra: await keep(store, input.run, 'spectra', { metabolite: spec.metabolite, correction, rows } satisfies SpectraDocument) };
}

async function readTissue(tissue: NonNullable<SpectroscopySpec['tissue']>, input: SpectraInput, cohort: CohortSpec): Promise<Map<string, number | null>> {
  const name = join(cohort.directory, tissue.file);
  const bytes = await readInput(input.directory, name, 'check spectroscopy: tissue: file, or remove tissue: to go without correction');
  const table = readParticipants(bytes, { file: name, id: input.spec.columns.id, required: [tissue.columns.csf] });
  return new Map(table.rows.map((r) => {
    const csf = r.values[tissue.columns.csf];
    return [r.id, typeof csf === 'number' && csf >= 0 && csf < 1 ? csf : null];
  }));
}

async function readSpectrum(id: string, spec: SpectroscopySpec, cohort: CohortSpec, directory: string, tissue: Map<string, number | null> | null): Promise<SpectrumRow> {
  const name = join(cohort.directory, fillTemplate(spec.table, { id, prefix: cohort.prefix }));
  const row: SpectrumRow = { id, concentration: null, snr: null, fwhmHz: null, sdPercent: null, problems: [] };
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(directory, name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'EISDIR') throw error;
    return { ...row, problems: [code === 'ENOENT' ? 'missing' : 'unreadable'] };
  }
  try {
    const table = readLcmodelTable(bytes, { file: name });
    const hz = table.hzpppm ?? spec.hzpppm;
    const found = table.concentrations.get(spec.metabolite);
    row.snr = table.snr;
    row.fwhmHz = hz === null ? null : table.fwhmPpm * hz;
    row.sdPercent = found?.sdPercent ?? null;
    if (hz === null) row.problems.push('no hzpppm');
    if (found === undefined) row.problems.push('metabolite not in the table');
    if (!spec.waiveErrors && table.diagnostics.some((d) => d.kind === 'ERROR' || d.kind === 'FATAL')) row.problems.push('diagnostic');
    const csf = tissue === null ? 0 : tissue.get(id) ?? null;
    if (csf === null) row.problems.push('tissue');
    if (found !== undefined && csf !== null) row.concentration = found.value / (1 - csf);
    return row;
  } catch (error) {
    if (!(error instanceof SulcusError)) throw error;
    return { ...row, problems: ['unreadable'] };
  }
}
