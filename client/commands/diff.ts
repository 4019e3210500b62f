import type { Command } from 'commander';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { compareRuns } from '../diff/index.js';
import { differenceLines } from '../diff/lines.js';
import { loadRuns } from '../diff/load.js';
import { terminalWidth } from '../wrap.js';

export function registerDiff(program: Command): void {
  program.command('diff')
    .description('what changed between two runs: inputs, parameters, code, and then which conclusions; needs no server')
    .argument('<a>', 'a results folder, a run id, or a workflow id (its last finished run)')
    .argument('[b]', 'the other one; left out: the last two finished runs of the study <a>')
    .option('--all', 'show every p that moved, not only those that moved most')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nParticipants are counted, and named only when both are results folders.\n\nExamples:\n  sulcus diff acc-trs\n  sulcus diff results-2024 results')
    .action(action(diff));
}

async function diff({ console }: Run, a: string, b: string | undefined, options: { all?: boolean }): Promise<number> {
  const [before, now] = await loadRuns(a, b);
  const difference = compareRuns(before, now);
  const ids = before.folder !== null && now.folder !== null;
  for (const line of differenceLines(difference, { width: terminalWidth(), ids, all: options.all ?? false })) console.say(line);
  console.answer(ids ? difference : withoutIds(difference));
  return EXIT.done;
}

/** Counts only, where participants are not to be named. */
function withoutIds(difference: ReturnType<typeof compareRuns>): unknown {
  return JSON.parse(JSON.stringify(difference, (key, value: unknown) => (key === 'ids' ? undefined : value)));
}
