import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Command } from 'commander';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { examine, studyFiles, type Area, type Finding, type Verdict } from '../doctor/index.js';
import { stateDirectory } from '../temporal/index.js';
import { packageRoot } from '../temporal/tools.js';

export function registerDoctor(program: Command): void {
  program.command('doctor')
    .description('what is installed and reachable, what is missing, what that costs and what to do; exit code 1 when something needed is missing')
    .argument('[study.yaml...]', 'study files whose pipelines are looked at, too (default: study.yaml here, if there is one)')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nLooks only: starts nothing, changes nothing. The output names no participant, user, host or folder and can be pasted into a bug report.\n\nExample:\n  sulcus doctor\n  sulcus doctor study.yaml')
    .action(action(doctor));
}

const TITLES: Record<Area, string> = { installed: 'installed', pipelines: 'programs of pipelines', machine: 'this machine', state: 'the state folder', temporal: 'Temporal' };

async function doctor({ console }: Run, named: string[]): Promise<number> {
  const { version } = createRequire(import.meta.url)(join(packageRoot(), 'package.json')) as { version: string };
  const studies = studyFiles(named, process.cwd());
  const findings = await examine(stateDirectory(named[0] ?? null), studies);
  for (const [area, title] of Object.entries(TITLES) as [Area, string][]) {
    const here = findings.filter((f) => f.area === area);
    if (here.length > 0) console.say(`${title}:`);
    for (const finding of here) for (const line of linesOf(finding)) console.say(line);
  }
  const count = (verdict: Verdict): number => findings.filter((f) => f.verdict === verdict).length;
  const missing = count('bad'), warnings = count('warn') === 0 ? '' : `, ${count('warn')} ${count('warn') === 1 ? 'warning' : 'warnings'}`;
  console.say('');
  console.say(missing === 0 ? `all that is needed is there${warnings}` : `${missing} needed and missing or broken${warnings}`);
  console.answer({ ok: missing === 0, version, counts: { ok: count('ok'), warn: count('warn'), bad: missing }, findings });
  return missing === 0 ? EXIT.done : EXIT.failed;
}

function linesOf({ name, verdict, found, cost, remedy }: Finding): string[] {
  const lines = [`  ${verdict.padEnd(4)}  ${name}: ${found}`];
  if (cost !== null) lines.push(`        costs: ${cost}`);
  if (remedy !== null) lines.push(`        do: ${remedy}`);
  return lines;
}
