/** Reading everything a study refers to and computing nothing: every problem at once. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { RegionDocument, ManifestSubject } from '../../activities/ingest/documents.js';
import { readRegion } from '../../activities/ingest/region.js';
import { fillTemplate, surveyManifest } from '../../activities/ingest/survey.js';
import { createProblem, type Problem, type StudyFile } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';
import { readLcmodelTable, readVertexText } from '../../formats/index.js';

/** Groups smaller than this are worth a warning. */
const SMALL_GROUP = 5;

export interface CheckReport {
  problems: Problem[];
  cohorts: { cohort: string; subjects: number; usable: number; files: number }[];
}

export async function checkStudy(file: StudyFile, onCohort: (line: string) => void): Promise<CheckReport> {
  const problems: Problem[] = [...file.warnings];
  const cohorts: CheckReport['cohorts'] = [];
  const region = await attempt(problems, file, ['region'], null, () => readRegion(file.spec, file.directory));
  for (const { name, groups } of file.spec.cohorts) {
    onCohort(`reading ${name}`);
    const manifest = await attempt(problems, file, ['cohorts', name], name, () => surveyManifest(file.spec, file.directory, name));
    if (manifest === null) continue;
    let usable = 0, files = 0;
    for (const subject of manifest.subjects) {
      const before = problems.length;
      if (subject.problem !== null) {
        problems.push(createProblem({ code: subject.problem.code ?? 'UNUSABLE', cohort: name, subject: subject.id, file: subject.problem.file ?? null, line: subject.problem.line ?? null, message: subject.problem.reason, remedy: subject.problem.remedy ?? null }));
      } else if (region !== null) {
        files += subject.files.length;
        await checkVertexFiles(subject, region, name, problems);
      }
      if (!problems.slice(before).some((p) => p.severity === 'error')) usable++;
      await checkSpectrum(file, name, subject, problems);
    }
    for (const group of groups) {
      const n = manifest.subjects.filter((s) => s.group === group).length;
      if (n < SMALL_GROUP) problems.push(createProblem({ severity: 'warning', code: 'SMALL_GROUP', cohort: name, message: `group ${group} has ${n} participant${n === 1 ? '' : 's'}`, remedy: 'its comparisons will be weak or impossible' }));
    }
    cohorts.push({ cohort: name, subjects: manifest.subjects.length, usable, files });
  }
  const rank = (p: Problem): number => (p.severity === 'error' ? 0 : 1);
  return { problems: problems.sort((a, b) => rank(a) - rank(b)), cohorts };
}

async function checkVertexFiles(subject: ManifestSubject, region: RegionDocument, cohort: string, problems: Problem[]): Promise<void> {
  for (const source of subject.files) {
    try {
      const at = region.hemispheres.find((h) => h.side === source.side);
      const values = readVertexText(await readFile(source.path), { file: source.name, vertices: region.meshVertices, select: Int32Array.from(at?.vertices ?? []) });
      const warn = (code: string, message: string, remedy: string): void => { problems.push(createProblem({ severity: 'warning', code, cohort, subject: subject.id, file: source.name, message, remedy })); };
      if (values.every((v) => v === values[0])) warn('CONSTANT_FILE', `${source.metric} is ${values[0]} at every vertex of the region`, 'check how the file was made');
      const negative = values.filter((v) => v < 0).length;
      if (negative > 0) warn('NEGATIVE_VALUES', `${source.metric} is negative at ${negative} vertices of the region`, 'check how the file was made');
    } catch (error) {
      problems.push(problemOf(error, cohort, subject.id, source.name));
    }
  }
}

async function checkSpectrum({ spec, directory }: StudyFile, cohortName: string, subject: ManifestSubject, problems: Problem[]): Promise<void> {
  const cohort = spec.cohorts.find((c) => c.name === cohortName);
  if (spec.spectroscopy === null || cohort === undefined) return;
  const name = join(cohort.directory, fillTemplate(spec.spectroscopy.table, { id: subject.id, prefix: cohort.prefix }));
  try {
    const table = readLcmodelTable(await readFile(resolve(directory, name)), { file: name });
    if (!table.concentrations.has(spec.spectroscopy.metabolite)) {
      problems.push(createProblem({ code: 'METABOLITE_MISSING', cohort: cohortName, subject: subject.id, file: name, message: `no row ${spec.spectroscopy.metabolite}`, remedy: 'check spectroscopy: metabolite' }));
    }
  } catch (error) {
    problems.push(problemOf(error, cohortName, subject.id, name));
  }
}

function problemOf(error: unknown, cohort: string | null, subject: string | null, file: string): Problem {
  if (error instanceof SulcusError) return createProblem({ code: error.code, cohort, subject, file: error.file ?? file, line: error.line, message: error.message, remedy: error.remedy });
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return createProblem({ code: code === 'ENOENT' ? 'MISSING_FILE' : 'UNREADABLE_FILE', cohort, subject, file, message: code === 'ENOENT' ? `${basename(file)} does not exist` : `cannot be read (${message})` });
}

/** What the study file itself names is reported at the study file and its line. */
async function attempt<T>(problems: Problem[], file: StudyFile, path: (string | number)[], cohort: string | null, body: () => Promise<T>): Promise<T | null> {
  try {
    return await body();
  } catch (error) {
    const problem = problemOf(error, cohort, null, file.file);
    const named = problem.code === 'MISSING_FILE';
    problems.push(named ? { ...problem, file: file.file, line: file.locate(path) } : problem);
    return null;
  }
}
