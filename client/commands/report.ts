import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { SulcusError } from '../../contracts/errors.js';
import { readReportInput, renderReport } from '../../report/index.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { readResults } from '../summary.js';

export function registerReport(program: Command): void {
  program.command('report')
    .description('write report.html again from a results folder; needs no server')
    .argument('<dir>', 'results folder')
    .option('--out <file>', 'file to write (default: report.html in the folder)')
    .option('--identifiers', 'name participants by their identifiers instead of numbers')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus report results')
    .action(action(report));
}

async function report({ console }: Run, dir: string, options: { out?: string; identifiers?: boolean }): Promise<number> {
  const folder = resolve(dir);
  if (!existsSync(join(folder, 'results.json'))) throw new SulcusError('NO_RESULTS', `${folder} holds no results.json`, { remedy: 'name a results folder' });
  const results = await readResults(folder);
  const input = readReportInput(results, (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path)) : null));
  const out = options.out === undefined ? join(folder, 'report.html') : resolve(options.out);
  await writeFile(out, renderReport({ ...input, identifiers: options.identifiers ?? false }));
  console.say(`report: ${out}`);
  console.answer({ report: out });
  return EXIT.done;
}
