/** What a report is made of. The caller reads these from the results folder; nothing here touches a disk. */
import type { StudyResults } from '../contracts/results.js';
import type { Scene } from './brain/scene.js';

/** A file of the results folder by its path in it (`tables/indices.tsv`); null when there is none. */
export type ResultsFolder = (path: string) => Uint8Array | string | null;

/** One participant who entered the analysis. `age` in years; null where it is not known. */
export interface ParticipantRow {
  cohort: string;
  participant: string;
  group: string;
  age?: number | null;
  sex?: string | null;
}

/** The mean of one metric over the vertices of one component, for one participant, in the metric's unit. */
export interface IndexRow {
  cohort: string;
  participant: string;
  component: number;
  metric: string;
  value: number;
}

/** One participant's corrected metabolite level (institutional units). */
export interface GlxRow {
  cohort: string;
  participant: string;
  value: number;
}

/** One spectrum that was read. `excluded`: why it is not used. */
export interface SpectrumRow {
  cohort: string;
  participant: string;
  snr: number | null;
  fwhmHz: number | null;
  sdPercent: number | null;
  excluded: string | null;
}

/** One participant in the group model of one index. */
export interface ResidualRow {
  cohort: string;
  participant: string;
  component: number;
  metric: string;
  fitted: number;
  residual: number;
  standardised: number | null;
}

/** A spectrum is left out at S/N <= snr, FWHM (Hz) >= fwhm or %SD >= sd. */
export interface QualityLimits {
  snr: number;
  fwhm: number;
  sd: number;
}

/** Without the row lists the report is complete but its figures show adjusted means instead of participants. */
export interface ReportInput {
  results: StudyResults;
  participants?: readonly ParticipantRow[];
  indices?: readonly IndexRow[];
  glx?: readonly GlxRow[];
  spectra?: readonly SpectrumRow[];
  residuals?: readonly ResidualRow[];
  limits?: QualityLimits | null;
  /** The results these replaced, for what changed since. */
  previous?: StudyResults | null;
  /** The other files of the results folder: parcellations, surfaces. */
  files?: ResultsFolder;
  /** `drawPictures` of the same surface and labels; without it they are drawn again. */
  scenes?: Scene[];
  /** Name participants by their identifiers; without it by number. */
  identifiers?: boolean;
}
