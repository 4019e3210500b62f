/** The order of steps: each after those whose outputs it takes. */

/**
 * Names in an order in which each comes after those it `takes` (Kahn 1962, Communications of the ACM 5, 558-562); among those that could come next the
 * first as listed. Or a circle of names, each taking from the next and the last from the first, when there is no such order. What is not listed does not count.
 */
export function orderOf(names: readonly string[], takes: (name: string) => Iterable<string>): { order: string[] } | { circle: string[] } {
  const waiting = new Map(names.map((name) => [name, new Set([...takes(name)].filter((other) => names.includes(other)))]));
  const order: string[] = [];
  while (waiting.size > 0) {
    const next = [...waiting].find(([, others]) => [...others].every((other) => !waiting.has(other)))?.[0];
    if (next === undefined) return { circle: circleIn(waiting) };
    waiting.delete(next);
    order.push(next);
  }
  return { order };
}

/** Each of those waiting waits for another one of them: following one leads into a circle. */
function circleIn(waiting: Map<string, Set<string>>): string[] {
  const way: string[] = [];
  let name = waiting.keys().next().value;
  while (name !== undefined && !way.includes(name)) {
    way.push(name);
    name = [...(waiting.get(name) ?? [])].find((other) => waiting.has(other));
  }
  return name === undefined ? way : way.slice(way.indexOf(name));
}
