/** The compiled kernel. Memory is shared, so that threads can work on one X; see assembly/index.ts for what the functions do. */
import { KERNEL_WASM_BASE64 } from './wasm.js';

export interface KernelExports {
  project(x: number, row: number, mp: number, n: number, kp: number, w: number, y: number): void;
  product(x: number, row: number, mp: number, n: number, kp: number, y: number, out: number, scratch: number, subtract: boolean): void;
  cross(a: number, b: number, rows: number, kp: number, out: number): void;
  gramOfColumns(x: number, rows: number, n: number, out: number): void;
  equilibrate(a: number, size: number, row: number): number;
  tridiagonalize(a: number, size: number, row: number, diagonal: number, offDiagonal: number, p: number, q: number): void;
  bisect(diagonal: number, squares: number, size: number, j: number, least: number, most: number, norm: number, values: number): void;
  eigenvectors(a: number, size: number, row: number, diagonal: number, offDiagonal: number, norm: number, values: number, count: number, start: number, vectors: number, work: number): void;
  acceleratedPass(
    x: number, row: number, m: number, mp: number, n: number, k: number, kp: number, w: number, scale: number, y: number, extra: number, ridge: number,
    mm: number, ms: number, prox: number, yNext: number, scratch: number, sweeps: number, damping: number, exactSteps: number, measure: boolean,
  ): void;
  multiplicativePass(
    x: number, row: number, m: number, mp: number, n: number, k: number, kp: number, w: number, y: number, ridge: number, mm: number, yNext: number, scratch: number,
  ): void;
}

const PAGE = 65536;
/** What WebAssembly can address: 4 GiB. */
const MAX_PAGES = 65536;

let compiled: WebAssembly.Module | null = null;

export function instantiate(memory: WebAssembly.Memory): KernelExports {
  if (compiled === null) {
    const text = atob(KERNEL_WASM_BASE64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    compiled = new WebAssembly.Module(bytes);
  }
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as KernelExports;
}

/** Shared memory with nothing in it but a first page that stays unused: offset 0 means "none" to the kernel. */
export function newMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
}

/** A region of `doubles` zeroed doubles at the end of the memory, its own whatever other threads reserve. Throws RangeError beyond 4 GiB. */
export function reserve(memory: WebAssembly.Memory, doubles: number): number {
  return memory.grow(Math.ceil((doubles * 8) / PAGE) + 1) * PAGE;
}

export function view(memory: WebAssembly.Memory, at: number, doubles: number): Float64Array {
  return new Float64Array(memory.buffer, at, doubles);
}

export const even = (k: number): number => k + (k & 1);
export const byFour = (m: number): number => (m + 3) & ~3;
