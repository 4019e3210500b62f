/**
 * `npm run bench`: measures everything in one run and writes docs/benchmarks.md; `npm run bench -- peers kernel` measures some of it and
 * prints. Nothing else should be running meanwhile.
 *   node dist/bench/main.js [SECTION ...] [--small] [--long] [--out FILE]
 * --small tries the harness on small sizes; --long gives slow peers all ranks and ten minutes each. Only a whole run at full size replaces
 * docs/benchmarks.md; --out writes anywhere.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.js';
import { renderPage } from './page.js';
import type { Report } from './section.js';
import { SECTIONS } from './sections.js';

const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { small: { type: 'boolean', default: false }, long: { type: 'boolean', default: false }, out: { type: 'string' } }, allowPositionals: true,
  });
  const { small, long } = values;
  const names = SECTIONS.map((s) => s.name), unknown = positionals.find((p) => !names.includes(p));
  if (unknown !== undefined) throw new Error(`no section is called ${unknown}: choose among ${names.join(', ')}`);
  const chosen = positionals.length === 0 ? SECTIONS : SECTIONS.filter((s) => positionals.includes(s.name));
  const note = (line: string): void => { process.stderr.write(`bench: ${line}\n`); };

  const folder = await mkdtemp(join(tmpdir(), 'sulcus-bench-'));
  const reports: Report[] = [];
  try {
    for (const section of chosen) {
      const began = performance.now();
      note(section.name);
      const report = await section.run({ small, long, folder, note: (line) => note(`${section.name}: ${line}`) });
      process.stdout.write(`${report.markdown}\n\n`);
      note(`${section.name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
      reports.push(report);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  const page = renderPage(describeMachine(), small, reports);
  // A part of the figures must not replace all of them.
  const file = values.out ?? (!small && chosen.length === SECTIONS.length ? PAGE : null);
  if (file === null) return;
  await writeFile(file, page);
  for (const { name, text } of reports.flatMap((r) => r.files ?? [])) await writeFile(join(dirname(file), name), text);
  note(`written to ${file}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
