/** Brackets over pairs of groups, of the fewest levels so that none crosses another; short ones lowest. */

export interface Bracket {
  a: string;
  b: string;
  pAdjusted: number;
}

export interface PlacedBracket {
  /** Places of the two groups. */
  from: number;
  to: number;
  pAdjusted: number;
  /** From 0, the lowest. */
  level: number;
}

/** Pairs of which a group is not on the axis are left out. */
export function stackBrackets(groups: readonly string[], brackets: readonly Bracket[]): PlacedBracket[] {
  const index = new Map(groups.map((name, place) => [name, place]));
  const spans = brackets
    .map((one) => ({ ends: [index.get(one.a) ?? -1, index.get(one.b) ?? -1].sort((a, b) => a - b) as [number, number], pAdjusted: one.pAdjusted }))
    .filter(({ ends }) => ends[0] >= 0)
    .sort((one, other) => one.ends[1] - one.ends[0] - (other.ends[1] - other.ends[0]) || one.ends[0] - other.ends[0]);
  const placed: PlacedBracket[] = [];
  for (const { ends: [from, to], pAdjusted } of spans) {
    const taken = placed.filter((other) => other.from < to && other.to > from).map((other) => other.level);
    let level = 0;
    while (taken.includes(level)) level += 1;
    placed.push({ from, to, pAdjusted, level });
  }
  return placed;
}

/** How many levels they take. */
export const bracketLevels = (groups: readonly string[], brackets: readonly Bracket[]): number => stackBrackets(groups, brackets).reduce((highest, bracket) => Math.max(highest, bracket.level + 1), 0);
