/** The largest problem: every vertex of both hemispheres, 600 columns, rank 4, one core; and a rank above that of its parts, where noise is all that is left to divide. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stability } from '../analysis/parcellation/stability.js';
import type { CortexAnswer } from './cortex-process.js';
import { mb, table } from './markdown.js';
import { runJson } from './process.js';
import { goal, type Section } from './section.js';

const FIT = fileURLToPath(new URL('./cortex-process.js', import.meta.url));
const RANK = 4, HIGH_RANK = 10, TOLERANCE = 1e-5, CAP = 900;

export const cortexSection: Section = {
  name: 'cortex',
  run: async ({ small, folder, note }) => {
    const level = small ? 4 : 6, columns = small ? 60 : 600;
    const fit = async (n: number, rank: number): Promise<{ figures: CortexAnswer; w: Float64Array }> => {
      const out = join(folder, `cortex-${n}-${rank}.w`);
      note(`${n} columns, rank ${rank} (making them takes a while)`);
      const answer = await runJson<CortexAnswer>(process.execPath, [FIT, `${level}`, `${n}`, `${rank}`, `${TOLERANCE}`, out], { capSeconds: CAP });
      if ('failed' in answer) throw new Error(`the whole-cortex fit of ${n} columns at rank ${rank}: ${answer.failed}`);
      return { figures: answer.ok, w: new Float64Array(Uint8Array.from(readFileSync(out)).buffer) };
    };
    const whole = await fit(columns, RANK), part = await fit(columns / 2, RANK), high = await fit(columns, HIGH_RANK);
    const { m, n, seconds, residual, converged, memoryMb } = whole.figures;
    const began = performance.now();
    const agreement = stability(whole.w, part.w, m, RANK);
    const stabilitySeconds = (performance.now() - began) / 1000;
    return {
      markdown: `## The whole cortex

${m.toLocaleString('en')} vertices (two hemispheres of a mesh, six smooth parts and smooth noise), to r <= ${TOLERANCE}, one core, one process each. Seconds include the decomposition and every start;
making the matrix is not counted.

${table(['columns', 'rank', 's', 'passes', 'error', 'r', 'spread of the starts', 'memory with the matrix made', 'peak memory'], ([[RANK, whole.figures], [RANK, part.figures], [HIGH_RANK, high.figures]] as const).map(([rank, f]) => [
    `${f.n}`, `${rank}`, f.seconds.toFixed(1), `${f.passes}`, f.error.toFixed(2), `${f.residual.toExponential(1)}${f.converged ? '' : ' (not converged)'}`, f.spread === null ? '' : `${(100 * f.spread).toFixed(3)} %`, mb(f.matrixMb), mb(f.memoryMb),
  ]))}

Stability of the two parcellations: mean ${agreement.mean?.toFixed(4) ?? 'undefined'}, in ${stabilitySeconds.toFixed(2)} s.`,
      goals: [
        goal(`${m.toLocaleString('en')} x ${n}, rank ${RANK}, to r <= ${TOLERANCE} on one core`, `${seconds.toFixed(1)} s${converged ? '' : `, r = ${residual.toExponential(1)}`}`, 'under 45 s', converged && seconds < 45),
        goal('its resident memory', mb(memoryMb), 'under 1.5 GB', memoryMb === null ? null : memoryMb < 1500),
        goal('stability of two such parcellations', `${stabilitySeconds.toFixed(2)} s`, 'under 1 s', stabilitySeconds < 1),
      ],
    };
  },
};
