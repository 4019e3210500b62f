/** Operator decisions on a running study: approve a rank, pause and resume its fits, cancel it. */
import type { Command } from 'commander';
import type { RankDecision } from '../../contracts/decisions.js';
import { APPROVE_RANK_UPDATE, PAUSE_UPDATE, RESUME_UPDATE, type ApproveRankArgs, type Pause, type PauseArgs } from '../../contracts/operator.js';
import { action, wholeNumber, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { GO_ON, notRunning, update, whoDecides, withSession } from '../decide/update.js';
import { describeFailure } from '../failure.js';
import { lastRun } from '../last-run.js';
import { durationText } from '../review-text.js';

const ID = 'workflow id of the study (`sulcus status` lists them)';

export function registerDecisions(program: Command): void {
  program.command('approve')
    .description('approve the rank of a study that waits for a review')
    .argument('<id>', ID)
    .requiredOption('--rank <k>', 'the rank', wholeNumber('--rank', 1))
    .option('--by <name>', 'who decides (default: the user of this computer)')
    .option('--note <text>', 'why; kept with the results')
    .option('--unstable', 'take the rank though it is not stable in every cohort')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus approve acc-trs --rank 4 --by "A. Reviewer" --note "sharp drop after 4"')
    .action(action(approve));
  program.command('pause')
    .description('start no more fits of a study; those that run end')
    .argument('<id>', ID)
    .option('--by <name>', 'who decides (default: the user of this computer)')
    .option('--note <text>', 'why; kept with the results')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus pause acc-trs --note "the machine is needed until noon"')
    .action(action(pause));
  program.command('resume')
    .description('let the fits of a paused study start again')
    .argument('<id>', ID)
    .option('--by <name>', 'who decides (default: the user of this computer)')
    .option('--note <text>', 'why; kept with the results')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus resume acc-trs')
    .action(action(resume));
  program.command('cancel')
    .description('stop a study; what is finished is kept, and launching it again goes on from there')
    .argument('<id>', ID)
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus cancel acc-trs')
    .action(action(cancel));
}

interface Said {
  by?: string;
  note?: string;
}

async function approve(run: Run, id: string, options: Said & { rank: number; unstable?: boolean }): Promise<number> {
  return withSession(run, async (session) => {
    const args: ApproveRankArgs = { rank: options.rank, by: whoDecides(options.by), note: options.note ?? null, unstable: options.unstable ?? false };
    const decision = await update<RankDecision, ApproveRankArgs>(session, id, APPROVE_RANK_UPDATE, args);
    run.console.say(`${decision.reason}; ${GO_ON}`);
    run.console.answer({ workflowId: id, decision });
    return EXIT.done;
  });
}

async function pause(run: Run, id: string, options: Said): Promise<number> {
  return withSession(run, async (session) => {
    const paused = await update<Pause, PauseArgs>(session, id, PAUSE_UPDATE, { by: whoDecides(options.by), note: options.note ?? null });
    run.console.say(`study ${id} is paused: no fit starts, those that run end; go on with: sulcus resume ${id}`);
    run.console.answer({ workflowId: id, paused });
    return EXIT.done;
  });
}

async function resume(run: Run, id: string, options: Said): Promise<number> {
  return withSession(run, async (session) => {
    const was = await update<Pause, PauseArgs>(session, id, RESUME_UPDATE, { by: whoDecides(options.by), note: options.note ?? null });
    run.console.say(`the fits of study ${id} start again after ${durationText((Date.now() - Date.parse(was.at)) / 1000)}; unless a command follows it already, ${GO_ON}`);
    run.console.answer({ workflowId: id, paused: null, was });
    return EXIT.done;
  });
}

async function cancel(run: Run, id: string): Promise<number> {
  return withSession(run, async (session) => {
    const { client } = session;
    if ((await lastRun(client, id)).status !== 'RUNNING') throw await notRunning(session, id);
    const handle = client.workflow.getHandle(id);
    await handle.cancel();
    const status = await handle.result().then(() => 'completed', (error: unknown) => (describeFailure(error).code === 'CANCELLED' ? 'cancelled' : 'failed'));
    run.console.say(status === 'cancelled' ? `study ${id} is stopped; what it finished is kept` : `study ${id} had ended (${status}) before it could be stopped`);
    run.console.answer({ workflowId: id, status });
    return EXIT.done;
  });
}
