import type { Command } from 'commander';
import { formatProblem, loadStudy, StudyFileError } from '../../config/index.js';
import { action, type Run } from '../command.js';
import { checkStudy } from '../check/index.js';
import { EXIT } from '../console.js';

export function registerCheck(program: Command): void {
  program.command('check')
    .description('read everything a study refers to and list every problem; computes nothing')
    .argument('<study.yaml>', 'the study file')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus check study.yaml')
    .action(action(check));
}

async function check({ console }: Run, path: string): Promise<number> {
  let report;
  try {
    report = await checkStudy(await loadStudy(path), console.status);
  } catch (error) {
    if (!(error instanceof StudyFileError)) throw error;
    report = { problems: [...error.problems], cohorts: [] };
  }
  const errors = report.problems.filter((p) => p.severity === 'error').length;
  for (const problem of report.problems) console.say(`${problem.severity}: ${formatProblem(problem)}`);
  for (const c of report.cohorts) console.say(`${c.cohort}: ${c.usable} of ${c.subjects} subjects usable, ${c.files} vertex files read`);
  console.say(errors === 0 ? `ok${report.problems.length > 0 ? `, with ${report.problems.length} warnings` : ''}` : `${errors} error${errors === 1 ? '' : 's'}, ${report.problems.length - errors} warnings`);
  console.answer({ ok: errors === 0, problems: report.problems, cohorts: report.cohorts });
  return errors === 0 ? EXIT.done : EXIT.usage;
}
