/** The rank and why it was chosen, on one line. */
import type { RankDecision } from '../contracts/results.js';

/** Begins in lower case, no full stop. A reason that begins with the rank itself does not tell it twice. */
export function rankLine({ chosen, doubt, reason }: Pick<RankDecision, 'chosen' | 'doubt' | 'reason'>): string {
  const rank = `rank ${chosen ?? 'none'}`, doubted = doubt ? ' (in doubt)' : '';
  return reason.startsWith(`${rank} `) ? `${rank}${doubted}${reason.slice(rank.length)}` : `${rank}${doubted}: ${reason}`;
}
