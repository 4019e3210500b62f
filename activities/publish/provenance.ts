/** provenance.json: what a run was made from, to the single participant, and with which code. */
import { gzipSync } from 'node:zlib';
import { OPNMF_VERSION } from '../../analysis/opnmf/index.js';
import { NULLS_VERSION } from '../../analysis/parcellation/nulls/version.js';
import type { PublishInput } from '../../contracts/activities.js';
import type { CohortInputs, RunDocument, RunProvenance } from '../../contracts/provenance.js';
import type { StudyResults } from '../../contracts/results.js';
import { canonicalJson, digestBytes } from '../../storage/keys.js';
import { FIT_VERSION } from '../fit-key.js';
import { INDICES_VERSION } from '../indices.js';
import { MATRIX_VERSION } from '../ingest/assemble.js';
import { MATCH_VERSION } from '../match.js';
import { RANK_VERSION } from '../rank.js';
import { BOOTSTRAP_VERSION } from '../resampling/bootstrap.js';
import { STABILITY_VERSION } from '../stability.js';
import { STATISTICS_VERSION } from '../statistics.js';
import type { CohortMaterial } from './results.js';
import type { ResultFile } from './tables.js';

/** Each changes when the same inputs could give other bytes. */
const CODE = {
  opnmf: OPNMF_VERSION, ingest: MATRIX_VERSION, fit: FIT_VERSION, stability: STABILITY_VERSION, rank: RANK_VERSION, match: MATCH_VERSION, indices: INDICES_VERSION,
  statistics: STATISTICS_VERSION, surrogates: NULLS_VERSION, bootstrap: BOOTSTRAP_VERSION,
};

export function provenanceDocument(input: PublishInput, cohorts: CohortMaterial[], results: StudyResults): RunProvenance {
  const inputs = Object.fromEntries(cohorts.map((c) => [c.cohort, inputsOf(c, input)]));
  return { run: results.run, node: process.version, out: input.out, code: CODE, spec: input.spec, inputs, steps: results.steps };
}

/** What is kept of a finished run: results, provenance and the labels of every vertex, without what can be computed from them. */
export function runDocument(results: StudyResults, provenance: RunProvenance, files: readonly ResultFile[]): Uint8Array {
  const labels = Object.fromEntries(files.flatMap(([path, content]) => {
    const name = /^parcellation\/(.+_(?:left|right))\.txt$/.exec(path)?.[1];
    return name === undefined ? [] : [[name, Buffer.from(content).toString('utf8')]];
  }));
  return gzipSync(JSON.stringify({ results, provenance, labels } satisfies RunDocument));
}

function inputsOf({ cohort, dataset, spectra }: CohortMaterial, input: PublishInput): CohortInputs {
  const outcome = input.cohorts.find((c) => c.outcome.cohort === cohort)?.outcome;
  const spectrum = new Map(spectra?.rows.map((row) => [row.id, short(row)]));
  return {
    dataset: outcome?.data.dataset.key ?? '', spectra: outcome?.spectra?.key ?? null, region: short(dataset.region), metrics: dataset.metrics,
    participants: dataset.subjects.map((subject, i) => ({ id: subject.id, files: (dataset.keys[i] ?? '').slice(0, 16), row: short(subject), spectrum: spectrum.get(subject.id) ?? null })),
    excluded: dataset.excluded.map((e) => ({ id: e.id, code: e.code ?? null })),
  };
}

/** Enough to tell two contents apart. */
function short(value: unknown): string {
  return digestBytes(Buffer.from(canonicalJson(value))).slice(0, 16);
}
