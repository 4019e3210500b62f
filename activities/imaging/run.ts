/** One step of one participant: found done, or done now. */
import { statfs, rm } from 'node:fs/promises';
import { availableParallelism, arch, release, type } from 'node:os';
import { dirname, join } from 'node:path';
import { SulcusError } from '../../contracts/errors.js';
import type { RunCommandInput, RunCommandOutput } from '../../contracts/pipeline-activities.js';
import type { FileRecord, PipelineStep, StepRecord } from '../../contracts/pipelines.js';
import type { ToolsContext } from '../context.js';
import { atParticipant } from './at-participant.js';
import { environmentOf, fillCommand, printed, type Filled } from './command.js';
import { runInside, type KnownImage } from './container/index.js';
import type { PipelineManifest } from './documents.js';
import { endProblem } from './end-problem.js';
import type { Place, Source } from './files.js';
import { writeSynced, type Aside } from './folder.js';
import { identify } from './identify.js';
import { StepProblem } from './problem.js';
import { personalProblem, type NamedFile } from './personal.js';
import type { ProgramEnd } from './program.js';
import { assertProgram } from './programs.js';
import { putInPlace, putOutputs } from './put.js';
import { judge } from './quality.js';
import { finishedStep, outputProblem, RECORD, recordOutputs, STDERR, STDOUT } from './record.js';

/** How a step tells that it is alive, and hears that it has to end. */
export interface Pulse {
  signal: AbortSignal;
  /** Small; names nobody. */
  beat(progress: StepProgress): void;
}

export interface StepProgress {
  step: string;
  state: 'waiting' | 'running' | 'checking';
  percent: number | null;
  bytes: number;
}

/** Aside, beside the folders that its program knows of. */
const STDIN = 'stdin.txt';
/** With less than this free (bytes), a program that failed did so for want of room. */
const LITTLE_ROOM = 4 * 2 ** 20;

/**
 * @throws StepProblem whose message names no participant and no path; PROGRAM_MISSING, PROGRAM_VERSION; and what the disk throws
 */
export async function runCommand(context: ToolsContext, input: RunCommandInput, pulse: Pulse): Promise<RunCommandOutput> {
  return atParticipant(context.store, input, ({ manifest, step, place }) => new Run(context, input, manifest, step, place, pulse).result());
}

class Run {
  constructor(
    private readonly context: ToolsContext, private readonly input: RunCommandInput, private readonly manifest: PipelineManifest,
    private readonly step: PipelineStep, private readonly place: Place, private readonly pulse: Pulse,
  ) {}

  async result(): Promise<RunCommandOutput> {
    const { step, place: { folder, digests }, pulse: { signal } } = this;
    this.tell('checking');
    const { key, sources, existing } = await identify(this.place, step, this.input.spec.parameters, this.manifest, signal), version = this.manifest.versions[step.program] ?? '';
    const isDone = (): Promise<StepRecord | null> => finishedStep(folder.of(step.name), key, digests, signal);
    let record = await isDone(), reused = record !== null;
    const put = (make: (aside: Aside) => Promise<StepRecord>): Promise<StepRecord> => folder.aside(step.name, async (aside) => {
      const made = await make(aside);
      // Another worker may have done the same meanwhile: its step counts.
      reused = !(await folder.place(step.name, aside, async () => (await isDone()) !== null));
      if (!reused) await digests.moved(aside.outputs, folder.of(step.name));
      return made;
    });
    if (record === null && existing) record = await put((aside) => this.adopt(aside, sources, key));
    else if (record === null) {
      const image = await this.assertProgram(version);
      const named = await this.personalProblem(sources.filter(({ name }) => name.startsWith('input:')).map(({ name, file }) => ({ name: name.replace(':', ' '), path: file })));
      if (named !== null) throw named;
      this.tell('waiting');
      const giveBack = await this.context.slots.take({ threads: step.needs.threads, memory: step.needs.memory }, signal);
      try {
        record = await put((aside) => this.make(aside, sources, key, version, image));
      } finally {
        giveBack();
      }
    }
    await folder.forgetFailed(step.name);
    const { problem } = await judge(folder.of(step.name), step);
    if (problem !== null) throw new StepProblem('QUALITY_LIMIT', problem.text);
    return { reused, seconds: record.seconds };
  }

  /** Whoever was named when the cohort was looked through is not here; but files may be others since, and programs pass on what they read. */
  private async personalProblem(files: NamedFile[]): Promise<StepProblem | null> {
    const problem = this.input.spec.personal === 'keep' ? null : await personalProblem(files, this.place.subject.id);
    return problem === null ? null : new StepProblem('PERSONAL_HEADER', problem);
  }

  /** Runs the program aside and checks what it left. */
  private async make(aside: Aside, sources: Source[], key: string, version: string, image: KnownImage | null): Promise<StepRecord> {
    const { step, input, pulse: { signal }, place: { digests } } = this, command = fillCommand(step, sources, input.spec.parameters, aside);
    await putInPlace(step, sources, aside);
    const stdin = command.stdin === null ? null : join(dirname(aside.outputs), STDIN);
    if (stdin !== null) await writeSynced(stdin, command.stdin?.run ?? '');
    const startedAt = new Date().toISOString();
    const end = await runInside(image && { image, reads: sources.map(({ file }) => file), writes: dirname(aside.outputs) }, {
      command: command.run, cwd: aside.outputs, env: environmentOf(step, aside), limits: { memory: step.needs.memory, seconds: step.needs.seconds, silence: step.needs.silence },
      ...(stdin === null ? {} : { stdin }), stdout: printed(aside, STDOUT), stderr: printed(aside, STDERR), progress: step.progress === null ? null : new RegExp(step.progress, 'm'), watch: [aside.scratch], signal,
      onProgress: ({ percent, bytes }) => this.pulse.beat({ step: step.name, state: 'running', percent, bytes }),
    });
    signal.throwIfAborted();
    this.tell('checking');
    const problem = endProblem(step, end) ?? await this.outputProblem(aside) ?? await this.sourceProblem(sources)
      ?? await this.personalOutput(aside);
    if (problem !== null) {
      await this.assertRoom(aside, problem);
      await this.keepFailed(aside, command, problem, end, startedAt);
      throw problem;
    }
    return this.record(aside, {
      key, program: { name: step.program, version, ...(image === null ? {} : { image: { engine: image.engine, name: image.name, id: image.id } }) }, command: command.told, ...(command.stdin === null ? {} : { stdin: command.stdin.told }),
      inputs: sources.map(fileRecord), outputs: await recordOutputs(aside.outputs, step, digests, signal), startedAt, seconds: end.seconds, exit: end.code ?? 0,
    });
  }

  /** Takes the laboratory's own files as what the step made. */
  private async adopt(aside: Aside, existing: Source[], key: string): Promise<StepRecord> {
    const { step, pulse: { signal }, place: { digests } } = this, startedAt = new Date().toISOString(), began = performance.now();
    await putOutputs(step, existing, aside, signal);
    const seconds = (performance.now() - began) / 1000, problem = await outputProblem(aside.outputs, step), named = await this.personalOutput(aside);
    if (problem !== null) throw new StepProblem('STEP_OUTPUT', `what is there already cannot be taken: ${problem}`);
    if (named !== null) throw named;
    const outputs = await recordOutputs(aside.outputs, step, digests, signal), other = outputs.find(({ name, sha256 }) => existing.find((one) => one.name === name)?.sha256 !== sha256);
    if (other !== undefined) throw new StepProblem('INPUT_CHANGED', `existing ${other.name} changed while it was copied`);
    // Which version made them nobody knows.
    return this.record(aside, { key, program: { name: step.program, version: '' }, existing: existing.map(fileRecord), command: [], inputs: [], outputs, startedAt, seconds, exit: 0 });
  }

  /** Writes step.json. */
  private async record(aside: Aside, { key, program, existing, command, ...more }: Pick<StepRecord, 'key' | 'program' | 'existing' | 'command' | 'stdin' | 'inputs' | 'outputs' | 'startedAt' | 'seconds' | 'exit'>): Promise<StepRecord> {
    const { step, input } = this, { values } = await judge(aside.outputs, step);
    const record: StepRecord = {
      format: 'sulcus/step/1', pipeline: input.pipeline, step: step.name, key, program, ...(existing === undefined ? {} : { existing }), command, ...more, quality: values,
      machine: { system: `${type()} ${release()} ${arch()}`, cores: availableParallelism(), node: process.version }, by: { workflowId: input.run.workflowId, runId: input.run.runId },
    };
    await rm(join(aside.outputs, RECORD), { recursive: true, force: true });
    await writeSynced(join(aside.outputs, RECORD), `${JSON.stringify(record, null, 2)}\n`);
    return record;
  }

  private personalOutput(aside: Aside): Promise<StepProblem | null> {
    return this.personalProblem(Object.entries(this.step.outputs).map(([name, file]) => ({ name: `output ${name}`, path: join(aside.outputs, file) })));
  }

  private async outputProblem(aside: Aside): Promise<StepProblem | null> {
    const problem = await outputProblem(aside.outputs, this.step);
    return problem === null ? null : new StepProblem('STEP_OUTPUT', `the program ended well, but ${problem}`);
  }

  /** What was read has to be what the key says. */
  private async sourceProblem(sources: Source[]): Promise<StepProblem | null> {
    for (const { name, file, sha256 } of sources) {
      const now = await this.place.digests.of(file, this.pulse.signal).catch(() => null);
      if (now?.sha256 !== sha256) return new StepProblem('INPUT_CHANGED', `${name.replace(/^input:/, 'input ')} changed while the program ran`);
    }
    return null;
  }

  private async assertRoom(aside: Aside, problem: StepProblem): Promise<void> {
    if (problem.code !== 'STEP_FAILED' && problem.code !== 'STEP_OUTPUT') return;
    const { bavail, bsize } = await statfs(aside.outputs);
    if (bavail * bsize < LITTLE_ROOM) throw Object.assign(new Error(`${this.step.name}: the disk of the outputs is full`), { code: 'ENOSPC' });
  }

  private async keepFailed(aside: Aside, command: Filled, problem: StepProblem, end: ProgramEnd, startedAt: string): Promise<void> {
    const { code, signal, stopped, seconds, peakMemory } = end, { step, input } = this;
    await this.place.folder.keepFailed(step.name, aside, [STDOUT, STDERR], {
      format: 'sulcus/failed-step/1', pipeline: input.pipeline, step: step.name, code: problem.code, message: problem.message, command: command.told,
      exit: code, signal, stopped, startedAt, seconds, peakMemory, by: { workflowId: input.run.workflowId, runId: input.run.runId },
    });
  }

  private async assertProgram(version: string): Promise<KnownImage | null> {
    const { program, environment } = this.step, spec = this.input.spec.programs[program];
    if (spec === undefined) throw new SulcusError('PROGRAM_MISSING', `the pipeline declares no program ${program}`, { remedy: 'declare it under `programs`' });
    return assertProgram(program, spec, { version, image: this.manifest.images?.[program] }, environment, this.input.directory);
  }

  private tell(state: StepProgress['state']): void {
    this.pulse.beat({ step: this.step.name, state, percent: null, bytes: 0 });
  }
}

const fileRecord = ({ name, path, bytes, sha256 }: Source): FileRecord => ({ name, path, bytes, sha256 });
