/** The study file: loading it, and what can be wrong with it. */
export { Bounds } from './bounds.js';
export { StudyFileError } from './errors.js';
export { loadStudy, parseStudy, type StudyFile } from './load.js';
export { nearest } from './nearest.js';
export { createProblem, formatProblem, type Problem } from './problem.js';
