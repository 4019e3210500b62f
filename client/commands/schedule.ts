/** `sulcus schedule`: looks for something new at regular times, and runs the study if there is. */
import { setTimeout as rest } from 'node:timers/promises';
import type { Command } from 'commander';
import type { WaitingDocument } from '../../activities/ingest/waiting.js';
import { loadStudy } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';
import type { Exclusion } from '../../contracts/results.js';
import { action, type Run } from '../command.js';
import { EXIT, type Console } from '../console.js';
import { connect, type ServerConnection } from '../connection.js';
import { readPeriod, readTimeOfDay, showPeriod } from '../schedule/period.js';
import { createSchedule, findSchedule, inputOf, listIds } from '../schedule/schedules.js';
import { minute, saidLines, standingLines, standingOf, type ScheduleStanding } from '../schedule/standing.js';
import { triggerSweep } from '../schedule/trigger.js';
import type { StudyHandle } from '../launch.js';
import { openSession } from '../session.js';
import { existingState } from '../state.js';
import { settleStore, storeOf } from '../store.js';
import { checkOut, chosenCohorts, concludeStudy, resultsFolder } from '../study.js';
import { stateDirectory } from '../temporal/index.js';

/** Shorter would be a watch, not a schedule. */
const LEAST_PERIOD = 60;

export function registerSchedule(program: Command): void {
  const schedule = program.command('schedule').description('run a study whenever its folders hold something new').exitOverride()
    .addHelpText('after', '\nExample:\n  sulcus schedule create study.yaml --every 24h --at 02:30');
  const sub = (name: string, description: string, example: string): Command => schedule.command(name).description(description)
    .option('--json', 'print one JSON document on stdout').addHelpText('after', `\nExample:\n  sulcus schedule ${example}`);
  sub('create', 'look at regular times for new participants, replaced files, edited rows or parameters, and run the study if there are any', 'create study.yaml --every 24h --at 02:30')
    .argument('<study.yaml>', 'the study file; read again at every sweep')
    .requiredOption('--every <period>', 'how often, e.g. 30m, 24h, 7d')
    .option('--at <hh:mm>', 'time of day, for whole days (default: midnight UTC)')
    .option('--settle <period>', 'files that changed less than this ago may still be being written: their participant waits for the next sweep', '10m')
    .option('--out <dir>', 'results folder (default: results/ beside the study file)')
    .action(action(create));
  sub('list', 'when sweeps were and will be, and what the last one said', 'list')
    .option('--waiting', 'also who is waiting and why; names participants')
    .action(action(list));
  sub('trigger', 'sweep now, and say what it found', 'trigger acc-trs --follow').argument('[study]', 'name of the study; may be left out when there is one schedule')
    .option('--follow', 'follow the study to its end, if it runs then')
    .action(action(trigger));
  sub('pause', 'no sweeps until unpause; a study that runs goes on', 'pause acc-trs --note "scanner upgrade"').argument('[study]', 'name of the study')
    .option('--note <text>', 'why')
    .action(action(pause));
  sub('unpause', 'sweep again at the regular times', 'unpause acc-trs').argument('[study]', 'name of the study')
    .option('--note <text>', 'why')
    .action(action(unpause));
  sub('delete', 'end the schedule; studies and results stay', 'delete acc-trs').argument('[study]', 'name of the study')
    .action(action(remove));
}

async function create({ console }: Run, path: string, options: { every: string; at?: string; settle: string; out?: string }): Promise<number> {
  const everySeconds = readPeriod('--every', options.every, LEAST_PERIOD), settleSeconds = readPeriod('--settle', options.settle, 0);
  const offsetSeconds = options.at === undefined ? 0 : readTimeOfDay(options.at, everySeconds, new Date());
  const file = await loadStudy(path);
  const out = resultsFolder(file, chosenCohorts(file, []), options.out);
  await checkOut(out);
  const state = stateDirectory(file.file);
  settleStore(state, file.storage, console.note);
  return withConnection(state, console, async ({ client, server }) => {
    const { handle, changed } = await createSchedule(client, { study: file.spec.study, file: file.file, out, settleSeconds }, { everySeconds, offsetSeconds });
    const standing = await standingOf(client, await handle.describe());
    console.say(`schedule ${standing.schedule} ${changed ? 'has these settings now' : 'is created'}: every ${showPeriod(everySeconds)} a sweep of ${file.file}, ${nextWords(standing)}`);
    console.say(`participants whose files changed less than ${showPeriod(settleSeconds)} before wait for the next sweep; results go to ${out}`);
    if (server.embedded) console.say(`It fires only while \`sulcus server\` and \`sulcus worker\` run in ${file.directory}; neither is started by this command. docs/scheduling.md shows how to keep them as services`);
    else console.say('It fires while a worker (`sulcus worker`) is connected to this server');
    console.say(`Look now, by hand: sulcus schedule trigger ${file.spec.study}`);
    console.answer({ ...standing, changed, embedded: server.embedded });
    return EXIT.done;
  });
}

async function list({ console }: Run, options: { waiting?: boolean }): Promise<number> {
  const state = existingState();
  return withConnection(state, console, async ({ client }) => {
    const rows: (ScheduleStanding & { waiting?: WaitingDocument['cohorts'] })[] = [];
    for (const id of await listIds(client)) {
      const row = await standingOf(client, (await findSchedule(client, id)).description);
      rows.push(options.waiting === true ? { ...row, waiting: await whoWaits(state, row) } : row);
    }
    if (rows.length === 0) console.say('there is no schedule here; create one: sulcus schedule create STUDY.yaml --every 24h');
    for (const row of rows) {
      for (const line of standingLines(row, new Date())) console.say(line);
      for (const [cohort, entries] of Object.entries(row.waiting ?? {})) for (const e of entries) console.say(`  waiting: ${waitingLine(cohort, e)}`);
    }
    console.answer({ schedules: rows });
    return EXIT.done;
  });
}

/** Participants are named in the store of this machine only. */
async function whoWaits(state: string, { last }: ScheduleStanding): Promise<WaitingDocument['cohorts']> {
  const ref = last?.output?.waiting ?? null;
  const found = ref === null ? null : await (await storeOf(state, () => undefined)).find(ref);
  return found === null ? {} : (JSON.parse(Buffer.from(found.bytes).toString('utf8')) as WaitingDocument).cohorts;
}

function waitingLine(cohort: string, { id, reason, file }: Exclusion): string {
  return `${cohort} ${id}: ${reason}${file == null ? '' : ` (${file})`}`;
}

async function trigger({ console, interrupted }: Run, study: string | undefined, options: { follow?: boolean }): Promise<number> {
  const session = await openSession(existingState(), console.note);
  try {
    const { handle, description } = await findSchedule(session.client, study);
    await session.working;
    const done = await triggerSweep(session.client, handle, interrupted);
    if (done === null) { console.note('interrupted; the sweep goes on as long as a worker runs'); return EXIT.interrupted; }
    const { sweep, joined } = done, id = { schedule: handle.scheduleId, joined, sweep };
    if (joined) console.note('a sweep was under way already: this is what it said');
    if (sweep.output === null) throw new SulcusError(sweep.status === 'failed' ? 'SWEEP_FAILED' : 'NO_SWEEP', `the sweep ${sweep.status === 'failed' ? 'failed' : 'ended without a word'}: ${sweep.words}`);
    const { verdict } = sweep.output;
    for (const line of saidLines(sweep)) console.say(line);
    if (verdict !== 'started' && verdict !== 'running') { console.answer({ ...id, study: null }); return EXIT.done; }
    const input = inputOf(description);
    if (options.follow !== true) {
      console.say(`follow the study with: sulcus run ${input.file}${session.server.embedded ? ' (it stands still while no `sulcus server` and `sulcus worker` run)' : ''}`);
      console.answer({ ...id, study: null });
      return EXIT.done;
    }
    let ending: unknown = null;
    const within: Console = { ...console, answer: (document) => { ending = document; } };
    const { started } = sweep.output;
    const running: StudyHandle = session.client.workflow.getHandle(input.study, started?.runId);
    const code = await concludeStudy(session, running, chosenCohorts(await loadStudy(input.file), []), within, interrupted);
    console.answer({ ...id, study: ending });
    return code;
  } finally {
    await session.close();
  }
}

async function pause({ console }: Run, study: string | undefined, { note }: { note?: string }): Promise<number> {
  return withSchedule(console, study, async ({ client, handle }) => {
    await handle.pause(note || 'paused by hand');
    const standing = await standingOf(client, await handle.describe());
    console.say(`schedule ${standing.schedule} is paused; sulcus schedule unpause ${standing.study} lets it go on`);
    console.answer(standing);
  });
}

async function unpause({ console }: Run, study: string | undefined, { note }: { note?: string }): Promise<number> {
  return withSchedule(console, study, async ({ client, handle }) => {
    await handle.unpause(note || 'unpaused by hand'); // the server ignores one without a note
    let standing = await standingOf(client, await handle.describe());
    for (let i = 0; standing.next === null && i < 20; i++) { // the server takes a moment to plan again
      await rest(250);
      standing = await standingOf(client, await handle.describe());
    }
    console.say(`schedule ${standing.schedule} goes on: ${nextWords(standing)}`);
    console.answer(standing);
  });
}

const nextWords = ({ paused, next }: ScheduleStanding): string => (paused ? 'paused' : next === null ? 'no next sweep is planned yet' : `next ${minute(next)}`);

async function remove({ console }: Run, study: string | undefined): Promise<number> {
  return withSchedule(console, study, async ({ handle }) => {
    await handle.delete();
    console.say(`schedule ${handle.scheduleId} is deleted; the study and its results stay`);
    console.answer({ schedule: handle.scheduleId, deleted: true });
  });
}

async function withSchedule(console: Console, study: string | undefined, body: (found: { client: ServerConnection['client'] } & Awaited<ReturnType<typeof findSchedule>>) => Promise<void>): Promise<number> {
  return withConnection(existingState(), console, async ({ client }) => {
    await body({ client, ...(await findSchedule(client, study)) });
    return EXIT.done;
  });
}

async function withConnection(state: string, console: Console, body: (connection: ServerConnection) => Promise<number>): Promise<number> {
  const connection = await connect(state, console.note);
  try {
    return await body(connection);
  } finally {
    await connection.close();
  }
}
