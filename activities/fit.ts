/** The fit artifact: W of one half (or the whole cohort) at one rank, with its certificate. */
import type { Factorization } from '../analysis/opnmf/index.js';
import { SulcusError } from '../contracts/errors.js';
import { decodeDoubles, encodeDoubles } from './doubles.js';

export interface FitCertificate extends Omit<Factorization, 'W' | 'H' | 'compressedPasses'> {
  vertices: number;
}

export interface FitDocument extends FitCertificate {
  /** vertices x rank, row-major. */
  W: Float64Array;
}

/** One line of JSON, then W as doubles. */
export function encodeFit({ W, ...certificate }: FitDocument): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify(certificate)}\n`), encodeDoubles(W)]);
}

/** The certificate without the weights. */
export function decodeCertificate(bytes: Uint8Array): FitCertificate {
  return JSON.parse(Buffer.from(bytes.subarray(0, bytes.indexOf(10))).toString('utf8')) as FitCertificate;
}

export function decodeFit(bytes: Uint8Array): FitDocument {
  const certificate = decodeCertificate(bytes);
  const W = decodeDoubles(bytes.subarray(bytes.indexOf(10) + 1));
  if (W.length !== certificate.vertices * certificate.rank) {
    throw new SulcusError('ARTIFACT_CORRUPT', `a fit of ${certificate.vertices} x ${certificate.rank} holds ${W.length} weights`);
  }
  return { ...certificate, W };
}
