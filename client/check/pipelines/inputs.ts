/** What participants bring for the programs of pipelines: there, one of each, readable, and images whose headers can be. */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { mapAtOnce } from '../../../activities/at-once.js';
import { MOST_TABLE_BYTES, readDataFile, refuseOther } from '../../../activities/ingest/data-file.js';
import { readingsOf } from '../../../activities/imaging/key.js';
import { isMade } from '../../../activities/imaging/made.js';
import { personalProblem } from '../../../activities/imaging/personal.js';
import { REMEDY } from '../../../activities/imaging/problem.js';
import { locateInput, type Reach } from '../../../activities/ingest/locate.js';
import { createProblem, type Problem } from '../../../config/index.js';
import { SulcusError } from '../../../contracts/errors.js';
import type { PipelineSpec } from '../../../contracts/pipelines.js';
import { mismatch, readNiftiShape } from '../../../formats/index.js';
import { failureOf } from '../facts.js';

/** Participants looked at at the same time. */
const AT_ONCE = 8;
/** A header and a comment or two. */
const START_BYTES = 4096;
/** Bytes that may follow the data of a volume. */
const MOST_PADDING = 4096;

/** How a table of inputs calls one. */
export const inputColumn = (pipeline: Pick<PipelineSpec, 'name'>, input: string): string => `${pipeline.name} ${input}`;

interface Found {
  name: string;
  path: string;
  /** Volumes of a NIfTI series. */
  volumes: number | null;
}

interface Looked {
  problems: Problem[];
  /** Null: it cannot be used, or is still to be made. */
  found: Found | null;
}

/** Every problem with the inputs of these participants; what an earlier pipeline has yet to make is none. */
export async function checkInputs(pipeline: PipelineSpec, earlier: readonly PipelineSpec[], ids: readonly string[], reach: Reach): Promise<Problem[]> {
  const shared = new Map<string, Promise<Looked>>(), own = await mapAtOnce(ids, AT_ONCE, (id) => checkParticipant(id, pipeline, earlier, reach, shared));
  return [...(await Promise.all(shared.values())).flatMap((looked) => looked.problems), ...own.flat()];
}

const isShared = (template: string): boolean => !/\{(id|label)\}/.test(template);

async function checkParticipant(id: string, pipeline: PipelineSpec, earlier: readonly PipelineSpec[], reach: Reach, shared: Map<string, Promise<Looked>>): Promise<Problem[]> {
  const problems: Problem[] = [], found = new Map<string, Found>();
  for (const [input, template] of Object.entries(pipeline.inputs)) {
    let looked: Looked;
    // One file of all is looked at, and told, once.
    if (isShared(template)) {
      const once = shared.get(input) ?? checkOne(id, input, pipeline, earlier, reach).then((one) => ({ ...one, problems: one.problems.map((problem) => ({ ...problem, subject: null })) }));
      shared.set(input, once);
      looked = { ...(await once), problems: [] };
    } else looked = await checkOne(id, input, pipeline, earlier, reach);
    problems.push(...looked.problems);
    if (looked.found !== null) found.set(input, looked.found);
  }
  return [...problems, ...(await checkGradients(id, pipeline, found, reach))];
}

async function checkOne(id: string, input: string, pipeline: PipelineSpec, earlier: readonly PipelineSpec[], reach: Reach): Promise<Looked> {
  const what = `${pipeline.name}: input ${input}`, about = { cohort: reach.cohort.name, subject: id, input: inputColumn(pipeline, input) };
  const { file, problem } = await locateInput(id, pipeline.inputs[input] ?? '', what, reach);
  if (problem !== null) {
    if (problem.code === 'MISSING_FILE' && problem.file != null && isMade(problem.file, reach.cohort, earlier) !== null) return { problems: [], found: null };
    const code = problem.code === 'MISSING_FILE' ? 'INPUT_MISSING' : problem.code ?? 'UNUSABLE';
    return { problems: [createProblem({ ...about, code, file: problem.file ?? null, message: problem.reason, remedy: problem.remedy ?? null })], found: null };
  }
  try {
    const { volumes, cut } = await examineFile(file.path, file.name);
    const warn = (code: string, message: string, remedy: string): Problem => createProblem({ severity: 'warning', code, ...about, file: file.name, message, remedy });
    const personal = await personalProblem([{ name: `input ${input}`, path: file.path }], id), kept = pipeline.personal === 'keep';
    const warnings = personal === null ? [] : [{
      ...warn('PERSONAL_HEADER', `${pipeline.name}: ${personal}, expected none: programs copy headers into what they make`, kept ? 'take it out of the file' : REMEDY.PERSONAL_HEADER), severity: kept ? 'warning' as const : 'error' as const,
    }];
    if (cut) warnings.push(warn('SEEMS_CUT', 'the end of this compressed file does not fit the size that its header says, as if the file were cut off', 'copy or convert it again'));
    return { problems: warnings, found: { ...file, volumes } };
  } catch (error) {
    const failure = failureOf(error, file.name), gone = failure.code === 'MISSING_FILE';
    return { problems: [createProblem({ ...failure, ...about, ...(gone ? { code: 'INPUT_MISSING', message: `${what} is a link that leads to nothing` } : {}) })], found: null };
  }
}

/** Reads the beginning. Throws UNREADABLE_FILE, EMPTY_FILE, POINTER_FILE, what is wrong with the header of a NIfTI file, and what the disk throws. */
async function examineFile(path: string, name: string): Promise<{ volumes: number | null; cut: boolean }> {
  const stats = await stat(path);
  refuseOther(stats, name, Infinity);
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0), start = buffer.subarray(0, bytesRead);
    if (bytesRead === 0) throw new SulcusError('EMPTY_FILE', `${name}: the file is empty`, { file: name, remedy: 'copy or convert it again' });
    if (!/\.nii(\.gz)?$/i.test(name)) return { volumes: null, cut: false };
    const { volumes, bytes } = readNiftiShape(start, name);
    const zipped = start[0] === 0x1f && start[1] === 0x8b;
    if (!zipped && stats.size < bytes) throw mismatch('SHORT_FILE', { file: name }, `${stats.size} bytes`, `${bytes}, as its header says`, 'Copy or convert it again.');
    return { volumes, cut: zipped && (await seemsCut(handle, stats.size, start, bytes)) };
  } finally {
    await handle.close();
  }
}

/** FLG.FEXTRA of a gzip header: files in blocks (bgzip) have it, whose last block says nothing of the whole. */
const EXTRA = 4;

/** A gzip file ends with the size of its content modulo 2^32 (RFC 1952); bytes may follow a volume's data. */
async function seemsCut(handle: FileHandle, size: number, start: Uint8Array, expected: number): Promise<boolean> {
  if (((start[3] ?? 0) & EXTRA) !== 0 || size < 18) return size < 18;
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, size - 4), said = buffer.readUInt32LE(0);
  const more = (said - (expected % 2 ** 32) + 2 ** 32) % 2 ** 32;
  return more > MOST_PADDING;
}

/** Gradient tables as FSL writes them: a b value for each volume of the series that the same step reads, and three numbers of a direction. */
async function checkGradients(id: string, pipeline: PipelineSpec, found: ReadonlyMap<string, Found>, reach: Reach): Promise<Problem[]> {
  const problems = new Map<string, Problem>();
  for (const step of pipeline.steps) {
    const inputs = readingsOf(step).flatMap((reading) => (reading.step === null ? [{ input: reading.file, of: found.get(reading.file) }] : []));
    const series = inputs.filter(({ of }) => of?.volumes != null), [first] = series;
    if (series.length !== 1 || first?.of?.volumes == null) continue;
    for (const { input, of } of inputs) {
      const kind = of === undefined ? null : /\.bvals?$|(^|[/_-])bvals?$/i.test(of.name) ? 1 : /\.bvecs?$|(^|[/_-])bvecs?$/i.test(of.name) ? 3 : null;
      if (kind === null || of === undefined || problems.has(input)) continue;
      const numbers = Buffer.from(await readDataFile(resolve(reach.directory, of.name), of.name, MOST_TABLE_BYTES)).toString('latin1').split(/[\s,]+/).filter((text) => text !== '').length;
      if (numbers === kind * first.of.volumes) continue;
      problems.set(input, createProblem({
        code: 'OTHER_LENGTH', cohort: reach.cohort.name, subject: id, input: inputColumn(pipeline, input), file: of.name,
        message: `${pipeline.name}: input ${input}: found ${numbers} numbers, expected ${kind * first.of.volumes}: ${kind === 1 ? 'one' : 'three'} for each volume of ${first.of.name}`,
        remedy: 'give the gradients of this series: convert it again, or find out which volumes were left out',
      }));
    }
  }
  return [...problems.values()];
}
