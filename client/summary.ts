/** The findings of a results folder as a few plain lines for the terminal. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartialRow, StudyResults } from '../contracts/results.js';
import { rankLine } from './rank-line.js';

export async function readResults(folder: string): Promise<StudyResults> {
  return JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as StudyResults;
}

export function summaryLines(results: StudyResults): string[] {
  const lines: string[] = [];
  const { rank } = results;
  lines.push(rankLine(rank));
  for (const m of results.matching) lines.push(`adjusted Rand ${m.a} / ${m.b}: ${m.ari === null ? 'none' : m.ari.toFixed(3)}`);
  for (const [name, c] of Object.entries(results.cohorts)) {
    const p = c.parcellation;
    const fits = c.ranks.reduce((s, r) => s + r.fits, 0), failed = c.ranks.reduce((s, r) => s + r.notConverged, 0);
    lines.push(`${name}: ${c.subjects} participants (${c.excluded.length} excluded), ${c.vertices} vertices, ${fits - failed} of ${fits} fits converged${p === null ? '' : `, components of ${p.sizes.join(', ')} vertices (residual ${p.residual.toExponential(1)}${p.converged ? '' : ', NOT CONVERGED'})`}`);
  }
  if (results.run.partial) return [...lines, 'one part of the study only: no statistics'];
  lines.push(results.replicated.length === 0 ? 'replicated in every cohort: nothing' : `replicated in every cohort: ${results.replicated.map((r) => `${r.metric} of component ${r.component}`).join(', ')}`);
  for (const [name, c] of Object.entries(results.cohorts)) {
    if (c.glx === null) continue;
    lines.push(`Glx in ${name} (${c.glx.n} spectra, ${c.glx.excluded.length} excluded): ${c.glx.partial.length === 0 ? 'no replicated index to relate' : c.glx.partial.map(partialText).join(', ')}`);
  }
  const clinical = Object.values(results.cohorts).flatMap((c) => [...c.clinical, ...(c.glx?.clinical ?? [])]);
  const related = clinical.filter((r) => r.pAdjusted !== null && r.pAdjusted < results.parameters.alpha);
  if (clinical.length > 0) lines.push(related.length === 0 ? `clinical measures: no relation in ${clinical.length} tests` : `clinical measures: ${related.length} of ${clinical.length} tests significant`);
  if (results.doubts.length > 0) lines.push(`${results.doubts.length} point${results.doubts.length === 1 ? '' : 's'} to doubt: see the report`);
  return lines;
}

function partialText(r: PartialRow): string {
  return `${r.metric} ${r.component} r = ${r.r === null ? 'none' : r.r.toFixed(3)}`;
}
