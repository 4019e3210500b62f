import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { SulcusError } from '../../contracts/errors.js';
import { readTsv } from '../../formats/index.js';
import { renderReport, type GlxRow, type IndexRow, type ParticipantRow } from '../../report/index.js';
import { action, type Run } from '../command.js';
import { EXIT } from '../console.js';
import { readResults } from '../summary.js';

export function registerReport(program: Command): void {
  program.command('report')
    .description('write report.html again from a results folder; needs no server')
    .argument('<dir>', 'results folder')
    .option('--out <file>', 'file to write (default: report.html in the folder)')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  sulcus report results')
    .action(action(report));
}

async function report({ console }: Run, dir: string, options: { out?: string }): Promise<number> {
  const folder = resolve(dir);
  if (!existsSync(join(folder, 'results.json'))) throw new SulcusError('NO_RESULTS', `${folder} holds no results.json`, { remedy: 'name a results folder' });
  const results = await readResults(folder);
  const rows = async (name: string): Promise<Record<string, string | null>[]> => {
    const file = join(folder, 'tables', `${name}.tsv`);
    if (!existsSync(file)) return [];
    const table = readTsv(await readFile(file), { file });
    return table.rows.map(({ cells }) => Object.fromEntries(table.columns.map((c, i) => [c, cells[i] ?? null])));
  };
  const text = (v: string | null | undefined): string => v ?? '';
  const participants = (await rows('participants')).map((r): ParticipantRow => ({
    cohort: text(r['cohort']), participant: text(r['participant']), group: text(r['group']), age: r['age'] == null ? null : Number(r['age']), sex: r['sex'] ?? null,
  }));
  const indices = (await rows('indices')).map((r): IndexRow => ({
    cohort: text(r['cohort']), participant: text(r['participant']), component: Number(r['component']), metric: text(r['metric']), value: Number(r['value']),
  }));
  const glx = (await rows('spectra')).filter((r) => r['excluded'] === null && r['concentration'] !== null).map((r): GlxRow => ({
    cohort: text(r['cohort']), participant: text(r['participant']), value: Number(r['concentration']),
  }));
  const out = options.out === undefined ? join(folder, 'report.html') : resolve(options.out);
  await writeFile(out, renderReport({ results, participants, indices, glx }));
  console.say(`report: ${out}`);
  console.answer({ report: out });
  return EXIT.done;
}
