/** Intervals and nulls put beside the rows they belong to, and the doubts that follow from them. */
import { noNull } from '../../analysis/parcellation/nulls/summary.js';
import { addBootstrap } from '../../analysis/statistics/study/add-bootstrap.js';
import type { CohortBootstrap } from '../../analysis/statistics/study/bootstrap.js';
import type { StudyStatisticsOutput } from '../../analysis/statistics/study/index.js';
import type { ArtifactRef } from '../../contracts/refs.js';
import type { ResamplingOutcome } from '../../contracts/resampling.js';
import type { CohortStatistics, MatchingRow, PairRow, RankDecision } from '../../contracts/results.js';
import type { SurrogateNull } from '../../contracts/uncertainty.js';
import type { ArtifactStore } from '../../storage/store.js';
import type { NullDocument, RandNullsDocument } from '../resampling/nulls.js';
import { loadJson } from '../step.js';
import type { CohortMaterial } from './results.js';

/** Fills `surrogates` of ranks and of matching rows, and `bootstrap` of pairs and partial correlations, in place. */
export async function addResampling(store: ArtifactStore, outcome: ResamplingOutcome, cohorts: CohortMaterial[], matching: MatchingRow[], statistics: StudyStatisticsOutput | null): Promise<void> {
  const { stability, bootstrap, noSurrogates } = outcome;
  const many = await Promise.all((outcome.randMany ?? []).map((ref) => loadJson<RandNullsDocument>(store, ref)));
  const rand = [...outcome.rand, ...many.flat()];
  const missing = noSurrogates === null ? null : noNull(noSurrogates);
  for (const { cohort, evidence } of cohorts) {
    const found = await nullsOf(store, stability.filter((s) => s.cohort === cohort));
    for (const row of evidence.ranks) { const surrogates = found.get(row.rank) ?? missing; if (surrogates !== null) row.stability.surrogates = surrogates; }
  }
  for (const pair of matching) {
    const found = await nullsOf(store, rand.filter((r) => r.a === pair.a && r.b === pair.b));
    for (const row of pair.byRank) { const surrogates = found.get(row.rank) ?? missing; if (surrogates !== null) row.surrogates = surrogates; }
  }
  for (const { cohort, ref } of bootstrap) {
    const mine = statistics?.cohorts[cohort];
    if (mine !== undefined) addBootstrap(mine, await loadJson<CohortBootstrap>(store, ref));
  }
}

async function nullsOf(store: ArtifactStore, parts: readonly { nulls: ArtifactRef }[]): Promise<Map<number, SurrogateNull>> {
  const documents = await Promise.all(parts.map((part) => loadJson<NullDocument[]>(store, part.nulls)));
  return new Map(documents.flat().map((d) => [d.rank, d.surrogates]));
}

/** More lost resamples than this share are worth a word. */
const FEW_LOST = 0.01;

/** What a careful reader should doubt because of the intervals and nulls: plain sentences. */
export function resamplingDoubts(decision: RankDecision, cohorts: CohortMaterial[], matching: MatchingRow[], statistics: StudyStatisticsOutput | null, alpha: number): string[] {
  const out: string[] = [];
  for (const { cohort, evidence } of cohorts) {
    const chosen = evidence.ranks.find((row) => row.rank === decision.chosen)?.stability;
    if (!above(chosen?.surrogates, alpha)) out.push(`${cohort}: the stability at rank ${decision.chosen} (${chosen!.mean!.toFixed(3)}) is within what parcels of the same sizes and smoothness reach at random places (p = ${round(chosen!.surrogates!.p!)}).`);
  }
  for (const pair of matching) {
    const chosen = pair.byRank.find((row) => row.rank === decision.chosen);
    if (!above(chosen?.surrogates, alpha)) out.push(`The Rand index of ${pair.a} and ${pair.b} (${chosen!.ari.toFixed(3)}) is within what parcels of the same sizes and smoothness reach at random places (p = ${round(chosen!.surrogates!.p!)}).`);
  }
  for (const [name, cohort] of Object.entries(statistics?.cohorts ?? {})) out.push(...bootstrapDoubts(name, cohort, alpha));
  return out;
}

const above = (surrogates: SurrogateNull | undefined, alpha: number): boolean => surrogates === undefined || surrogates.p === null || surrogates.p < alpha;
const round = (p: number): string => p.toPrecision(2);

function bootstrapDoubts(name: string, cohort: CohortStatistics, alpha: number): string[] {
  const out: string[] = [], pairs = [...cohort.pairs, ...(cohort.glx?.groupPairs ?? [])], partial = cohort.glx?.partial ?? [];
  const holdsZero = ({ bootstrap: b }: Pick<PairRow, 'bootstrap'>): boolean => b !== undefined && b.low !== null && b.high !== null && b.low <= 0 && b.high >= 0;
  const index = (row: { component: number | null; metric: string }): string => (row.component === null ? 'Glx' : `${row.metric} of component ${row.component}`);
  const weak = pairs.filter((row) => row.pAdjusted !== null && row.pAdjusted < alpha && holdsZero(row));
  if (weak.length > 0) out.push(`${name}: ${weak.map((row) => `${row.a} - ${row.b} in ${index(row)}`).join(', ')}: significant, but the bootstrap interval holds 0.`);
  const loose = partial.filter((row) => row.pAdjusted !== null && row.pAdjusted < alpha && holdsZero(row));
  if (loose.length > 0) out.push(`${name}: the partial correlation of Glx with ${loose.map(index).join(', ')} is significant, but its bootstrap interval holds 0.`);
  const lost = [...pairs, ...partial].filter(({ bootstrap: b }) => b !== undefined && b.degenerate > FEW_LOST * b.resamples);
  if (lost.length > 0) out.push(`${name}: ${lost.length} bootstrap ${lost.length === 1 ? 'interval leaves' : 'intervals leave'} out resamples whose model could not be fitted (up to ${Math.max(...lost.map((r) => r.bootstrap!.degenerate))} of ${lost[0]!.bootstrap!.resamples}); results.json has the counts.`);
  const none = new Map<string, number>();
  for (const { bootstrap: b } of [...pairs, ...partial]) if (b?.reason !== undefined) none.set(b.reason, (none.get(b.reason) ?? 0) + 1);
  for (const [reason, times] of none) out.push(`${name}: no bootstrap interval for ${times === 1 ? 'one estimate' : `${times} estimates`}: ${reason}.`);
  return out;
}
