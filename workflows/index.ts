/** What the control worker runs. */
export { cohortWorkflow } from './cohort.js';
export { participantWorkflow } from './participant.js';
export { pipelineWorkflow } from './pipeline.js';
export { studyWorkflow } from './study.js';
export { sweepWorkflow } from './sweep.js';
