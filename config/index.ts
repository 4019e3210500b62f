/** The study file: loading it, and what can be wrong with it. */
export { Bounds, isWithin } from './bounds.js';
export { StudyFileError } from './errors.js';
export { withinStudy } from './from-study.js';
export { loadStudy, parseStudy, type StudyFile } from './load.js';
export { nearest } from './nearest.js';
export { readPipelineFile, shippedPipelines, type PipelineSource } from './pipeline-files.js';
export { placeholdersIn, replacePlaceholders, type Placeholder } from './pipeline-placeholders.js';
export { readPipeline, type PipelineDefinition } from './pipeline-read.js';
export { createProblem, formatProblem, type Problem } from './problem.js';
