/** docs/benchmarks.md from what the sections reported. */
import type { Machine } from './machine.js';
import { table } from './markdown.js';
import type { Report } from './section.js';

export function renderPage(machine: Machine, small: boolean, reports: readonly Report[]): string {
  const goals = reports.flatMap((r) => r.goals);
  const parts = [
    `# Benchmarks\n\nWritten by \`npm run bench\`; do not edit. One run, so figures vary by a tenth or so from run to run. bench/README.md says what is measured and how.${small ? ' **Small sizes, to try the harness: not the product\'s figures.**' : ''}`,
    table(['machine', ''], [['processor', machine.cpu], ['cores', `${machine.cores}`], ['memory', `${machine.memoryGb.toFixed(1)} GB`], ['Node', machine.node], ['platform', machine.platform], ['date', machine.date]]),
  ];
  if (goals.length > 0) {
    const met = (m: boolean | null): string => (m === null ? 'not measured' : m ? 'yes' : '**no**');
    parts.push(`## Against the goals\n\n${table(['what', 'measured', 'goal', 'met'], goals.map((g) => [g.what, g.measured, g.goal, met(g.met)]))}`);
  }
  return `${[...parts, ...reports.map((r) => r.markdown)].join('\n\n')}\n`;
}
