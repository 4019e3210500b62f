/**
 * The known word nearest to one that is not known, for "did you mean". Case and separators do not count (`maxIterations` is
 * `max_iterations`); otherwise at most a third of the letters may differ.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  let best: string | null = null;
  let distance = Infinity;
  for (const candidate of known) {
    const d = editDistance(bare(word), bare(candidate));
    if (d < distance) {
      best = candidate;
      distance = d;
    }
  }
  return distance <= Math.max(1, Math.floor(word.length / 3)) ? best : null;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, (before[j - 2] ?? 0) + 1);
      row.push(d);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
