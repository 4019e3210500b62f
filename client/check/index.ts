/** Reading everything a study refers to and computing nothing: every problem at once, worst first, and what each subject has. */
import { reachOf } from '../../activities/ingest/locate.js';
import { readRegion } from '../../activities/ingest/region.js';
import { checkStudyMesh } from '../../activities/ingest/study-mesh.js';
import { surveySubjects, type CohortSurvey } from '../../activities/ingest/survey.js';
import { createProblem, type Problem, type StudyFile } from '../../config/index.js';
import type { RegionDocument, SourceFile } from '../../activities/ingest/documents.js';
import type { Hemisphere } from '../../contracts/study.js';
import { failureOf } from './facts.js';
import { duplicates, duplicateSpectra, type SpectrumFile } from './findings/duplicates.js';
import { swappedHemispheres } from './findings/hemispheres.js';
import { levelsOf } from './findings/levels.js';
import { peopleOf, sharedIds } from './findings/people.js';
import { strangers } from './findings/strangers.js';
import { impossibleValues } from './findings/values.js';
import { inputsTable, type InputsTable, type TableMark } from './inputs-table.js';
import { worstFirst } from './order.js';
import { checkCohortInputs, checkPrograms, isTolerated, pipelineColumns, settleMade, standing, whereStepsRun, type PipelineReport, type ProgramReport, type StepsRun } from './pipelines/index.js';
import { inspectAll, type PoolOptions, type Regions } from './pool.js';
import { inputName, type FileRecord } from './record.js';
import { checkSpectra, type SpectraSummary } from './spectra.js';

export interface CohortReport {
  cohort: string;
  subjects: number;
  /** Subjects whose row and vertex files have no error: those that a run would analyse. */
  usable: number;
  /** Vertex files read. */
  files: number;
  spectra: SpectraSummary | null;
}

export interface CheckReport {
  problems: Problem[];
  cohorts: CohortReport[];
  /** Vertices analysed, and with a midline mask those of the region and those within the mask; null when the region cannot be made. */
  region: { side: Hemisphere; vertices: number; region: number; cortex: number | null }[] | null;
  table: InputsTable;
  /** By cohort and pipeline; empty without pipelines. */
  pipelines: PipelineReport[];
  programs: ProgramReport[];
  /** Where the programs will run. */
  stepsRun: StepsRun;
}

export interface CheckOptions extends Pick<PoolOptions, 'threads' | 'signal'> {
  onStatus?: (line: string) => void;
  /** The day that dates are held against. */
  today?: Date;
  env?: NodeJS.ProcessEnv;
}

export async function checkStudy(study: StudyFile, options: CheckOptions = {}): Promise<CheckReport> {
  const { spec, directory } = study, { onStatus = () => undefined, today = new Date(), env } = options;
  const problems: Problem[] = [...study.warnings], stepsRun = whereStepsRun(env);
  if (spec.pipelines !== undefined) onStatus('asking programs for their versions');
  const { programs, problems: lacking } = await checkPrograms(study, stepsRun, env);
  problems.push(...lacking);
  const region = await attempt(problems, study, ['region'], null, () => readRegion(spec, directory));
  const meshRead = await attempt(problems, study, ['surface', 'mesh'], null, async () => { await checkStudyMesh(spec, directory, true); return true; });
  const surveys: CohortSurvey[] = [], records: FileRecord[] = [];
  const cohorts: CohortReport[] = [], spectraRead: SpectrumFile[] = [], pipelines: PipelineReport[] = [], marks: TableMark[] = [];
  for (const { name } of spec.cohorts) {
    onStatus(`looking for the files of ${name}`);
    const survey = await attempt(problems, study, ['cohorts', name], name, () => surveySubjects(spec, directory, name));
    if (survey === null) continue;
    surveys.push(survey);
    const shared = new Set(Object.values(spec.surface.mesh ?? {})), reach = reachOf(spec, survey.cohort, directory), found: Problem[] = [];
    if (spec.pipelines !== undefined) onStatus(`looking for what ${name} brings to its pipelines`);
    found.push(...(await checkCohortInputs(study, survey, reach)));
    const files = await readFiles(survey, region, spec.surface.vertices, { files: shared, usable: meshRead !== null }, found, records, options);
    const vertexFiles = await settleMade(found, study, survey, reach);
    const errors = vertexFiles.problems.filter((p) => p.severity === 'error' && !isTolerated(p, study));
    const usable = errors.some((p) => p.subject === null) ? 0 : survey.subjects.length - new Set(errors.map((p) => p.subject)).size;
    problems.push(...vertexFiles.problems, ...peopleOf(survey, study, today));
    onStatus(`reading the spectra of ${name}`);
    const spectra = await checkSpectra(study, survey), tables = await settleMade(spectra.problems, study, survey, reach);
    problems.push(...tables.problems, ...(await strangers(survey, study)));
    spectraRead.push(...spectra.files);
    const { reports, marks: toMake } = standing(study, survey, vertexFiles.problems, [...vertexFiles.toMake, ...tables.toMake]);
    pipelines.push(...reports);
    marks.push(...toMake);
    cohorts.push({ cohort: name, subjects: survey.subjects.length, usable, files, spectra: spectra.summary });
  }
  problems.push(...sharedIds(surveys), ...duplicates(records), ...duplicateSpectra(spectraRead), ...swappedHemispheres(records), ...impossibleValues(records, spec.metrics), ...levelsOf(records, study));
  const inputs = ['participant', ...pipelineColumns(study), ...spec.metrics.flatMap((m) => spec.surface.hemispheres.map((side) => inputName(m.name, side))), ...(spec.spectroscopy === null ? [] : ['spectrum']), ...(spec.spectroscopy?.tissue == null ? [] : ['tissue'])];
  const subjects = surveys.flatMap((s) => s.subjects.map(({ id }) => ({ cohort: s.cohort.name, subject: id })));
  const told = problems.map((p) => (isTolerated(p, study) ? { ...p, severity: 'warning' as const, remedy: 'complete the subject; else they are analysed without what this pipeline makes' } : p));
  return { problems: worstFirst(told), cohorts, region: region === null ? null : regionCounts(region), table: inputsTable(inputs, subjects, problems, marks), pipelines, programs, stepsRun };
}

/** In mm: the two are written with few digits. */
const SAME_PLACE = 0.5;

/** The study's own surface: looked at once, not with every file that will be smoothed along it; and without it nothing can be sampled. */
interface SharedMesh {
  files: ReadonlySet<string>;
  usable: boolean;
}

const withoutSurface = ({ surface: _surface, smooth: _smooth, ...file }: SourceFile): SourceFile => file;

/** Reads the vertex files of a cohort; returns how many. Without a region they are still read: what is wrong with them shows all the same. */
async function readFiles(survey: CohortSurvey, region: RegionDocument | null, mesh: number, shared: SharedMesh, problems: Problem[], records: FileRecord[], options: CheckOptions): Promise<number> {
  const cohort = survey.cohort.name;
  const present: { subject: string; metric: string; side: Hemisphere; source: SourceFile }[] = [];
  for (const { id, rowProblem, located } of survey.subjects) {
    const add = ({ code, reason, file, line, remedy }: NonNullable<typeof rowProblem>, input: string): void => {
      problems.push(createProblem({ code: code ?? 'UNUSABLE', cohort, subject: id, input, file: file ?? null, line: line ?? null, message: reason, remedy: remedy ?? null }));
    };
    if (rowProblem !== null) add(rowProblem, 'participant');
    for (const { metric, side, file, problem } of located) {
      if (problem !== null) add(problem, inputName(metric, side));
      else if (file.surface === undefined || !shared.files.has(file.surface.name)) present.push({ subject: id, metric, side, source: file });
      else if (file.sampling === undefined) present.push({ subject: id, metric, side, source: withoutSurface(file) });
      else if (shared.usable) present.push({ subject: id, metric, side, source: file });
    }
  }
  const regions: Regions = region === null ? { left: everyVertex(mesh), right: everyVertex(mesh) } : Object.fromEntries(region.hemispheres.map((h) => [h.side, Int32Array.from(h.vertices)]));
  const inspections = await inspectAll(present.map(({ source }) => ({ source, mesh })), regions, {
    ...options, onProgress: (done) => options.onStatus?.(`reading ${cohort}: ${done} of ${present.length} files`),
  });
  inspections.forEach(({ facts, failure }, i) => {
    const { subject, metric, side, source } = present[i] as (typeof present)[number];
    const about = { cohort, subject, input: inputName(metric, side) };
    if (failure !== null) { problems.push(createProblem({ ...failure, ...about })); return; }
    records.push({ cohort, subject, metric, side, name: source.name, facts });
    if (facts.disagreement !== undefined && facts.disagreement > SAME_PLACE) {
      problems.push(createProblem({ severity: 'warning', code: 'TWO_ORIENTATIONS', ...about, file: source.name, message: `found an sform and a qform that put the volume's corners up to ${facts.disagreement.toFixed(1)} mm apart, expected the same place (the sform is used)`, remedy: 'find out which is right, and write it into both' }));
    }
    for (const field of facts.personal) problems.push(createProblem({ severity: 'warning', code: 'PERSONAL_HEADER', ...about, file: source.name, message: `the header seems to hold ${field}, expected none`, remedy: 'take it out of the file' }));
  });
  return present.length;
}

const everyVertex = (mesh: number): Int32Array => Int32Array.from({ length: mesh }, (_, v) => v);

function regionCounts({ hemispheres, counts }: RegionDocument): NonNullable<CheckReport['region']> {
  return hemispheres.map(({ side, vertices }) => {
    const count = counts?.find((c) => c.side === side);
    return { side, vertices: vertices.length, region: count?.region ?? vertices.length, cortex: count?.cortex ?? null };
  });
}

/** What the study file itself names is reported at the study file and its line. */
async function attempt<T>(problems: Problem[], study: StudyFile, path: (string | number)[], cohort: string | null, body: () => Promise<T>): Promise<T | null> {
  try {
    return await body();
  } catch (error) {
    const failure = failureOf(error, study.file);
    const named = failure.code === 'MISSING_FILE' || failure.file === study.file;
    problems.push(createProblem({ ...failure, cohort, ...(named ? { file: study.file, line: study.locate(placeOf(failure.file, study) ?? path) } : {}) }));
    return null;
  }
}

/** Where the study file names a file of the region; null when it does not. */
function placeOf(file: string | null, { spec: { region } }: StudyFile): (string | number)[] | null {
  const files: [string, Partial<Record<Hemisphere, unknown>> | string | null | undefined][] = [
    ['labels', region.kind === 'labels' ? region.labels : null], ['table', region.kind === 'labels' ? region.table : null], ['mask', region.kind === 'mask' ? region.mask : null],
    ['vertices', region.kind === 'vertices' ? region.vertices : null], ['midline_mask', region.midlineMask],
  ];
  for (const [key, value] of files) {
    if (value === file && file !== null) return ['region', key];
    for (const side of ['left', 'right'] as const) if (typeof value === 'object' && value !== null && value[side] === file) return ['region', key, side];
  }
  return null;
}
