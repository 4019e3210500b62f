/** The input of a report from the files of a results folder, wherever they are: on disk, or about to be written. */
import type { StudyResults } from '../contracts/results.js';
import { readTsv } from '../formats/index.js';
import type { GlxRow, IndexRow, ParticipantRow, QualityLimits, ReportInput, ResidualRow, ResultsFolder, SpectrumRow } from './types.js';

type Row = (column: string) => string | null;

/** `results` is results.json; missing tables are empty. Throws what readTsv throws of a damaged table. */
export function readReportInput(results: StudyResults, folder: ResultsFolder): ReportInput {
  const rows = <T>(name: string, of: (cell: Row) => T): T[] => {
    const file = `tables/${name}.tsv`, content = folder(file);
    if (content === null) return [];
    const { columns, rows: read } = readTsv(typeof content === 'string' ? new TextEncoder().encode(content) : content, { file });
    const place = new Map(columns.map((column, index) => [column, index]));
    return read.map(({ cells }) => of((column) => cells[place.get(column) ?? -1] ?? null));
  };
  const who = (cell: Row): { cohort: string; participant: string } => ({ cohort: cell('cohort') ?? '', participant: cell('participant') ?? '' });
  const index = (cell: Row): { component: number; metric: string } => ({ component: Number(cell('component')), metric: cell('metric') ?? '' });
  const number = (text: string | null): number | null => (text === null ? null : Number(text));
  const spectra = rows('spectra', (cell) => ({ ...who(cell), concentration: number(cell('concentration')), snr: number(cell('snr')), fwhmHz: number(cell('fwhm_hz')), sdPercent: number(cell('sd_percent')), excluded: cell('excluded') }));
  return {
    results, files: folder, limits: limitsOf(folder('provenance.json')), previous: parsed<StudyResults>(folder('previous.json')),
    participants: rows('participants', (cell): ParticipantRow => ({ ...who(cell), group: cell('group') ?? '', age: number(cell('age')), sex: cell('sex') })),
    indices: rows('indices', (cell): IndexRow => ({ ...who(cell), ...index(cell), value: Number(cell('value')) })),
    residuals: rows('residuals', (cell): ResidualRow => ({ ...who(cell), ...index(cell), fitted: Number(cell('fitted')), residual: Number(cell('residual')), standardised: number(cell('standardised')) })),
    spectra: spectra.map(({ concentration: _, ...row }): SpectrumRow => row),
    glx: spectra.flatMap((row): GlxRow[] => (row.excluded !== null || row.concentration === null ? [] : [{ cohort: row.cohort, participant: row.participant, value: row.concentration }])),
  };
}

function parsed<T>(content: Uint8Array | string | null): T | null {
  return content === null ? null : (JSON.parse(typeof content === 'string' ? content : new TextDecoder().decode(content)) as T);
}

/** From the study file as provenance.json keeps it. */
function limitsOf(provenance: Uint8Array | string | null): QualityLimits | null {
  return parsed<{ spec?: { spectroscopy?: { quality?: QualityLimits } | null } }>(provenance)?.spec?.spectroscopy?.quality ?? null;
}
