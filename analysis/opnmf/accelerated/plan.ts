/** How widely the accelerated solver looks: problems this small (multiply-adds of half a pass over X) can afford more, and the smallest to finish all they begin. */
const SMALL = 450_000, SMALLEST = 50_000;

export interface SearchPlan {
  randomStarts: number;
  /** Gentle passes of every random start. */
  gentle: number;
  /** Whether NNDSVD is a start twice, with gentle passes and with published updates; else with these alone. */
  both: boolean;
  finalists: number;
}

/** Starts by the cost of a pass, so that small problems, which are often the harder ones, are searched more widely. */
export function searchPlan(m: number, n: number, k: number): SearchPlan {
  if (m * n * k <= SMALL) return { randomStarts: 19, gentle: 20, both: true, finalists: m * n * k <= SMALLEST ? 21 : 7 };
  return { randomStarts: 2, gentle: 10, both: false, finalists: 3 };
}
