/** Content keys: the hash of a step's name, its version, its inputs and its parameters. */
import { createHash } from 'node:crypto';

/** SHA-256 (hex) of a canonical JSON rendering: object keys sorted, so that equal inputs have equal keys. */
export function stepKey(step: string, version: number, inputs: unknown): string {
  return createHash('sha256').update(canonicalJson([step, version, inputs])).digest('hex');
}

export function digestBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Tells launches with other settings apart: two of the same study file, folder, results folder and cohorts are one. */
export function launchDigest(settings: { spec: unknown; directory: string; out: string; cohorts: readonly string[] }): string {
  const { spec, directory, out, cohorts } = settings;
  return digestBytes(Buffer.from(canonicalJson({ spec, directory, out, cohorts })));
}

/** JSON with sorted object keys. Undefined members are left out, as in JSON. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
