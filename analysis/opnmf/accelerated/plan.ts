/** How widely the accelerated solver looks: problems this small (multiply-adds of half a pass over X) can afford more. */
const SMALL = 450_000;

export interface SearchPlan {
  randomStarts: number;
  published: boolean;
  finalists: number;
}

/** Starts by the cost of a pass, so that small problems, which are often the harder ones, are searched more widely. */
export function searchPlan(m: number, n: number, k: number): SearchPlan {
  return m * n * k <= SMALL ? { randomStarts: 19, published: true, finalists: 7 } : { randomStarts: 2, published: false, finalists: 3 };
}
