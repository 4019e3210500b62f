/** Templates of files begin at the cohort's folder; of pipelines' inputs also at the study's. */

const FROM_STUDY = /^\{study\}\/+(?=[^/])/;

/** `templates/brain.mnc` of `{study}/templates/brain.mnc`, relative to the study's folder; any other template as it is, relative to the cohort's. */
export const withinStudy = (template: string): string => template.replace(FROM_STUDY, '');
