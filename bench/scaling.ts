/** Cost of a pass of the accelerated solver as m, n and k grow, one at a time. */
import { Factorizer, randomStart } from '../analysis/opnmf/index.js';
import { createRandom } from '../analysis/random.js';
import { drawCurves, exponent, type Curve } from './curve.js';
import { table } from './markdown.js';
import { goal, type Section } from './section.js';

const BASE = { m: 1694, n: 144, k: 4 }, SMALL = { m: 400, n: 48, k: 4 };
const PASSES = 40;
/** Operations of all repeats together, at least three: small problems are repeated more. */
const OPERATIONS = 6e9;
/** Passes that are not counted: compiling, and the gentle ones of the warm-up. */
const SKIP = 22;
const PICTURE = 'benchmarks-scaling.svg';

export const scalingSection: Section = {
  name: 'scaling',
  run: ({ small, note }) => {
    const base = small ? SMALL : BASE, doublings = small ? 3 : 6;
    const along = (name: string, sizes: { m: number; n: number; k: number }[], x: (s: { m: number; n: number; k: number }) => number): Curve => {
      note(name);
      return { name, points: sizes.map((s) => ({ x: x(s), y: 1000 * secondsAPass(s.m, s.n, s.k) })) };
    };
    const steps = Array.from({ length: doublings }, (_, i) => 2 ** i);
    const curves = [
      along('m rows', steps.map((f) => ({ ...base, m: base.m * f })), (s) => s.m),
      along('n columns', steps.map((f) => ({ ...base, n: (base.n / 2) * f })), (s) => s.n),
      along('k components', (small ? [2, 4, 6] : [2, 4, 6, 8, 12, 16, 20]).map((k) => ({ ...base, k })), (s) => s.k),
    ];
    const slopes = curves.map(exponent);
    return {
      markdown: chapter(base, curves),
      goals: [goal('cost of a pass as m, n, k grow: exponents', slopes.map((s) => s.toFixed(2)).join(', '), 'linear (at most 1.1)', slopes.every((s) => s <= 1.1))],
      files: [{ name: PICTURE, text: drawCurves(curves, 'milliseconds a pass') }],
    };
  },
};

/** The fastest of a few fits that are cut off after a number of passes: the mean of the passes with exact rows. */
function secondsAPass(m: number, n: number, k: number): number {
  const x = parts(m, n), factorizer = new Factorizer(x, m, n, k), initial = randomStart(m, k, 'bench/scaling');
  const repeats = Math.max(3, Math.ceil(OPERATIONS / (4 * m * n * k * PASSES)));
  let least = Infinity;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const at: number[] = [];
    factorizer.factorize({ rank: k, solver: 'accelerated', tolerance: 0, maxIterations: PASSES, seed: 0, initial, onPass: () => { at.push(performance.now()); return true; } });
    const first = at[SKIP] as number, last = at[at.length - 1] as number;
    least = Math.min(least, (last - first) / 1000 / (at.length - 1 - SKIP));
  }
  return least;
}

/** Eight parts and noise, whatever the size. */
function parts(m: number, n: number): Float64Array {
  const random = createRandom(`bench/scaling/${m}/${n}`), h = Float64Array.from({ length: 8 * n }, () => 2 + random.normal());
  return Float64Array.from({ length: m * n }, (_, i) => Math.max(0, 3 + (h[(Math.floor((8 * Math.floor(i / n)) / m)) * n + (i % n)] as number) + random.normal()));
}

function chapter({ m, n, k }: typeof BASE, curves: Curve[]): string {
  const column = (c: Curve): string => `${c.points.map((p) => `${p.x.toLocaleString('en')}: ${p.y.toPrecision(3)}`).join(', ')}`;
  return `## Cost as the problem grows

Milliseconds a pass of the accelerated solver (exact rows, error and residual as always), one core, from ${m} x ${n} and rank ${k}, one size growing at a time. A slope of 1 on logarithmic axes is linear cost; the
dashed lines have slope 1.

![Time of a pass against m, n and k](${PICTURE})

${table(['grows', 'slope', 'ms a pass'], curves.map((c) => [c.name, exponent(c).toFixed(2), column(c)]))}`;
}
