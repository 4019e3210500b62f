/** What a report is made of. The caller reads these from the results folder; nothing here touches a disk. */
import type { StudyResults } from '../contracts/results.js';

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

/** Without the row lists the report is complete but its figures show adjusted means instead of participants. */
export interface ReportInput {
  results: StudyResults;
  participants?: readonly ParticipantRow[];
  indices?: readonly IndexRow[];
  glx?: readonly GlxRow[];
}
