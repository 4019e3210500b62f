/**
 * Sideways offsets that keep marks at heights `ys` from covering each other: each takes the nearest free place to the middle,
 * within `reach` on either side (past that they may overlap). Deterministic.
 */
export function swarm(ys: readonly number[], size: number, reach: number): number[] {
  const offsets = new Array<number>(ys.length).fill(0);
  const placed: { y: number; x: number }[] = [];
  const order = ys.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y || a.index - b.index);
  const steps = Math.max(1, Math.floor(reach / (size / 2)));
  for (const { y, index } of order) {
    const near = placed.slice(-400).filter((other) => Math.abs(other.y - y) < size);
    const free = candidates(steps, size / 2, index).find((x) => near.every((other) => (other.x - x) ** 2 + (other.y - y) ** 2 >= size * size * 0.98));
    const x = free ?? ((index * 0.618) % 1) * 2 * reach - reach;
    offsets[index] = x;
    placed.push({ x, y });
  }
  return offsets;
}

function candidates(steps: number, step: number, turn: number): number[] {
  const side = turn % 2 === 0 ? 1 : -1;
  return [0, ...Array.from({ length: steps }, (_, index) => [side * (index + 1) * step, -side * (index + 1) * step]).flat()];
}
