/** The region's part of the study's surfaces, which spatial surrogates are made on. */
import { limitOf } from '../../analysis/parcellation/nulls/limits.js';
import { regionMesh } from '../../analysis/parcellation/nulls/region-mesh.js';
import { NULLS_VERSION } from '../../analysis/parcellation/nulls/version.js';
import { SurfaceError } from '../../analysis/surface/index.js';
import type { ReadSurfaceInput, ReadSurfaceOutput } from '../../contracts/resampling.js';
import type { StudySpec } from '../../contracts/study.js';
import { digestBytes } from '../../storage/keys.js';
import { encodeArrays } from '../arrays.js';
import type { ControlContext } from '../context.js';
import { encodeJson, once, stepRow } from '../step.js';
import type { RegionDocument } from './documents.js';
import { readRegion } from './region.js';
import { meshOf, named, readMeshFile } from './study-mesh.js';

/** Keyed by the content of the files. Throws MISSING_FILE, VERTEX_COUNT, and the readers' and adjacencyOf's errors, with the file. */
export async function readSurface({ store }: ControlContext, { run, spec, directory }: ReadSurfaceInput): Promise<ReadSurfaceOutput> {
  const { hemispheres: sides } = await readRegion(spec, directory);
  const reason = limitOf(sides.map((s) => s.vertices.length));
  if (reason !== null) return { surface: null, reason };
  const { files, inputs } = await surfaceInputs(spec, sides, directory);
  const step = await once(store, run, 'surface', NULLS_VERSION, inputs, { place: { step: 'surrogates', part: 'surface' }, parameters: { region: digestBytes(encodeJson(inputs.map((i) => i.vertices))).slice(0, 12), surface: inputs.map((i) => i.mesh.slice(0, 12)) } }, () => {
    const hemispheres = sides.map(({ vertices }, i) => ({ mesh: meshOf(files[i]!.bytes, { file: files[i]!.file, placed: false, vertices: spec.surface.vertices }), vertices }));
    try {
      return encodeArrays(regionMesh(hemispheres));
    } catch (error) {
      throw error instanceof SurfaceError ? named(error, [...new Set(files.map((f) => f.file))].join(' or ')) : error;
    }
  });
  await store.recordSteps(run.runId, 'surface', [stepRow(run, { step: 'surrogates' }, step.ref.key, step.provenance)]);
  return { surface: step.ref, reason: null };
}

/** The surfaces' files, and what the artifact is keyed by. Throws MISSING_FILE. */
export async function surfaceInputs(spec: StudySpec, sides: RegionDocument['hemispheres'], directory: string): Promise<{ files: { file: string; bytes: Uint8Array }[]; inputs: (RegionDocument['hemispheres'][number] & { mesh: string })[] }> {
  const files = await Promise.all(sides.map(async ({ side }) => ({ file: spec.surface.mesh?.[side] ?? '', bytes: await readMeshFile(spec.surface, side, directory) })));
  return { files, inputs: sides.map(({ side, vertices }, i) => ({ side, vertices, mesh: digestBytes(files[i]!.bytes) })) };
}
