/** What the last finished run took in, by what its results folder says. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunProvenance } from '../../contracts/provenance.js';
import type { StudySpec } from '../../contracts/study.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { DatasetDocument } from '../ingest/documents.js';
import { decodeJson } from '../step.js';

export interface LastRun {
  finishedAt: string;
  spec: StudySpec;
  cohorts: Map<string, { dataset: DatasetDocument; datasetKey: string; spectra: string | null }>;
  /** Whether a step of the run had this key. */
  hasStep(key: string): boolean;
}

/** Null when there are no results of the whole study, or what they were made from is not in the store any more. */
export async function readLastRun(store: ArtifactStore, out: string, study: string): Promise<LastRun | null> {
  const file = await provenanceFile(out);
  if (file === null || file.run?.partial !== false || file.run.workflowId !== study || typeof file.inputs !== 'object') return null;
  const cohorts: LastRun['cohorts'] = new Map();
  for (const [name, { dataset, spectra }] of Object.entries(file.inputs)) {
    const found = await store.find({ kind: 'dataset', key: dataset });
    if (found === null) return null;
    cohorts.set(name, { dataset: decodeJson<DatasetDocument>(found.bytes), datasetKey: dataset, spectra });
  }
  const keys = new Set(file.steps.map((s) => s.key));
  return { finishedAt: file.run.finishedAt, spec: file.spec, cohorts, hasStep: (key) => keys.has(key) };
}

async function provenanceFile(out: string): Promise<RunProvenance | null> {
  let text: string;
  try {
    text = await readFile(join(out, 'provenance.json'), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
  try {
    const value = JSON.parse(text) as RunProvenance | null;
    return value !== null && typeof value === 'object' && Array.isArray(value.steps) ? value : null;
  } catch {
    return null; // edited by hand: as if there were none, and the study writes it anew
  }
}
