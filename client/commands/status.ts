import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client } from '@temporalio/client';
import { SulcusError } from '../../contracts/errors.js';
import { action, wholeNumber, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { areAllServed } from '../at-work.js';
import { connect, isWorkerPolling, type ServerConnection } from '../connection.js';
import { existingState } from '../state.js';
import { storeOf } from '../store.js';
import { listLines, studyLines } from '../status/lines.js';
import { listStudies, type ListedStudy } from '../status/list.js';
import { standingOf, type Look, type StudyStanding } from '../status/standing.js';
import { createScreen } from '../status/screen.js';
import { terminalWidth } from '../wrap.js';

interface Options {
  watch?: boolean;
  every: number;
}

export function registerStatus(program: Command): void {
  program.command('status')
    .description('where studies stand: what failed first, counts, time left, who is waited for; exit code 3 when it is a person')
    .argument('[id]', 'workflow id of a study; all studies when left out')
    .option('--watch', 'show it again and again until the study ends')
    .option('--every <seconds>', 'how often, with --watch', wholeNumber('--every', 1), 2)
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nLooking at a study does not make it work: no worker is started.\n\nExamples:\n  sulcus status\n  sulcus status acc-trs --watch')
    .action(action(status));
}

async function status(run: Run, id: string | undefined, options: Options): Promise<number> {
  if (options.watch && run.json) throw new SulcusError('BAD_OPTION', '--watch and --json do not go together', { remedy: 'call `sulcus status --json` as often as you need it' });
  const state = existingState();
  const connection = await connect(state, run.console.note);
  try {
    const look = await lookThrough(connection, state, run.console.note);
    if (!options.watch) return await tellOnce(run, look, id);
    return await watch(run, look, id, options.every);
  } finally {
    await connection.close();
  }
}

async function lookThrough({ client, server, workers }: ServerConnection, state: string, note: (line: string) => void): Promise<Look> {
  const store = await storeOf(state, note);
  return {
    client, working: workers === null ? await isWorkerPolling(client) : areAllServed(workers), cores: server.embedded ? availableParallelism() : null, cache: new Map(),
    link: (workflowId) => (server.uiUrl === null ? null : `${server.uiUrl}/namespaces/${server.namespace}/workflows/${encodeURIComponent(workflowId)}`),
    steps: (runId) => store.steps(runId),
  };
}

/** Studies that are running, failed or the only one are told whole; the others have a line each. */
async function tellOnce({ console }: Run, look: Look, id: string | undefined): Promise<number> {
  const listed = id === undefined ? await listStudies(look.client) : null;
  const whole = id !== undefined ? [id] : (listed ?? []).filter((s) => s.status === 'running' || listed?.length === 1 || isLastFailure(s, listed ?? [])).map((s) => s.workflowId);
  const standings: StudyStanding[] = [];
  for (const workflowId of whole) standings.push(await standingOf(look, workflowId));
  standings.sort((a, b) => urgency(b) - urgency(a));
  if (listed?.length === 0) console.say('no study has been launched here');
  if (listed !== null && listed.length > 1) for (const line of listLines(listed, Date.now())) console.say(line);
  for (const [i, standing] of standings.entries()) {
    if (i > 0 || (listed !== null && listed.length > 1)) console.say('');
    for (const line of await studyLines(standing, terminalWidth(), Date.now())) console.say(line);
  }
  console.answer({ studies: standings, ...(listed === null ? {} : { listed }), worker: look.working });
  return exitCode(standings);
}

/** Of studies that failed, the last one is told whole. */
function isLastFailure(study: ListedStudy, all: readonly ListedStudy[]): boolean {
  return all.find((s) => s.status === 'failed' || s.status === 'timed out') === study;
}

/** Failures first, then whoever waits for a person. */
function urgency(s: StudyStanding): number {
  return s.failure !== null ? 3 : s.retries.length > 0 ? 2 : s.waitsFor !== null ? 1 : 0;
}

function exitCode(standings: readonly StudyStanding[]): number {
  return standings.some((s) => s.waitsFor === 'review' || s.waitsFor === 'rating') ? EXIT.review : EXIT.done;
}

/** Until no study runs that was looked at; then 0, 1 when one did not end well, 3 when a person is waited for and nobody works meanwhile. */
async function watch(run: Run, look: Look, id: string | undefined, seconds: number): Promise<number> {
  const screen = createScreen(process.stdout);
  try {
    for (;;) {
      const watched = id === undefined ? await followed(look.client) : [id];
      const standings = await Promise.all(watched.map((workflowId) => standingOf(look, workflowId)));
      standings.sort((a, b) => urgency(b) - urgency(a));
      const lines: string[] = [];
      for (const standing of standings) lines.push(...(lines.length > 0 ? [''] : []), ...(await studyLines(standing, terminalWidth(), Date.now())));
      screen.show(lines.length > 0 ? lines : ['no study has been launched here'], standings.map(gist).join('\n'));
      if (standings.every((s) => s.status !== 'running')) return standings.every((s) => s.status === 'done') ? EXIT.done : EXIT.failed;
      await pause(seconds * 1000, undefined, { signal: run.interrupted }).catch(() => undefined);
      if (run.interrupted.aborted) return EXIT.interrupted;
      look.working = await isWorkerPolling(look.client);
    }
  } finally {
    screen.leave();
  }
}

/** Studies that run; when none does, the last one. */
async function followed(client: Client): Promise<string[]> {
  const all = await listStudies(client), open = all.filter((s) => s.status === 'running');
  return (open.length > 0 ? open : all.slice(0, 1)).map((s) => s.workflowId);
}

/** What must have changed before a line is printed again where there is no terminal. */
function gist(s: StudyStanding): string {
  return JSON.stringify([s.status, s.stage, s.waitsFor, s.retries.length, s.cohorts.map((c) => [c.stage, c.pipeline?.done, c.pipeline?.waiting?.since, c.subjects.done, c.fits.done, c.stability.done])]);
}
