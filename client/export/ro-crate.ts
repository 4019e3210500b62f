/**
 * ro-crate-metadata.json: what was run to make an export, for machines. RO-Crate 1.1 (JSON-LD), profile Process Run Crate 0.5: a CreateAction for the run of
 * sulcus, and one for each step of each participant's pipelines, whose instruments are the programs, with the container image they ran in.
 *
 * Under pseudonyms neither checksums of files nor times are told: with the checksum of a scan, whoever has the scan knows who it is; and steps begin in
 * the order of the study's table.
 */
import type { StudyResults } from '../../contracts/results.js';
import type { PipelineStepResults } from '../../contracts/pipeline-results.js';
import { commandLine } from '../../report/pipelines.js';
import type { Names } from './names.js';
import { resultRows, type BidsFile, type ReadResult, type Row } from './rows.js';

const PROCESS_RUN = 'https://w3id.org/ro/wfrun/process/0.5';
const COMPLETED = { '@id': 'http://schema.org/CompletedActionStatus' };

type Entity = { '@id': string; '@type': string | string[] } & Record<string, unknown>;
interface Reference { '@id': string }
const to = (id: string): Reference => ({ '@id': id });
/** Fragments of a URI. */
const fragment = (...parts: readonly string[]): string => `#${parts.map((part) => encodeURIComponent(part)).join('/')}`;

/** `files`: everything else that is exported. `identifiers`: participants are named by their identifiers, and the export stays in the laboratory. */
export function roCrate(results: StudyResults, read: ReadResult, files: readonly BidsFile[], { label, inOrder }: Names, identifiers: boolean): BidsFile {
  const rows = inOrder(resultRows(read, 'pipeline_steps')), about = stepsByName(results);
  const made = new Map<string, Entity>(), programs = new Map<string, Entity>();
  const sulcus: Entity = { '@id': fragment('sulcus', results.run.version), '@type': 'SoftwareApplication', name: 'sulcus', softwareVersion: results.run.version };
  const actions = rows.map((row) => stepAction(row, label(row), about, made, programs, sulcus, identifiers));
  const run: Entity = {
    '@id': fragment('run', results.run.runId), '@type': 'CreateAction', name: `sulcus, run ${results.run.runId}`, description: 'OPNMF parcellation, indices and statistics', instrument: to(sulcus['@id']),
    endTime: results.run.finishedAt, actionStatus: COMPLETED, result: files.map(([path]) => to(pathId(path))),
  };
  const graph: Entity[] = [
    { '@id': 'ro-crate-metadata.json', '@type': 'CreativeWork', conformsTo: to('https://w3id.org/ro/crate/1.1'), about: to('./') },
    {
      '@id': './', '@type': 'Dataset', name: `${results.study}: parcellation and structural indices`, description: 'Results of sulcus as a BIDS derivative, and what was run to make them.', datePublished: results.run.finishedAt,
      license: 'Not stated by the laboratory', conformsTo: to(PROCESS_RUN), hasPart: files.map(([path]) => to(pathId(path))), mentions: [run, ...actions].map((action) => to(action['@id'])),
    },
    { '@id': PROCESS_RUN, '@type': 'CreativeWork', name: 'Process Run Crate', version: '0.5' },
    ...files.map(([path]): Entity => ({ '@id': pathId(path), '@type': 'File', name: path.replace(/^.*\//, '') })),
    sulcus, run, ...programs.values(), ...made.values(), ...actions,
  ];
  return ['ro-crate-metadata.json', `${JSON.stringify({ '@context': ['https://w3id.org/ro/crate/1.1/context', 'https://w3id.org/ro/terms/workflow-run/context'], '@graph': graph }, null, 1)}\n`];
}

const pathId = (path: string): string => path.split('/').map((part) => encodeURIComponent(part)).join('/');
const stepKey = (cohort: string, pipeline: string, step: string): string => JSON.stringify([cohort, pipeline, step]);

function stepsByName({ pipelines = [] }: StudyResults): Map<string, PipelineStepResults> {
  return new Map(pipelines.flatMap(({ cohort, pipeline, steps }) => steps.map((step) => [stepKey(cohort, pipeline, step.step), step] as const)));
}

/** One step of one participant. Its files are in the laboratory: they are told as what it read and made, not as parts of the export. */
function stepAction(row: Row, label: string, about: ReadonlyMap<string, PipelineStepResults>, made: Map<string, Entity>, programs: Map<string, Entity>, sulcus: Entity, identifiers: boolean): Entity {
  const { cohort, pipeline, step, program, version } = { cohort: text(row, 'cohort'), pipeline: text(row, 'pipeline'), step: text(row, 'step'), program: text(row, 'program'), version: text(row, 'version') };
  // Files that were there before: sulcus copied them, and what made them is not known.
  const copied = text(row, 'inputs').startsWith('existing:'), told = copied ? undefined : about.get(stepKey(cohort, pipeline, step)), command = told?.command;
  const instrument = copied ? sulcus['@id'] : fragment('program', program, version);
  if (!copied) programs.set(instrument, { '@id': instrument, '@type': 'SoftwareApplication', name: program, softwareVersion: version });
  const image = imageOf(told);
  if (image !== null) programs.set(image['@id'], image);
  const refer = (column: string): Reference[] => text(row, column).split(' ').filter((one) => one !== '').map((one) => {
    const [name = '', sha256 = ''] = one.split('=');
    // `input:dwi`, `denoise:dwi`; an output is named by its step.
    const full = column === 'outputs' ? `${step}:${name}` : name.replace(/^existing:/, `existing ${step}:`), id = fragment('file', cohort, label, pipeline, full);
    made.set(id, { '@id': id, '@type': 'CreativeWork', name: full, ...(identifiers ? { sha256 } : {}) });
    return to(id);
  });
  const started = Date.parse(text(row, 'started_at')), seconds = Number(text(row, 'seconds'));
  const times = identifiers && Number.isFinite(started) && Number.isFinite(seconds) ? { startTime: new Date(started).toISOString(), endTime: new Date(started + 1000 * seconds).toISOString() } : {};
  return {
    '@id': fragment('step', cohort, label, pipeline, step), '@type': 'CreateAction', name: `${pipeline}, ${step}: sub-${label}`, ...(copied ? { description: 'files that were there before, copied' } : command === undefined ? {} : { description: commandLine(command) }),
    instrument: to(instrument), ...(image === null ? {} : { containerImage: to(image['@id']) }), object: refer('inputs'), result: refer('outputs'), ...times, actionStatus: COMPLETED,
  };
}

/** Process Run Crate 0.5, ContainerImage. Null: it ran in none, or in several, of which it is not known whose is which. */
function imageOf(step: PipelineStepResults | undefined): Entity | null {
  const [image, other] = step?.images ?? [];
  if (image === undefined || other !== undefined) return null;
  const kind = image.engine === 'docker' ? 'DockerImage' : 'SIFImage';
  return { '@id': fragment('image', image.id), '@type': 'ContainerImage', additionalType: to(`https://w3id.org/ro/terms/workflow-run#${kind}`), name: image.name, sha256: image.id.replace(/^sha256:/, '') };
}

const text = (row: Row, column: string): string => row[column] ?? '';
