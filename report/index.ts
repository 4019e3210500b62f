export { drawPictures, renderBody } from './body.js';
export type { Scene } from './brain/index.js';
export { markdownOf } from './markdown.js';
export { readReportInput } from './read.js';
export { renderReport } from './render.js';
export type { GlxRow, IndexRow, ParticipantRow, ReportInput, ResultsFolder } from './types.js';
