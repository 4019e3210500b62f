/** Whether a program gets on: its files change, it prints, or the percentage that it prints changes. */
import { extentOf, type Extent } from './growth.js';
import { percentIn, type Output } from './output.js';
import type { GuardedProgram } from './protocol.js';

/** Seconds between two looks at its files. */
const EVERY = 5;
/** Looks at many files take time: at most this part of it. */
const SHARE = 0.02;

const now = (): number => performance.now() / 1000;

export class Motion {
  private movedAt = now();
  /** When the last look at its files began that is done. */
  private lookedAt = now();
  private nextLook: number;
  private looking: Promise<void> | null = null;
  private percent: number | null = null;
  private readonly printed: number[];
  private readonly pattern: RegExp | null;
  private readonly except: ReadonlySet<string>;
  private readonly every: number;
  private told: string;

  static async of(program: GuardedProgram, outputs: readonly Output[]): Promise<Motion> {
    return new Motion(program, outputs, await extentOf(program.watch, new Set([program.stdout, program.stderr])));
  }

  private constructor(private readonly program: GuardedProgram, private readonly outputs: readonly Output[], private extent: Extent) {
    const { progress, limits, stdout, stderr } = program;
    this.pattern = progress && new RegExp(progress.source, `${progress.flags.replace(/[gy]/g, '')}g`);
    this.except = new Set([stdout, stderr]);
    this.every = Math.min(EVERY, (limits.silence ?? Infinity) / 4);
    this.nextLook = now() + this.every;
    this.printed = outputs.map(() => 0);
    this.told = this.mark;
  }

  /** True when nothing moved for longer than allowed, and its files were looked at since then. */
  get silent(): boolean {
    const limit = this.program.limits.silence;
    return limit !== null && now() - this.movedAt > limit && this.lookedAt > this.movedAt + limit;
  }

  /** What moved since the last call; null: nothing. */
  look(): { percent: number | null; bytes: number } | null {
    this.outputs.forEach((output, i) => {
      if (output.bytes === this.printed[i]) return;
      this.printed[i] = output.bytes;
      this.movedAt = now();
      if (this.pattern) this.percent = percentIn(output.recent(), this.pattern) ?? this.percent;
    });
    const limit = this.program.limits.silence;
    if (now() >= this.nextLook || (limit !== null && now() > this.movedAt + limit)) this.looking ??= this.lookAtFiles();
    if (this.told === this.mark) return null;
    this.told = this.mark;
    return { percent: this.percent, bytes: this.bytes };
  }

  /** Until a look at its files that is under way is over. */
  async settled(): Promise<void> {
    await this.looking;
  }

  private get bytes(): number {
    return this.outputs.reduce((sum, { bytes }) => sum + bytes, this.extent.bytes);
  }

  private get mark(): string {
    return `${this.percent} ${this.bytes} ${this.extent.mark}`;
  }

  private async lookAtFiles(): Promise<void> {
    const began = now();
    const extent = await extentOf(this.program.watch, this.except);
    if (extent.mark !== this.extent.mark) this.movedAt = now();
    this.extent = extent;
    this.lookedAt = began;
    this.nextLook = now() + Math.max(this.every, (now() - began) / SHARE);
    this.looking = null;
  }
}
