import { resolve } from 'node:path';
import type { Command } from 'commander';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { exportBids } from '../export/index.js';

export function registerExport(program: Command): void {
  program.command('export')
    .description('write a results folder in the layout of others; needs no server')
    .argument('<results>', 'results folder')
    .requiredOption('--bids <dir>', 'a BIDS derivative: dataset_description.json, indices by subject, parcellations (new folder, or an earlier export)')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus export results --bids derivatives/sulcus')
    .action(action(exportCommand));
}

async function exportCommand({ console }: Run, folder: string, options: { bids: string }): Promise<number> {
  const out = resolve(options.bids);
  const files = await exportBids(resolve(folder), out);
  console.say(`${files} files of a BIDS derivative: ${out}`);
  console.answer({ out, files });
  return EXIT.done;
}
