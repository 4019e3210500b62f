/** A study whose metric is made from scans by a pipeline: what is finished is not done again, one participant's failure is nobody else's, and workers may die. */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PAUSE_UPDATE, RESUME_UPDATE } from '../../contracts/operator.js';
import { isAlive, pidOf, readResults, start, sulcus, until, type Finished } from './harness.js';
import { keepServer, type KeptServer } from './operator.js';
import { pipelineStudy, type PipelineStudy } from './pipeline-study.js';

const COHORTS = [{ name: 'tokyo', size: 6 }, { name: 'toronto', size: 6 }], EVERYBODY = 12;
const LONG = 600_000;
let study: PipelineStudy, server: KeptServer, broken: string, late: string, flaky: string;
beforeAll(async () => {
  study = await pipelineStudy(COHORTS);
  server = await keepServer(study, { worker: true });
  [, broken = '', flaky = ''] = study.ids('tokyo');
  [, late = ''] = study.ids('toronto');
}, LONG);
afterAll(async () => { await server.release(); await study.remove(); }, LONG);

const run = (): Promise<Finished> => sulcus(['run', 'study.yaml', '--json'], study.directory);
/** What the program did in `work`. */
async function programsOf<T>(work: () => Promise<T>): Promise<{ result: T; runs: string[] }> {
  const before = study.runs().length, result = await work();
  return { result, runs: study.runs().slice(before).map((line) => line.replace(/ \d+$/, '')) };
}
const ended = (runs: string[], step: string): string[] => runs.filter((line) => line.startsWith(`${step} `) && line.endsWith(' end')).map((line) => line.split(' ')[1] as string).sort();
const everybody = (but: string[] = []): string[] => COHORTS.flatMap(({ name }) => study.ids(name)).filter((id) => !but.includes(id)).sort();
const excluded = (cohort: string): unknown => readResults(study.results).cohorts[cohort]?.excluded.map(({ id, code }) => [id, code]);
const replace = (file: string, change: (text: string) => string): void => writeFileSync(file, change(readFileSync(file, 'utf8')));
const made = (cohort: string): string => join(study.directory, cohort, 'derivatives', 'lab-scan');
/** Folders of steps that are not finished, and what is in them. */
const leftovers = (): string[] => COHORTS.flatMap(({ name }) => readdirSync(made(name), { recursive: true, encoding: 'utf8' })).filter((path) => /(^|\/)\.(correct|sample)\./.test(path));
/** Steps under way, where they are while programs run: what is in their folders goes while one looks. */
const underWay = (): string[] => COHORTS.flatMap(({ name }) => study.ids(name).flatMap((id) => readdirSync(join(made(name), id)))).filter((file) => /^\.(correct|sample)\./.test(file));

it('goes from scans to results; whom a step leaves out or who has no scan is told by name, and a step that fails once is tried again', async () => {
  replace(study.scan('tokyo', broken), (text) => text.replace('{', '{"broken":true,'));
  replace(study.scan('tokyo', flaky), (text) => text.replace('{', '{"flaky":true,'));
  renameSync(study.scan('toronto', late), `${study.scan('toronto', late)}.later`);
  const { result: { code, stderr }, runs } = await programsOf(run);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect([excluded('tokyo'), excluded('toronto')]).toEqual([[[broken, 'STEP_EXCLUDED']], [[late, 'INPUT_MISSING']]]);
  expect(readResults(study.results).cohorts['tokyo']).toMatchObject({ subjects: 5 });
  for (const step of ['correct', 'sample']) expect(ended(runs, step)).toEqual(everybody([broken, late]));
  expect(runs.filter((line) => line === `correct ${flaky} begin`)).toHaveLength(2);
  expect(runs.filter((line) => line === `correct ${broken} begin`)).toHaveLength(1);
  // What it printed is kept beside the data; identifiers and paths are in no history.
  expect(readFileSync(join(study.directory, 'tokyo', 'derivatives', 'lab-scan', broken, '.failed', 'correct', 'stderr.txt'), 'utf8')).toContain(`the scan of ${broken}`);
  const numbers = Array.from({ length: 6 }, (_, i) => `acc-trs/tokyo/lab-scan/000${i + 1}`);
  for (const id of ['acc-trs', 'acc-trs/tokyo', 'acc-trs/tokyo/lab-scan', ...numbers]) for (const one of study.ids('tokyo')) expect(await server.history(id)).not.toContain(one);
}, LONG);

it('runs only those who came or were mended, and then nothing', async () => {
  replace(study.scan('tokyo', broken), (text) => text.replace('{"broken":true,', '{'));
  renameSync(`${study.scan('toronto', late)}.later`, study.scan('toronto', late));
  const more = await programsOf(run);
  expect([more.result.code, more.runs.filter((line) => line.endsWith('begin')).sort()]).toEqual([0, [broken, late].flatMap((id) => [`correct ${id} begin`, `sample ${id} begin`]).sort()]);
  expect([excluded('tokyo'), excluded('toronto')]).toEqual([[], []]);
  expect(existsSync(join(study.directory, 'tokyo', 'derivatives', 'lab-scan', broken, '.failed', 'correct'))).toBe(false);
  const again = await programsOf(run);
  expect([again.result.code, JSON.parse(again.result.stdout), again.runs]).toEqual([0, expect.objectContaining({ computed: 0 }), []]);
  for (const { name } of COHORTS) expect(await server.history(`acc-trs/${name}/lab-scan`)).not.toContain('startChildWorkflowExecutionInitiated');
}, LONG);

it('a pause lets no program start, and a worker that is killed inside a step leaves no process; nothing that was finished is done again', async () => {
  // The second step alone is to be done again. One of its programs waits.
  replace(study.file, (text) => text.replace('inputs: { scan:', 'parameters: { digits: 5 }\n    inputs: { scan:'));
  const held = study.hold('sample', late), record = join(study.state, 'worker.json'), handle = server.client.workflow.getHandle('acc-trs');
  const { result, runs } = await programsOf(async () => {
    const command = start(['run', 'study.yaml', '--json'], study.directory), before = study.runs().length;
    const program = await until('the program that waits', held.waiting);
    const begun = (): number => study.runs().slice(before).filter((line) => line.includes(' begin ')).length;
    await handle.executeUpdate(PAUSE_UPDATE, { args: [{ by: 'An Operator', note: null }] });
    // A program that has ended is not finished before its record is kept: those that ran when the pause came have to be, for what follows to be counted.
    await until('the end of the programs that do not wait', () => (underWay().length === 1 ? true : null));
    const worker = await until('the worker', () => pidOf(record));
    process.kill(worker, 'SIGKILL');
    await until('the end of its program', () => (isAlive(program) ? null : true));
    const still = begun();
    await until('another worker', () => { const pid = pidOf(record); return pid === null || pid === worker || !isAlive(pid) ? null : pid; }, LONG);
    held.release();
    await until('the steps that wait for the end of the pause', async () => (/PAUSED/.test(await server.history('acc-trs/toronto/lab-scan/0002')) ? true : null), LONG);
    expect(begun()).toBe(still);
    await handle.executeUpdate(RESUME_UPDATE, { args: [{ by: 'An Operator', note: null }] });
    return command.finished;
  });
  expect([result.code, result.stderr]).toEqual([0, expect.any(String)]);
  expect(ended(runs, 'sample')).toEqual(everybody());
  expect(ended(runs, 'correct')).toEqual([]);
  expect(runs.filter((line) => line.endsWith('begin'))).toHaveLength(EVERYBODY + 1); // once more than everybody: the one that was killed with its worker
  expect(leftovers()).toEqual([]);
  expect(readResults(study.results).cohorts).toMatchObject({ tokyo: { subjects: 6 }, toronto: { subjects: 6 } });
}, LONG);
