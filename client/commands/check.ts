import type { Command } from 'commander';
import { formatProblem, loadStudy, StudyFileError, type Problem } from '../../config/index.js';
import { action, type Run } from '../command.js';
import { checkStudy, type CheckReport, type CohortReport } from '../check/index.js';
import { tableLines } from '../check/inputs-table.js';
import { pipelineLine, programsLine } from '../check/pipelines/lines.js';
import { whereStepsRun } from '../check/pipelines/index.js';
import { distinct, shortened } from '../check/order.js';
import { EXIT } from '../console.js';

/** Problems of one kind and rows of the table that a terminal shows. */
const MOST_ALIKE = 10, MOST_ROWS = 40;

export function registerCheck(program: Command): void {
  program.command('check')
    .description('read everything a study refers to and list every problem; computes nothing')
    .argument('<study.yaml>', 'the study file')
    .option('--all', 'show every problem and every subject, however many are alike')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus check study.yaml')
    .action(action(check));
}

async function check({ console, interrupted }: Run, path: string, options: { all?: boolean }): Promise<number> {
  let report: CheckReport;
  try {
    report = await checkStudy(await loadStudy(path), { onStatus: console.status, signal: interrupted });
  } catch (error) {
    if (interrupted.aborted) { console.note('interrupted'); return EXIT.interrupted; }
    if (!(error instanceof StudyFileError)) throw error;
    report = { problems: [...error.problems], cohorts: [], region: null, table: { columns: [], rows: [] }, pipelines: [], programs: [], stepsRun: whereStepsRun() };
  }
  const { problems, cohorts, region, table, pipelines, programs, stepsRun } = report;
  const lines = distinct(problems), errors = lines.filter((p) => p.severity === 'error').length, warnings = lines.length - errors;
  sayProblems(lines, options.all === true ? Infinity : MOST_ALIKE, console.say);
  for (const line of tableLines(table, options.all === true ? Infinity : MOST_ROWS)) console.say(line);
  if (region !== null) console.say(`region: ${region.map((r) => `${r.vertices} vertices ${r.side}${r.cortex === null ? '' : ` (${r.region} in all, ${r.cortex} within the midline mask)`}`).join(', ')}`);
  const versions = programsLine(programs, stepsRun);
  if (versions !== null) console.say(versions);
  for (const c of cohorts) {
    console.say(cohortLine(c));
    for (const line of pipelines.filter((p) => p.cohort === c.cohort).flatMap(pipelineLine)) console.say(line);
  }
  console.say(errors === 0 ? `ok${warnings > 0 ? `, with ${count(warnings, 'warning')}` : ''}` : `${count(errors, 'error')}, ${count(warnings, 'warning')}`);
  console.answer({ ok: errors === 0, problems, cohorts, region, table, pipelines, programs, stepsRun });
  return errors === 0 ? EXIT.done : EXIT.usage;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function sayProblems(problems: readonly Problem[], most: number, say: (line: string) => void): void {
  const { shown, left } = shortened(problems, most);
  for (const problem of shown) {
    say(`${problem.severity}: ${formatProblem(problem)}`);
    const more = left.find((l) => l.after === problem);
    if (more !== undefined) say(`  and ${more.count} more like it (--all shows every one)`);
  }
}

function cohortLine({ cohort, subjects, usable, files, spectra }: CohortReport): string {
  const line = `${cohort}: ${usable} of ${subjects} subjects usable, ${files} vertex files read`;
  if (spectra === null) return line;
  const failed = Object.entries(spectra.failed).filter(([, n]) => n > 0).map(([measure, n]) => `${n} ${measure}`);
  return `${line}; ${spectra.usable} of ${spectra.read} spectra usable${failed.length > 0 ? ` (beyond a limit: ${failed.join(', ')})` : ''}${spectra.nearLimit > 0 ? `, ${spectra.nearLimit} within a step of a limit` : ''}`;
}
