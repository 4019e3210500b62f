/** One cohort: what differs from what the last run took in, who waits, and what is being written at this moment. */
import { resolve } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';
import type { Exclusion } from '../../contracts/results.js';
import type { CohortSpec, SpectroscopySpec } from '../../contracts/study.js';
import type { CohortFindings } from '../../contracts/sweep.js';
import { readSpectra } from '../ingest/index.js';
import { reachOf } from '../ingest/locate.js';
import { spectrumFile } from '../ingest/spectra.js';
import { surveySubjects, type CohortSurvey } from '../ingest/survey.js';
import { fillTemplate } from '../ingest/templates.js';
import { WAITING } from '../ingest/waiting.js';
import { excludedByPersons } from '../operator/exclusions.js';
import { CohortMarks } from './cohort-marks.js';
import type { LastRun } from './last-run.js';
import type { Known, Look } from './look.js';
import { lookAtParticipant } from './participant.js';
import { lookAtScans } from './scans.js';
import { isRecent, see } from './seen.js';
import { sameSpec } from './shared.js';
import { lookBeforePipelines } from './to-make.js';

/** A participant whose files will be taken in: looked at again at the end, lest they grow. */
export interface Candidate {
  id: string;
  /** In the last run. */
  known: boolean;
  paths: string[];
  print: string;
}

export interface CohortLook {
  findings: CohortFindings;
  waiting: Exclusion[];
  /** What the last run read and is being written now; never an id. */
  unsettled: string[];
  candidates: Candidate[];
  /** Participants whose files are all there and quiet. */
  settled: number;
}

type Before = NonNullable<ReturnType<LastRun['cohorts']['get']>>;

/** Throws what the survey throws: an unreadable table, an unknown cohort. */
export async function lookAtCohort(look: Look, cohort: string): Promise<CohortLook> {
  const survey = await surveySubjects(look.spec, look.directory, cohort);
  const before = look.last?.cohorts.get(cohort) ?? null;
  const known = new Map<string, Known>(before?.dataset.subjects.map((about, i) => [about.id, { about, key: before.dataset.keys[i] ?? '' }]));
  const left = new Map(before?.dataset.excluded.map((e) => [e.id, e]));
  const findings: CohortFindings = { cohort, participants: survey.subjects.length, added: 0, removed: 0, files: 0, rows: 0, spectra: false, waiting: 0 };
  const found: CohortLook = { findings, waiting: [], unsettled: [], candidates: [], settled: 0 };
  const marks = new CohortMarks(survey.subjects), decided = await excludedByPersons(look.store, look.spec.study, cohort);
  const reach = look.spec.pipelines === undefined ? null : reachOf(look.spec, survey.cohort, look.directory);
  let writing = 0;
  for (const subject of survey.subjects) {
    cancellationSignal().throwIfAborted();
    const analysed = known.get(subject.id) ?? null, leftOut = left.get(subject.id) ?? null, isDecided = decided.has(subject.id);
    const toMake = reach !== null && analysed === null && !isDecided ? await lookBeforePipelines(look, subject, leftOut, reach) : null;
    let verdict = toMake ?? await lookAtParticipant(look, subject, analysed, leftOut, isDecided, marks);
    if (reach !== null && analysed !== null && verdict.kind === 'settled' && verdict.change !== 'files') verdict = await lookAtScans(look, subject.id, reach) ?? verdict;
    if (verdict.kind === 'waits') { found.waiting.push(verdict.why); continue; }
    if (verdict.kind === 'written') { writing++; continue; }
    if (verdict.change !== null) findings[verdict.change]++;
    if (verdict.kind === 'excluded') continue;
    found.settled++;
    if (verdict.files !== null) found.candidates.push({ id: subject.id, known: known.has(subject.id), ...verdict.files });
  }
  findings.waiting = found.waiting.length;
  findings.removed += removedFrom(survey, before);
  if (writing > 0) found.unsettled.push(beingWritten(writing, cohort));
  const { added, removed, rows, files } = findings;
  const table = await see([survey.file, survey.file.replace(/\.[a-z]+$/i, '.json')].map((name) => resolve(look.directory, name)));
  if ((before === null || added + removed + rows > 0) && isRecent(table, look.now, look.settleMs)) found.unsettled.push(`the participants table of ${cohort} has just changed`);
  if (before !== null && look.spec.spectroscopy !== null && sameSpec(look.last?.spec, look.spec) && added + removed + rows + files + writing === 0) await lookAtSpectra(look, look.spec.spectroscopy, survey, before, found);
  return found;
}

export function beingWritten(participants: number, cohort: string): string {
  return `files of ${participants} participant${participants === 1 ? '' : 's'} of ${cohort} that were analysed are being written`;
}

/** Rows of the last run that are gone; somebody who was only waiting is not missed. */
function removedFrom(survey: CohortSurvey, before: Before | null): number {
  if (before === null) return 0;
  const present = new Set(survey.subjects.map((s) => s.id)), { subjects, excluded } = before.dataset;
  return [...subjects, ...excluded.filter((e) => e.code !== WAITING)].filter(({ id }) => !present.has(id)).length;
}

/** Spectra and tissue fractions of the same participants, read again: they are small, and a table's content decides. */
async function lookAtSpectra(look: Look, spec: SpectroscopySpec, survey: CohortSurvey, before: Before, found: CohortLook): Promise<void> {
  const { run, directory } = look, { name } = survey.cohort;
  const { spectra } = await readSpectra(look.context, { run, cohort: name, spec: look.spec, directory, dataset: { kind: 'dataset', key: before.datasetKey } });
  if (spectra.key === before.spectra) return;
  found.findings.spectra = true;
  const files = before.dataset.subjects.flatMap(({ id }) => spectroscopyFiles(id, spec, survey.cohort, directory));
  if (isRecent(await see(files), look.now, look.settleMs)) found.unsettled.push(`spectra or tissue fractions of ${name} are being written`);
}

function spectroscopyFiles(id: string, spec: SpectroscopySpec, cohort: CohortSpec, directory: string): string[] {
  const { tissue } = spec;
  const names = tissue === null ? [] : 'file' in tissue ? [tissue.file] : [tissue.voxel, ...(typeof tissue.segmentation === 'string' ? [tissue.segmentation] : Object.values(tissue.segmentation))];
  return [resolve(directory, spectrumFile(id, spec, cohort)), ...names.map((name) => resolve(directory, cohort.directory, fillTemplate(name, { id, prefix: cohort.prefix })))];
}
