/** A stage of a study, or a step of a pipeline, and what follows from it, done again though nothing changed: to verify, or because the machine is doubted. */
import type { Command } from 'commander';
import { describeAgain, RERUN_STAGES, type Again, type RerunStage } from '../../contracts/again.js';
import { SulcusError } from '../../contracts/errors.js';
import { action, type Run } from '../command.js';
import { whoDecides, withSession } from '../decide/update.js';
import { lastRun } from '../last-run.js';
import { launchStudy } from '../launch.js';
import { askForStep, assertIdle, stepAsked } from '../rerun-step.js';
import { checkOut, concludeStudy } from '../study.js';

export function registerRerun(program: Command): void {
  program.command('rerun')
    .description('compute a stage of a study, or run a step of a pipeline, and what follows again; without a change of the code the numbers are the same')
    .argument('<id>', 'workflow id of the study (`sulcus status` lists them)')
    .option('--stage <stage>', RERUN_STAGES.join(', '), stageOf)
    .option('--step <pipeline/step>', 'a step of a pipeline instead; steps after it run again where its outputs become others')
    .option('--participant <id>', 'with --step: of this participant alone')
    .option('--cohort <name>', 'the stage or step of this cohort only (may be repeated); what belongs to all cohorts follows', (name: string, all: string[]) => [...all, name], [])
    .option('--by <name>', 'with --stage: who asks (default: the user of this computer)')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nThe settings are those of the last run of the study, and its results folder is written again.\n\nExample:\n  sulcus rerun acc-trs --stage statistics\n  sulcus rerun acc-trs --step mrtrix3-dti/mask --cohort tokyo --participant TKY017')
    .action(action(rerun));
}

interface Options {
  stage?: RerunStage;
  step?: string;
  participant?: string;
  cohort: string[];
  by?: string;
}

function stageOf(text: string): RerunStage {
  const stage = RERUN_STAGES.find((name) => name === text);
  if (stage === undefined) throw new SulcusError('BAD_OPTION', `--stage ${text} is no stage; the stages are ${RERUN_STAGES.join(', ')}`);
  return stage;
}

async function rerun(run: Run, id: string, options: Options): Promise<number> {
  if ((options.stage === undefined) === (options.step === undefined)) throw new SulcusError('BAD_OPTION', 'say either --stage or --step', { remedy: `stages: ${RERUN_STAGES.join(', ')}; a step is PIPELINE/STEP` });
  if (options.participant !== undefined && options.step === undefined) throw new SulcusError('BAD_OPTION', '--participant goes with --step: stages are computed of all participants together');
  if (options.by !== undefined && options.step !== undefined) throw new SulcusError('BAD_OPTION', '--by goes with --stage: of a step, step.json says which run did it');
  return withSession(run, async (session) => {
    const last = await lastRun(session.client, id), { input, started } = last;
    const { spec, directory, out, cohorts, waiting } = input;
    const unknown = options.cohort.find((name) => !cohorts.includes(name));
    if (unknown !== undefined) throw new SulcusError('UNKNOWN_COHORT', `study ${id} has no cohort "${unknown}"`, { remedy: `cohorts: ${cohorts.join(', ')}` });
    const settings = { spec, directory, out, cohorts, ...(waiting === undefined ? {} : { waiting }) };
    if (options.stage === undefined) {
      const asked = stepAsked(options.step ?? '', input), name = `${asked.pipeline.name}/${asked.step}`;
      await assertIdle(session.client, input, last, name);
      await checkOut(out);
      const participants = await askForStep(input, options.cohort.length === 0 ? cohorts : options.cohort, asked, options.participant ?? null);
      const { handle } = await launchStudy(session.client, settings);
      run.console.note(`again: step ${name} of ${participants} participant${participants === 1 ? '' : 's'}, with the settings of the run of ${started.toISOString()}`);
      return concludeStudy(session, handle, cohorts, run.console, run.interrupted);
    }
    const again: Again = { stage: options.stage, cohorts: options.cohort.length === 0 ? null : options.cohort, by: whoDecides(options.by) };
    await checkOut(out);
    const { handle, attached } = await launchStudy(session.client, { ...settings, again });
    run.console.note(attached ? `study ${id} is already at it: following it` : `again: ${describeAgain(again)}, with the settings of the run of ${started.toISOString()}`);
    return concludeStudy(session, handle, cohorts, run.console, run.interrupted);
  });
}
