/** Writes a synthetic study to disk, in the real formats and layouts, with known truth beside it. See docs/simulation.md. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '../analysis/random.js';
import { writeLabelTable } from '../formats/label-table.js';
import { writeLabelText } from '../formats/label-text.js';
import { writeObj } from '../formats/obj.js';
import { writeParticipants } from '../formats/participants.js';
import { writeTsv } from '../formats/tsv.js';
import type { Hemisphere } from '../contracts/study.js';
import { simulateCohort, type SimulatedCohort } from './cohort.js';
import { METRICS, SCALES, type MetricName } from './design.js';
import { indexKey, type Effect } from './effects.js';
import { SimulationError } from './errors.js';
import { drawField, noiseField } from './field.js';
import { hemisphereSurface, icosphere, type Icosphere } from './mesh.js';
import { adjustedRand, atlasLabels, atlasTable, cingulateRegion, shiftForRand, trueComponents } from './region.js';
import { drawSpectra, type Spectrum } from './spectra.js';
import { studyFile } from './study-file.js';
import { truthIndices, truthRecord } from './truth.js';
import { makeTemplate, splice, type Template } from './write-text.js';

export { simulateCohort, type SimulatedCohort } from './cohort.js';
export { SimulationError } from './errors.js';
export type { Effect } from './effects.js';

/** The paper's cohorts. */
export const DEFAULT_COHORTS: readonly { name: string; size: number }[] = [{ name: 'tokyo', size: 73 }, { name: 'toronto', size: 79 }];

/** True adjusted Rand index between the first cohort's components and another's. */
const RAND = 0.85;
const SIDES: readonly Hemisphere[] = ['left', 'right'];
/** Subjects written at the same time. */
const PARALLEL = 4;

export interface SimulationOptions {
  /** Any integer; the same seed gives the same bytes. */
  seed: number;
  /** Names and sizes, in the order of the study file. `toronto` gets Toronto's groups, every other name Tokyo's. Default: the paper's 73 and 79. */
  cohorts?: readonly { name: string; size: number }[];
  /** `paper`: sample effects equal the paper's; `population`: drawn around them; `none`: null. */
  effect: Effect;
  /** 10 * 4^level + 2 vertices a hemisphere. Default 6, CIVET's 40,962; 3, 4 and 5 (642, 2,562, 10,242) are for tests. */
  meshLevel?: 3 | 4 | 5 | 6;
  onProgress?: (line: string) => void;
}

export interface SimulationSummary {
  /** Path of study.yaml. */
  study: string;
  vertices: number;
  /** Vertices of the region, per hemisphere. */
  region: number;
  cohorts: { name: string; subjects: number; groups: Record<string, number>; failingSpectra: number; componentSizes: number[] }[];
  /** True adjusted Rand index between the first cohort and each other one. */
  rand: { a: string; b: string; ari: number }[];
  files: number;
  bytes: number;
}

/**
 * Simulates a study into `directory` (made when absent; files of the same name are overwritten, others left alone).
 * @throws SimulationError BAD_COHORT, BAD_MESH_LEVEL before anything is written; file system errors as they come
 */
export async function simulateStudy(directory: string, options: SimulationOptions): Promise<SimulationSummary> {
  const { seed, effect, meshLevel = 6, cohorts: asked = DEFAULT_COHORTS } = options;
  const report = options.onProgress ?? (() => undefined);
  if (![3, 4, 5, 6].includes(meshLevel)) throw new SimulationError('BAD_MESH_LEVEL', `mesh level ${meshLevel}`, { remedy: 'Use 3, 4, 5 or 6.' });
  const names = asked.map((c) => c.name);
  if (names.length === 0 || new Set(names.map((n) => n.toLowerCase())).size !== names.length) {
    throw new SimulationError('BAD_COHORT', `cohorts ${names.length === 0 ? 'are missing' : `${names.join(', ')} are not all different`}`, { remedy: 'Name every cohort once.' });
  }
  const cohorts = asked.map((c) => simulateCohort(c.name, c.size, { seed, effect }));
  cohorts.forEach((c, i) => { if (cohorts.findIndex((d) => d.prefix === c.prefix) !== i) c.prefix += String(i + 1); });

  const written = { files: 0, bytes: 0 };
  const put = async (path: string, data: string | Uint8Array): Promise<void> => {
    await writeFile(join(directory, path), data);
    written.files++;
    written.bytes += typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
  };
  report(`mesh of level ${meshLevel}`);
  const sphere = icosphere(meshLevel);
  const region = cingulateRegion(sphere);
  const field = noiseField(sphere, region);
  const vertices = sphere.points.length / 3;
  await mkdir(join(directory, 'atlas'), { recursive: true });
  await mkdir(join(directory, 'truth'), { recursive: true });
  for (const side of SIDES) {
    await put(`atlas/mid_${side}.obj`, writeObj(hemisphereSurface(sphere, side)));
    await put(`atlas/dkt40_${side}.txt`, writeLabelText(atlasLabels(sphere, region, side)));
  }
  await put('atlas/DKTatlas40.labels', writeLabelTable(atlasTable()));
  const templates = new Map(METRICS.map((m) => [m, new Map(SIDES.map((side) => [side, makeTemplate(m, background(sphere, m, `${seed}/simulate/background/${m}/${side}`), region.vertices)]))]));

  const reference = trueComponents(region, 0);
  const components = new Map<string, { labels: Int32Array; shift: number; sizes: number[] }>();
  const spectra = new Map<string, Spectrum[]>();
  for (const [c, cohort] of cohorts.entries()) {
    const shift = c === 0 ? 0 : shiftForRand(region, RAND, c % 2 === 1 ? 1 : -1);
    const labels = trueComponents(region, shift);
    components.set(cohort.name, { labels, shift, sizes: [1, 2, 3, 4].map((k) => 2 * labels.filter((v) => v === k).length) });
    spectra.set(cohort.name, drawSpectra(cohort, seed));
    for (const side of SIDES) await put(`truth/${cohort.name}_${side}.txt`, writeLabelText(onMesh(vertices, region.vertices, labels)));
    await writeCohort(directory, cohort, spectra.get(cohort.name)!, put);
    let done = 0;
    const queue = cohort.ids.keys();
    const writer = async (): Promise<void> => {
      for (const i of queue) {
        await writeSubject(directory, cohort, i, labels, field, templates, seed, put);
        if (++done % 20 === 0 || done === cohort.ids.length) report(`${cohort.name}: ${done} of ${cohort.ids.length} subjects`);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, writer));
  }
  const first = cohorts[0]!.name;
  const rand = names.slice(1).map((b) => ({ a: first, b, ari: adjustedRand(reference, components.get(b)!.labels) }));
  await put('truth/effects.json', `${JSON.stringify(truthRecord({ seed, effect, cohorts, spectra, components, rand }), null, 2)}\n`);
  await put('truth/indices.tsv', truthIndices(cohorts));
  await put('study.yaml', studyFile(cohorts, vertices));
  return {
    study: join(directory, 'study.yaml'), vertices, region: region.vertices.length, rand, ...written,
    cohorts: cohorts.map((c) => ({
      name: c.name, subjects: c.ids.length, groups: Object.fromEntries(c.groups.map((g) => [g, c.people.filter((p) => p.group === g).length])),
      failingSpectra: c.people.filter((p) => p.failing).length, componentSizes: components.get(c.name)!.sizes,
    })),
  };
}

type Put = (path: string, data: string | Uint8Array) => Promise<void>;

/** participants.tsv, LCModel tables and tissue fractions. */
async function writeCohort(directory: string, cohort: SimulatedCohort, spectra: readonly Spectrum[], put: Put): Promise<void> {
  await mkdir(join(directory, cohort.name, 'mrs'), { recursive: true });
  await mkdir(join(directory, cohort.name, 'dwi'), { recursive: true });
  const rows = cohort.ids.map((id, i) => ({ participant_id: id, group: cohort.people[i]!.group, age: cohort.people[i]!.age, sex: cohort.people[i]!.sex, ...cohort.clinical[i]! }));
  await put(`${cohort.name}/participants.tsv`, writeParticipants(Object.keys(rows[0]!), rows));
  for (const s of spectra) await put(`${cohort.name}/mrs/${s.id}.table`, s.table);
  await put(`${cohort.name}/mrs/tissue.tsv`, writeTsv(['participant_id', 'f_gm', 'f_wm', 'f_csf'], spectra.map((s) => [s.id, s.tissue.f_gm, s.tissue.f_wm, s.tissue.f_csf])));
}

/** The eight vertex files of one subject, by the templates of the study file. */
async function writeSubject(
  directory: string, cohort: SimulatedCohort, i: number, labels: Int32Array, field: ReturnType<typeof noiseField>,
  templates: ReadonlyMap<MetricName, ReadonlyMap<Hemisphere, Template>>, seed: number, put: Put,
): Promise<void> {
  const id = cohort.ids[i]!, base = `${cohort.name}/civet/${id}`, p = `${cohort.prefix}_${id}`;
  await mkdir(join(directory, base, 'thickness'), { recursive: true });
  await mkdir(join(directory, base, 'surfaces'), { recursive: true });
  const path: Record<MetricName, (side: Hemisphere) => string> = {
    thickness: (side) => `${base}/thickness/${p}_native_rms_rsl_tlink_30mm_${side}.txt`,
    area: (side) => `${base}/surfaces/${p}_mid_surface_rsl_${side}_native_area_40mm.txt`,
    md: (side) => `${cohort.name}/dwi/${id}_mid_${side}_MD_rsl.txt`,
    fa: (side) => `${cohort.name}/dwi/${id}_mid_${side}_FA_rsl.txt`,
  };
  for (const metric of METRICS) {
    const means = [1, 2, 3, 4].map((k) => cohort.indices.get(indexKey(metric, k))![i]!);
    const { sd, noise } = SCALES[metric];
    const values = drawField(field, labels, means, noise * sd, createRandom(`${seed}/simulate/${cohort.name}/${id}/${metric}`));
    await Promise.all(SIDES.map((side, s) => put(path[metric](side), splice(templates.get(metric)!.get(side)!, values.subarray(s * field.size, (s + 1) * field.size)))));
  }
}

/** Values outside the region: the same for every subject, a smooth pattern about the metric's mean. */
function background(sphere: Icosphere, metric: MetricName, stream: string): Float64Array {
  const random = createRandom(stream);
  const { mean, sd } = SCALES[metric];
  const waves = Array.from({ length: 6 }, () => ({ x: 4 * random.normal(), y: 4 * random.normal(), z: 4 * random.normal(), phase: 7 * random.uniform() }));
  return Float64Array.from({ length: sphere.points.length / 3 }, (_, i) => {
    let v = 0.3 * random.normal();
    for (const w of waves) v += 0.7 * Math.sin(w.x * sphere.points[3 * i]! + w.y * sphere.points[3 * i + 1]! + w.z * sphere.points[3 * i + 2]! + w.phase);
    return mean + 1.5 * sd * v;
  });
}

/** Component labels on the whole mesh, 0 outside the region. */
function onMesh(vertices: number, region: Int32Array, labels: Int32Array): Int32Array {
  const out = new Int32Array(vertices);
  region.forEach((v, i) => { out[v] = labels[i]!; });
  return out;
}
