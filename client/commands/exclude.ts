/** A participant left out of a study with a reason, while it runs or between runs; and taken in again. */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { participantIds } from '../../activities/ingest/survey.js';
import { encodeJson } from '../../activities/json.js';
import { excludedByPersons, listExclusion } from '../../activities/operator/exclusions.js';
import { SulcusError } from '../../contracts/errors.js';
import { EXCLUDE_UPDATE, type ExcludeArgs, type ExclusionDocument } from '../../contracts/operator.js';
import type { ArtifactRef } from '../../contracts/refs.js';
import { digestBytes } from '../../storage/keys.js';
import type { ArtifactStore } from '../../storage/store.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { endText, update, whoDecides, withSession } from '../decide/update.js';
import { lastRun, type LastRun } from '../last-run.js';
import { storeOf } from '../store.js';

export function registerExclude(program: Command): void {
  program.command('exclude')
    .description('leave a participant out of a study, now and in later runs; only that cohort and what follows is done again')
    .argument('<id>', 'workflow id of the study (`sulcus status` lists them)')
    .requiredOption('--cohort <name>', 'the cohort')
    .requiredOption('--subject <participant>', 'the id in the table of participants')
    .requiredOption('--reason <text>', 'why; kept with the results')
    .option('--by <name>', 'who decides (default: the user of this computer)')
    .option('--readmit', 'take the participant in again')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus exclude acc-trs --cohort tokyo --subject TKY017 --reason "moved during the scan" --by "A. Reviewer"')
    .action(action(exclude));
}

interface Options {
  cohort: string;
  subject: string;
  reason: string;
  by?: string;
  readmit?: boolean;
}

async function exclude(run: Run, id: string, options: Options): Promise<number> {
  return withSession(run, async (session, state) => {
    const last = await lastRun(session.client, id), store = await storeOf(state, run.console.note);
    const { cohort, readmit = false } = options;
    await checkSubject(store, last, options);
    const document: ExclusionDocument = {
      study: last.input.spec.study, cohort, subject: options.subject, reason: options.reason, by: whoDecides(options.by), at: new Date().toISOString(), readmit, salt: randomBytes(16).toString('hex'),
    };
    const bytes = encodeJson(document), exclusion: ArtifactRef = { kind: 'exclusion', key: digestBytes(bytes) };
    const running = last.status === 'RUNNING' && last.input.cohorts.includes(cohort);
    if (running) {
      // The history of the study knows the key of the document only.
      await store.put(exclusion, bytes, { workflowId: id, runId: last.runId, seconds: 0, at: document.at, node: `${process.version} ${process.arch}` });
      await update<void, ExcludeArgs>(session, id, EXCLUDE_UPDATE, { cohort, exclusion, by: document.by, readmit });
    } else await listExclusion(store, document, exclusion.key);
    const what = `${options.subject} is ${readmit ? 'taken in again' : 'left out'}`;
    run.console.say(running
      ? `${what}: cohort ${cohort} is done again without what did not change, the others go on; unless a command follows it already, go on with: sulcus run STUDY.yaml`
      : `${what} from the next run on (study ${id} ${last.status === 'RUNNING' ? `runs without ${cohort}` : endText(last.status)}): sulcus run STUDY.yaml`);
    run.console.answer({ workflowId: id, cohort, subject: options.subject, excluded: !readmit, reason: options.reason, by: document.by, at: document.at, applies: running ? 'now' : 'next run' });
    return EXIT.done;
  });
}

/** Throws UNKNOWN_COHORT, UNKNOWN_SUBJECT, NO_REASON, ALREADY_EXCLUDED, NOT_EXCLUDED, and the errors of reading the table. */
async function checkSubject(store: ArtifactStore, { input }: LastRun, { cohort, subject, reason, readmit = false }: Options): Promise<void> {
  const { spec, directory } = input;
  if (reason.trim() === '') throw new SulcusError('NO_REASON', 'the reason is empty', { remedy: 'say why with --reason' });
  const { file, ids } = await participantIds(spec, directory, cohort);
  const before = (await excludedByPersons(store, spec.study, cohort)).get(subject);
  if (!ids.has(subject) && before === undefined) throw new SulcusError('UNKNOWN_SUBJECT', `${file} has no participant ${subject}`, { remedy: 'the id is that of the table of participants, as it is written there' });
  if (!readmit && before !== undefined) throw new SulcusError('ALREADY_EXCLUDED', `${subject} was already left out${before.by === undefined ? '' : ` by ${before.by}`} at ${before.at}: ${before.reason}`);
  if (readmit && before === undefined) throw new SulcusError('NOT_EXCLUDED', `${subject} was not left out by anybody`);
}
