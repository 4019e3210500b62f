import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { StudySpec } from '../contracts/study.js';
import { checkColumns, checkGroups } from './checks/groups.js';
import { checkHemispheres, checkRanks } from './checks/numbers.js';
import { checkLinks } from './checks/links.js';
import { checkPaths } from './checks/paths.js';
import { readPipelines } from './checks/pipelines.js';
import { checkSampling } from './checks/sampling.js';
import { checkSpectroscopy } from './checks/spectroscopy.js';
import { checkTemplates } from './checks/templates.js';
import { parseStudyDocument, type Path, type StudyDocument } from './document.js';
import { readDraft, type Draft } from './draft.js';
import { StudyFileError } from './errors.js';
import { reporter, type Report } from './issues.js';
import { readPipelineFile, type PipelineSource } from './pipeline-files.js';
import { createProblem, type Problem } from './problem.js';
import { specOf } from './spec.js';

/** The longest lists that it may hold take half of this. */
const MOST_BYTES = 2 ** 19;

/** A study file that holds together. Nothing it refers to has been opened yet. */
export interface StudyFile {
  spec: StudySpec;
  /** Absolute path of the folder the file lies in; the study's paths are relative to it. */
  directory: string;
  /** Absolute path of the file. */
  file: string;
  /** The file as it was read. */
  text: string;
  /** Line (from 1) of the key at `path`, e.g. `['metrics', 'md', 'file']`, or of its nearest ancestor. Keys are the file's, in snake case. */
  locate(path: Path): number;
  /** Address of the bucket in which artifacts are kept; null: the study file names none. */
  storage: string | null;
  /** What is doubtful but usable. */
  warnings: Problem[];
}

/** Reads a study file, and the pipelines that it uses. Throws a StudyFileError that lists every problem at once. */
export async function loadStudy(path: string): Promise<StudyFile> {
  const read = readStudy(await readText(path), path), sources = new Map<string, PipelineSource>();
  for (const { use } of read.draft?.pipelines.values() ?? []) if (!sources.has(use)) sources.set(use, await readPipelineFile(use, path, read.draft?.outside));
  const parsed = conclude(read, sources), directory = dirname(resolve(path)), problems: Problem[] = [];
  await checkLinks(parsed.spec, directory, reporter(path, (at) => parsed.locate(at), problems));
  if (problems.length > 0) throw new StudyFileError(path, problems);
  return { ...parsed, directory, file: resolve(path) };
}

type Parsed = Pick<StudyFile, 'spec' | 'text' | 'locate' | 'storage' | 'warnings'>;

/** The study in a text; `file` is the name its problems are reported under, `sources` the pipeline files by what `use` calls them. */
export function parseStudy(text: string, file: string, sources: ReadonlyMap<string, PipelineSource> = new Map()): Parsed {
  return conclude(readStudy(text, file), sources);
}

interface Read {
  text: string;
  file: string;
  document: StudyDocument;
  draft: Draft | null;
  report: Report;
  problems: Problem[];
}

function readStudy(text: string, file: string): Read {
  const document = parseStudyDocument(text, file);
  if (document.problems.length > 0) throw new StudyFileError(file, document.problems);
  const problems: Problem[] = [], report = reporter(file, (at) => document.locate(at), problems);
  return { text, file, document, draft: readDraft(document.value, report), report, problems };
}

function conclude({ text, file, document, draft, report, problems }: Read, sources: ReadonlyMap<string, PipelineSource>): Parsed {
  const elsewhere: Problem[] = [];
  const pipelines = draft === null ? [] : readPipelines(draft, sources, report, elsewhere);
  if (draft !== null) for (const check of [checkRanks, checkHemispheres, checkTemplates, checkGroups, checkColumns, checkPaths, checkSampling, checkSpectroscopy]) check(draft, report);
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  problems.push(...elsewhere);
  const spec = draft === null || problems.some((problem) => problem.severity === 'error') ? null : specOf(draft, pipelines);
  if (spec === null) throw new StudyFileError(file, problems);
  return { spec, text, locate: (at) => document.locate(at), storage: draft?.storage ?? null, warnings: problems };
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new StudyFileError(path, [createProblem({ code: 'study-yaml', file: path, message: `found ${Math.ceil(size / 1024)} KiB, a study file has at most ${MOST_BYTES / 1024}`, remedy: 'name the study file; long lists of vertices go into a file of their own' })]);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof StudyFileError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    const message = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a folder, not a study file' : `cannot be read (${code ?? String(cause)})`;
    const remedy = code === 'EISDIR' ? `name the file in it, e.g. ${basename(path)}/study.yaml` : '`sulcus init DIR` writes one for a folder of data';
    throw new StudyFileError(path, [createProblem({ code: 'study-file-unreadable', file: path, message, remedy })], cause);
  }
}
