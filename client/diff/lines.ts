/** The difference of two runs as lines for a terminal. */
import { changeText } from '../../contracts/differences.js';
import type { ReplicatedIndex } from '../../contracts/results.js';
import { wrap } from '../wrap.js';
import type { RunDifference, RunName } from './index.js';
import { isSame, type CohortInputChange, type People } from './inputs.js';
import type { TestChange } from './tests.js';

export interface LineOptions {
  /** Columns of the terminal. */
  width: number;
  /** Participants may be named: both runs are results folders, which name them as well. */
  ids: boolean;
  /** Every p that moved, not only those that moved most. */
  all: boolean;
}

/** p values shown that changed and decided nothing. */
const MOST_MOVED = 5;
const MOST_IDS = 6;

export function differenceLines(d: RunDifference, { width, ids, all }: LineOptions): string[] {
  const section = (title: string, rows: string[]): string[] => ['', title, ...rows.flatMap((row) => wrap(row, width, 2))];
  const { conclusions: c } = d;
  return [
    ...[['A', d.a], ['B', d.b]].flatMap(([letter, run]) => wrap(`${letter as string}  ${runText(run as RunName)}`, width, 0, 3)),
    ...(d.a.runId === d.b.runId ? ['A and B are of one run.'] : []),
    ...section('Inputs', d.inputs.map((i) => inputText(i, ids))),
    ...section('Parameters', d.parameters.length === 0 ? ['the same'] : d.parameters.map(changeText)),
    ...section('Code', d.code.length === 0 ? ['the same'] : d.code.map(changeText)),
    ...section('Computed for B, and why (what differs from the run before it)', workRows(d)),
    ...section('Conclusions', d.sameConclusions ? ['the same, to the last digit'] : [
      ...rankRows(c), ...randRows(c), ...parcelRows(c), ...replicatedRows(c), ...testRows(c, all),
    ]),
  ];
}

function runText({ name, folder, workflowId, runId, finishedAt, version, partial }: RunName): string {
  return `${folder === null ? workflowId : name}, run ${runId.slice(0, 13)}, finished ${finishedAt.slice(0, 16).replace('T', ' ')} UTC, sulcus ${version}${partial ? ', a part of the study only' : ''}`;
}

function inputText(c: CohortInputChange, ids: boolean): string {
  const [before, now] = c.participants, name = `${c.cohort}: `;
  if (before === null || now === null) return `${name}only in ${before === null ? 'B' : 'A'} (${now ?? before} participants)`;
  if (isSame(c)) return `${name}the same ${now} participants${c.known ? '' : ' in number (a version that kept no digests)'}`;
  const named = (what: string, { count, ids: who }: People): string[] =>
    (count === 0 ? [] : [`${count} ${what}${ids ? ` (${who.slice(0, MOST_IDS).join(', ')}${count > MOST_IDS ? ` and ${count - MOST_IDS} more` : ''})` : ''}`]);
  const parts = [
    ...(c.region ? ['another region'] : []), ...(c.metrics === null ? [] : [`metrics [${c.metrics[0].join(', ')}] -> [${c.metrics[1].join(', ')}]`]),
    ...named('added', c.added), ...named('removed', c.removed), ...named('with other files', c.files), ...named('with another row in the table', c.rows), ...named('with another spectrum', c.spectra),
    ...(c.excluded[0] === c.excluded[1] ? [] : [`excluded ${c.excluded[0] ?? 0} -> ${c.excluded[1] ?? 0}`]),
  ];
  return `${name}${before === now ? now : `${before} -> ${now}`} participants: ${parts.length === 0 ? 'which, is not known (a version that kept no digests)' : parts.join(', ')}`;
}

function workRows({ work }: RunDifference): string[] {
  const rows = work.computed.map(({ step, cohort, why, count }) => `${step}${cohort === null ? '' : ` of ${cohort}`}${count === 1 ? '' : ` (${count})`}: ${why}`);
  return [...rows, `${rows.length === 0 ? 'nothing; ' : ''}${work.reused} step${work.reused === 1 ? '' : 's'} reused`];
}

function rankRows({ rank, stability }: RunDifference['conclusions']): string[] {
  const doubt = (d: boolean): string => (d ? ' (in doubt)' : '');
  const rows = [rank.changed || rank.doubt[0] !== rank.doubt[1] ? `rank ${rank.before ?? 'none'}${doubt(rank.doubt[0])} -> ${rank.now ?? 'none'}${doubt(rank.doubt[1])}` : `rank ${rank.now ?? 'none'} in both`];
  const shown = stability.filter((s) => s.crossed || s.rank === rank.before || s.rank === rank.now);
  for (const s of shown) rows.push(`stability of rank ${s.rank} in ${s.cohort}: ${figure(s.before)} -> ${figure(s.now)}${s.crossed ? ', across the threshold' : ''}`);
  if (stability.length > shown.length) rows.push(`stability of ${stability.length - shown.length} other ranks moved without crossing the threshold (--json has them)`);
  return rows;
}

function randRows({ rand }: RunDifference['conclusions']): string[] {
  return rand.map((r) => `adjusted Rand ${r.a} / ${r.b}: ${r.before === r.now ? `${figure(r.now)} in both` : `${figure(r.before)} -> ${figure(r.now)}`}`);
}

function parcelRows({ parcellations: { cohorts, numbering } }: RunDifference['conclusions']): string[] {
  const rows = cohorts.map((c) => `parcellation of ${c.cohort}: ${c.ari === null ? 'no vertex in common' : c.ari === 1 ? 'the same' : `adjusted Rand ${c.ari.toFixed(3)} between A and B, over ${c.vertices} vertices`}`);
  if (numbering?.some((k, i) => k !== i + 1)) rows.push(`components are numbered differently: ${numbering.map((k, i) => `${i + 1} of A is ${k} of B`).join(', ')}. Below, A's numbers`);
  return rows;
}

function replicatedRows({ replicated, significant }: RunDifference['conclusions']): string[] {
  if (replicated === null) return [`another rank has other components: ${significant.significant[0]} of ${significant.tests[0]} tests were significant in A, ${significant.significant[1]} of ${significant.tests[1]} in B; they cannot be compared one by one`];
  const list = (indices: ReplicatedIndex[]): string => indices.map((r) => `${r.metric} of component ${r.component}`).join(', ');
  const { gained, lost, kept } = replicated;
  if (gained.length + lost.length === 0) return [kept === 0 ? 'replicated indices: none in both' : `replicated indices: the same ${kept}`];
  return [...(gained.length > 0 ? [`replicated in B only: ${list(gained)}`] : []), ...(lost.length > 0 ? [`replicated in A only: ${list(lost)}`] : []), `replicated in both: ${kept}`];
}

function testRows({ tests }: RunDifference['conclusions'], all: boolean): string[] {
  if (tests === null) return [];
  const { appeared, disappeared, moved } = tests;
  const rows = [`significant tests: ${tests.significant[0]} of ${tests.tests[0]} -> ${tests.significant[1]} of ${tests.tests[1]}`];
  for (const t of appeared) rows.push(`+ ${testText(t)}`);
  for (const t of disappeared) rows.push(`- ${testText(t)}`);
  if (moved.length === 0) return rows;
  const shown = all ? moved : moved.slice(0, MOST_MOVED);
  rows.push(`p moved in ${moved.length} other test${moved.length === 1 ? '' : 's'}${shown.length < moved.length ? `; most in these (--all shows every one)` : ''}:`);
  return [...rows, ...shown.map((t) => `  ${testText(t)}`)];
}

function testText({ name, before, now }: TestChange): string {
  return `${name}: adjusted p ${pText(before)} -> ${pText(now)}`;
}

function pText(p: number | null | undefined): string {
  if (p === undefined) return 'not tested';
  if (p === null) return 'none';
  return p < 0.001 ? p.toExponential(1) : p.toFixed(3);
}

function figure(value: number | null | undefined): string {
  return value === undefined ? 'not computed' : value === null ? 'none' : value.toFixed(3);
}
