/** Search attributes of sulcus' workflows, and their types. Never a subject's id: search attributes are stored and indexed in the clear. */
export const SEARCH_ATTRIBUTES = {
  /** Name of the study. */
  SulcusStudy: 'Keyword',
  /** Name of the cohort; absent on study workflows. */
  SulcusCohort: 'Keyword',
  /** The stage that is running, or the last one. */
  SulcusStage: 'Keyword',
  /** Subjects analysed, exclusions not counted. */
  SulcusSubjects: 'Int',
  /** The rank chosen. */
  SulcusRank: 'Int',
  /** How often a waiting review has reminded; absent before the first time. */
  SulcusReminders: 'Int',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
