/** The record of what was simulated: truth/effects.json and the true values. */
import { designFor, GATED, METRICS, SCALES } from './design.js';
import type { SimulatedCohort } from './cohort.js';
import { GLX, indexKey, type Effect } from './effects.js';
import type { Spectrum } from './spectra.js';
import { writeTsv } from '../formats/tsv.js';

/** JSON-safe truth: intended effects per cohort and the true adjusted Rand index of every pair of cohorts. */
export function truthRecord(input: {
  seed: number; effect: Effect; cohorts: readonly SimulatedCohort[]; spectra: ReadonlyMap<string, readonly Spectrum[]>;
  components: ReadonlyMap<string, { shift: number; sizes: number[] }>; rand: readonly { a: string; b: string; ari: number }[];
}): Record<string, unknown> {
  const none = input.effect === 'none';
  return {
    seed: input.seed, effect: input.effect, components: 4, rank: 4,
    note: 'paper: sample effects equal these; population: samples are drawn around them; none: no group, Glx or clinical effect. t is of the pair (a, b) alone with age and sex, at the paper\'s group sizes.',
    replicated: none ? [] : GATED.map(([metric, component]) => ({ metric, component })),
    rand: input.rand,
    scales: SCALES,
    glxScale: GLX,
    cohorts: Object.fromEntries(input.cohorts.map((c) => {
      const design = designFor(c.name);
      return [c.name, {
        sizes: input.components.get(c.name)?.sizes, borderShift: input.components.get(c.name)?.shift,
        groups: Object.fromEntries(c.groups.map((g) => [g, c.people.filter((p) => p.group === g).length])),
        indices: design.indices.map((d) => {
          const made = c.effects.find((e) => e.metric === d.metric && e.component === d.component);
          return {
            metric: d.metric, component: d.component, pairs: none ? [] : d.pairs.map(([a, b, t]) => ({ a, b, t })), partialR: none ? null : d.partialR,
            standardisedMeans: made?.means ?? null, glxShare: made?.rho ?? null,
          };
        }),
        glx: { pairs: none ? [] : design.glx.map(([a, b, t]) => ({ a, b, t })), standardisedMeans: c.glxMeans },
        failingSpectra: (input.spectra.get(c.name) ?? []).filter((s) => s.reasons.length > 0).map((s) => ({ id: s.id, reasons: s.reasons })),
      }];
    })),
  };
}

/** Text of truth/indices.tsv: the designed mean of every metric over every true component, and Glx (component n/a). */
export function truthIndices(cohorts: readonly SimulatedCohort[]): string {
  const rows: (string | number | null)[][] = [];
  for (const c of cohorts) {
    c.ids.forEach((id, i) => {
      for (let k = 1; k <= 4; k++) for (const m of METRICS) rows.push([c.name, id, k, m, c.indices.get(indexKey(m, k))![i]!]);
      rows.push([c.name, id, null, 'glx', c.glx[i]!]);
    });
  }
  return writeTsv(['cohort', 'participant', 'component', 'metric', 'value'], rows);
}
