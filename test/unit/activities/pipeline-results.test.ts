/** What the results tell of pipelines, out of records as steps leave them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ratingOf, writeRating } from '../../../activities/imaging/ratings.js';
import { pipelineWork, STEP_TABLE } from '../../../activities/publish/pipelines.js';
import { RATING_TABLE } from '../../../activities/publish/ratings.js';
import { programsOf } from '../../../client/export/programs.js';
import type { PipelineSpec, RatingValue, StepRecord } from '../../../contracts/pipelines.js';
import type { StudyResults } from '../../../contracts/results.js';
import type { StudySpec } from '../../../contracts/study.js';
import { readTsv } from '../../../formats/index.js';
import { pipelineSentences, pipelineTable, withoutCounts } from '../../../report/pipelines.js';

let root: string;
beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'sulcus-pipelines-')); });
afterEach(() => rmSync(root, { recursive: true, force: true }));

const step = (name: string, command: string[]): PipelineSpec['steps'][number] => ({
  name, program: 'tool', command, outputs: { out: 'out.txt' }, needs: { threads: 1, memory: 1, seconds: 1, silence: null }, progress: null, exits: { refuse: [], exclude: [] }, retries: 0, environment: { pass: [], set: {} }, quality: [],
});
const pipeline: PipelineSpec = {
  name: 'letters', programs: {}, steps: [step('first', ['tool', '{input:dwi}', '{output:out}']), step('second', ['tool', '{first:out}'])], inputs: { dwi: '{id}.txt' }, parameters: {}, outputs: 'made', onFailure: 'exclude', window: 1,
};

function record(id: string, name: string, runId: string, version = '1.2', more: Partial<StepRecord> = {}): void {
  const folder = join(root, 'tokyo', 'made', id, name);
  mkdirSync(folder, { recursive: true });
  const content: StepRecord = {
    format: 'sulcus/step/1', pipeline: 'letters', step: name, key: 'k', program: { name: 'tool', version }, command: [], inputs: [{ name: 'input:dwi', path: `${id}.txt`, bytes: 1, sha256: 'aa' }, { name: 'input:bval', path: 'b', bytes: 1, sha256: 'bb' }],
    outputs: [{ name: 'out', path: 'out.txt', bytes: 1, sha256: 'cc' }], quality: [], machine: { system: 'Linux', cores: 2, node: 'v20' }, startedAt: '2026-01-01T00:00:00.000Z', seconds: 1.5, exit: 0, by: { workflowId: 'w', runId }, ...more,
  };
  writeFileSync(join(folder, 'step.json'), JSON.stringify(content));
}

const work = (pipelines: PipelineSpec[] | undefined = [pipeline]): ReturnType<typeof pipelineWork> => {
  const excluded = [
    { id: 'E1', code: 'MATCHED_TWICE', reason: 'letters: input dwi: found two', pipeline: 'letters' }, { id: 'E2', code: 'STEP_FAILED', reason: 'letters, first: tool ended', pipeline: 'letters' },
    { id: 'E3', code: 'MISSING_FILE', reason: 'letters: no' }, { id: 'E4', code: 'STEP_FAILED', reason: 'letters2, first: tool ended', pipeline: 'letters2' },
    ...(pipelines?.[0]?.review === undefined ? [] : [{ id: 'E6', code: 'RATED_UNFIT', reason: 'letters, first: a person rated it unfit', pipeline: 'letters' }]),
  ];
  const spec = { cohorts: [{ name: 'tokyo', directory: 'tokyo' }], ...(pipelines === undefined ? {} : { pipelines }) } as unknown as StudySpec;
  return pipelineWork({ spec, directory: root, run: { workflowId: 'w', runId: 'now' } }, [{ cohort: 'tokyo', dataset: { subjects: [{ id: 'S1' }, { id: 'S2' }, { id: 'S3' }], excluded } }] as unknown as Parameters<typeof pipelineWork>[1]);
};

describe('pipelines in the results', () => {
  it('tell the images that steps ran in, without where they lie, in the report and to BIDS too', async () => {
    const image = (name: string, id: string): Partial<StepRecord> => ({ program: { name: 'tool', version: '1.2', image: { engine: 'apptainer', name, id } } });
    for (const id of ['S1', 'S2']) record(id, 'first', 'now', '1.2', image('/home/somebody/tool.sif', 'sha256:aa'));
    record('S1', 'second', 'now', '1.2', image('tool.sif', 'sha256:aa'));
    record('S2', 'second', 'before', '1.2', image('images/tool.sif', 'sha256:bb'));
    const { results } = await work(), study = { pipelines: results } as unknown as StudyResults, one = { engine: 'apptainer', name: 'tool.sif', id: 'sha256:aa' };
    expect(results[0]?.steps.map(({ images }) => images)).toEqual([[one], [one, { ...one, id: 'sha256:bb' }]]);
    expect(String(pipelineSentences(study))).toContain('tool 1.2 (in tool.sif)');
    expect(programsOf(study)).toEqual([
      { Name: 'tool', Version: '1.2', Description: 'letters, first: tool {input:dwi} {output:out}', Container: { Type: 'apptainer', Tag: 'tool.sif (sha256:aa)' } },
      { Name: 'tool', Version: '1.2', Description: 'letters, second: tool {first:out}' },
    ]);
  });

  it('tell steps, programs, versions, what ran and what was there, without identifiers', async () => {
    for (const id of ['S1', 'S2', 'E1']) for (const name of ['first', 'second']) record(id, name, id === 'S1' ? 'now' : 'before', id === 'S1' ? '1.2' : '1.1');
    record('S3', 'first', 'before');
    const { results, files } = await work();
    expect(results).toEqual([{
      pipeline: 'letters', cohort: 'tokyo', participants: 2, excluded: 2,
      steps: [
        { step: 'first', program: 'tool', versions: ['1.1', '1.2'], command: ['tool', '{input:dwi}', '{output:out}'], ran: 1, reused: 2, seconds: 4.5 },
        { step: 'second', program: 'tool', versions: ['1.1', '1.2'], command: ['tool', '{first:out}'], ran: 1, reused: 1, seconds: 3 },
      ],
    }]);
    expect(JSON.stringify(results)).not.toMatch(/S1|S2|S3|E1/);
    expect(withoutCounts(results)[0]?.steps[0]).toMatchObject({ ran: 0, reused: 0, seconds: 0, versions: ['1.1', '1.2'] });
    const table = readTsv(Buffer.from(String(files[0]?.[1])), { file: STEP_TABLE });
    expect([files.map(([path]) => path), table.rows.length]).toEqual([[STEP_TABLE], 5]);
    expect(Object.fromEntries(table.columns.map((column, i) => [column, table.rows[0]?.cells[i]]))).toEqual({
      cohort: 'tokyo', participant: 'S1', pipeline: 'letters', step: 'first', program: 'tool', version: '1.2', started_at: '2026-01-01T00:00:00.000Z', seconds: '1.5', exit: '0', reused: 'false', system: 'Linux', cores: '2', node: 'v20',
      key: 'k', inputs: 'input:dwi=aa input:bval=bb', outputs: 'out=cc',
    });
  });

  it('tell of whom files were there already, and no version or time of a program that was not run', async () => {
    record('S1', 'first', 'now');
    record('S2', 'first', 'now', '', { existing: [{ name: 'out', path: 'old/S2.txt', bytes: 1, sha256: 'dd' }], inputs: [] });
    const { results, files } = await work();
    expect(results[0]?.steps[0]).toEqual({ step: 'first', program: 'tool', versions: ['1.2'], command: ['tool', '{input:dwi}', '{output:out}'], ran: 2, reused: 0, seconds: 1.5, existing: 1 });
    expect(results[0]?.steps[1]).not.toHaveProperty('existing');
    expect(String(files[0]?.[1])).toContain('existing:out=dd');
  });

  it('tell what persons said of reviewed steps, of those left out for it too, and who', async () => {
    for (const id of ['S1', 'S2', 'S3', 'E2']) record(id, 'first', 'now');
    const rate = (id: string, rating: RatingValue, by: string, more: Partial<StepRecord> = {}): Promise<void> =>
      writeRating(join(root, 'tokyo', 'made', id), ratingOf({ pipeline: 'letters', step: 'first', key: 'k', outputs: [{ name: 'out', path: 'out.txt', bytes: 1, sha256: 'cc' }], ...more } as StepRecord, { rating, by, note: rating === 'doubtful' ? 'moved' : null, at: '2026-01-02T00:00:00.000Z' }));
    await rate('S1', 'good', 'B. Second');
    await rate('S2', 'doubtful', 'A. First');
    await rate('S3', 'good', 'C. Third', { key: 'of other outputs' });
    await rate('E5', 'good', 'D. Fourth');
    record('E5', 'first', 'now');
    record('E6', 'first', 'now');
    await rate('E6', 'unfit', 'A. First');
    const { results, files } = await work([{ ...pipeline, review: ['first'] }]);
    expect(results[0]?.steps[0]?.ratings).toEqual({ good: 1, doubtful: 1, unfit: 1, by: ['A. First', 'B. Second'] });
    expect(results[0]?.steps[1]).not.toHaveProperty('ratings');
    const table = readTsv(Buffer.from(String(files.find(([path]) => path === RATING_TABLE)?.[1])), { file: RATING_TABLE });
    expect(table.rows.map(({ cells }) => cells)).toEqual([
      ['tokyo', 'S1', 'letters', 'first', 'good', 'B. Second', '2026-01-02T00:00:00.000Z', null], ['tokyo', 'S2', 'letters', 'first', 'doubtful', 'A. First', '2026-01-02T00:00:00.000Z', 'moved'],
      ['tokyo', 'E6', 'letters', 'first', 'unfit', 'A. First', '2026-01-02T00:00:00.000Z', null],
    ]);
    const text = String(pipelineSentences({ pipelines: results } as StudyResults)), rows = String(pipelineTable({ pipelines: results } as StudyResults));
    expect(text).toContain('Persons looked at pictures of every participant: after first they rated 1 good, 1 doubtful (kept) and 1 unfit (left out) (A. First; B. Second).');
    expect(rows).toContain('1 / 1 / 1');
    expect(text + rows).not.toMatch(/S1|S2|E6|moved/);
  });

  it('are absent from a study without any', async () => {
    expect(await pipelineWork({ spec: { cohorts: [] } as unknown as StudySpec, directory: root, run: { workflowId: 'w', runId: 'now' } }, [])).toEqual({ results: [], files: [] });
  });
});
