/** What of the report takes seconds for many cohorts: it runs in a task thread. From the files of the folder alone, as `sulcus report` makes it again. */
import type { StudyResults } from '../../contracts/results.js';
import { drawPictures, readReportInput, renderBody, type ResultsFolder, type Scene } from '../../report/index.js';
import type { Body } from '../../report/page.js';
import type { ResultFile } from './tables.js';

/** The pictures of the parcellation; empty: there is nothing to draw. */
export function reportPictures(files: readonly ResultFile[]): Scene[] {
  const folder = folderOf(files);
  return drawPictures(resultsOf(folder), folder);
}

/** `scenes`: what `reportPictures` made of the same files. */
export function reportBody(files: readonly ResultFile[], scenes: Scene[]): Body {
  const folder = folderOf(files);
  return renderBody({ ...readReportInput(resultsOf(folder), folder), scenes });
}

function folderOf(files: readonly ResultFile[]): ResultsFolder {
  const byPath = new Map(files);
  return (path) => byPath.get(path) ?? null;
}

const resultsOf = (folder: ResultsFolder): StudyResults => JSON.parse(String(folder('results.json'))) as StudyResults;
