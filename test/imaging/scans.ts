/** Simulated scans of two small cohorts that go through pipelines, and what came of them. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleTrilinear } from '../../analysis/surface/sample.js';
import type { StepRecord } from '../../contracts/pipelines.js';
import { readNifti, readObj, readVertexText } from '../../formats/index.js';
import { simulateScans } from '../../simulate/scans/index.js';
import type { SmallStudy } from '../workflow/harness.js';

/** Real programs are run by `npm run test:imaging`, which installs them. */
export const REAL = process.env['SULCUS_IMAGING'] === '1';
export const SIDES = ['left', 'right'] as const;
export const METRICS = ['fa', 'md'] as const;

export interface ScanStudy extends SmallStudy {
  /** Ids by cohort. */
  people: Record<string, string[]>;
  /** Replaces text in study.yaml; it must occur. */
  edit(from: string, to: string): void;
}

/** Little is fitted and nothing resampled: the scans are what is tested. */
export async function scanStudy(cohorts: { name: string; size: number }[]): Promise<ScanStudy> {
  const directory = mkdtempSync(join(tmpdir(), 'sulcus-imaging-'));
  const { study: file, cohorts: written } = await simulateScans(directory, { seed: 1, cohorts });
  const edit = (from: string, to: string): void => {
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from)) throw new Error(`study.yaml has no "${from}"`);
    writeFileSync(file, text.replace(from, to));
  };
  edit('ranks: [3, 6]', 'ranks: [2, 4]');
  edit('resamples: 200, nulls: 99', 'resamples: 0, nulls: 0');
  return {
    directory, file, edit, state: join(directory, '.sulcus'), results: join(directory, 'results'), people: Object.fromEntries(written.map((c) => [c.name, c.people.map((p) => p.id)])),
    remove: async () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export interface Finished {
  record: StepRecord;
  /** The record's bytes and when they were written: the same as long as nothing is done again. */
  mark: string;
}

/** Finished steps by COHORT/ID/STEP. */
export function finishedSteps({ directory, people }: ScanStudy, outputs: string): Map<string, Finished> {
  const found = new Map<string, Finished>();
  for (const [cohort, ids] of Object.entries(people)) for (const id of ids) {
    const folder = join(directory, cohort, outputs, id);
    for (const step of namesIn(folder).filter((name) => !name.startsWith('.'))) {
      try {
        const file = join(folder, step, 'step.json'), text = readFileSync(file, 'utf8');
        found.set(`${cohort}/${id}/${step}`, { record: JSON.parse(text) as StepRecord, mark: `${statSync(file).mtimeMs} ${text}` });
      } catch { /* it is put in place just now */ }
    }
  }
  return found;
}

/** Folders aside, in which steps run or ran, and files of the same kind. */
export function asides({ directory, people }: ScanStudy, outputs: string): string[] {
  return Object.entries(people).flatMap(([cohort, ids]) => ids.flatMap((id) => {
    const folder = join(directory, cohort, outputs, id);
    return namesIn(folder).filter((name) => name.startsWith('.') && name !== '.digests.json').map((name) => join(folder, name));
  }));
}

function namesIn(folder: string): string[] {
  try { return readdirSync(folder); } catch { return []; }
}

/** What was put in, at the vertices of a hemisphere. */
export function truthOf({ directory }: ScanStudy, cohort: string, id: string, metric: string, side: string): ArrayLike<number> {
  return readVertexText(readFileSync(join(directory, 'truth', cohort, `${id}_${metric}_${side}.txt`)), { file: id, vertices: 642 });
}

/** A participant's map at the vertices of a hemisphere, by the sampling of the product. */
export function sampled({ directory }: ScanStudy, cohort: string, map: string, side: string): Float64Array {
  const { points } = readObj(readFileSync(join(directory, 'surface', `mid_${side}.obj`)), { file: side });
  return sampleTrilinear(readNifti(readFileSync(join(directory, cohort, map)), { file: map }), points, { background: 0 }).values;
}
