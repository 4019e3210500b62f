/** `sulcus gc`: deletes what no study needs any more from the artifact store. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { loadStudy } from '../../config/index.js';
import { SulcusError } from '../../contracts/errors.js';
import { collect, findGarbage, type Garbage } from '../../storage/garbage.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { runningHere } from '../gc/running.js';
import { reportLines, sumsOf } from '../gc/words.js';
import { readPeriod, showPeriod } from '../schedule/period.js';
import { existingState } from '../state.js';
import { settleStore, storeOf } from '../store.js';
import { foreignServer, stateDirectory } from '../temporal/index.js';

export function registerGc(program: Command): void {
  program.command('gc')
    .description('delete artifacts that neither the last run of a study nor one under way has used; of all studies that share the state folder, none loses anything')
    .argument('[study.yaml]', 'a study whose state folder is meant; the one of the working directory when left out')
    .option('--dry-run', 'say what would be deleted, delete nothing')
    .option('--older-than <time>', 'leave what is younger, whatever it is', '7d')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nWhat is deleted can be computed again from the data. Nothing is deleted while a study runs.\n\nExamples:\n  sulcus gc study.yaml --dry-run\n  sulcus gc study.yaml --older-than 30d')
    .action(action(gc));
}

interface Options {
  dryRun?: boolean;
  olderThan: string;
}

async function gc({ console, interrupted }: Run, path: string | undefined, { dryRun = false, olderThan }: Options): Promise<number> {
  const olderThanSeconds = readPeriod('--older-than', olderThan, 0);
  const file = path === undefined ? null : await loadStudy(path);
  const state = file === null ? existingState() : stateDirectory(file.file);
  if (!existsSync(state) && foreignServer() === null) throw new SulcusError('NO_STATE', `no study has been run from here: ${state} does not exist`, { remedy: 'nothing is to be done' });
  if (file !== null) settleStore(state, file.storage, console.note);
  const store = await storeOf(state, console.note);
  const running = await runningHere(state, console.note);
  if (running.length > 0 && !dryRun) {
    throw new SulcusError('STUDY_BUSY', `nothing is deleted while ${running.slice(0, 3).join(', ')}${running.length > 3 ? ` and ${running.length - 3} more` : ''} ${running.length === 1 ? 'is under way: it' : 'are under way: they'} may reuse anything`, {
      remedy: 'wait for the end, or stop what runs with `sulcus cancel`; --dry-run says what would be deleted now',
    });
  }
  const report = await findGarbage(store, { olderThanSeconds, now: Date.now() });
  // One that was launched during the look may have found artifacts that are on the list.
  const since = dryRun || report.garbage.length === 0 ? [] : await runningHere(state, console.note);
  if (since.length > 0) throw new SulcusError('STUDY_BUSY', `${since[0]} was launched meanwhile: nothing is deleted`, { remedy: 'wait until it has ended' });
  const gone: Garbage[] = dryRun ? report.garbage : await collect(report.garbage, interrupted);
  console.say(`artifacts in ${store.location}`);
  for (const line of reportLines(report, showPeriod(olderThanSeconds), gone, dryRun ? 'would be deleted' : 'deleted')) console.say(line);
  if (running.length > 0) console.say(`nothing can be deleted now: ${running.join(', ')} ${running.length === 1 ? 'is' : 'are'} under way`);
  const { total, byKind } = sumsOf(gone);
  console.answer({
    store: store.location, dryRun, olderThanSeconds, used: report.used, young: report.young, deleted: total, byKind, running,
    runs: report.runs.map(({ runId, workflowId, finishedAt, out }) => ({ runId, workflowId, finishedAt, out })), unrecorded: report.unrecorded,
  });
  return interrupted.aborted && gone.length < report.garbage.length ? EXIT.interrupted : EXIT.done;
}
