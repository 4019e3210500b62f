/**
 * This system's fit of one matrix in a process of its own, as the peers run in theirs:
 *   node fit-process.js X M N RANK SOLVER TOLERANCE MAX_ITERATIONS OUT
 * Every run is a new Factorizer: copying X, the decomposition behind the starts, all starts, H. The first run includes compiling the kernel.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Factorizer } from '../analysis/opnmf/index.js';
import type { Solver } from '../contracts/study.js';
import { peakMemory } from './memory.js';

export interface FitAnswer {
  /** The median of the runs, and the first. */
  seconds: number;
  first: number;
  runs: number;
  iterations: number;
  passes: number;
  stopped: string;
  memoryMb: number | null;
  /** Of the median run: after each pass, seconds since the beginning, the error and the residual as the solver knew them. */
  trace: [seconds: number, error: number, residual: number][];
}

const RUNS = 5, ENOUGH_SECONDS = 5;

function main(): void {
  const [file, rows, columns, ranks, solver, tolerance, maxIterations, out] = process.argv.slice(2) as [string, string, string, string, Solver, string, string, string];
  const bytes = readFileSync(file), aligned = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
  const x = new Float64Array(aligned.buffer, aligned.byteOffset, bytes.byteLength / 8), m = Number(rows), n = Number(columns), rank = Number(ranks);
  const runs: FitAnswer[] = [];
  let spent = 0, w = new Float64Array(0);
  while (runs.length < RUNS && spent < ENOUGH_SECONDS) {
    const trace: FitAnswer['trace'] = [];
    const began = performance.now();
    const since = (): number => (performance.now() - began) / 1000;
    const fit = Factorizer.of(x, m, n, rank).factorize({
      rank, solver, tolerance: Number(tolerance), maxIterations: Number(maxIterations), seed: 0,
      onPass: ({ error, residual, compressed }) => { if (!compressed) trace.push([since(), error, residual]); return true; },
    });
    const seconds = since();
    spent += seconds;
    w = Float64Array.from(fit.W);
    runs.push({ seconds, first: seconds, runs: 1, iterations: fit.iterations, passes: fit.passes, stopped: fit.stopped, memoryMb: null, trace });
  }
  writeFileSync(out, w);
  const first = (runs[0] as FitAnswer).seconds;
  const middle = [...runs].sort((a, b) => a.seconds - b.seconds)[(runs.length - 1) >> 1] as FitAnswer;
  process.stdout.write(`${JSON.stringify({ ...middle, first, runs: runs.length, memoryMb: peakMemory('self') } satisfies FitAnswer)}\n`);
}

main();
