import type { TissueCorrection } from '../../../contracts/glx-rows.js';
import type { ReplicatedIndex } from '../../../contracts/results.js';
import type { CohortStatistics } from '../../../contracts/cohort-statistics.js';
import type { ClinicalSpec, StatisticsSpec } from '../../../contracts/study.js';
import type { Table } from '../table.js';

/** One participant's spectrum. */
export interface SpectrumRow {
  id: string;
  /** Corrected for tissue where the study asks for it; institutional units. */
  concentration: number | null;
  snr: number | null;
  fwhmHz: number | null;
  sdPercent: number | null;
  /** Codes such as missing, unreadable, diagnostic, tissue: any of them blocks use. */
  problems: string[];
  /** Step in which the table states FWHM, Hz. */
  fwhmStepHz?: number | null;
  /** CSF fraction of the voxel. */
  csf?: number | null;
}

export interface SpectraInput {
  metabolite: string;
  /** The formula, for people. */
  correction: string;
  /** Its constants and source; absent in artifacts of earlier versions. */
  tissue?: TissueCorrection;
  /** Excluded when S/N <= snr, FWHM (Hz) >= fwhm or %SD >= sd. */
  quality: { snr: number; fwhm: number; sd: number };
  rows: SpectrumRow[];
}

export interface IndexInput {
  component: number;
  metric: string;
  /** One value a participant, in the order of the participants. */
  values: (number | null)[];
}

export interface CohortInput {
  name: string;
  /** Order of presentation. */
  groups: string[];
  control: string;
  /** Columns id, group, age, sex and every other column of participants.tsv by its own name. */
  participants: Table;
  indices: IndexInput[];
  spectra: SpectraInput | null;
}

export interface StudyStatisticsInput {
  cohorts: CohortInput[];
  clinical: ClinicalSpec[];
  demographics: string[];
  statistics: StatisticsSpec;
}

export interface StudyStatisticsOutput {
  cohorts: Record<string, CohortStatistics>;
  replicated: ReplicatedIndex[];
  /** Plain sentences without participants' ids. */
  doubts: string[];
}
