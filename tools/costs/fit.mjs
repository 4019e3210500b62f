/**
 * Processor seconds of one accelerated fit (decomposition, every start, H) of a synthetic matrix: `node tools/costs/fit.mjs M N K`, after a build. The
 * processor's time, not the clock's, so that it can be measured beside other work. Rows are in six parts; a column is the parts' values, noise, and noise
 * shared by neighbours.
 */
import { Factorizer } from '../../dist/analysis/opnmf/index.js';
import { createRandom } from '../../dist/analysis/random.js';

const PARTS = 6, NEIGHBOURS = 8, TOLERANCE = 1e-4;
const [m, n, k] = process.argv.slice(2).map(Number);

function matrix() {
  const x = new Float64Array(m * n);
  let least = Infinity;
  for (let c = 0; c < n; c++) {
    const random = createRandom(`costs/${c}`), value = Float64Array.from({ length: PARTS }, () => random.normal());
    let shared = 0;
    for (let i = 0; i < m; i++) {
      if (i % NEIGHBOURS === 0) shared = random.normal();
      x[i * n + c] = value[Math.floor((i * PARTS) / m)] + 0.7 * shared + 0.7 * random.normal();
      least = Math.min(least, x[i * n + c]);
    }
  }
  return x.map((value) => value - least);
}

const spent = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
const x = matrix();
const options = { rank: k, solver: 'accelerated', tolerance: TOLERANCE, maxIterations: 5000, seed: 0 };
Factorizer.of(x.subarray(0, 20 * n), 20, n, 2).factorize({ ...options, rank: 2 }); // compiles the kernel
const before = spent();
const { passes, converged } = Factorizer.of(x, m, n, k).factorize(options);
process.stdout.write(`${JSON.stringify({ m, n, k, seconds: Number((spent() - before).toFixed(3)), passes, converged, memoryMb: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`);
