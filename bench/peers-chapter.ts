/** This system and the peers, as a chapter of the page. */
import { compare, SAME, TOLERANCE, type Case, type CaseFigures } from './comparison.js';
import { syntheticHalf } from './half.js';
import { mb, seconds, table, times } from './markdown.js';
import { moreColumns, sparseCounts } from './matrices.js';
import { findPeers, type Peer, type PeersFound } from './peers.js';
import { goal, type Context, type Goal, type Section } from './section.js';

/** Seconds for one fit of: numpy, numpy carried on to the residual, Octave and R, the package. */
const CAPS = { numpy: 60, residual: 30, systems: 60, package: 300 };
const LONG_CAP = 600, SMALL_CAP = 10;
/** The rank at which everybody runs. */
const COMMON_RANK = 4;

export const peersSection: Section = {
  name: 'peers',
  run: async (context) => {
    const found = await findPeers(context.note);
    for (const [name, why] of found.missing) context.note(`missing: ${name} (${why})`);
    const figures: CaseFigures[] = [];
    for (const one of cases(context, found)) figures.push(await compare(one, context.folder, context.note));
    return { markdown: chapter(found, figures), goals: goals(found, figures) };
  },
};

function cases({ small, long }: Context, found: PeersFound): Case[] {
  const capped = (peers: Peer[], cap: number): Case['peers'] => peers.map((peer) => ({ peer, capSeconds: small ? SMALL_CAP : long ? LONG_CAP : cap }));
  const half = syntheticHalf(small ? 3 : 6), first = found.numpy[0];
  const toResidual = first === undefined ? null : { peer: first, capSeconds: small ? 2 : long ? LONG_CAP : CAPS.residual };
  const onHalf = (small ? [2, 4] : [2, 4, 7, 10]).map((rank) => ({
    matrix: half, rank, toResidual,
    peers: [
      ...capped(found.numpy, CAPS.numpy), ...(rank <= COMMON_RANK || long ? capped(found.systems, CAPS.systems) : []), ...(rank === COMMON_RANK ? capped(found.packages, CAPS.package) : []),
    ],
  }));
  const others = [sparseCounts(small), moreColumns(small)].map((matrix) => ({
    matrix, rank: COMMON_RANK, toResidual, peers: [...capped(found.numpy, CAPS.numpy), ...capped(found.systems, CAPS.systems), ...(matrix.m > 500 ? [] : capped(found.packages, CAPS.package))],
  }));
  return [...onHalf, ...others];
}

function chapter(found: PeersFound, figures: CaseFigures[]): string {
  const lines = [
    `## Against other implementations`,
    `One process each, one after the other on the same matrix. This system: every start and the decomposition behind them included, to r <= ${TOLERANCE}, one thread; the median of up to five runs
(in brackets the first, which also compiles the kernel). The others run the published update to its own stop (relative change < 1e-5, at most 50,000 iterations), their start included. Error (at the projective
scale) and r are computed from the W each returned, by one plain function. "This system" is the time after which its error was no higher than that implementation's last, to four digits (${100 * SAME} %), "times" how
much sooner that is, "its error" how its last error compares (negative is lower). "W differs by" is the largest difference of a weight from this system's \`multiplicative\`, from the same start.
Numpy, Octave and R run scripts of the project, written from the published equations; the PyPI package is run as published. Peers are stopped at their cap.`,
    `${found.versions.join('; ')}.${found.missing.map(([name, why]) => ` Missing here: ${name} (${why}).`).join('')}`,
    ...figures.map(caseTable),
  ];
  return lines.join('\n\n');
}

function caseTable({ matrix, rank, accelerated: a, multiplicative: p, peers, toResidual }: CaseFigures): string {
  const ours = (name: string, result: typeof a): string[] => ('failed' in result ? [name, result.failed, '', '', '', '', '', '', '', ''] : [
    name, `${seconds(result.ok.seconds)} (${seconds(result.ok.first)})${result.ok.stopped === 'max-iterations' ? ', not converged' : ''}`, result.ok.passes.toLocaleString('en'), result.ok.error.toFixed(4), result.ok.residual.toExponential(1), '', '', '', '', mb(result.ok.memoryMb),
  ]);
  const rows = peers.map(({ name, capSeconds, result, oursSeconds, above, difference }) => ('failed' in result ? [name, result.failed, '', '', '', '', '', '', '', ''] : [
    name, `${seconds(result.ok.seconds)}${result.ok.stopped === 'cap' ? ` (cap of ${capSeconds} s)` : ''}`, result.ok.iterations.toLocaleString('en'), result.ok.error.toFixed(4), result.ok.residual.toExponential(1),
    oursSeconds === null ? 'ends higher' : seconds(oursSeconds), oursSeconds === null ? '' : times(result.ok.seconds / oursSeconds), above === null ? '' : `${above < 0 ? '' : '+'}${(100 * above).toFixed(3)} %`, difference === null ? '' : difference.toExponential(0), mb(result.ok.memoryMb),
  ]));
  return `### ${matrix.name}, ${matrix.m} x ${matrix.n}, rank ${rank}

${table(['', 's', 'passes', 'error', 'r', 'this system, s', 'times', 'its error', 'W differs by', 'peak memory'], [ours('**this system**', a), ours('this system, `multiplicative`', p), ...rows])}${further(a, toResidual)}`;
}

function further(ours: CaseFigures['accelerated'], toResidual: CaseFigures['toResidual']): string {
  if (toResidual === null) return '';
  const { name, result, capSeconds } = toResidual;
  if ('failed' in result) return `\n\nTo r <= ${TOLERANCE}: ${name}: ${result.failed}.`;
  const { seconds: s, iterations, residual, error } = result.ok;
  const they = result.ok.stopped === 'residual' ? `${seconds(s)} s (${iterations.toLocaleString('en')} iterations, error ${error.toFixed(4)})` : `not within ${capSeconds} s (${iterations.toLocaleString('en')} iterations, r = ${residual.toExponential(1)})`;
  return `\n\nTo r <= ${TOLERANCE}: ${'failed' in ours ? '' : `this system ${seconds(ours.ok.seconds)} s, `}${name} ${they}.`;
}

function goals(found: PeersFound, figures: CaseFigures[]): Goal[] {
  const half = figures.find((f) => f.rank === COMMON_RANK) as CaseFigures, at = `half a cohort, rank ${COMMON_RANK}`;
  const ours = 'ok' in half.accelerated ? half.accelerated.ok : null;
  const ratio = (names: Peer[]): number | null => {
    const ratios = half.peers.filter((p) => names.some((n) => n.name === p.name)).flatMap(({ result, oursSeconds, capSeconds }) => {
      // What did not end within its cap took at least that long; that this system ends no higher is then known of the others only.
      if ('failed' in result) return ours !== null && result.failed.startsWith('more than') ? [capSeconds / ours.seconds] : [];
      return [oursSeconds === null ? 0 : result.ok.seconds / oursSeconds];
    });
    return ratios.length === 0 ? null : Math.min(...ratios);
  };
  const numpy = ratio(found.numpy), published = ratio(found.packages);
  const text = (r: number | null): string => (r === null ? '' : r === 0 ? 'ends higher' : `${times(r)} times`);
  return [
    goal(`${at}, to r <= ${TOLERANCE}, starts included`, ours === null ? 'failed' : `${seconds(ours.seconds)} s (first run ${seconds(ours.first)} s)`, 'under 0.1 s', ours !== null && ours.seconds < 0.1 && ours.residual <= TOLERANCE * 1.0001),
    goal(`${at}, to an error no higher than numpy's (the faster of 1 and all threads)`, text(numpy), 'at least 10 times faster', numpy === null ? null : numpy >= 10),
    goal(`${at}, to an error no higher than the PyPI package's (the faster of two starts)`, text(published), 'at least 500 times faster', published === null ? null : published >= 500),
  ];
}
