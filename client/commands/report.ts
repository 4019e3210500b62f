import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { SulcusError } from '../../contracts/errors.js';
import { markdownOf, readReportInput, renderReport } from '../../report/index.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { printPdf } from '../pdf.js';
import { readResults } from '../summary.js';

export function registerReport(program: Command): void {
  program.command('report')
    .description('write report.html and report.md again from a results folder; needs no server')
    .argument('<dir>', 'results folder')
    .option('--out <file>', 'file to write (default: report.html in the folder)')
    .option('--pdf [file]', 'a PDF too, printed by Chromium (default: report.pdf beside the HTML)')
    .option('--identifiers', 'name participants by their identifiers instead of numbers')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus report results --pdf')
    .action(action(report));
}

async function report({ console }: Run, dir: string, options: { out?: string; pdf?: string | true; identifiers?: boolean }): Promise<number> {
  const folder = resolve(dir);
  if (!existsSync(join(folder, 'results.json'))) throw new SulcusError('NO_RESULTS', `${folder} holds no results.json`, { remedy: 'name a results folder' });
  const results = await readResults(folder);
  const input = readReportInput(results, (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path)) : null));
  const out = options.out === undefined ? join(folder, 'report.html') : resolve(options.out);
  const page = renderReport({ ...input, identifiers: options.identifiers ?? false }), markdown = beside(out, '.md');
  await writeFile(out, page);
  await writeFile(markdown, markdownOf(page));
  console.say(`report: ${out}, ${markdown}`);
  const pdf = options.pdf === undefined ? null : options.pdf === true ? beside(out, '.pdf') : resolve(options.pdf);
  if (pdf !== null) {
    await printPdf(out, pdf);
    console.say(`on paper: ${pdf}`);
  }
  console.answer({ report: out, markdown, pdf });
  return EXIT.done;
}

/** The same name with another ending. */
const beside = (file: string, ending: string): string => join(dirname(file), `${basename(file, extname(file))}${ending}`);
