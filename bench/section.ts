/** A part of the benchmark: it measures, and says what it found as a chapter of docs/benchmarks.md and as rows of the table of goals. */

export interface Goal {
  what: string;
  measured: string;
  goal: string;
  /** null: could not be measured here. */
  met: boolean | null;
}

export interface Report {
  /** The chapter, with its heading. */
  markdown: string;
  goals: Goal[];
  /** Pictures the chapter shows; they lie beside the page. */
  files?: { name: string; text: string }[];
}

export interface Context {
  /** Sizes of seconds, to try the harness. */
  small: boolean;
  /** Peers are given all ranks and ten minutes each. */
  long: boolean;
  /** Scratch, removed at the end. */
  folder: string;
  note: (line: string) => void;
}

export interface Section {
  /** As it is chosen on the command line. */
  name: string;
  run: (context: Context) => Report | Promise<Report>;
}

export function goal(what: string, measured: string, wanted: string, met: boolean | null): Goal {
  return { what, measured, goal: wanted, met };
}
