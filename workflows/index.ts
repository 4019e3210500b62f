/** What the control worker runs. */
export { cohortWorkflow } from './cohort.js';
export { studyWorkflow } from './study.js';
export { sweepWorkflow } from './sweep.js';
