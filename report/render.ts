/** Results to one self-contained HTML page. Pure: the caller reads the results folder and writes the file. */
import { renderBody } from './body.js';
import { renderPages } from './page.js';
import type { ReportInput } from './types.js';

export function renderReport(input: ReportInput): string {
  return renderPages(renderBody(input), input.results, input.previous ?? null).page;
}
