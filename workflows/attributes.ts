/** Typed search attributes; names and types are registered by the client. Never a subject's id. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const STUDY = defineSearchAttributeKey('SulcusStudy', SearchAttributeType.KEYWORD);
export const COHORT = defineSearchAttributeKey('SulcusCohort', SearchAttributeType.KEYWORD);
export const STAGE = defineSearchAttributeKey('SulcusStage', SearchAttributeType.KEYWORD);
export const SUBJECTS = defineSearchAttributeKey('SulcusSubjects', SearchAttributeType.INT);
export const RANK = defineSearchAttributeKey('SulcusRank', SearchAttributeType.INT);
export const REMINDERS = defineSearchAttributeKey('SulcusReminders', SearchAttributeType.INT);
