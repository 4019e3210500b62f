/** The report from the files of the folder alone, as `sulcus report` makes it again. Seconds of work for many cohorts: it runs in a task thread. */
import type { StudyResults } from '../../contracts/results.js';
import { markdownOf, readReportInput, renderReport } from '../../report/index.js';
import type { ResultFile } from './tables.js';

export interface ReportPages {
  page: string;
  markdown: string;
}

export function reportPages(files: readonly ResultFile[]): ReportPages {
  const byPath = new Map(files), results = byPath.get('results.json');
  const page = renderReport(readReportInput(JSON.parse(String(results)) as StudyResults, (path) => byPath.get(path) ?? null));
  return { page, markdown: markdownOf(page) };
}
