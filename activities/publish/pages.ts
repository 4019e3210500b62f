/** The report from the files of the folder alone, as `sulcus report` makes it again. Seconds of work for many cohorts: it runs in a task thread. */
import type { StudyResults } from '../../contracts/results.js';
import { drawPictures, markdownOf, readReportInput, renderReport, type Scene } from '../../report/index.js';
import type { ResultFile } from './tables.js';

export interface ReportPages {
  page: string;
  markdown: string;
  /** The pictures of the parcellation that are in the page; null: it has none. */
  scenes: Scene[] | null;
}

/** `known`: the pictures of an earlier report on the same surface and labels; null: none. */
export function reportPages(files: readonly ResultFile[], known: Scene[] | null): ReportPages {
  const byPath = new Map(files), results = byPath.get('results.json');
  const input = readReportInput(JSON.parse(String(results)) as StudyResults, (path) => byPath.get(path) ?? null), scenes = known ?? drawPictures(input);
  const page = renderReport({ ...input, scenes });
  return { page, markdown: markdownOf(page), scenes };
}
