/** Cost of a pass of both solvers as m, n and k grow, one at a time. */
import { prepare, randomStart } from '../analysis/opnmf/index.js';
import { Problem } from '../analysis/opnmf/kernel/problem.js';
import { toProjectiveScale } from '../analysis/opnmf/projective-scale.js';
import { createRandom } from '../analysis/random.js';
import type { Solver } from '../contracts/study.js';
import { drawCurves, exponent, type Panel } from './curve.js';
import { table } from './markdown.js';
import { goal, type Section } from './section.js';

interface Size { m: number; n: number; k: number }

const BASE: Size = { m: 1694, n: 144, k: 4 }, SMALL: Size = { m: 400, n: 48, k: 4 };
const SOLVERS: readonly Solver[] = ['accelerated', 'multiplicative'];
const PASSES = 40;
/** Passes that are not counted: the gentle ones of the accelerated solver's warm-up. */
const SKIP = 22;
/** Operations of all repeats together, at least three: small problems are repeated more. */
const OPERATIONS = 6e9;
const PICTURE = 'benchmarks-scaling.svg';

export const scalingSection: Section = {
  name: 'scaling',
  run: ({ small, note }) => {
    const base = small ? SMALL : BASE, doublings = Array.from({ length: small ? 3 : 6 }, (_, i) => 2 ** i);
    const along = (name: string, sizes: Size[], x: (s: Size) => number): Panel => {
      note(name);
      const measured = sizes.map((s) => ({ at: x(s), ms: millisecondsAPass(s) }));
      return { name, lines: SOLVERS.map((solver, i) => ({ name: solver, points: measured.map(({ at, ms }) => ({ x: at, y: ms[i] as number })) })) };
    };
    const panels = [
      along('m rows', doublings.map((f) => ({ ...base, m: base.m * f })), (s) => s.m),
      along('n columns', doublings.map((f) => ({ ...base, n: (base.n / 2) * f })), (s) => s.n),
      along('k components', (small ? [2, 4, 6] : [2, 3, 4, 5, 6, 7, 8, 9, 10]).map((k) => ({ ...base, k })), (s) => s.k),
    ];
    const slopes = panels.map((p) => exponent(p.lines[0] as Panel['lines'][number]));
    return {
      markdown: chapter(base, panels),
      goals: [goal('cost of an accelerated pass as m, n, k grow: exponents', slopes.map((s) => s.toFixed(2)).join(', '), 'linear (at most 1.1)', slopes.every((s) => s <= 1.1))],
      files: [{ name: PICTURE, text: drawCurves(panels, 'ms a pass') }],
    };
  },
};

/** One value a solver: the least of a few fits that are cut off after a number of passes, the mean of their later passes. */
function millisecondsAPass({ m, n, k }: Size): number[] {
  const problem = new Problem(prepare(parts(m, n), m, n, k), k), initial = randomStart(m, k, 'bench/scaling');
  const repeats = Math.max(3, Math.ceil(OPERATIONS / (4 * m * n * k * PASSES)));
  // The processor's time, not the clock's: a curve must not bend because something else ran.
  const spent = (): number => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  const exact = { sweeps: 0, activeSetSteps: 30, damping: 0.8, prox: 0 };
  const passes: Record<(typeof SOLVERS)[number], () => void> = {
    accelerated: () => { problem.acceleratedPass(toProjectiveScale(problem).scale, exact, false); },
    multiplicative: () => { problem.grams(); problem.multiplicativePass(); },
  };
  return SOLVERS.map((solver) => {
    let least = Infinity;
    for (let repeat = 0; repeat < repeats; repeat++) {
      problem.load(initial, k, 'x');
      for (let i = 0; i < SKIP; i++) passes[solver]();
      const from = spent();
      for (let i = SKIP; i < PASSES; i++) passes[solver]();
      least = Math.min(least, (spent() - from) / (PASSES - SKIP));
    }
    return least;
  });
}

/** Eight parts and noise, whatever the size. */
function parts(m: number, n: number): Float64Array {
  const random = createRandom(`bench/scaling/${m}/${n}`), h = Float64Array.from({ length: 8 * n }, () => 2 + random.normal());
  return Float64Array.from({ length: m * n }, (_, i) => Math.max(0, 3 + (h[Math.floor((8 * Math.floor(i / n)) / m) * n + (i % n)] as number) + random.normal()));
}

function chapter({ m, n, k }: Size, panels: Panel[]): string {
  return `## Cost as the problem grows

Milliseconds of processor time a pass, one core, from ${m} x ${n} and rank ${k}, one size growing at a time: passes of the accelerated solver with exact rows, and of the published update, each with its error and stopping
rule. A slope of 1 on logarithmic axes is linear cost; the dashed lines have slope 1. The two products are linear in k; what is solved for each row is not, and shows where n is small beside k.

![Time of a pass against m, n and k](${PICTURE})

${table(['grows', 'solver', 'slope', 'ms a pass'], panels.flatMap((p) => p.lines.map((line) => [
    p.name, line.name, exponent(line).toFixed(2), line.points.map(({ x, y }) => `${x.toLocaleString('en')}: ${y.toPrecision(3)}`).join(', '),
  ])))}`;
}
