/** What stands before a payload so that damage is seen: a line of JSON (checksum, size, provenance) before an artifact, a checksum before a draft. */
import { DamagedError } from '../contracts/damage.js';
import { digestBytes } from './keys.js';
import type { Artifact, Provenance } from './store.js';

const FORMAT = 'sulcus/artifact/1';
const LINE_END = 10, DIGEST = 64;

interface Header {
  format: typeof FORMAT;
  /** Of the payload. */
  sha256: string;
  bytes: number;
  provenance: Provenance;
}

/** Header and payload. */
export function seal(payload: Uint8Array, provenance: Provenance): Uint8Array[] {
  const header: Header = { format: FORMAT, sha256: digestBytes(payload), bytes: payload.length, provenance };
  return [Buffer.from(`${JSON.stringify(header)}\n`), payload];
}

/** Throws DamagedError. */
export function unseal(file: Uint8Array): Artifact {
  const header = readHeader(file);
  if (header === null) throw new DamagedError('it has no header');
  const bytes = file.subarray(file.indexOf(LINE_END) + 1);
  if (bytes.length !== header.bytes) throw new DamagedError(`it has ${bytes.length} bytes instead of ${header.bytes}`);
  if (digestBytes(bytes) !== header.sha256) throw new DamagedError('its checksum differs');
  return { bytes, provenance: header.provenance };
}

/** From the beginning of an artifact; null when that is no header. */
export function readHeader(start: Uint8Array): Header | null {
  const end = start.indexOf(LINE_END);
  if (end < 0) return null;
  try {
    const value = JSON.parse(Buffer.from(start.subarray(0, end)).toString('utf8')) as Header;
    return value.format === FORMAT ? value : null;
  } catch {
    return null; // no JSON
  }
}

export function sealDraft(payload: Uint8Array): Uint8Array[] {
  return [Buffer.from(`${digestBytes(payload)}\n`), payload];
}

/** Throws DamagedError. */
export function unsealDraft(file: Uint8Array): Uint8Array {
  const payload = file.subarray(DIGEST + 1);
  if (file.length <= DIGEST || Buffer.from(file.subarray(0, DIGEST)).toString('latin1') !== digestBytes(payload)) throw new DamagedError('its checksum differs');
  return payload;
}
