/**
 * report.html and report.md. Their body, everything but which run it was, is kept in the store with its pictures: a run that finds what an earlier one
 * found writes only its own heading, changes and provenance around it.
 *
 * Why that is never a page of other results, or of an older sulcus: the body is made in a thread that is given `shownFiles` and nothing else, and its key is
 * the digest of every one of them together with the hash of the code that reads them, libraries included, as the build found it (page-code.ts).
 */
import type { StudyResults } from '../../contracts/results.js';
import type { StudySpec } from '../../contracts/study.js';
import type { RunInfo } from '../../contracts/activities.js';
import type { ArtifactRef } from '../../contracts/refs.js';
import type { Scene } from '../../report/index.js';
import { renderPages, withoutRun, type Body } from '../../report/page.js';
import { digestBytes, stepKey } from '../../storage/keys.js';
import type { ControlContext } from '../context.js';
import { aside } from '../resampling/runner.js';
import { cachedJson } from '../step.js';
import { PAGE_CODE } from './page-code.js';
import { STEP_TABLE } from './pipelines.js';
import type { ResultFile } from './tables.js';

/** Changes when other things are put into the keys. */
const KEYS_VERSION = 1;
/** Files that tell which run it was. */
const OF_THE_RUN = new Set(['results.json', 'provenance.json', 'previous.json', STEP_TABLE]);
/** Files that pictures are made of. */
const DRAWN = /^surface\/|^parcellation\/.*_(left|right)\.txt$/;

export async function reportFiles(context: Pick<ControlContext, 'store' | 'tasks'>, run: RunInfo, spec: Pick<StudySpec, 'spectroscopy'>, results: StudyResults, files: readonly ResultFile[]): Promise<ResultFile[]> {
  const shown = shownFiles(files, results, spec);
  const body = await cachedJson<Body>(context.store, run, keyOf('pages', shown), async () => {
    // In a thread, like everything that takes seconds: while the main one stands still, every step of this worker falls silent.
    const scenes = await cachedJson<Scene[]>(context.store, run, picturesKey(shown, results), () => context.tasks.run({ kind: 'pictures', files: shown }, aside()));
    return context.tasks.run({ kind: 'body', files: shown, scenes }, aside());
  });
  const previous = files.find(([path]) => path === 'previous.json')?.[1];
  const { page, markdown } = renderPages(body, results, previous === undefined ? null : JSON.parse(String(previous)) as StudyResults);
  return [['report.html', page], ['report.md', markdown]];
}

/** The folder as far as it is shown whichever run it was: results without the run, of the study file the limits of spectra, and every other file. */
function shownFiles(files: readonly ResultFile[], results: StudyResults, spec: Pick<StudySpec, 'spectroscopy'>): ResultFile[] {
  const quality = spec.spectroscopy?.quality ?? null;
  return [
    ['results.json', JSON.stringify(withoutRun(results))], ['provenance.json', JSON.stringify({ spec: { spectroscopy: { quality } } })],
    ...files.filter(([path]) => !OF_THE_RUN.has(path)),
  ];
}

/** The results only say how many components there are: labels need not hold the last of them. */
function picturesKey(shown: readonly ResultFile[], { cohorts }: StudyResults): ArtifactRef {
  return keyOf('picture', shown.filter(([path]) => DRAWN.test(path)), Object.entries(cohorts).map(([name, { parcellation }]) => [name, parcellation?.rank ?? null]));
}

function keyOf(kind: 'pages' | 'picture', files: readonly ResultFile[], more: unknown = null): ArtifactRef {
  const digests = files.map(([path, content]) => [path, digestBytes(typeof content === 'string' ? Buffer.from(content) : content)]);
  return { kind, key: stepKey(kind, KEYS_VERSION, { code: PAGE_CODE[kind], files: digests, more }) };
}
