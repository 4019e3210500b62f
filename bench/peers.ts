/** The implementations that are compared: where each is found, and how it is asked. Each runs in a process of its own, with the same matrix from the same file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FitAnswer } from './fit-process.js';
import type { NamedMatrix } from './half.js';
import { judge, type Verdict } from './judge.js';
import { run, runJson, type Outcome } from './process.js';
import { findPython, peerScript } from './python.js';

/** What every implementation answers. */
export interface PeerAnswer {
  /** Start to its own stop, the start it computes included: the median of its runs. */
  seconds: number;
  first: number;
  runs: number;
  iterations: number;
  stopped: string;
  memoryMb: number | null;
}

export type Measured<T> = Outcome<T & Verdict & { w: Float64Array }>;

export interface Peer {
  name: string;
  /** Its start is the one of this system's `multiplicative`, so their weights can be compared. */
  sameStart: boolean;
  threads: number | null;
  command: string;
  /** Before and after the problem's own arguments. */
  before: string[];
  after: string[];
}

export interface PeersFound {
  numpy: Peer[];
  /** Slow ones: Octave and R, then the package. */
  systems: Peer[];
  packages: Peer[];
  /** Name, and why. */
  missing: [string, string][];
  versions: string[];
}

export async function findPeers(note: (line: string) => void): Promise<PeersFound> {
  const found: PeersFound = { numpy: [], systems: [], packages: [], missing: [], versions: [] };
  const python = await findPython(note);
  if ('missing' in python) found.missing.push(['numpy and the package `opnmf`', python.missing]);
  else {
    const at = { command: python.command, sameStart: true };
    found.numpy.push({ ...at, name: 'numpy, 1 thread', threads: 1, before: [peerScript('published.py')], after: [] });
    found.numpy.push({ ...at, name: 'numpy, its default threads', threads: null, before: [peerScript('published.py')], after: [] });
    found.packages.push({ ...at, name: `PyPI \`opnmf\` ${python.opnmf}, start filled with 0.1`, threads: null, before: [peerScript('package.py')], after: ['filled'] });
    found.packages.push({ ...at, name: `PyPI \`opnmf\` ${python.opnmf}, as it comes`, sameStart: false, threads: null, before: [peerScript('package.py')], after: [] });
    found.versions.push(`Python ${python.python}, numpy ${python.numpy} (${python.blas})`);
  }
  const octave = await run('octave', ['--quiet', '--no-gui', '--eval', 'printf("%s, %s\\n", version(), version("-blas"))'], { capSeconds: 60 });
  if ('failed' in octave) found.missing.push(['GNU Octave', octave.failed]);
  else {
    found.systems.push({ name: 'GNU Octave', sameStart: true, threads: null, command: 'octave', before: ['--quiet', '--no-gui', peerScript('published.m')], after: [] });
    found.versions.push(`Octave ${octave.ok.trim().replace(/ \(config.*/, ')').replace(', OpenBLAS)', ' (OpenBLAS)')}`);
  }
  const r = await run('Rscript', ['--vanilla', '-e', 'cat(as.character(getRversion()), basename(dirname(La_library())), sep = ", BLAS: ")'], { capSeconds: 60 });
  if ('failed' in r) found.missing.push(['R', r.failed]);
  else {
    found.systems.push({ name: 'R', sameStart: true, threads: null, command: 'Rscript', before: ['--vanilla', peerScript('published.R')], after: [] });
    found.versions.push(`R ${r.ok.trim()}`);
  }
  found.versions.push(`${availableParallelism()} cores`);
  return found;
}

/** Matrices as files that every language reads: doubles, little-endian, row by row. */
export function writeProblem(folder: string, matrix: NamedMatrix): string {
  const file = join(folder, `${matrix.name.replace(/\W+/g, '-')}.f64`);
  writeFileSync(file, matrix.values);
  return file;
}

export async function askPeer(peer: Peer, matrix: NamedMatrix, file: string, rank: number, capSeconds: number, ...more: string[]): Promise<Measured<PeerAnswer>> {
  const out = `${file}.w`;
  const args = [...peer.before, file, matrix.m, matrix.n, rank, capSeconds, out, ...peer.after, ...more].map(String);
  // Our scripts end themselves at the cap, with what they have; runs are repeated when they are short, and loading takes a moment.
  return judged(await runJson<PeerAnswer>(peer.command, args, { capSeconds: 'package.py' === peer.before.at(-1)?.split('/').at(-1) ? capSeconds : 2 * capSeconds + 20, threads: peer.threads }), matrix, out, rank);
}

const FIT = fileURLToPath(new URL('./fit-process.js', import.meta.url));

export async function askOurs(solver: 'accelerated' | 'multiplicative', matrix: NamedMatrix, file: string, rank: number, tolerance: number, maxIterations: number): Promise<Measured<FitAnswer>> {
  const out = `${file}.w`;
  const args = [FIT, file, matrix.m, matrix.n, rank, solver, tolerance, maxIterations, out].map(String);
  return judged(await runJson<FitAnswer>(process.execPath, args, { capSeconds: 600 }), matrix, out, rank);
}

function judged<T>(outcome: Outcome<T>, matrix: NamedMatrix, out: string, rank: number): Measured<T> {
  if ('failed' in outcome) return outcome;
  const w = new Float64Array(Uint8Array.from(readFileSync(out)).buffer);
  return { ok: { ...outcome.ok, ...judge(matrix, w, rank), w } };
}
