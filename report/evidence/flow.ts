/** How many participants there were, who was left out on the way, and who stands behind which analysis. */
import type { CohortResults, SpectrumExclusion } from '../../contracts/results.js';
import type { ReportContext } from '../context.js';
import { figure } from '../figure.js';
import { flowFigure, type FlowStep } from '../figures/flow.js';
import { html, slug, type Html } from '../html.js';
import { spectrumReason } from '../reasons.js';
import { glxName } from '../words.js';

export function exclusionFlow(context: ReportContext): Html | null {
  const cohorts = context.cohorts.map(([name, cohort]) => ({ name, steps: stepsOf(cohort, context.analysed) }));
  return figure({
    id: 'exclusions-figure',
    panels: cohorts.map(({ name, steps }) => flowFigure({ id: slug('exclusions', name), name, title: `Participants of ${name}`, description: steps.map(({ lines, out }) => [...lines, ...out].join(', ')).join('; '), steps })),
    caption: html`<strong>Participants from the table to the analyses.</strong> Beside the arrows, who was left out and why; one participant may have several reasons.`,
    data: { columns: ['cohort', 'stage', 'n'], rows: cohorts.flatMap(({ name, steps }) => steps.flatMap(({ lines, out }) => [...lines, ...out].map((line) => { const [, n, text] = /^(?:n = )?(\d+) (.*)$/.exec(line) ?? [null, '', line]; return [name, text ?? line, n === '' ? null : Number(n)]; }))) },
  });
}

function stepsOf(cohort: CohortResults, analysed: boolean): FlowStep[] {
  const { subjects, excluded, groups, glx } = cohort, sizes = Object.entries(groups).map(([group, size]) => `${size} ${group}`);
  const steps: FlowStep[] = [
    { lines: [`${subjects + excluded.length} in the table`], out: excluded.length === 0 ? [] : [`${excluded.length} left out`, ...counted(excluded.map((one) => one.code ?? 'other reasons')).map(([code, n]) => `${n} ${code.toLowerCase().replaceAll('_', ' ')}`)] },
    { lines: [`${subjects} analysed`, ...sizes], out: glx === null || !analysed ? [] : out(glx.excluded) },
  ];
  return glx === null || !analysed ? steps : [...steps, { lines: [`${glx.n} with ${glxName(glx.metabolite)}`], out: [] }];
}

function out(excluded: readonly SpectrumExclusion[]): string[] {
  return excluded.length === 0 ? [] : [`${excluded.length} spectra not used`, ...counted(excluded.flatMap((one) => one.reasons)).map(([reason, n]) => `${n} ${spectrumReason(reason)}`)];
}

function counted(items: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
