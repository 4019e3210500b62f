export { markdownOf } from './markdown.js';
export { readReportInput } from './read.js';
export { SCENE_VERSION, type Scene } from './brain/index.js';
export { drawPictures, renderReport } from './render.js';
export type { GlxRow, IndexRow, ParticipantRow, ReportInput, ResultsFolder } from './types.js';
