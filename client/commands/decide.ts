/** Operator decisions on a study: approve a rank, cancel. */
import { userInfo } from 'node:os';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { Command } from 'commander';
import { SulcusError } from '../../contracts/errors.js';
import type { RankDecision } from '../../contracts/results.js';
import { APPROVE_RANK_UPDATE, type ApproveRankArgs } from '../../contracts/workflows.js';
import { action, wholeNumber, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { describeFailure } from '../failure.js';
import { openSession, type Session } from '../session.js';
import { existingState } from '../state.js';

export function registerDecisions(program: Command): void {
  program.command('approve')
    .description('approve the rank of a study that waits for a review')
    .argument('<id>', 'workflow id of the study')
    .requiredOption('--rank <k>', 'the rank', wholeNumber('--rank', 1))
    .option('--by <name>', 'who decides (default: the user of this computer)')
    .option('--note <text>', 'why; kept with the results')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus approve acc-trs --rank 4 --by "A. Reviewer" --note "sharp drop after 4"')
    .action(action(approve));
  program.command('cancel')
    .description('stop a study; what is finished is kept, and launching it again goes on from there')
    .argument('<id>', 'workflow id of the study')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus cancel acc-trs')
    .action(action(cancel));
}

async function approve(run: Run, id: string, options: { rank: number; by?: string; note?: string }): Promise<number> {
  return withSession(run, async (session) => {
    await session.working;
    const args: ApproveRankArgs = { rank: options.rank, by: options.by ?? userInfo().username, note: options.note ?? null };
    const decision = await session.client.workflow.getHandle(id).executeUpdate<RankDecision, [ApproveRankArgs]>(APPROVE_RANK_UPDATE, { args: [args] });
    run.console.say(`${decision.reason}; go on with: sulcus run STUDY.yaml`);
    run.console.answer({ workflowId: id, decision });
    return EXIT.done;
  }, id);
}

async function cancel(run: Run, id: string): Promise<number> {
  return withSession(run, async (session) => {
    await session.working;
    const handle = session.client.workflow.getHandle(id);
    await handle.cancel();
    const status = await handle.result().then(() => 'completed', (error: unknown) => (describeFailure(error).code === 'CANCELLED' ? 'cancelled' : 'failed'));
    run.console.say(status === 'cancelled' ? `study ${id} is stopped; what it finished is kept` : `study ${id} had ended (${status}) before it could be stopped`);
    run.console.answer({ workflowId: id, status });
    return EXIT.done;
  }, id);
}

async function withSession(run: Run, body: (session: Session) => Promise<number>, id: string): Promise<number> {
  const session = await openSession(existingState(), run.console.note);
  try {
    return await body(session);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new SulcusError('NO_STUDY', `no running study ${id} here`, { remedy: '`sulcus status` lists the studies, finished ones too' });
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) throw new SulcusError(error.cause.type ?? 'REFUSED', `refused: ${error.cause.message}`);
    throw error;
  } finally {
    await session.close();
  }
}
