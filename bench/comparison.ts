/** This system against the peers: one after the other on the same matrix at the same rank. */
import type { FitAnswer } from './fit-process.js';
import type { NamedMatrix } from './half.js';
import { askOurs, askPeer, writeProblem, type Measured, type Peer, type PeerAnswer } from './peers.js';

/** Where this system stops, and the published relative change. */
export const TOLERANCE = 1e-5, PUBLISHED_TOLERANCE = 1e-5, PUBLISHED_ITERATIONS = 50_000;
/** "No higher" is meant to four digits: on its way the published update passes errors slightly below those of the fixed point it creeps to. */
export const SAME = 1e-4;

export interface Case {
  matrix: NamedMatrix;
  rank: number;
  /** With the seconds each is given. */
  peers: { peer: Peer; capSeconds: number }[];
  /** Carried on to r <= 1e-5, with the seconds it is given; null: nobody. */
  toResidual: { peer: Peer; capSeconds: number } | null;
}

export interface PeerRow {
  name: string;
  capSeconds: number;
  result: Measured<PeerAnswer>;
  /** Seconds after which this system had an error no higher (within SAME) than the peer's last; null: it ends higher. */
  oursSeconds: number | null;
  /** This system's last error against the peer's, as a fraction of it: negative is better. */
  above: number | null;
  /** Largest difference between the peer's weights and those of this system's `multiplicative`; null: other starts or stops. */
  difference: number | null;
}

export interface CaseFigures {
  matrix: { name: string; m: number; n: number };
  rank: number;
  accelerated: Measured<FitAnswer>;
  multiplicative: Measured<FitAnswer>;
  peers: PeerRow[];
  toResidual: { name: string; capSeconds: number; result: Measured<PeerAnswer> } | null;
}

export async function compare({ matrix, rank, peers, toResidual }: Case, folder: string, note: (line: string) => void): Promise<CaseFigures> {
  const file = writeProblem(folder, matrix);
  const at = `${matrix.name}, rank ${rank}`;
  note(`${at}: this system`);
  const accelerated = await askOurs('accelerated', matrix, file, rank, TOLERANCE, 100_000);
  const multiplicative = await askOurs('multiplicative', matrix, file, rank, PUBLISHED_TOLERANCE, PUBLISHED_ITERATIONS);
  const rows: PeerRow[] = [];
  for (const { peer, capSeconds } of peers) {
    note(`${at}: ${peer.name} (at most ${capSeconds} s)`);
    const result = await askPeer(peer, matrix, file, rank, capSeconds);
    rows.push({
      name: peer.name, capSeconds, result, oursSeconds: secondsToError(accelerated, result), above: 'ok' in accelerated && 'ok' in result ? accelerated.ok.error / result.ok.error - 1 : null,
      difference: peer.sameStart ? difference(matrix, rank, multiplicative, result) : null,
    });
  }
  if (toResidual !== null) note(`${at}: ${toResidual.peer.name} to r <= ${TOLERANCE} (at most ${toResidual.capSeconds} s)`);
  const further = toResidual === null ? null : { name: toResidual.peer.name, capSeconds: toResidual.capSeconds, result: await askPeer(toResidual.peer, matrix, file, rank, toResidual.capSeconds, 'residual') };
  return { matrix: { name: matrix.name, m: matrix.m, n: matrix.n }, rank, accelerated, multiplicative, peers: rows, toResidual: further };
}

/** The first pass with an error no higher counts only if the fit also ends no higher. */
function secondsToError(ours: Measured<FitAnswer>, theirs: Measured<PeerAnswer>): number | null {
  if ('failed' in ours || 'failed' in theirs) return null;
  const target = theirs.ok.error * (1 + SAME);
  if (ours.ok.error > target) return null;
  return ours.ok.trace.find(([, error]) => error <= target)?.[0] ?? ours.ok.seconds;
}

function difference(x: NamedMatrix, k: number, ours: Measured<FitAnswer>, theirs: Measured<PeerAnswer>): number | null {
  if ('failed' in ours || 'failed' in theirs || ours.ok.stopped !== 'relative-change' || theirs.ok.stopped !== 'relative-change') return null;
  const a = inOrder(x, ours.ok.w, k), b = inOrder(x, theirs.ok.w, k);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - (b[i] as number))), 0);
}

/** Columns by decreasing ||W_j|| ||H_j||, as both return them at the end. */
function inOrder({ values: x, m, n }: NamedMatrix, w: Float64Array, k: number): Float64Array {
  const weight = Array.from({ length: k }, (_, j) => {
    const h = new Float64Array(n);
    let own = 0, all = 0;
    for (let i = 0; i < m; i++) {
      const a = w[i * k + j] as number;
      own += a * a;
      for (let c = 0; c < n; c++) h[c] = (h[c] as number) + a * (x[i * n + c] as number);
    }
    for (const v of h) all += v * v;
    return own * all;
  });
  const order = weight.map((_, j) => j).sort((a, b) => (weight[b] as number) - (weight[a] as number));
  return Float64Array.from({ length: m * k }, (_, i) => w[Math.floor(i / k) * k + (order[i % k] as number)] as number);
}
