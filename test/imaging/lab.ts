/** A study of one cohort in a temporary folder, a small program, and a pipeline of two steps that runs it: real files, real processes. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { ParticipantOutcome, PlanPipelineOutput, RunCommandInput, RunCommandOutput } from '../../contracts/pipeline-activities.js';
import type { PipelineSpec, PipelineStep, StepRecord } from '../../contracts/pipelines.js';
import type { StudySpec } from '../../contracts/study.js';
import { collectPipeline } from '../../activities/imaging/collect.js';
import { planPipeline } from '../../activities/imaging/plan.js';
import type { PipelineManifest } from '../../activities/imaging/documents.js';
import { runCommand, type Pulse, type StepProgress } from '../../activities/imaging/run.js';
import { loadJson } from '../../activities/step.js';
import type { ArtifactRef } from '../../contracts/refs.js';
import { FileStore } from '../../storage/file-store.js';

/** What it does is its first argument. Every run adds a line to runs.txt beside it. A script of the shell, because that starts in a millisecond. */
const PROGRAM = `#!/bin/sh
what=$1 from=$2 to=$3 text=$4
[ "$what" = --version ] && { echo tool VERSION; exit 0; }
aside=\${PWD%/*} participant=\${aside%/*}
echo "$what \${participant##*/}" >> "\${0%/*}/runs.txt"
case $what in
  copy) { cat "$from"; printf %s "$text"; } > "$to"; sed -n 's/.*motion /motion: /p' "$from" ;;
  hang) printf half > "$to"; echo begun; sleep 600 ;;
  nothing) ;;
  empty) : > "$to" ;;
  link) ln -s "$from" "$to" ;;
  fail) printf half > "$to"; echo "cannot read \\"$from\\" of \${from##*/} into $PWD/$to" >&2; exit "$text" ;;
  slow) sleep "$text"; echo slow > "$to" ;;
  rewrite) echo x > "$to"; printf rewritten > "$from" ;;
  environment) env > "$to" ;;
  control) cat > "$to" ;;
  find) cat "$TMPDIR/$from" > "$to"; printf overwritten > "$TMPDIR/$from" ;;
esac
`;

/** One for all tests of a file: a worker asks a program for its version once a minute. */
const TOOLS = realpathSync(mkdtempSync(join(tmpdir(), 'sulcus-tools-')));
let installed = '';
afterAll(() => rmSync(TOOLS, { recursive: true, force: true }));

export const step = (name: string, command: string[], change: Partial<PipelineStep> = {}): PipelineStep => ({
  name, program: 'tool', command: ['tool', ...command], outputs: { out: `${name}.txt` }, needs: { threads: 1, memory: 2048, seconds: 60, silence: null }, progress: null,
  exits: { refuse: [7], exclude: [8] }, retries: 0, environment: { pass: [], set: {} }, quality: [], ...change,
});

export class Lab {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'sulcus-imaging-')));
  readonly study = join(this.root, 'study');
  readonly store = new FileStore(join(this.root, 'store'));
  readonly beats: StepProgress[] = [];
  private readonly path = process.env['PATH'];
  readonly tools = TOOLS;
  pipeline: PipelineSpec;
  /** As the program's version was found with it. */
  images: Record<string, string> | null = null;
  /** Cohorts of the study besides tokyo. */
  more: StudySpec['cohorts'] = [];

  constructor(readonly ids: readonly string[] = ['TKY_0012', 'TKY_0013']) {
    this.setVersion('1.2.3');
    process.env['PATH'] = `${this.tools}:${this.path}`;
    mkdirSync(join(this.study, 'tokyo', 'dwi'), { recursive: true });
    this.list(ids);
    for (const id of ids) this.put(`dwi/${id}_dwi.txt`, `scan of ${id}, motion 0.5\n`);
    this.pipeline = {
      name: 'letters', programs: { tool: { version: ['tool', '--version'], pattern: 'tool (\\S+)', accept: '>=1 <3' } },
      inputs: { dwi: 'dwi/{id}_dwi.txt' }, parameters: { tail: 'end', other: 'unused' }, outputs: 'derivatives/letters', onFailure: 'exclude', window: 4,
      steps: [step('first', ['copy', '{input:dwi}', '{output:out}', 'one']), step('second', ['copy', '{first:out}', '{output:out}', '{parameter:tail}'])],
    };
  }

  get spec(): StudySpec {
    const cohort = { name: 'tokyo', directory: 'tokyo', prefix: 'TKY', participants: 'participants.tsv', groups: ['HC'] };
    return { study: 'letters-study', surface: { vertices: 3, hemispheres: ['left'] }, metrics: [], cohorts: [cohort, ...this.more], columns: { id: 'participant_id', group: 'group', age: null, sex: null }, pipelines: [this.pipeline] } as unknown as StudySpec;
  }

  list(ids: readonly string[]): void {
    this.put('participants.tsv', `participant_id\tgroup\n${ids.map((id) => `${id}\tHC\n`).join('')}`);
  }

  put(name: string, content: string): void {
    writeFileSync(join(this.study, 'tokyo', name), content);
  }

  setVersion(version: string): void {
    if (version === installed) return;
    installed = version;
    rmSync(join(TOOLS, 'tool'), { force: true });
    writeFileSync(join(TOOLS, 'tool'), PROGRAM.replace('VERSION', version), { mode: 0o755 });
  }

  /** A path in a participant's folder of outputs. */
  of(id: string, ...names: string[]): string {
    return join(this.study, 'tokyo', this.pipeline.outputs, id, ...names);
  }

  record(id: string, name: string): StepRecord {
    return JSON.parse(readFileSync(this.of(id, name, 'step.json'), 'utf8')) as StepRecord;
  }

  /** Names in a participant's folder, the memory of checksums left out. */
  names(id: string, ...names: string[]): string[] {
    const folder = this.of(id, ...names);
    return existsSync(folder) ? readdirSync(folder).filter((name) => name !== '.digests.json').sort() : [];
  }

  /** What was run since the last time that was asked. */
  takeRuns(): string[] {
    const file = join(this.tools, 'runs.txt'), runs = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    rmSync(file, { force: true });
    return runs;
  }

  private get about(): { run: { workflowId: string; runId: string }; cohort: string; directory: string; pipeline: string } {
    return { run: { workflowId: 'letters-study', runId: 'run-1' }, cohort: 'tokyo', directory: this.study, pipeline: 'letters' };
  }

  async plan(version = '1.2.3', exclusions: ArtifactRef[] = []): Promise<PlanPipelineOutput> {
    return planPipeline(this.store, { ...this.about, spec: this.spec, versions: { tool: version }, ...(this.images === null ? {} : { images: this.images }), exclusions });
  }

  /** What a worker is told of one step of one participant. */
  order(manifest: PlanPipelineOutput, participant: number, name: string): RunCommandInput {
    const { onFailure: _f, window: _w, ...spec } = this.pipeline;
    return { ...this.about, spec: { ...spec, steps: spec.steps.filter((one) => one.name === name) }, step: name, manifest: manifest.manifest, participant };
  }

  manifest(plan: PlanPipelineOutput): Promise<PipelineManifest> {
    return loadJson<PipelineManifest>(this.store, plan.manifest);
  }

  run(manifest: PlanPipelineOutput, participant: number, name: string, signal: Pulse['signal'] = new AbortController().signal): Promise<RunCommandOutput> {
    // As many as anybody asks for; who waits for them is tested with the real ones.
    const slots = { take: () => Promise.resolve(() => undefined) };
    return runCommand({ store: this.store, slots }, this.order(manifest, participant, name), { signal, beat: (progress) => this.beats.push(progress) });
  }

  /** Everything that there is to do, step after step, as the workflows do it. */
  async everything(): Promise<{ plan: PlanPipelineOutput; outcomes: ParticipantOutcome[] }> {
    const plan = await this.plan(), outcomes: ParticipantOutcome[] = [];
    for (let participant = 0; participant < plan.pending; participant++) {
      const outcome: ParticipantOutcome = { participant, steps: { ran: 0, reused: 0 }, failure: null };
      for (const { name } of this.pipeline.steps) {
        try {
          outcome.steps[(await this.run(plan, participant, name)).reused ? 'reused' : 'ran']++;
        } catch (error) {
          const { code, message } = error as { code: string; message: string };
          outcome.failure = { step: name, code, message };
          break;
        }
      }
      outcomes.push(outcome);
    }
    return { plan, outcomes };
  }

  collect(plan: PlanPipelineOutput, failures: ParticipantOutcome[]): ReturnType<typeof collectPipeline> {
    return collectPipeline({ store: this.store }, { ...this.about, spec: this.pipeline, manifest: plan.manifest, failures: failures.filter((one) => one.failure !== null), previous: null });
  }

  append(name: string, content: string): void {
    appendFileSync(join(this.study, 'tokyo', name), content);
  }

  end(): void {
    if (this.path === undefined) delete process.env['PATH'];
    else process.env['PATH'] = this.path;
    this.takeRuns();
    rmSync(this.root, { recursive: true, force: true });
  }
}
