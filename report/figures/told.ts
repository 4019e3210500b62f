/** Sentences for readers who cannot see a figure. */
import type { RankRow } from '../../contracts/results.js';
import { plural } from '../words.js';

export function flagText(ranks: readonly RankRow[]): string {
  const flagged = ranks.filter((row) => row.notConverged > 0);
  return flagged.length === 0 ? '' : ` Not converged: ${flagged.map((row) => `${plural(row.notConverged, 'fit')} of ${row.fits} at rank ${row.rank}`).join('; ')}.`;
}
