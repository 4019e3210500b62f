/**
 * One problem in the kernel's memory: X is copied in once and stays; W, Y and the small Gram matrices of one rank live beside it.
 * Offsets and padding are private to this file; the solvers see typed-array views.
 */
import { KERNEL_WASM_BASE64 } from './wasm.js';

interface KernelExports {
  project(x: number, mp: number, n: number, kp: number, w: number, y: number): void;
  gram(a: number, rows: number, kp: number, out: number): void;
  acceleratedPass(
    x: number, m: number, mp: number, n: number, k: number, kp: number, w: number, scale: number, y: number, mm: number, yNext: number,
    scratch: number, sweeps: number, damping: number, exactSteps: number, measure: boolean,
  ): void;
  multiplicativePass(x: number, m: number, mp: number, n: number, k: number, kp: number, w: number, y: number, mm: number, yNext: number, scratch: number): void;
}

let compiled: WebAssembly.Module | null = null;

function kernelModule(): WebAssembly.Module {
  if (compiled === null) {
    const text = atob(KERNEL_WASM_BASE64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    compiled = new WebAssembly.Module(bytes);
  }
  return compiled;
}

const PAGE = 65536;
const even = (k: number): number => k + (k & 1);

/** A'A (columns x columns, row-major) of a row-major matrix, by the kernel. */
export function kernelGram(a: Float64Array, rows: number, columns: number): Float64Array {
  const kp = even(columns);
  const at = 1024, out = at + rows * kp * 8;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((out + kp * kp * 8) / PAGE) });
  const kernel = new WebAssembly.Instance(kernelModule(), { env: { memory } }).exports as unknown as KernelExports;
  const view = new Float64Array(memory.buffer, at, rows * kp);
  if (kp === columns) view.set(a);
  else for (let i = 0; i < rows; i++) view.set(a.subarray(i * columns, (i + 1) * columns), i * kp);
  kernel.gram(at, rows, kp, out);
  const full = new Float64Array(memory.buffer, out, kp * kp);
  const result = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) result.set(full.subarray(i * kp, i * kp + columns), i * columns);
  return result;
}

/** X (m x n, row-major) in kernel memory, with room for ranks up to `maxRank`. One instance per thread; not reentrant. */
export class Problem {
  readonly m: number;
  readonly n: number;
  /** ||X||_F^2 */
  readonly norm2: number;
  private readonly mp: number;
  private readonly exports: KernelExports;
  private readonly memory: WebAssembly.Memory;
  private readonly at: { x: number; w: number; y: number; yNext: number; m: number; g: number; scratch: number };
  private current: 'y' | 'yNext' = 'y';
  k = 0;
  /** Columns of W and Y in memory: k rounded up to even. */
  kp = 0;

  constructor(x: Float64Array, m: number, n: number, maxRank: number) {
    this.m = m;
    this.n = n;
    this.mp = (m + 3) & ~3;
    const kp = even(maxRank);
    let top = 1024;
    const take = (doubles: number): number => { const at = top; top += Math.ceil(doubles / 2) * 16; return at; };
    this.at = {
      x: take(this.mp * n), w: take(this.mp * kp), y: take(n * kp), yNext: take(n * kp), m: take(kp * kp), g: take(kp * kp), scratch: take(12 * kp + 8 + kp * (kp + 6)),
    };
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(top / PAGE) });
    this.exports = new WebAssembly.Instance(kernelModule(), { env: { memory: this.memory } }).exports as unknown as KernelExports;
    new Float64Array(this.memory.buffer, this.at.x, m * n).set(x);
    let s = 0;
    for (let i = 0; i < m * n; i++) { const v = x[i] as number; s += v * v; }
    this.norm2 = s;
  }

  get X(): Float64Array { return new Float64Array(this.memory.buffer, this.at.x, this.m * this.n); }
  /** W with kp columns a row. */
  get W(): Float64Array { return new Float64Array(this.memory.buffer, this.at.w, this.m * this.kp); }
  /** Y = X'W with kp columns a row. */
  get Y(): Float64Array { return new Float64Array(this.memory.buffer, this.at[this.current], this.n * this.kp); }
  /** The Gram matrix the next pass uses (kp x kp). */
  get M(): Float64Array { return new Float64Array(this.memory.buffer, this.at.m, this.kp * this.kp); }
  get G(): Float64Array { return new Float64Array(this.memory.buffer, this.at.g, this.kp * this.kp); }

  /** Start from W (m x k, row-major): copies it in and computes Y = X'W. */
  load(w: Float64Array, k: number): void {
    this.k = k;
    this.kp = even(k);
    this.current = 'y';
    new Float64Array(this.memory.buffer, this.at.w, this.mp * this.kp).fill(0);
    const view = this.W;
    for (let i = 0; i < this.m; i++) for (let j = 0; j < k; j++) view[i * this.kp + j] = w[i * k + j] as number;
    this.project();
  }

  /** W without padding (m x k). */
  unload(): Float64Array {
    const out = new Float64Array(this.m * this.k), view = this.W;
    for (let i = 0; i < this.m; i++) for (let j = 0; j < this.k; j++) out[i * this.k + j] = view[i * this.kp + j] as number;
    return out;
  }

  project(): void {
    this.exports.project(this.at.x, this.mp, this.n, this.kp, this.at.w, this.at[this.current]);
  }

  /** M = Y'Y and G = W'W. */
  grams(): void {
    this.exports.gram(this.at[this.current], this.n, this.kp, this.at.m);
    this.exports.gram(this.at.w, this.m, this.kp, this.at.g);
  }

  /** One accelerated pass; W is read at `scale`, Y and M must already be at that scale. Returns the residual r of the incoming W (NaN when not measured). */
  acceleratedPass(scale: number, sweeps: number, damping: number, exactSteps: number, measure = true): number {
    const next = this.current === 'y' ? 'yNext' : 'y';
    this.exports.acceleratedPass(
      this.at.x, this.m, this.mp, this.n, this.k, this.kp, this.at.w, scale, this.at[this.current], this.at.m, this.at[next],
      this.at.scratch, sweeps, damping, exactSteps, measure,
    );
    this.current = next;
    const out = new Float64Array(this.memory.buffer, this.at.scratch, 2);
    return Math.sqrt((out[0] as number) / (out[1] as number));
  }

  /** One multiplicative update of W (not normalised), and Y = X'W of the new W. */
  multiplicativePass(): void {
    const next = this.current === 'y' ? 'yNext' : 'y';
    this.exports.multiplicativePass(
      this.at.x, this.m, this.mp, this.n, this.k, this.kp, this.at.w, this.at[this.current], this.at.m, this.at[next], this.at.scratch,
    );
    this.current = next;
  }
}
