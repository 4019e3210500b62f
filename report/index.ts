export { renderReport } from './render.js';
export type { GlxRow, IndexRow, ParticipantRow, ReportInput } from './types.js';
