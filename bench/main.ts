/**
 * `npm run bench`: measures the kernel, the solvers and the whole demo in one run (two to three minutes) and writes docs/benchmarks.md.
 *   node dist/bench/main.js [--small] [--only kernel,solvers,study] [--out FILE]
 * --small tries the harness on small sizes and writes to stdout unless --out says otherwise. Nothing else should be running meanwhile.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { syntheticHalf } from './half.js';
import { measureKernel } from './kernel.js';
import { describeMachine } from './machine.js';
import { renderPage } from './page.js';
import { measureSolvers } from './solvers.js';
import { measureStudy } from './study.js';

const PARTS = ['kernel', 'solvers', 'study'];
const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { small: { type: 'boolean', default: false }, only: { type: 'string', default: PARTS.join() }, out: { type: 'string' } } });
  const { small, out } = values;
  const parts = values.only.split(',');
  const unknown = parts.find((p) => !PARTS.includes(p));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: choose among ${PARTS.join(', ')}`);
  const note = (line: string): void => { process.stderr.write(`bench: ${line}\n`); };

  const half = syntheticHalf(small ? 3 : 6);
  // One after the other, the study last: its processes would disturb the rest.
  if (parts.includes('kernel')) note('kernel');
  const kernel = parts.includes('kernel') ? measureKernel(half) : null;
  const solvers = parts.includes('solvers') ? measureSolvers(half, small ? [2, 3, 4] : [2, 3, 4, 5, 6, 7, 8, 9, 10], note) : null;
  const study = parts.includes('study') ? await measureStudy(small, note) : null;

  const page = renderPage({ machine: describeMachine(), small, half, kernel, solvers, study });
  // A part of the figures must not replace all of them.
  const whole = !small && parts.length === PARTS.length;
  const file = out ?? (whole ? PAGE : null);
  if (file === null) process.stdout.write(page);
  else { writeFileSync(file, page); note(`written to ${file}`); }
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
