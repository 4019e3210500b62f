/** Statistics and what is drawn many times: the statistics of the demo, bootstrap refits of every ANCOVA, the demo's resamples and surrogates. One core. */
import { computeTask, type Task } from '../activities/resampling/task.js';
import { createRandom } from '../analysis/random.js';
import { hardLabels } from '../analysis/parcellation/labels.js';
import { regionMesh, type SurrogateBasis } from '../analysis/parcellation/nulls/index.js';
import { bootstrap } from '../analysis/statistics/bootstrap.js';
import { prepareAncova, runStudyStatistics, type CohortInput, type StudyStatisticsInput } from '../analysis/statistics/index.js';
import { prepareRefits } from '../analysis/statistics/refit.js';
import type { StatisticsSpec } from '../contracts/study.js';
import { simulateCohort } from '../simulate/index.js';
import { METRICS } from '../simulate/design.js';
import { indexKey } from '../simulate/effects.js';
import { hemisphereSurface, icosphere } from '../simulate/mesh.js';
import { cingulateRegion } from '../simulate/region.js';
import { drawSpectra, QUALITY } from '../simulate/spectra.js';
import { seconds, table } from './markdown.js';
import { goal, type Section } from './section.js';

const REFITS = 10_000, RANKS = [2, 3, 4, 5, 6, 7, 8, 9, 10];
const STATISTICS: StatisticsSpec = {
  alpha: 0.05, covariates: ['age', 'sex'], pairwise: 'subset', glxType: 'II', families: { ancova: 'cohort', pairs: 'index', glx: 'cohort', clinical: 'index' },
  resamples: 2000, nulls: 500, confidence: 0.95, seed: 0,
};

export const resamplingSection: Section = {
  name: 'resampling',
  run: ({ small, note }) => {
    const refits = small ? 500 : REFITS, resamples = small ? 200 : 2000, nulls = small ? 99 : 500, ranks = small ? [2, 3] : RANKS;
    const study = demoStudy(), cohort = study.cohorts[0]!;
    runStudyStatistics(study); // compiled once, as a worker that has run a study
    note('statistics');
    const [statistics, output] = timed(() => runStudyStatistics(study));
    note('refits');
    const [ancovas] = timed(() => refitEverything(cohort, refits));
    note('bootstrap');
    const [intervals] = timed(() => study.cohorts.map((input) => computeTask({ kind: 'bootstrap', input, spec: STATISTICS, replicated: output.replicated, options: { resamples, seed: 0, confidence: 0.95 } }, () => true)));
    note('surrogates');
    const sphere = icosphere(small ? 4 : 6), { vertices } = cingulateRegion(sphere);
    const [modes, basis] = timed(() => {
      const region = regionMesh((['left', 'right'] as const).map((side) => ({ mesh: hemisphereSurface(sphere, side), vertices })));
      return computeTask({ kind: 'modes', region }, () => true) as SurrogateBasis;
    });
    const drawn = parcels(basis, ranks, small ? 2 : 10);
    const options = { nulls, stream: 'bench' };
    const [stability] = timed(() => computeTask({ kind: 'stability-null', basis, ranks: drawn, options } satisfies Task, () => true));
    const [rand] = timed(() => computeTask({ kind: 'rand-null', basis, options, ranks: drawn.map(({ k, splits }) => ({ k, a: hardLabels(splits[0]!.A, basis.size, k), b: hardLabels(splits[0]!.B, basis.size, k), observed: 0.5 })) } satisfies Task, () => true));
    const pairs = output.replicated.length;
    const rows = [
      ['statistics of two cohorts of 73 and 79, with intervals of effects and checks of assumptions', seconds(statistics)],
      [`${refits.toLocaleString('en')} resamples of a cohort of 73, all 16 ANCOVAs refitted in each (F and partial η² of group)`, seconds(ancovas)],
      [`bootstrap of both cohorts: ${resamples.toLocaleString('en')} resamples of every pair, by both methods, and partial r; ${pairs} replicated indices`, seconds(intervals)],
      [`modes of the region (${basis.size.toLocaleString('en')} vertices)`, seconds(modes)],
      [`${nulls} surrogates of the stability of one cohort at ${ranks.length} ranks`, seconds(stability)],
      [`${nulls} surrogates of the Rand index of two cohorts at ${ranks.length} ranks`, seconds(rand)],
    ];
    return {
      markdown: `## Statistics and resampling\n\nOne core. The study does the last four as separate steps, as many at a time as there are cores.\n\n${table(['what', 's'], rows)}`,
      goals: [
        goal('statistics of the demo without resampling', `${seconds(statistics)} s`, 'under 2 s', statistics < 2),
        goal(`${refits.toLocaleString('en')} bootstrap refits of all 16 ANCOVAs of a cohort`, `${seconds(ancovas)} s on one core`, 'under 20 s on 2 cores', refits < REFITS ? null : ancovas < 20),
      ],
    };
  },
};

function timed<T>(work: () => T): [number, T] {
  const began = performance.now(), result = work();
  return [(performance.now() - began) / 1000, result];
}

/** The demo's two cohorts with the designed indices, spectra and clinical measures. */
function demoStudy(): StudyStatisticsInput {
  const cohorts = [['tokyo', 73], ['toronto', 79]].map(([name, size]): CohortInput => {
    const c = simulateCohort(name as string, size as number, { seed: 0, effect: 'paper' }), spectra = drawSpectra(c, 0);
    const measures = Object.keys(c.clinical[0]!) as (keyof (typeof c.clinical)[number])[];
    return {
      name: name as string, groups: c.groups, control: 'HC',
      participants: {
        id: c.ids, group: c.people.map((p) => p.group), age: c.people.map((p) => p.age), sex: c.people.map((p) => p.sex),
        ...Object.fromEntries(measures.map((m) => [m, c.clinical.map((row) => row[m])])),
      },
      indices: METRICS.flatMap((metric) => [1, 2, 3, 4].map((component) => ({ component, metric, values: [...c.indices.get(indexKey(metric, component))!] }))),
      spectra: {
        metabolite: 'Glu+Gln', correction: 'concentration / (1 - csf)', quality: QUALITY,
        rows: spectra.map((s, i) => ({ id: s.id, concentration: c.glx[i]!, snr: s.reasons.includes('snr') ? 8 : 25, fwhmHz: s.reasons.includes('fwhm') ? 12 : 6, sdPercent: s.reasons.includes('sd') ? 25 : 7, problems: [] })),
      },
    };
  });
  const clinical = ['panss_positive', 'panss_negative', 'panss_general'].map((measure) => ({ measure, groups: ['TRS', 'UTRS'] }));
  return { cohorts, clinical: [...clinical, ...['rbans_total', 'age_at_onset', 'illness_duration', 'cpz_dose'].map((measure) => ({ measure, groups: 'patients' as const }))], demographics: ['panss_total', 'cgi_s'], statistics: STATISTICS };
}

/** Resamples within groups; in each every index's F and partial eta squared of group. */
function refitEverything(cohort: CohortInput, resamples: number): void {
  const prepared = prepareAncova(cohort.participants, ['group', 'age', 'sex'], {}, ['group']), { factorisation: f, block, term } = prepared.tests[0]!;
  const y = cohort.indices.map((index) => Float64Array.from(index.values as number[])), refits = prepareRefits(f, y, cohort.indices.map((i) => i.metric));
  const group = cohort.participants['group']!, from = f.ends[block - 1]!;
  bootstrap({
    stream: 'bench', statistics: 2 * y.length, strata: cohort.groups.map((name) => ({ name, rows: group.flatMap((g, i) => (g === name ? [i] : [])) })),
    evaluate(counts, out) {
      if (!refits.refit(counts)) { out.fill(NaN); return; }
      for (let r = 0; r < y.length; r++) {
        const explained = refits.squares(r, from, from + term.size), residual = refits.residualProduct(r, r);
        out[2 * r] = explained / term.size / (residual / f.dfResidual);
        out[2 * r + 1] = explained / (explained + residual);
      }
    },
  }, { resamples, seed: 0, confidence: 0.95 });
}

/** Weights of parcels about random places of the region, two for each split: as smooth as fitted ones, without a fit. */
function parcels(basis: SurrogateBasis, ranks: readonly number[], splits: number): { k: number; observed: number; splits: { A: Float64Array; B: Float64Array }[] }[] {
  const random = createRandom('bench/parcels'), { modes } = basis, half = modes.sides[0]!.mass.length;
  const W = (k: number): Float64Array => {
    const out = new Float64Array(basis.size * k);
    for (let j = 0; j < k; j++) {
      const c = Float64Array.from({ length: 12 }, (_, q) => (q === 0 ? 0 : random.normal() / q));
      for (let i = 0; i < basis.size; i++) {
        const { values } = modes.sides[i < half ? 0 : 1]!, at = (i % half) * modes.count;
        let v = 0;
        for (let q = 0; q < Math.min(c.length, modes.count); q++) v += c[q]! * values[at + q]!;
        out[i * k + j] = Math.exp(40 * v);
      }
    }
    return out;
  };
  return ranks.map((k) => ({ k, observed: 0.9, splits: Array.from({ length: splits }, () => ({ A: W(k), B: W(k) })) }));
}
