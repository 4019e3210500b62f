/** A parcellation in the formats of those who use it: CIVET text, GIFTI labels, FreeSurfer annotations; and its weights as .npy, .mat and GIFTI maps. */
import type { Hemisphere } from '../../contracts/study.js';
import { INTENT, writeAnnot, writeGifti, writeGiftiLabel, writeLabelText, writeMat, writeNpy } from '../../formats/index.js';
import type { DatasetDocument } from '../ingest/documents.js';
import { componentColours } from './colours.js';
import type { CohortMaterial } from './results.js';
import type { ResultFile } from './tables.js';

const HEMI: Record<Hemisphere, string> = { left: 'lh', right: 'rh' };

export function parcellationFiles(cohorts: readonly CohortMaterial[]): ResultFile[] {
  return cohorts.flatMap(({ cohort, dataset, fit, labels }) => {
    if (fit === null || labels === null) return [];
    const { region } = dataset, { rank, W } = fit;
    const table = labelTable(rank);
    let before = 0;
    const files: ResultFile[] = region.hemispheres.flatMap(({ side, vertices }): ResultFile[] => {
      const start = before, mesh = new Int32Array(region.meshVertices);
      vertices.forEach((v, i) => { mesh[v] = labels[start + i] as number; });
      before += vertices.length;
      const maps = Array.from({ length: rank }, (_, k) => {
        const weights = new Float64Array(region.meshVertices);
        vertices.forEach((v, i) => { weights[v] = W[(start + i) * rank + k] as number; });
        return { intent: INTENT.shape, type: 'f4' as const, dims: [region.meshVertices], data: weights, meta: { Name: `component ${k + 1}` } };
      });
      const annot = table.map(({ key, name, rgba }) => ({ number: key, name, rgba }));
      return [
        [`parcellation/${cohort}_${side}.txt`, writeLabelText(mesh)],
        [`parcellation/${cohort}_${side}.label.gii`, writeGiftiLabel(mesh, table, { hemisphere: side })],
        [`parcellation/${HEMI[side]}.${cohort}.annot`, writeAnnot(mesh, annot)],
        [`parcellation/${cohort}_${side}_W.shape.gii`, writeGifti(maps, [], { hemisphere: side })],
      ];
    });
    files.push([`parcellation/${cohort}_W.npy`, writeNpy(W, [fit.vertices, rank])], [`parcellation/${cohort}_W.mat`, matlab(W, rank, region)]);
    return files;
  });
}

/** W with the vertex of each row, counted from 1 as MATLAB does, and its hemisphere (1 left, 2 right). */
function matlab(W: Float64Array, rank: number, region: DatasetDocument['region']): Uint8Array {
  const vertex = region.hemispheres.flatMap((h) => h.vertices.map((v) => v + 1));
  const hemisphere = region.hemispheres.flatMap((h) => h.vertices.map(() => (h.side === 'left' ? 1 : 2)));
  return writeMat([{ name: 'W', shape: [vertex.length, rank], data: W }, { name: 'vertex', shape: [vertex.length, 1], data: vertex }, { name: 'hemisphere', shape: [vertex.length, 1], data: hemisphere }]);
}

function labelTable(rank: number): { key: number; name: string; rgba: [number, number, number, number] }[] {
  return [{ key: 0, name: 'outside the region', rgba: [0, 0, 0, 0] }, ...componentColours(rank).map((rgb, i) => ({ key: i + 1, name: `component ${i + 1}`, rgba: [...rgb, 1] as [number, number, number, number] }))];
}
