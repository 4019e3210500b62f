/**
 * One fit in the kernel's memory: W, and what is carried from pass to pass. A pass runs on one of three views of A = XX': `x` itself, its
 * `gram` matrix, or the `coarse` leading part with the rest either held fixed at what it was (`tail`) or spread evenly over all directions
 * (`ridge`). Offsets and padding are private to this file; the solvers see typed-array views.
 */
import type { PreparedMatrix } from './matrix.js';
import { byFour, even, instantiate, reserve, view, type KernelExports } from './module.js';

export type Level = 'x' | 'gram' | 'coarse';

/** How one pass treats the rows: coordinate sweeps, then active-set steps (0: none), then a part of the way there. */
export interface RowStep {
  sweeps: number;
  activeSetSteps: number;
  damping: number;
  /** Weight of the proximal term prox / 2 sum_j M_jj (v_j - w_j)^2 of the row problem; 0: none. */
  prox: number;
}

/** One instance per thread and matrix; not reentrant. */
export class Problem {
  readonly m: number;
  readonly n: number;
  /** ||X||_F^2 */
  readonly norm2: number;
  private readonly mp: number;
  private readonly kernel: KernelExports;
  private readonly memory: WebAssembly.Memory;
  private readonly at: { w: number; y: number; yNext: number; tail: number; m: number; ms: number; g: number; c: number; scratch: number };
  private current: 'y' | 'yNext' = 'y';
  private level: Level;
  private columns: number;
  private rest: 'none' | 'tail' | 'ridge' = 'none';
  /** Variance that the coarse matrix leaves out, per direction. */
  private ridgeWeight = 0;
  k = 0;
  /** Columns of W and Y in memory: k rounded up to even. */
  kp = 0;

  constructor(readonly matrix: PreparedMatrix, maxRank: number) {
    const { memory, m, n, norm2 } = matrix;
    this.m = m;
    this.n = n;
    this.norm2 = norm2;
    this.memory = memory;
    this.mp = byFour(m);
    this.level = this.base;
    this.columns = n;
    this.kernel = instantiate(memory);
    const kp = even(maxRank), carried = Math.max(n, matrix.usColumns, matrix.at.gram === 0 ? 0 : this.mp);
    const sizes = {
      w: this.mp * kp, y: carried * kp, yNext: carried * kp, tail: matrix.compressed || matrix.at.gram > 0 ? this.mp * kp : 0, m: kp * kp, ms: kp * kp, g: kp * kp, c: kp * kp,
      scratch: 15 * kp + 64 * (kp * kp + 1) + 16,
    };
    let top = reserve(memory, Object.values(sizes).reduce((sum, size) => sum + size + 2, 0));
    const take = (doubles: number): number => { const at = top; top += Math.ceil(doubles / 2) * 16; return at; };
    this.at = {
      w: take(sizes.w), y: take(sizes.y), yNext: take(sizes.yNext), tail: take(sizes.tail), m: take(sizes.m), ms: take(sizes.ms), g: take(sizes.g), c: take(sizes.c), scratch: take(sizes.scratch),
    };
  }

  /** The cheapest exact view: the Gram matrix when X has more columns than rows. */
  get base(): Level { return this.matrix.at.gram > 0 ? 'gram' : 'x'; }
  get X(): Float64Array { return view(this.memory, this.matrix.at.x, this.m * this.n); }
  /** W with kp columns a row. */
  get W(): Float64Array { return view(this.memory, this.at.w, this.m * this.kp); }
  /** What is carried from pass to pass, kp columns a row: X'W (or the coarse matrix's), or A W at the level `gram`. */
  get Y(): Float64Array { return view(this.memory, this.at[this.current], (this.level === 'gram' ? this.m : this.columns) * this.kp); }
  /** What the coarse matrix leaves out of A W, as it is held fixed (kp columns a row). */
  get tail(): Float64Array { return view(this.memory, this.at.tail, this.m * this.kp); }
  /** The Gram matrix the next pass uses (kp x kp). */
  get M(): Float64Array { return view(this.memory, this.at.m, this.kp * this.kp); }
  get G(): Float64Array { return view(this.memory, this.at.g, this.kp * this.kp); }

  /** Start from W (m x k, row-major) on a view of A. `ridge` only with the coarse one. */
  load(w: Float64Array, k: number, level: Level = this.base, columns = 0): void {
    this.k = k;
    this.kp = even(k);
    view(this.memory, this.at.w, this.mp * this.kp).fill(0);
    const rows = this.W;
    for (let i = 0; i < this.m; i++) for (let j = 0; j < k; j++) rows[i * this.kp + j] = w[i * k + j] as number;
    this.use(level, columns);
    if (level !== 'coarse') return;
    let kept = 0;
    for (let j = 0; j < columns; j++) kept += (this.matrix.s[j] as number) ** 2;
    this.ridgeWeight = Math.max(0, this.norm2 - kept) / this.m;
    this.rest = 'ridge';
  }

  /** W without padding (m x k). */
  unload(): Float64Array {
    const out = new Float64Array(this.m * this.k), rows = this.W;
    for (let i = 0; i < this.m; i++) for (let j = 0; j < this.k; j++) out[i * this.k + j] = rows[i * this.kp + j] as number;
    return out;
  }

  /** Goes on with the W that is there on another view of A. */
  use(level: Level, columns = 0): void {
    this.level = level;
    this.columns = level === 'x' ? this.n : level === 'gram' ? 0 : columns;
    this.rest = 'none';
    this.project();
  }

  /** From a base level, where W and Y are at the projective scale, to the coarse one: what it leaves out of A W is kept as it is now. */
  useTail(columns: number): void {
    const { kernel, at, kp, mp } = this;
    if (this.level === 'gram') view(this.memory, at.tail, mp * kp).set(view(this.memory, at[this.current], mp * kp));
    else kernel.product(...this.source(), mp, this.columns, kp, at[this.current], at.tail, at.scratch, false);
    this.use('coarse', columns);
    kernel.product(...this.source(), mp, columns, kp, at[this.current], at.tail, at.scratch, true);
    this.rest = 'tail';
  }

  /** M = W'AW as this view of A has it, and G = W'W. */
  grams(): void {
    const { kernel, at, kp, k } = this;
    kernel.cross(at.w, at.w, this.m, kp, at.g);
    if (this.level === 'gram') kernel.cross(at.w, at[this.current], this.m, kp, at.m);
    else kernel.cross(at[this.current], at[this.current], this.columns, kp, at.m);
    if (this.rest === 'none') return;
    const { M, G } = this;
    if (this.rest === 'ridge') for (let i = 0; i < M.length; i++) M[i] = (M[i] as number) + this.ridgeWeight * (G[i] as number);
    else {
      kernel.cross(at.w, at.tail, this.m, kp, at.c);
      const C = view(this.memory, at.c, kp * kp);
      for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) M[i * kp + j] = (M[i * kp + j] as number) + ((C[i * kp + j] as number) + (C[j * kp + i] as number)) / 2;
    }
  }

  /**
   * One accelerated pass. W is read at `scale`; Y and M must already be at that scale. Returns the residual r of the incoming W (NaN when not
   * measured). Y belongs to the new W afterwards.
   */
  acceleratedPass(scale: number, step: RowStep, measure: boolean): number {
    const { kernel, at, kp, k } = this;
    const solved = view(this.memory, at.ms, kp * kp);
    solved.set(this.M);
    for (let j = 0; j < k; j++) solved[j * kp + j] = (solved[j * kp + j] as number) * (1 + step.prox);
    const gram = this.level === 'gram', next = gram || this.current === 'yNext' ? 'y' : 'yNext';
    const extra = gram ? at[this.current] : this.rest === 'tail' ? at.tail : 0;
    kernel.acceleratedPass(
      ...this.source(), this.m, this.mp, this.columns, k, kp, at.w, scale, at[this.current], extra, this.rest === 'ridge' ? this.ridgeWeight : 0,
      at.m, at.ms, step.prox, at[next], at.scratch, step.sweeps, step.damping, step.activeSetSteps, measure,
    );
    this.current = next;
    const [squares, size] = view(this.memory, at.scratch, 2) as unknown as [number, number];
    if (gram) this.project(); // uses the scratch, too
    return measure ? Math.sqrt(squares / size) : NaN;
  }

  /** What is carried becomes Y + weight Y (I - scale^2 G), so that a pass solves its rows for N + weight N (I - G); M stays. Y is at the projective scale, of which `scale` is the factor, G is of W as it is. */
  tilt(scale: number, weight: number): void {
    const { Y, G, k, kp } = this, row = new Float64Array(kp);
    for (let at = 0; at < Y.length; at += kp) {
      for (let j = 0; j < k; j++) {
        let sum = 0;
        for (let q = 0; q < k; q++) sum += (Y[at + q] as number) * (G[q * kp + j] as number);
        row[j] = (1 + weight) * (Y[at + j] as number) - weight * scale * scale * sum;
      }
      Y.set(row, at);
    }
  }

  /** One multiplicative update of W on X or its leading part (not normalised), and Y of the new W. */
  multiplicativePass(): void {
    const next = this.current === 'y' ? 'yNext' : 'y';
    const { kernel, at } = this;
    kernel.multiplicativePass(
      ...this.source(), this.m, this.mp, this.columns, this.k, this.kp, at.w, at[this.current], this.rest === 'ridge' ? this.ridgeWeight : 0, at.m, at[next], at.scratch,
    );
    this.current = next;
  }

  /** What is carried, computed anew from W: the same bits as a pass leaves. */
  project(): void {
    const { kernel, at } = this;
    this.current = 'y';
    if (this.level === 'gram') kernel.product(...this.source(), this.mp, this.m, this.kp, at.w, at.y, at.scratch, false);
    else kernel.project(...this.source(), this.mp, this.columns, this.kp, at.w, at.y);
  }

  /** Whether passes read the leading part of X instead of X. */
  get onLeadingPart(): boolean { return this.level === 'coarse'; }

  private source(): [at: number, rowBytes: number] {
    const { matrix } = this;
    if (this.level === 'x') return [matrix.at.x, this.n * 8];
    return this.level === 'gram' ? [matrix.at.gram, this.m * 8] : [matrix.at.us, matrix.usColumns * 8];
  }
}
